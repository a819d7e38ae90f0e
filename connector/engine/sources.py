"""Sources: read what Stripe says of a subject, and have it translated.

What NetSuite holds already is not read from Stripe again; what a plan rests on and
NetSuite lacks (its customer, its items) is read and planned in front of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from connector.engine import credit_notes
from connector.engine.known import Known, internal_ids
from connector.errors import NotThere
from connector.models import NetSuiteAccount
from connector.netsuite.gateway import Gateway
from connector.netsuite.records import CreditMemo, Ref
from connector.stripe.billing import Coupon
from connector.stripe.client import Client
from connector.stripe.objects import Charge, Invoice, Price
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import discount, items, tax
from connector.translation import invoice as invoices
from connector.translation import price as prices
from connector.translation.plan import Plan, Problem, Skip, Summary
from connector.translation.settings import Settings

NOT_BOOKED = {
    "re": "refund",
    "pyr": "refund",
    "dp": "dispute",
    "du": "dispute",
    "po": "payout",
}
"""What Stripe tells us of, and we cannot book: named, never passed over in silence."""


GLOBAL_ITEMS: dict[str, Callable[[Settings], Plan]] = {
    prices.GLOBAL_KEY: prices.global_item,
    discount.GLOBAL_KEY: discount.global_item,
    items.SHIPPING_KEY: items.shipping,
    items.DEBIT_KEY: items.debit,
    items.TAX_KEY: tax.global_item,
    **{key: partial(items.for_memo, key) for key in items.MEMO_ITEMS},
}
"""Items that stand for no Stripe object, by their external id."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a subject is read from, and how it is to be booked."""

    client: Client
    netsuite: NetSuiteAccount
    settings: Settings
    gateway: Gateway


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
    sold = _prices_of(invoice, known, source) if invoice.status != "draft" else {}
    notes = credit_notes.of_invoice(invoice, source.client, source.netsuite)
    booked = invoice.status != "void" or _may_be_booked(invoice, source)
    plan = invoices.translate(invoice, payments, sold, source.settings, notes, booked=booked)
    if plan.skip:
        return plan
    plan = replace(plan, attention=credit_notes.voided_but_standing(notes, source.netsuite, source.gateway))
    parents = Parents(source, known, invoice.currency, invoice.customer_name)
    coupons = {coupon.id: coupon for coupon in invoice.coupons.values()}
    wanted = (*invoices.parents(invoice, sold, source.settings), *_items_of_memos(plan))
    return parents.of(plan, wanted, {**sold, **coupons})


def _may_be_booked(invoice: Invoice, source: Source) -> bool:
    """Whether NetSuite may hold the invoice: by our own map, or by NetSuite's word (UN-H1)."""
    if credit_notes.may_stand("invoice", invoice.id, source.netsuite):
        return True
    return bool(source.gateway.find("invoice", [invoice.id]))


def _items_of_memos(plan: Plan) -> Iterator[Ref]:
    """The items of the plan's credit memos, beside those of the bill itself."""
    for record in (planned.record for planned in plan.records):
        if isinstance(record, CreditMemo):
            yield from (line.item for line in record.lines)


def _read_credit_note(subject: str, source: Source) -> Plan | HandOver:
    note = source.client.fetch_credit_note(subject)
    return HandOver((note.invoice_id,), Summary(f"Credit note {note.number or note.id}", amount=note.amount))


def _prices_of(invoice: Invoice, known: Known, source: Source) -> dict[str, Price]:
    """The prices whose item NetSuite lacks, and those of negative lines that name a discount item (PI-17)."""
    one_item = source.settings.global_item_workflow
    ids = {line.price_id for line in invoice.lines if line.price_id}
    lacking = {one for one in ids if not one_item and ("item", one) not in known}
    negative = {line.price_id for line in invoice.lines if line.price_id and line.amount.value < 0}
    read = {one: source.client.fetch_price(one) for one in sorted(lacking | negative)}
    return {
        one: price for one, price in read.items() if one in lacking or discount.LINK_KEY in price.metadata
    }


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
    "cn": _read_credit_note,
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
        self, plan: Plan, wanted: Iterable[Ref], at_hand: Mapping[str, Price | Coupon] | None = None
    ) -> Plan:
        """The plan with those of `wanted` that NetSuite lacks; items of prices and coupons are `at_hand`."""
        for ref in reversed(dict.fromkeys(wanted)):
            if ref.internal_id or (ref.type, ref.key) in self.known:
                continue
            plan = plan.after(
                self._customer(ref) if ref.type == "customer" else self._item(ref, at_hand or {})
            )
        return plan

    def _item(self, ref: Ref, at_hand: Mapping[str, Price | Coupon]) -> Plan:
        settings = self.source.settings
        if ref.key in GLOBAL_ITEMS:
            return GLOBAL_ITEMS[ref.key](settings)
        one = at_hand.get(ref.key)
        if isinstance(one, Price):
            return prices.translate(one, settings)
        if isinstance(one, Coupon):
            return discount.translate(one, settings)
        return tax.translate(self.source.client.fetch_tax_rate(ref.key), settings)

    def _customer(self, ref: Ref) -> Plan:
        if ref.key == customers.UNALLOCATED_KEY:
            return customers.unallocated(self.source.settings, self.currency)
        customer = self.source.client.fetch_customer(ref.key)
        settings = self.source.settings
        return customers.translate(customer, settings, currency=self.currency, bill_to=self.bill_to)


def _keys(invoice: Invoice) -> set[str]:
    """The external ids of all that an invoice may rest on."""
    taxes = [one for line in invoice.lines for one in line.taxes] + list(invoice.taxes)
    taxes += invoice.shipping.taxes if invoice.shipping else ()
    return {
        invoice.id,
        invoice.customer_id,
        customers.UNALLOCATED_KEY,
        *GLOBAL_ITEMS,
        *(line.price_id for line in invoice.lines),
        *(coupon.id for coupon in invoice.coupons.values()),
        *(one.rate_id for one in taxes),
    }
