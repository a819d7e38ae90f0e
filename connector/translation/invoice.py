"""Invoice -> invoice, and a customer payment for each charge that paid it.

One NetSuite line for each Stripe line, with Stripe's exact amount (IN-3, IN-H2):

    in_1, two lines, paid by ch_1
        Dr  Accounts Receivable    120.00
        Cr  Income                         100.00    price_a
        Cr  Income                          20.00    price_b
        Dr  Undeposited Funds      120.00
        Cr  Accounts Receivable            120.00    ch_1 applied to in_1

An invoice that was not paid stays open (UN-1); one that was paid outside Stripe
stays open too, for the real receipt to be applied to it (K21). Whatever we cannot
book to the cent is refused by name, and then nothing of the invoice is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connector.money import total
from connector.netsuite import records
from connector.netsuite.records import Application, Line, Ref
from connector.stripe.objects import Charge, Invoice, InvoiceLine, InvoicePayment, Price
from connector.translation import charge as charges
from connector.translation.customer import customer_ref, missing_currency, not_an_internal_id
from connector.translation.gate import blocked, held
from connector.translation.plan import Link, Plan, Planned, Problem, Skip, Summary
from connector.translation.price import LINK_KEYS as ITEM_KEYS
from connector.translation.price import item_ref
from connector.translation.settings import Settings, account_ref, currency_ref

LINK_KEY = "netsuite_invoice_id"
TAX_KEYS = ("netsuite_tax", "netsuite_tax_amount", "netsuite_tax_percent")
DISCOUNT_KEY = "netsuite_discount_item_id"
"""Wishes on a line that we cannot fulfil (TX-6, PI-17): its amount would land in the wrong account."""


def translate(
    invoice: Invoice, payments: tuple[InvoicePayment, ...], prices: Mapping[str, Price], settings: Settings
) -> Plan:
    """Plan an invoice and its payments. `prices` holds those whose item is not known yet, by id."""
    summary = Summary(f"Invoice {invoice.number or invoice.id}", invoice.customer_name, invoice.total)
    paid = tuple(
        (one, one.charge) for one in payments if one.charge and not charges.without_money(one.charge)
    )
    skip = _skip(invoice, [charge for _, charge in paid], settings)
    if skip:
        return Plan(summary, skip=skip)
    problems = _problems(invoice, [charge for _, charge in paid], settings)
    if problems:
        return Plan(summary, problems=problems)
    customer = customer_ref(invoice.customer_id, settings)
    if linked := _linked(invoice):
        links: tuple[Link, ...] = (Link("invoice", invoice.id, linked, LINK_KEY, ("ME-1",)),)
        bill: tuple[Planned, ...] = ()
    else:
        links, bill = (), (_invoice(invoice, customer, prices, settings),)
    waiting = {charge.id: problem for _, charge in paid if (problem := charges.unsettled(charge))}
    taken = tuple(link for _, charge in paid if (link := charges.link_of(charge)))
    skipped = {*waiting, *(link.key for link in taken)}
    settled = (_payment(one, charge, customer, settings) for one, charge in paid if charge.id not in skipped)
    return Plan(
        summary, links=links + taken, records=(*bill, *settled), later=next(iter(waiting.values()), None)
    )


def parents(invoice: Invoice, prices: Mapping[str, Price], settings: Settings) -> tuple[Ref, ...]:
    """What must stand in NetSuite before the invoice: its customer, and the item of every line."""
    made = () if _linked(invoice) else invoice.lines  # ME-1: a linked invoice is not made, nor its items
    items = (_item(line, prices.get(line.price_id), settings) for line in made)
    return (customer_ref(invoice.customer_id, settings), *dict.fromkeys(items))


def posting_day(invoice: Invoice, settings: Settings) -> date:
    """The day an invoice is dated: when it took effect, so its finalization unless Stripe says otherwise."""
    return settings.local_date(invoice.effective_at or invoice.finalized_at or invoice.created)


def _linked(invoice: Invoice) -> str:
    """The internal id of the NetSuite invoice that the metadata names; empty when we make it (ME-1)."""
    return invoice.metadata.get(LINK_KEY, "").strip()


def _skip(invoice: Invoice, paid: list[Charge], settings: Settings) -> Skip | None:
    """Why nothing of the invoice is to be booked now; a held charge holds its invoice too (SY-2).

    A trial is an invoice on which nobody owes anything: one that only collects a debit of the
    customer's balance has zero lines as well, and money behind it (TZ-1, CB-7).
    """
    if invoice.status == "draft":
        return Skip("invoice_draft", "Stripe has not finalized the invoice yet.")
    owed = invoice.total or invoice.amount_due or any(line.amount for line in invoice.lines)
    if not owed and not settings.sync_trial_invoices:
        return Skip("trial_invoice", "Every line of the invoice is zero.")
    skip = held(invoice.id, posting_day(invoice, settings), invoice.metadata, settings)
    return skip or next(
        (skip for charge in paid if (skip := blocked(charge.id, charge.metadata, settings))), None
    )


def _problems(invoice: Invoice, paid: list[Charge], settings: Settings) -> tuple[Problem, ...]:
    problems = [*charges.missing_accounts(settings), *_not_bookable(invoice)]
    if invoice.currency not in settings.currencies:
        problems.append(missing_currency(invoice.currency))
    linked = _linked(invoice)
    if linked and not linked.isdigit():
        problems.append(not_an_internal_id(invoice.id, LINK_KEY, linked))
    for line in invoice.lines:
        problems += _problems_of_line(line)
    for charge in paid:
        problems += charges.unfulfilled(charge)
        if charge.amount.currency != invoice.currency:
            text = f"{charge.id} is in {charge.amount.currency}, the invoice in {invoice.currency}."
            problems.append(Problem("payment_currency_differs", text))
    return tuple(problems)


def _not_bookable(invoice: Invoice) -> list[Problem]:
    """What this invoice has that we cannot book, each by its own name, and the proof of its sum (IN-H3)."""
    has = {
        "discounts": bool(invoice.discounts),
        "taxes": bool(invoice.taxes),
        "a shipping cost": bool(invoice.amount_shipping),
        "customer balance": invoice.ending_balance not in (None, invoice.starting_balance),
        "credit notes": bool(invoice.credit_notes),
        "a negative total": invoice.total.value < 0,
        "a revision of an earlier invoice": bool(invoice.revises),
        f"the status “{invoice.status}”": invoice.status not in ("open", "paid"),
    }
    problems = [
        Problem("invoice_not_supported", f"The invoice has {what}.") for what, there in has.items() if there
    ]
    lines = total([line.amount for line in invoice.lines], invoice.currency)
    if not problems and lines != invoice.total:
        text = f"The lines of the invoice add up to {lines}, but its total is {invoice.total}."
        problems.append(Problem("totals_differ", text))
    return problems


def _problems_of_line(line: InvoiceLine) -> list[Problem]:
    wishes = (*TAX_KEYS, DISCOUNT_KEY) if line.amount.value < 0 else TAX_KEYS
    problems = [
        Problem("metadata_not_supported", f"{line.id} carries {key}, which we cannot follow.")
        for key in wishes
        if key in line.metadata
    ]
    key, linked = _own_item(line)
    if linked and not linked.isdigit():
        problems.append(not_an_internal_id(line.id, key, linked))
    return problems


def _item(line: InvoiceLine, price: Price | None, settings: Settings) -> Ref:
    _, own = _own_item(line)
    return Ref("item", internal_id=own) if own else item_ref(line.price_id, price, settings)


def _own_item(line: InvoiceLine) -> tuple[str, str]:
    """The metadata key and the internal id of the item that a line outside a subscription names (PI-8)."""
    named = ((key, line.metadata.get(key, "").strip()) for key in ITEM_KEYS if not line.subscription_id)
    return next(((key, internal_id) for key, internal_id in named if internal_id), ("", ""))


def _invoice(invoice: Invoice, customer: Ref, prices: Mapping[str, Price], settings: Settings) -> Planned:
    day = posting_day(invoice, settings)
    lines = tuple(_line(line, prices.get(line.price_id), settings) for line in invoice.lines)
    record = records.Invoice(
        external_id=invoice.id,
        customer=customer,
        currency=currency_ref(invoice.currency),
        tran_date=day,
        due_date=settings.local_date(invoice.due_date) if invoice.due_date else day,
        memo=f"Stripe: {invoice.id}",
        receivables_account=account_ref(settings.receivables_account),
        lines=lines,
    )
    rules = ["OM-1", "OM-4", "OM-5", "IN-1", "IN-3", "IN-7"]
    rules += ["IN-5", "RR-4"] if any(line.start_date for line in lines) else ["IN-6"]
    rules += ["IN-10"] if invoice.due_date else []
    rules += ["IN-8"] if any(not line.price_id for line in invoice.lines) else []
    rules += ["PI-8"] if any(_own_item(line)[1] for line in invoice.lines) else []
    rules += ["UN-1"] if invoice.amount_remaining else []
    return Planned(record, invoice.id, tuple(rules))


def _line(line: InvoiceLine, price: Price | None, settings: Settings) -> Line:
    """One line; only a subscription's lines carry the days of service (K12, K1)."""
    start = end = None
    if line.subscription_id and line.period_start and line.period_end:
        start = settings.local_date(line.period_start)
        end = settings.last_day(line.period_end, start)
    return Line(
        item=_item(line, price, settings),
        amount=line.amount.value,
        quantity=line.quantity,
        description=line.description,
        start_date=start,
        end_date=end,
    )


def _payment(one: InvoicePayment, charge: Charge, customer: Ref, settings: Settings) -> Planned:
    """The charge's payment; money that Stripe took and did not put on the invoice stays unapplied (CH-7)."""
    went = charge.amount_captured if one.amount is None else min(one.amount, charge.amount_captured)
    if one.status == "canceled" or not went:
        return charges.payment(charge, customer, (), ("CH-1", "CH-7"), settings)
    applied = (Application(Ref("invoice", one.invoice_id), went.value),)
    return charges.payment(charge, customer, applied, ("CH-1", "CH-6", "IN-4", "IN-9"), settings)
