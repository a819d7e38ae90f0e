"""Readers: read what Stripe says of a subject, and have it translated.

What NetSuite holds already is not read from Stripe again; what a plan rests on and
NetSuite lacks (its customer, its items) is read and planned in front of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from connector.engine import (
    auto_apply,
    credit_notes,
    decisions,
    grounds,
    matches,
    payouts,
    shared_ids,
    writing_back,
)
from connector.engine.known import Known, internal_ids
from connector.engine.source import HandOver, Source
from connector.errors import NotThere
from connector.netsuite.records import CreditMemo, CustomerDeposit, CustomerPayment, Ref
from connector.netsuite.records import Invoice as Bill
from connector.stripe.billing import Coupon
from connector.stripe.objects import Charge, Customer, Invoice, InvoicePayment, Price
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import discount, items, mappings, matching, memo, tax
from connector.translation import dispute as disputes
from connector.translation import invoice as invoices
from connector.translation import price as prices
from connector.translation import refund as refunds
from connector.translation.gate import before_start, blocked
from connector.translation.plan import Link, Plan, Problem, Skip, Summary
from connector.translation.settings import Settings

GLOBAL_ITEMS: dict[str, Callable[[Settings], Plan]] = {
    prices.GLOBAL_KEY: prices.global_item,
    discount.GLOBAL_KEY: discount.global_item,
    items.SHIPPING_KEY: items.shipping,
    items.DEBIT_KEY: items.debit,
    items.TAX_KEY: tax.global_item,
    items.PARTIAL_REFUND.key: items.partial_refund,
    items.GENERIC.key: items.generic,
    **{key: partial(items.for_memo, key) for key in items.MEMO_ITEMS},
}
"""Items that stand for no Stripe object, by their external id."""


def read(subject: str, source: Source) -> Plan | HandOver:
    """The plan of a subject as Stripe has it now. Raises a verdict of `connector.errors`."""
    reader = READERS.get(subject.partition("_")[0])
    if reader is None:
        raise NotThere("unknown_subject", f"“{subject}” is not the id of something that we book.")
    answer = reader(subject, source)
    return answer if isinstance(answer, HandOver) else _filled(answer, source)


def _filled(plan: Plan, source: Source) -> Plan:
    """The plan with the fields that the account fills, those of records that are still to be made."""
    if not mappings.wanted(source.settings):
        return plan
    known = internal_ids(source.netsuite, [planned.record.external_id for planned in plan.records])
    return mappings.apply(plan, source.seen, source.settings, {key for _, key in known})


def _read_invoice(subject: str, source: Source) -> Plan | HandOver:
    invoice = writing_back.invoice_without_our_ids(
        source.client.fetch_invoice(subject), source.netsuite, source.gateway
    )
    invoice = _with_origin_of_balance(invoice, source)
    payments = _payments_of(invoice, source) if invoice.status != "draft" else ()
    known = internal_ids(source.netsuite, _keys(invoice))
    sold = _prices_of(invoice, known, source) if invoice.status != "draft" else {}
    notes = tuple(
        writing_back.note_without_our_ids(note, source.netsuite, source.gateway)
        for note in credit_notes.of_invoice(invoice, source.client, source.netsuite)
    )
    notes = source.reversals.beside_own_memos(notes)
    source.saw(invoice, *invoice.lines, *invoice.coupons.values(), *notes, *sold.values())
    booked = invoice.status != "void" or _may_be_booked(invoice, source)
    taken = [one.charge for one in payments if one.charge]
    known_of = grounds.of_payments(taken, source)
    plan = invoices.translate(
        invoice, payments, sold, source.settings, notes, booked=booked, grounds=known_of
    )
    if plan.skip:
        return plan
    if shared := shared_ids.problem(invoice, source.netsuite, source.settings):
        return Plan(plan.summary, problems=(*plan.problems, shared))
    plan = replace(plan, attention=credit_notes.voided_but_standing(notes, source.netsuite, source.gateway))
    plan = auto_apply.added(plan, invoice, payments, source)
    plan = source.reversals.added(plan, taken, notes, subject=invoice.id, of_invoice=True)
    parents = Parents(source, known, invoice.currency, invoice.customer_name, invoice.customer_email)
    coupons = {coupon.id: coupon for coupon in invoice.coupons.values()}
    wanted = (*invoices.parents(invoice, sold, source.settings), *_items_of(plan, CreditMemo))
    return parents.of(plan, wanted, {**sold, **coupons})


def _with_origin_of_balance(invoice: Invoice, source: Source) -> Invoice:
    """The invoice, told where the balance that it used came from, if that decides its item (CB-5)."""
    if not memo.has_one_item_for_balance(invoice, source.settings):
        return invoice
    movements = source.client.fetch_balance_of_customer(invoice.customer_id)
    return replace(invoice, balance_left_over=memo.is_left_over(movements, invoice.id))


def _payments_of(invoice: Invoice, source: Source) -> tuple[InvoicePayment, ...]:
    payments = tuple(
        writing_back.payment_without_our_ids(one, source.netsuite, source.gateway)
        for one in source.client.fetch_payments_of_invoice(invoice.id)
    )
    source.saw(*(one.charge for one in payments if one.charge))
    return decisions.heard_of(source.account, payments)


def _may_be_booked(invoice: Invoice, source: Source) -> bool:
    """Whether NetSuite may hold the invoice: by our own map, or by NetSuite's word (UN-H1)."""
    if credit_notes.may_stand("invoice", invoice.id, source.netsuite):
        return True
    return bool(source.gateway.find("invoice", [invoice.id]))


def _items_of(plan: Plan, *kinds: type[CreditMemo | Bill]) -> Iterator[Ref]:
    """The items of the plan's credit memos, or of the invoices that it makes."""
    for record in (planned.record for planned in plan.records):
        if isinstance(record, kinds):
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
    # A debit that failed is its own affair: Stripe may have put another charge on its invoice since.
    failed = charges.has_failed(charge)
    roots = () if failed else source.client.fetch_invoice_ids_of_charge(charge)
    if roots:
        return HandOver(roots, charges.summarise(charge))
    charge = writing_back.charge_without_our_ids(charge, source.netsuite, source.gateway)
    charge = decisions.heard(source.account, charge)
    source.saw(charge)
    return _standalone(charge, source)


def _standalone(charge: Charge, source: Source) -> Plan:
    keys = (charge.customer_id, customers.UNALLOCATED_KEY, charge.id, *GLOBAL_ITEMS)
    known = internal_ids(source.netsuite, keys)
    plan = charges.translate(charge, source.settings, grounds.of_charge(charge, source))
    plan = source.reversals.added(plan, [charge], subject=charge.id)
    if plan.skip or plan.problems:
        return plan
    parents = Parents(source, known, charge.amount.currency, charge.payer_name)
    return parents.of(plan, [*_payers(plan), *_items_of(plan, Bill, CreditMemo)])


def _payers(plan: Plan) -> Iterator[Ref]:
    """The customers of what was received, where they are not NetSuite's own already."""
    for record in (planned.record for planned in plan.records):
        if isinstance(record, CustomerPayment | CustomerDeposit) and not record.customer.internal_id:
            yield record.customer


def _read_refund(subject: str, source: Source) -> Plan | HandOver:
    refund = source.client.fetch_refund(subject)
    summary = refunds.summarise(refund)
    if not refund.charge_id:
        text = f"{subject} gives back no charge, and we cannot book it."
        return Plan(summary, problems=(Problem("object_not_supported", text),))
    if refunds.has_failed(refund):
        source.told.add(refund.charge_id)
    skip = blocked(subject, refund.metadata, source.settings)
    return _with_charge(refund.charge_id, summary, skip, source, here=refunds.has_failed(refund))


def _read_dispute(subject: str, source: Source) -> Plan | HandOver:
    dispute = source.client.fetch_dispute(subject)
    skip = blocked(subject, dispute.metadata, source.settings)
    return _with_charge(dispute.charge_id, disputes.summarise(dispute), skip, source)


def _with_charge(
    charge_id: str, summary: Summary, skip: Skip | None, source: Source, *, here: bool = False
) -> Plan | HandOver:
    """What a charge gave back is booked with its invoices or with the charge itself, and held as it is.

    `here`: at once, since the charge does not say that there is something to look for (RF-H2).
    """
    charge = source.client.fetch_charge(charge_id)
    skip = skip or before_start(charge.id, source.settings.local_date(charge.created), source.settings)
    if skip:  # RF-12, BF-2
        return Plan(summary, skip=skip)
    roots = source.client.fetch_invoice_ids_of_charge(charge) or (charge.id,)
    if not here:
        return HandOver(roots, summary)
    answer = READERS[roots[0].partition("_")[0]](roots[0], source)
    return answer if isinstance(answer, HandOver) else replace(answer, summary=summary)


def _read_payment_intent(subject: str, source: Source) -> Plan | HandOver:
    charge_id = source.client.fetch_charge_id_of_payment_intent(subject)
    if not charge_id:
        return Plan(Summary(f"Payment {subject}"), skip=Skip("no_charge", "No payment was attempted yet."))
    return HandOver((charge_id,), Summary(f"Payment {subject}"))


def _read_customer(subject: str, source: Source) -> Plan | HandOver:
    summary = Summary(f"Customer {subject}")
    common = Skip("booked_under_one_customer", f"It is booked under “{customers.UNALLOCATED_NAME}”.")
    if source.settings.global_customer_workflow:
        return Plan(summary, skip=common)
    customer = source.client.fetch_customer(subject)
    if customer.deleted:
        return Plan(summary, skip=Skip("deleted_in_stripe", "Stripe has deleted it."))
    if ("customer", subject) in internal_ids(source.netsuite, [subject]):
        return customers.translate(customer, source.settings)
    return _customer(customer, source) or Plan(summary, skip=common)


def _read_price(subject: str, source: Source) -> Plan | HandOver:
    price = source.client.fetch_price(subject)
    common = Plan(
        Summary(f"Price {price.product_name or price.id}"),
        skip=Skip("sold_as_global_item", f"It is sold as the item “{prices.GLOBAL_NAME}”."),
    )
    if source.settings.global_item_workflow or prices.shares_item(price, source.settings):
        return common
    if ("item", subject) in internal_ids(source.netsuite, [subject]):
        return prices.translate(price, source.settings)
    return _item(price, source) or common


def _customer(customer: Customer, source: Source, *, currency: str = "", bill_to: str = "") -> Plan | None:
    """A customer that NetSuite may hold already: held back, named by metadata, found by comparing, or new.

    None when it fits nobody and is to be booked under the one customer for all (CU-16).
    """
    customer = writing_back.customer_without_ids_of_others(customer, source.netsuite)
    source.saw(customer)
    plan = customers.translate(customer, source.settings, currency=currency, bill_to=bill_to)
    if plan.skip or plan.links or _metadata_problem(plan):
        return plan
    found = matches.of_customer(customer, source.settings, source.gateway)
    if found is None and matching.of_customers(source.settings):
        return None if source.settings.global_customer_without_match else plan
    return _found(found, plan)


def _item(price: Price, source: Source) -> Plan | None:
    """An item that NetSuite may hold already: found by comparing, which comes first (PI-5), named, or new.

    None when it fits none and is to be sold as the one item for all (PI-4, PI-7).
    """
    price = writing_back.price_without_ids_of_others(price, source.netsuite)
    source.saw(price)
    plan = prices.translate(price, source.settings)
    found = matches.of_price(price, source.settings, source.gateway)
    if found is None and price.used_once:
        return None
    if found is None and matching.of_items(source.settings) and not (plan.links or _metadata_problem(plan)):
        return None if source.settings.global_item_without_match else plan
    return _found(found, plan)


def _found(found: Link | Problem | None, plan: Plan) -> Plan:
    """The plan of what was found, or the one that holds without it."""
    if isinstance(found, Link):
        return Plan(plan.summary, links=(found,))
    return Plan(plan.summary, problems=(found,)) if found else plan


def _metadata_problem(plan: Plan) -> bool:
    return any(problem.code == "metadata_not_an_id" for problem in plan.problems)


READERS: dict[str, Callable[[str, Source], Plan | HandOver]] = {
    "in": _read_invoice,
    "cn": _read_credit_note,
    "ch": _read_charge,
    "py": _read_charge,
    "re": _read_refund,
    "pyr": _read_refund,
    "du": _read_dispute,
    "dp": _read_dispute,
    "pi": _read_payment_intent,
    "cus": _read_customer,
    "price": _read_price,
    "po": payouts.read,
}


FOR_ALL: dict[str, tuple[Ref, str]] = {
    "customer": (Ref("customer", customers.UNALLOCATED_KEY), "CU-16"),
    "item": (Ref("item", prices.GLOBAL_KEY), "PI-4"),
}
"""What is booked where nothing else fits, and the rule that says so."""


@dataclass(frozen=True, slots=True)
class Parents:
    """What a plan rests on and NetSuite lacks, planned in front of it."""

    source: Source
    known: Known
    currency: str
    bill_to: str
    email: str = ""

    def of(
        self, plan: Plan, wanted: Iterable[Ref], at_hand: Mapping[str, Price | Coupon] | None = None
    ) -> Plan:
        """The plan with those of `wanted` that NetSuite lacks; items of prices and coupons are `at_hand`."""
        parts: dict[Ref, Plan] = {}
        for ref in dict.fromkeys(wanted):
            part = None if self._is_under_all(ref, plan) else self._part(ref, at_hand or {})
            if part is None:
                one, rule = FOR_ALL[ref.type]
                plan = matching.instead(plan, ref, one, rule)
                parts.setdefault(one, self._part(one, {}) or Plan(plan.summary))
            else:
                parts.setdefault(ref, part)
        for part in reversed(parts.values()):
            plan = plan.after(part)
        return plan

    def _part(self, ref: Ref, at_hand: Mapping[str, Price | Coupon]) -> Plan | None:
        """What NetSuite lacks of one record; None when the one for all is to take its place."""
        if ref.internal_id or (ref.type, ref.key) in self.known:
            return Plan(Summary(ref.key))
        return self._customer(ref) if ref.type == "customer" else self._item(ref, at_hand)

    def _is_under_all(self, ref: Ref, plan: Plan) -> bool:
        """Whether the bill stands in NetSuite under the one customer for all, where its payments must go too.

        Its own customer may have turned up there since.
        """
        everybody = self.known.get(("customer", customers.UNALLOCATED_KEY))
        if not (self.source.settings.global_customer_without_match and everybody and ref.type == "customer"):
            return False
        bills = [planned.record for planned in plan.records if isinstance(planned.record, Bill)]
        there = [
            self.known[bill.TYPE, bill.external_id]
            for bill in bills
            if (bill.TYPE, bill.external_id) in self.known
        ]
        held = self.source.gateway.get_many("invoice", there) if there else []
        return any(bill and bill.customer == everybody for bill in held)

    def _item(self, ref: Ref, at_hand: Mapping[str, Price | Coupon]) -> Plan | None:
        settings = self.source.settings
        if ref.key in GLOBAL_ITEMS:
            return GLOBAL_ITEMS[ref.key](settings)
        one = at_hand.get(ref.key)
        if isinstance(one, Price):
            return _item(one, self.source)
        if isinstance(one, Coupon):
            one = writing_back.coupon_without_ids_of_others(one, self.source.netsuite)
            return discount.translate(one, settings)
        return tax.translate(self.source.client.fetch_tax_rate(ref.key), settings)

    def _customer(self, ref: Ref) -> Plan | None:
        if ref.key == customers.UNALLOCATED_KEY:
            return customers.unallocated(self.source.settings, self.currency)
        customer = self.source.client.fetch_customer(ref.key)
        customer = customers.as_billed(customer, self.bill_to, self.email)
        return _customer(customer, self.source, currency=self.currency, bill_to=self.bill_to)


def link_of(ref: Ref, source: Source) -> Link | None:
    """Where metadata or a comparison says that a customer or price belongs when `ref` is gone (CU-19, OM-11).

    Metadata that still names the record that is gone, as we may have written it ourselves, says nothing.
    """
    part: Plan | None = None
    if ref.key.startswith("cus_"):
        customer = source.client.fetch_customer(ref.key)
        part = _customer(replace(customer, metadata=_but(customer.metadata, ref.internal_id)), source)
    elif ref.key.startswith("price_"):
        price = source.client.fetch_price(ref.key)
        part = _item(replace(price, metadata=_but(price.metadata, ref.internal_id)), source)
    return next(iter(part.links), None) if part else None


def _but(metadata: Mapping[str, str], internal_id: str) -> dict[str, str]:
    """The metadata without the links to a record."""
    links = (customers.LINK_KEY, *prices.LINK_KEYS)
    return {key: value for key, value in metadata.items() if key not in links or value.strip() != internal_id}


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
