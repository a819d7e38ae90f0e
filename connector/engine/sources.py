"""Sources: read what Stripe says of a subject, and have it translated.

What NetSuite holds already is not read from Stripe again; what a plan rests on and
NetSuite lacks (its customer, its items) is read and planned in front of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from connector.engine.known import Known, internal_ids
from connector.errors import NotThere
from connector.models import NetSuiteAccount
from connector.netsuite.records import Ref
from connector.stripe.client import Client
from connector.stripe.objects import Charge, Invoice, Price
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import invoice as invoices
from connector.translation import price as prices
from connector.translation.plan import Plan, Problem, Skip, Summary
from connector.translation.settings import Settings

NOT_BOOKED = {
    "re": "refund",
    "pyr": "refund",
    "dp": "dispute",
    "du": "dispute",
    "cn": "credit note",
    "po": "payout",
}
"""What Stripe tells us of, and we cannot book: named, never passed over in silence."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a subject is read from, and how it is to be booked."""

    client: Client
    netsuite: NetSuiteAccount
    settings: Settings


@dataclass(frozen=True, slots=True)
class HandOver:
    """The subject belongs to other documents, and is booked with them."""

    roots: tuple[str, ...]
    summary: Summary


def read(subject: str, source: Source) -> Plan | HandOver:
    """The plan of a subject as Stripe has it now. Raises a verdict of `connector.errors`."""
    kind = subject.partition("_")[0]
    if kind in NOT_BOOKED:
        name = NOT_BOOKED[kind]
        problem = Problem(
            "object_not_supported", f"Stripe reports the {name} {subject}, and we cannot book it."
        )
        return Plan(Summary(f"{name.capitalize()} {subject}"), problems=(problem,))
    reader = READERS.get(kind)
    if reader is None:
        raise NotThere("unknown_subject", f"“{subject}” is not the id of something that we book.")
    return reader(subject, source)


def _read_invoice(subject: str, source: Source) -> Plan | HandOver:
    invoice = source.client.fetch_invoice(subject)
    payments = source.client.fetch_payments_of_invoice(subject) if invoice.status != "draft" else ()
    known = internal_ids(source.netsuite, _keys(invoice))
    sold = {line.price_id for line in invoice.lines if line.price_id and ("item", line.price_id) not in known}
    if source.settings.global_item_workflow or invoice.status == "draft":
        sold = set()
    unknown = {price_id: source.client.fetch_price(price_id) for price_id in sorted(sold)}
    plan = invoices.translate(invoice, payments, unknown, source.settings)
    if plan.skip:
        return plan
    parents = Parents(source, known, invoice.currency, invoice.customer_name)
    return parents.of(plan, invoices.parents(invoice, unknown, source.settings), unknown)


def _read_charge(subject: str, source: Source) -> Plan | HandOver:
    charge = source.client.fetch_charge(subject)
    roots = source.client.fetch_invoice_ids_of_charge(charge)
    if roots:
        return HandOver(roots, charges.summarise(charge))
    return _standalone(charge, source)


def _standalone(charge: Charge, source: Source) -> Plan:
    known = internal_ids(source.netsuite, [charge.customer_id, customers.UNALLOCATED_KEY, charge.id])
    plan = charges.translate(charge, source.settings)
    if plan.skip or plan.links:
        return plan
    parents = Parents(source, known, charge.amount.currency, charge.payer_name)
    return parents.of(plan, [charges.customer_of(charge, source.settings)])


def _read_payment_intent(subject: str, source: Source) -> Plan | HandOver:
    charge_id = source.client.fetch_charge_id_of_payment_intent(subject)
    if not charge_id:
        return Plan(Summary(f"Payment {subject}"), skip=Skip("no_charge", "No payment was attempted yet."))
    return HandOver((charge_id,), Summary(f"Payment {subject}"))


def _read_customer(subject: str, source: Source) -> Plan | HandOver:
    if source.settings.global_customer_workflow:
        text = f"It is booked under the customer “{customers.UNALLOCATED_NAME}”."
        return Plan(Summary(f"Customer {subject}"), skip=Skip("booked_under_one_customer", text))
    customer = source.client.fetch_customer(subject)
    if customer.deleted:
        return Plan(Summary(f"Customer {subject}"), skip=Skip("deleted_in_stripe", "Stripe has deleted it."))
    return customers.translate(customer, source.settings)


def _read_price(subject: str, source: Source) -> Plan | HandOver:
    price = source.client.fetch_price(subject)
    if source.settings.global_item_workflow or price.used_once:
        text = f"It is sold as the item “{prices.GLOBAL_NAME}”."
        return Plan(
            Summary(f"Price {price.product_name or price.id}"), skip=Skip("sold_as_global_item", text)
        )
    return prices.translate(price, source.settings)


READERS: dict[str, Callable[[str, Source], Plan | HandOver]] = {
    "in": _read_invoice,
    "ch": _read_charge,
    "py": _read_charge,
    "pi": _read_payment_intent,
    "cus": _read_customer,
    "price": _read_price,
}


@dataclass(frozen=True, slots=True)
class Parents:
    """What a plan rests on and NetSuite lacks, planned in front of it."""

    source: Source
    known: Known
    currency: str
    bill_to: str

    def of(
        self, plan: Plan, wanted: Iterable[Ref], prices_at_hand: Mapping[str, Price] | None = None
    ) -> Plan:
        """The plan with those of `wanted` that NetSuite lacks; new items come from `prices_at_hand`."""
        for ref in reversed(dict.fromkeys(wanted)):
            if ref.internal_id or (ref.type, ref.key) in self.known:
                continue
            plan = plan.after(
                self._customer(ref) if ref.type == "customer" else self._item(ref, prices_at_hand or {})
            )
        return plan

    def _item(self, ref: Ref, prices_at_hand: Mapping[str, Price]) -> Plan:
        if ref.key == prices.GLOBAL_KEY:
            return prices.global_item(self.source.settings)
        return prices.translate(prices_at_hand[ref.key], self.source.settings)

    def _customer(self, ref: Ref) -> Plan:
        if ref.key == customers.UNALLOCATED_KEY:
            return customers.unallocated(self.source.settings, self.currency)
        customer = self.source.client.fetch_customer(ref.key)
        settings = self.source.settings
        return customers.translate(customer, settings, currency=self.currency, bill_to=self.bill_to)


def _keys(invoice: Invoice) -> set[str]:
    lines = {line.price_id for line in invoice.lines}
    return {invoice.id, invoice.customer_id, customers.UNALLOCATED_KEY, prices.GLOBAL_KEY, *lines}
