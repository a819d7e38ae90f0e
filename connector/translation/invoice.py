"""Invoice -> invoice, and a customer payment for each charge that paid it.

One NetSuite line for each Stripe line, with Stripe's exact amount (IN-3, IN-H2), then
discounts, shipping and taxes (`lines`):

    in_1, two lines, paid by ch_1
        Dr  Accounts Receivable    120.00
        Cr  Income                         100.00    price_a
        Cr  Income                          20.00    price_b
        Dr  Undeposited Funds      120.00
        Cr  Accounts Receivable            120.00    ch_1 applied to in_1

An invoice that was not paid stays open (UN-1); one that was paid outside Stripe
stays open too, for the real receipt to be applied to it (K21). One that waits for a bank
debit is paid in NetSuite already (K4), and open again if the bank refuses it. What settles an
invoice beside money are credit memos (`memo`). Whatever we cannot
book to the cent is refused by name, and then nothing of the invoice is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import AUTHORIZATION_CODE, Application, Filled, Line, Ref, is_internal_id
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Invoice, InvoicePayment, Price
from connector.translation import charge as charges
from connector.translation import duplicate, lines, memo
from connector.translation.charge import Ground
from connector.translation.credit_note import Billed
from connector.translation.customer import customer_ref, missing_currency, not_an_internal_id
from connector.translation.gate import blocked, held
from connector.translation.plan import Link, Plan, Planned, Problem, Skip, Summary
from connector.translation.settings import Settings, account_ref, currency_ref

LINK_KEY = "netsuite_invoice_id"
NO_GROUNDS: Mapping[str, Ground] = {}


@dataclass(frozen=True, slots=True)
class Bill(Planned):
    """The planned invoice itself."""

    record: records.Invoice


def translate(
    invoice: Invoice,
    payments: tuple[InvoicePayment, ...],
    prices: Mapping[str, Price],
    settings: Settings,
    notes: tuple[CreditNote, ...] = (),
    *,
    booked: bool = True,
    grounds: Mapping[str, Ground] = NO_GROUNDS,
) -> Plan:
    """Plan an invoice, its payments, and the memos that settle the rest of it.

    `prices` holds those whose item is not known yet, by id; `notes` are all credit notes of the
    invoice; `booked` says whether it may stand in NetSuite already; `grounds` are what more there is
    to know of its charges, by id.
    """
    summary = Summary(f"Invoice {invoice.number or invoice.id}", invoice.customer_name, invoice.total)
    payments = tuple(_awaited(one, settings) for one in payments)
    paid = tuple(
        (one, one.charge)
        for one in sorted(payments, key=_made)
        if one.charge and not charges.without_money(one.charge)
    )
    skip = _skip(invoice, [charge for _, charge in paid], settings)
    skip = skip or (None if booked or paid else memo.never_booked(invoice))
    if skip:
        return Plan(summary, skip=skip)
    made = lines.of_invoice(invoice, prices, settings)
    problems = (
        *_problems(invoice, [charge for _, charge in paid], settings),
        *(() if _linked(invoice) else lines.problems(invoice, made, prices)),
    )
    if problems:
        return Plan(summary, problems=problems)
    customer = customer_ref(invoice.customer_id, settings)
    bill = _invoice(invoice, customer, made, lines.rules(invoice, made, prices), settings)
    bill = _with_charge(bill, payments, invoice, settings)
    waiting = {charge.id: problem for _, charge in paid if (problem := charges.unsettled(charge))}
    settlement = memo.Settlement(
        Billed(invoice, bill.record, prices, settings), payments, notes, waiting=bool(waiting)
    )
    memos, linked = memo.memos(settlement), _linked(invoice)
    problems = (*memo.problems(settlement), *(_not_ours(memos) if linked else ()))
    if problems:
        return Plan(summary, problems=problems)
    own = (Link("invoice", invoice.id, linked, LINK_KEY, ("ME-1",)),) if linked else ()
    taken = tuple(link for _, charge in paid if (link := charges.link_of(charge)))
    skipped = {*waiting, *(link.key for link in taken)}
    settled = tuple(
        _payment(one, charge, invoice, customer, settings, grounds.get(charge.id, charges.NOTHING))
        for one, charge in paid
        if charge.id not in skipped
    )
    return Plan(
        summary,
        links=own + taken,
        records=(*(() if linked else (bill,)), *settled, *memos),
        later=next(iter(waiting.values()), None),
        alert=memo.alert(settlement),
    )


def _awaited(payment: InvoicePayment, settings: Settings) -> InvoicePayment:
    """The payment without a debit that is on its way, where the account waits for it to arrive (CH-26)."""
    if payment.charge and charges.not_wanted(payment.charge, settings):
        return replace(payment, charge=None)
    return payment


def _made(payment: InvoicePayment) -> tuple[datetime, str]:
    """By when the money was taken: of two payments of one invoice, the first is not the duplicate."""
    charge = payment.charge
    return (charge.created, charge.id) if charge else (datetime.max.replace(tzinfo=UTC), payment.id)


def parents(invoice: Invoice, prices: Mapping[str, Price], settings: Settings) -> tuple[Ref, ...]:
    """What must stand in NetSuite before the invoice: its customer, and the item of every line."""
    # ME-1: a linked invoice is not made, nor its items
    made = () if _linked(invoice) else lines.of_invoice(invoice, prices, settings)
    return (customer_ref(invoice.customer_id, settings), *dict.fromkeys(line.item for line in made))


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
    if _is_too_small(invoice):
        left = f"Its {invoice.total} are less than Stripe collects, and went to the customer's balance."
        return Skip("below_minimum_charge", left)
    skip = held(invoice.id, posting_day(invoice, settings), invoice.metadata, settings)
    return skip or next(
        (skip for charge in paid if (skip := blocked(charge.id, charge.metadata, settings))), None
    )


def _is_too_small(invoice: Invoice) -> bool:
    """Below the currency's minimum charge: nothing is due, the customer's balance owes it (IN-12).

    Where the balance held some credit, that credit paid it, and the invoice is booked.
    """
    nothing, ending = Amount.zero(invoice.currency), invoice.ending_balance
    owes = ending is not None and nothing < min(invoice.total, ending)
    return owes and nothing <= invoice.starting_balance and not invoice.amount_due


def _problems(invoice: Invoice, paid: list[Charge], settings: Settings) -> tuple[Problem, ...]:
    problems = [*charges.missing_accounts(settings), *_not_bookable(invoice)]
    if invoice.currency not in settings.currencies:
        problems.append(missing_currency(invoice.currency))
    linked = _linked(invoice)
    if linked and not is_internal_id(linked):
        problems.append(not_an_internal_id(invoice.id, LINK_KEY, linked))
    for charge in paid:
        problems += [*charges.misnamed(charge), *charges.contrary(charge, linked)]
        if charge.amount.currency != invoice.currency:
            text = f"{charge.id} is in {charge.amount.currency}, the invoice in {invoice.currency}."
            problems.append(Problem("payment_currency_differs", text))
    return tuple(problems)


def _not_bookable(invoice: Invoice) -> list[Problem]:
    """A status that Stripe may have invented since."""
    if invoice.status in ("open", "paid", "void", "uncollectible"):
        return []
    return [Problem("invoice_not_supported", f"The invoice has the status “{invoice.status}”.")]


def _not_ours(memos: tuple[Planned, ...]) -> list[Problem]:
    """A linked invoice is somebody else's: which of its lines a memo takes back, we cannot know (ME-1)."""
    text = "The invoice is linked to one of NetSuite's own, and needs the credit memo {}."
    return [Problem("invoice_not_supported", text.format(one.record.external_id)) for one in memos]


def _invoice(
    invoice: Invoice, customer: Ref, made: tuple[Line, ...], rules: list[str], settings: Settings
) -> Bill:
    day = posting_day(invoice, settings)
    record = records.Invoice(
        external_id=invoice.id,
        customer=customer,
        currency=currency_ref(invoice.currency),
        tran_date=day,
        due_date=settings.local_date(invoice.due_date) if invoice.due_date else day,
        memo=_memo(invoice),
        receivables_account=account_ref(settings.receivables_account),
        lines=lines.as_written(made, invoice),
    )
    rules = ["OM-1", "OM-4", "OM-5", "IN-1", *rules]
    rules += ["IN-10"] if invoice.due_date else []
    rules += ["UN-1"] if invoice.amount_remaining else []
    return Bill(record, invoice.id, tuple(rules))


def _with_charge(
    bill: Bill, payments: tuple[InvoicePayment, ...], invoice: Invoice, settings: Settings
) -> Bill:
    """The bill with the charge that paid it, the first of several, in the field for it (IN-14)."""
    made = [
        (one.charge.created, one.charge.id)
        for one in payments
        if one.charge and memo.put_on_invoice(one) and not memo.comes_too_late(one, invoice, settings)
    ]
    if not made:
        return bill
    code = Filled(AUTHORIZATION_CODE, min(made)[1])
    return replace(bill, record=replace(bill.record, filled=(code,)), rules=(*bill.rules, "IN-14"))


def _memo(invoice: Invoice) -> str:
    """OM-5; and what the invoice adds to the customer's balance (IN-11)."""
    if not lines.is_negative(invoice):
        return f"Stripe: {invoice.id}"
    return f"Stripe: {invoice.id}. {-invoice.total} was added to the customer's balance."


def _payment(
    one: InvoicePayment, charge: Charge, invoice: Invoice, customer: Ref, settings: Settings, ground: Ground
) -> Planned:
    """The charge's payment; money that Stripe took and did not put on the invoice stays unapplied (CH-7).

    So does money that came when a memo had closed the invoice already; its memo says so (UN-H2, K25).
    A payment that was booked as a duplicate stays as it is. Each of several charges is a payment of
    its own (CH-H2).
    """
    if ground.booked:
        return ground.booked
    went = memo.put_on_invoice(one)
    if not went:
        return charges.payment(charge, customer, (), ("CH-1", "CH-7"), settings, ground=ground)
    if memo.comes_too_late(one, invoice, settings):
        words = memo.LATE_MEMO.format(charge.id, invoice.id)
        late = ("CH-1", "CH-7", "UN-5", "UN-H2", "K25")
        return charges.payment(charge, customer, (), late, settings, memo=words, ground=ground)
    applied = (Application(Ref("invoice", one.invoice_id), went.value),)
    rules = ("CH-1", "CH-6", "CH-H2", "IN-4", "IN-9")
    made = charges.payment(charge, customer, applied, rules, settings, ground=ground)
    return replace(made, alone=duplicate.memo(charge, invoice.number or invoice.id, settings))
