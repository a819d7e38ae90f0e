"""Lines: the item lines of a NetSuite invoice, from the lines of a Stripe invoice.

For each Stripe line its item with the exact amount, directly after it a line for each of
its discounts; then shipping, a line for each tax rate, and a debit of the customer's
balance that this invoice collects:

    in_1: two seats 120.00 USD, 20% off, shipping 5.00, 10% tax, 0.30 owed from before
        Cr  Income        120.00    price_1
        Dr  Income         24.00    SPRING
        Cr  Income          5.00    Stripe Shipping
        Cr  Tax payable    10.10    txr_1
        Cr  Income          0.30    Stripe Customer Balance Debit Item

They add up to Stripe's total and that debit, so what is open in NetSuite is what Stripe
collects (CB-7). A negative invoice cannot stand in NetSuite: each of its lines is zero
and says its real figure (NE-1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from connector.money import Amount, total
from connector.netsuite.records import Line, Ref, is_internal_id
from connector.stripe.objects import Invoice, InvoiceLine, Price
from connector.translation import discount, items, shipping, tax
from connector.translation.customer import not_an_internal_id
from connector.translation.plan import Problem
from connector.translation.price import LINK_KEYS as ITEM_KEYS
from connector.translation.price import item_ref
from connector.translation.settings import Settings, account_ref

KINDS = ("", "invoice_item_details", "subscription_item_details")
"""Where a line may come from, in Stripe's words (`parent.type`)."""


def of_invoice(invoice: Invoice, prices: Mapping[str, Price], settings: Settings) -> tuple[Line, ...]:
    """All lines with their real amounts.

    What a discount item takes off by metadata stands after everything sold, since NetSuite takes
    a discount off the line above it and Stripe lists credits first (PI-17).
    """
    sold: list[Line] = []
    taken_off: list[Line] = []
    for line in invoice.lines:
        price = prices.get(line.price_id)
        made = _line(line, price, settings)
        (taken_off if discount_link(line, price)[1] else sold).append(made)
        sold += [
            discount.line(one, invoice.coupons.get(one.discount_id), made, settings)
            for one in line.discounts
            if one.amount
        ]
    beside = [*shipping.lines(invoice), *tax.lines(invoice, settings), *_debit(invoice)]
    return (*sold, *taken_off, *beside) if sold else (*beside, *taken_off)


def as_written(lines: tuple[Line, ...], invoice: Invoice) -> tuple[Line, ...]:
    """The lines as NetSuite can hold them: those of a negative invoice as figures in words (NE-1, NE-H1)."""
    if not is_negative(invoice):
        return lines
    return tuple(
        replace(
            line,
            amount=Decimal(0),
            description=f"{Amount(line.amount, invoice.currency)}: {line.description}".removesuffix(": "),
        )
        for line in lines
    )


def collected_debit(invoice: Invoice) -> Amount:
    """What this invoice collects of a debit of the customer's balance, beside its own total (CB-7).

    A total below zero lessens the debit; only where something of it is left to collect do both
    stand in the books.
    """
    nothing, ending = Amount.zero(invoice.currency), invoice.ending_balance
    if ending is None:
        return nothing
    debit = max(max(invoice.starting_balance, nothing) - max(ending, nothing), nothing)
    return debit if invoice.total >= nothing or invoice.total + debit > nothing else nothing


def days(lines: Sequence[Line]) -> tuple[date | None, date | None]:
    """The days that the lines together serve, for a memo of one line against several (CB-9, RR-5)."""
    starts = [line.start_date for line in lines if line.start_date]
    ends = [line.end_date for line in lines if line.end_date]
    return (min(starts), max(ends)) if starts and ends else (None, None)


def is_negative(invoice: Invoice) -> bool:
    """Whether the invoice asks for less than nothing, so that NetSuite cannot hold its figures (NE-1)."""
    return (invoice.total + collected_debit(invoice)).value < 0


def problems(invoice: Invoice, lines: tuple[Line, ...], prices: Mapping[str, Price]) -> list[Problem]:
    """What speaks against the lines, and the proof of their sum before anything is written (IN-H3)."""
    found = [problem for line in invoice.lines for problem in _problems_of(line, prices.get(line.price_id))]
    if any(line.account and not line.account.internal_id for line in lines):
        found.append(items.no_tax_account())
    if found:
        return found
    owed = invoice.total + collected_debit(invoice)
    made = total([Amount(line.amount, invoice.currency) for line in lines], invoice.currency)
    if made != owed:
        text = f"The lines of the invoice add up to {made}, but its total is {owed}."
        found.append(Problem("totals_differ", text))
    return found


def rules(invoice: Invoice, lines: tuple[Line, ...], prices: Mapping[str, Price]) -> list[str]:
    """The rules that made the lines."""
    return [rule for rules, there in _applied(invoice, lines, prices) if there for rule in rules.split()]


def _applied(
    invoice: Invoice, lines: tuple[Line, ...], prices: Mapping[str, Price]
) -> Iterator[tuple[str, bool]]:
    theirs = invoice.lines
    discounted = any(one.amount for line in theirs for one in line.discounts)
    linked = [bool(discount_link(line, prices.get(line.price_id))[1]) for line in theirs]
    taxes = [one for line in theirs for one in line.taxes]
    dated = any(line.start_date for line in lines)
    yield "IN-3 IN-7", True
    yield "IN-5 RR-4", dated
    yield "IN-6", not dated
    yield "IN-8", any(not line.price_id for line in theirs)
    yield "PI-8", any(own_item(line)[1] for line in theirs)
    yield "PI-16 PI-H2", discounted
    yield "PI-17", any(linked)
    yield "PI-H3", any(line.amount.value < 0 and not off for line, off in zip(theirs, linked, strict=True))
    yield "TX-H1", any(line.account for line in lines) and bool(taxes)
    yield "TX-H2", any(one.inclusive for one in taxes)
    yield "TX-6", any(_is_tax(line) for line in theirs)
    yield "SH-1", bool(shipping.lines(invoice))
    yield "SH-H1", bool(invoice.shipping and invoice.shipping.taxes)
    yield "CB-7", bool(collected_debit(invoice))
    yield "NE-1 NE-H1 IN-11", is_negative(invoice)
    yield "TZ-2", not invoice.total and any(line.amount for line in theirs)


def discount_link(line: InvoiceLine, price: Price | None) -> tuple[str, str]:
    """Who names a discount item for a negative line, and its internal id; both may be empty (PI-17).

    A line that has discounts of its own keeps its item: a discount cannot be discounted.
    """
    if line.amount.value >= 0 or line.discounts:
        return "", ""
    named = [(line.id, line.metadata), (price.id, price.metadata)] if price else [(line.id, line.metadata)]
    found = ((owner, metadata.get(discount.LINK_KEY, "").strip()) for owner, metadata in named)
    return next((one for one in found if one[1]), ("", ""))


def own_item(line: InvoiceLine) -> tuple[str, str]:
    """The metadata key and the internal id of the item that a line outside a subscription names (PI-8)."""
    named = ((key, line.metadata.get(key, "").strip()) for key in ITEM_KEYS if not line.subscription_id)
    return next(((key, internal_id) for key, internal_id in named if internal_id), ("", ""))


def _line(line: InvoiceLine, price: Price | None, settings: Settings) -> Line:
    """One line; only a subscription's lines carry the days of service (K12, K1).

    Nothing is counted of a flat fee, which is none the less for it: a quantity of zero is left out, so
    that NetSuite cannot reckon the amount from it (IN-H2).
    """
    start = end = None
    if line.subscription_id and line.period_start and line.period_end:
        start = settings.local_date(line.period_start)
        end = settings.last_day(line.period_end, start)
    return Line(
        item=_item(line, price, settings),
        amount=line.amount.value - tax.included(line.taxes),
        quantity=line.quantity or None,
        description=line.description,
        start_date=start,
        end_date=end,
        account=account_ref(settings.tax_account) if _is_tax(line) else None,
        source=line.id,
    )


def _item(line: InvoiceLine, price: Price | None, settings: Settings) -> Ref:
    internal_id = discount_link(line, price)[1] or own_item(line)[1]
    if internal_id:
        return Ref("item", internal_id=internal_id)
    return items.TAX if _is_tax(line) else item_ref(line.price_id, price, settings)


def _is_tax(line: InvoiceLine) -> bool:
    """Whether somebody worked out a tax elsewhere and billed it as a line of its own (TX-2, TX-6)."""
    return line.metadata.get(tax.LINE_KEY) == "true"


def _debit(invoice: Invoice) -> list[Line]:
    debit = collected_debit(invoice)
    return [Line(items.DEBIT, debit.value, description="Owed from before")] if debit else []


def _problems_of(line: InvoiceLine, price: Price | None) -> list[Problem]:
    found = []
    if line.kind not in KINDS:
        text = f"{line.id} comes from “{line.kind}”, which we do not know."
        found.append(Problem("line_kind_unknown", text))
    if line.credits:
        found.append(Problem("invoice_not_supported", f"Billing credits pay {line.credits} of {line.id}."))
    key, linked = own_item(line)
    owner, taking_off = discount_link(line, price)
    for whose, what, value in ((line.id, key, linked), (owner, discount.LINK_KEY, taking_off)):
        if value and not is_internal_id(value):
            found.append(not_an_internal_id(whose, what, value))
    return found
