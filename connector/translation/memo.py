"""Invoice -> credit memos: what settles an invoice beside money.

A memo takes back lines of the bill, and is applied to it:

    in_1 over 120.00 USD, of which the customer's balance paid 30.00 and ch_1 90.00
        Dr  Income                  30.00    ns_memo:in_1:balance, when in_1 is paid (CB-2)
        Cr  Accounts Receivable             30.00

    in_2 over 120.00 USD, void, or given up as uncollectible
        Dr  Income                 120.00    ns_memo:in_2:void, ns_memo:in_2:uncollectible
        Cr  Accounts Receivable            120.00

So an open invoice shows in NetSuite what Stripe still wants, and beside it exactly what CB-2
and K3 hold back until it is paid; a paid, void or given up invoice shows nothing. What was
paid outside Stripe stays open for the real receipt (K21).

What happened last in Stripe does not decide, but the days on which it happened: an invoice
that was given up and then paid, or made void, keeps the memo that closed it (UN-5, K25).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import dropwhile, islice

from connector.money import Amount, total
from connector.netsuite import records
from connector.netsuite.records import Application, Line, Ref
from connector.stripe.credit_note import CreditNote
from connector.stripe.customer_balance import BalanceMovement
from connector.stripe.objects import Invoice, InvoicePayment
from connector.translation import charge as charges
from connector.translation import credit_note as credit_notes
from connector.translation import items
from connector.translation.credit_note import Billed
from connector.translation.gate import blocked
from connector.translation.lines import days
from connector.translation.plan import Planned, Problem, Skip
from connector.translation.settings import Settings

APPLIED = "applied_to_invoice"
"""Stripe's word for balance that an invoice used."""
BALANCE_MEMO = "Stripe: {}. This credit memo was created by a Stripe customer's balance."
VOID_MEMO = "Stripe: {}. This credit memo voids the invoice."
REVISED_MEMO = "Stripe: {}. This credit memo voids the invoice, which was revised as {}."
LATE_MEMO = "Stripe: {}. Paid after a credit memo had closed {}: apply it by hand."
UNCOLLECTIBLE_MEMO = "Stripe: {}. This credit memo closes the uncollectible invoice."


@dataclass(frozen=True, slots=True)
class Settlement:
    """An invoice with all that settles it. `waiting`: a charge that paid it is not booked yet."""

    billed: Billed
    payments: tuple[InvoicePayment, ...] = ()
    notes: tuple[CreditNote, ...] = ()
    waiting: bool = False

    @property
    def invoice(self) -> Invoice:
        """The invoice in Stripe."""
        return self.billed.invoice

    @property
    def issued(self) -> list[CreditNote]:
        """The notes that stand, without those that somebody holds back by their mark (SY-1)."""
        settings = self.billed.settings
        standing = (note for note in self.notes if note.status == "issued")
        return [note for note in standing if not blocked(note.id, note.metadata, settings)]


def memos(settlement: Settlement) -> tuple[Planned, ...]:
    """The credit memos of an invoice, to be written after its bill and payments, in this order."""
    billed = settlement.billed
    settles = settlement.invoice.status == "paid" or closed_at(billed.invoice, billed.settings) is not None
    noted = (credit_notes.memo(note, billed, settles=settles) for note in settlement.issued)
    made = (_balance(settlement), *noted, _void(settlement), _uncollectible(settlement))
    return tuple(planned for planned in made if planned)


def problems(settlement: Settlement) -> list[Problem]:
    """What the memos of an invoice could not say to the cent, by name."""
    found = [each for note in settlement.issued for each in credit_notes.problems(note, settlement.billed)]
    closed = closed_at(settlement.invoice, settlement.billed.settings)
    for note in settlement.issued:
        if closed and note.pre_payment and (note.created > closed or note.post_payment):
            text = f"The credit note {note.id} credits an invoice that was closed without being paid."
            found.append(Problem("credit_note_not_supported", text))
    return found


def closed_at(invoice: Invoice, settings: Settings) -> datetime | None:
    """When an invoice ended without being paid: given up (UN-2), or void (UN-H1); None when it did not."""
    if invoice.marked_uncollectible_at and not settings.keep_unpaid_invoices_open:
        return invoice.marked_uncollectible_at
    return (invoice.voided_at or invoice.created) if invoice.status == "void" else None


def never_booked(invoice: Invoice) -> Skip | None:
    """Why a void invoice that NetSuite never had stays out of it: the two would cancel out (UN-H1)."""
    if invoice.status != "void":
        return None
    return Skip("void_before_booking", "Stripe made the invoice void before NetSuite had it.")


def alert(settlement: Settlement) -> Problem | None:
    """What somebody should know although all is booked: money for a closed invoice (UN-H2, K25)."""
    invoice, settings = settlement.invoice, settlement.billed.settings
    late = [
        one.charge.id
        for one in settlement.payments
        if one.charge and put_on_invoice(one) and comes_too_late(one, invoice, settings)
    ]
    if not late:
        return None
    text = f"{', '.join(late)} paid {invoice.id} after a credit memo had closed it, and is not applied."
    return Problem("paid_after_closing", text)


def put_on_invoice(payment: InvoicePayment) -> Amount | None:
    """What a payment put on its invoice; nothing when it was taken off again, or held no money."""
    if payment.status == "canceled":
        return None
    charge = payment.charge
    if charge is None:
        return payment.amount if payment.status == "paid" else None
    if charges.without_money(charge):
        return None
    taken = charge.amount_captured
    return taken if payment.amount is None else min(payment.amount, taken)


def comes_too_late(payment: InvoicePayment, invoice: Invoice, settings: Settings) -> bool:
    """Whether a payment found its invoice closed by a memo, so that it cannot be applied to it (K25)."""
    closed = closed_at(invoice, settings)
    return closed is not None and _moment(payment) > closed


def balance_used(invoice: Invoice) -> Amount:
    """What the customer's balance paid of this invoice; never more than its total (CB-H2)."""
    start, end = invoice.starting_balance, invoice.ending_balance
    nothing = Amount.zero(invoice.currency)
    if end is None or start.value >= 0 or invoice.total.value <= 0 or end <= start:
        return nothing
    return min(end - start, invoice.total)


def has_one_item_for_balance(invoice: Invoice, settings: Settings) -> bool:
    """Whether used balance is credited on the invoice's only item, as long as it is no leftover (CB-4)."""
    return bool(balance_used(invoice)) and len(invoice.lines) == 1 and not settings.customer_balance_item


def is_left_over(movements: Iterable[BalanceMovement], invoice_id: str) -> bool:
    """Whether the balance that this invoice used is the rest that another invoice had not used up (CB-5).

    `movements` are those of its customer, the newest first.
    """
    older = dropwhile(lambda one: (one.kind, one.invoice_id) != (APPLIED, invoice_id), movements)
    before = next(islice(older, 1, None), None)
    if before is None or before.kind != APPLIED:
        return False
    # A negative invoice is "applied" as well, and gives credit: its amount is negative then.
    return before.amount.value > 0 and before.ending_balance.value < 0


def _balance(settlement: Settlement) -> Planned | None:
    """What the balance paid, once nothing more is owed and every charge is there (CB-2, CB-4, CB-5)."""
    invoice, settings = settlement.invoice, settlement.billed.settings
    used = balance_used(invoice)
    given_up = _given_up(settlement)
    if not used or not (given_up or (invoice.status == "paid" and not settlement.waiting)):
        return None
    when = given_up or invoice.paid_at or invoice.created  # CB-H1
    start, end = days(settlement.billed.bill.lines)
    own, single = settings.customer_balance_item, has_one_item_for_balance(invoice, settings)
    single = single and not invoice.balance_left_over
    item = settlement.billed.bill.lines[0].item if single else items.BALANCE
    item = Ref("item", internal_id=own) if own else item
    line = Line(item, used.value, description="Customer balance", start_date=start, end_date=end)
    rules = ["CB-1", "CB-2", "CB-3", "CB-4", "CB-5", "CB-H1", "CB-H2"]
    rules += ["CB-6"] if own else []
    rules += ["CB-9", "RR-5"] if start else []
    return _memo(settlement, "balance", when, (line,), used.value, BALANCE_MEMO.format(invoice.id), rules)


def _void(settlement: Settlement) -> Planned | None:
    """The whole bill taken back, less what its credit notes took back already (UN-H1, ED-1)."""
    invoice, bill = settlement.invoice, settlement.billed.bill
    if invoice.status != "void" or _given_up(settlement):
        return None
    lines = _less(bill.lines, _noted_lines(settlement))
    if not any(line.amount for line in lines):
        return None
    still_open = _billed(settlement) - _paid(settlement) - _noted(settlement)
    when = invoice.voided_at or invoice.created
    text = VOID_MEMO.format(invoice.id)
    rules = ["UN-7", "UN-H1"]
    if invoice.revised_by:
        text, rules = REVISED_MEMO.format(invoice.id, invoice.revised_by), [*rules, "ED-1", "ED-H1"]
    rules += ["RR-5"] if any(line.start_date for line in lines) else []
    return _memo(settlement, "void", when, lines, still_open.value, text, rules)


def _uncollectible(settlement: Settlement) -> Planned | None:
    """What was still owed when the invoice was given up, taken back (UN-2, UN-6, UN-H3)."""
    when = _given_up(settlement)
    if when is None:
        return None
    owed = _owed(settlement, when)
    if owed.value <= 0:
        return None
    lines = _lines_given_up(settlement, owed)
    rules = ["UN-2", "UN-6", "UN-7", "UN-H3"]
    rules += ["RR-5"] if any(line.start_date for line in lines) else []
    text = UNCOLLECTIBLE_MEMO.format(settlement.invoice.id)
    return _memo(settlement, "uncollectible", when, lines, owed.value, text, rules)


def _lines_given_up(settlement: Settlement, owed: Amount) -> tuple[Line, ...]:
    """The account's bad-debt item; else the bill's own lines, when all or one of them is owed.

    Which of several lines a part is owed of, nobody knows: it goes to “Stripe Bad Debt Item”.
    Neither item takes the days of service along (UN-6).
    """
    bill, own = settlement.billed.bill, settlement.billed.settings.bad_debt_item
    if own:
        return (Line(Ref("item", internal_id=own), owed.value, description="Uncollectible"),)
    whole = _less(bill.lines, _noted_lines(settlement))
    if sum((line.amount for line in whole), Decimal(0)) == owed.value:
        return whole
    if len(settlement.invoice.lines) == 1:
        return (replace(bill.lines[0], amount=owed.value, quantity=None),)
    return (Line(items.BAD_DEBT, owed.value, description="Uncollectible"),)


def _owed(settlement: Settlement, when: datetime) -> Amount:
    """What was owed at a moment: Stripe's own figure while it stands, or worked out of what came before.

    Stripe's figure falls with a payment that comes later and does not bring back the debt (K25).
    """
    invoice = settlement.invoice
    known = [(_moment(one), amount) for one in settlement.payments if (amount := put_on_invoice(one))]
    if invoice.status == "uncollectible":
        later = [amount for made, amount in known if made > when]
        return invoice.amount_remaining + total(later, invoice.currency)
    before = [amount for made, amount in known if made <= when]
    return _billed(settlement) - balance_used(invoice) - total(before, invoice.currency) - _noted(settlement)


def _billed(settlement: Settlement) -> Amount:
    """What the bill in NetSuite asks for: Stripe's total, and a debit of the balance (CB-7)."""
    return Amount(settlement.billed.bill.total, settlement.invoice.currency)


def _given_up(settlement: Settlement) -> datetime | None:
    settings, invoice = settlement.billed.settings, settlement.invoice
    return invoice.marked_uncollectible_at if not settings.keep_unpaid_invoices_open else None


def _paid(settlement: Settlement) -> Amount:
    """What charges have put on the invoice before it was closed."""
    invoice, settings = settlement.invoice, settlement.billed.settings
    parts = (
        put_on_invoice(one)
        for one in settlement.payments
        if one.charge and not comes_too_late(one, invoice, settings)
    )
    return total([part for part in parts if part], invoice.currency)


def _moment(payment: InvoicePayment) -> datetime:
    """When a payment was made; one of which Stripe does not say it counts as the latest."""
    made = payment.paid_at or (payment.charge.created if payment.charge else None)
    return made or datetime.max.replace(tzinfo=UTC)


def _noted(settlement: Settlement) -> Amount:
    """What credit notes took off the invoice while it was open."""
    return total([note.pre_payment for note in settlement.issued], settlement.invoice.currency)


def _noted_lines(settlement: Settlement) -> list[Line]:
    billed = settlement.billed
    notes = [note for note in settlement.issued if note.pre_payment]
    made = [credit_notes.memo(note, billed, settles=True) for note in notes]
    records_made = [planned.record for planned in made if planned]
    return [line for one in records_made if isinstance(one, records.CreditMemo) for line in one.lines]


def _less(lines: Sequence[Line], taken: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without what was taken back of them; what was taken of none of them stands below zero.

    What is left of a line has no quantity: a credit note may take money off it that is no whole piece.
    """
    rest = list(lines)
    for one in taken:
        place = next((at for at, line in enumerate(rest) if _holds(line, one)), None)
        if place is None:
            rest.append(replace(one, amount=-one.amount))
        else:
            rest[place] = replace(rest[place], amount=rest[place].amount - one.amount, quantity=None)
    return tuple(line for line in rest if line.amount or not taken)


def _holds(line: Line, part: Line) -> bool:
    """Whether `part` can be taken out of `line` without turning its sign."""
    same = (line.item, line.start_date, line.end_date) == (part.item, part.start_date, part.end_date)
    return same and line.amount * part.amount > 0 and abs(line.amount) >= abs(part.amount)


def _memo(
    settlement: Settlement,
    cause: str,
    when: datetime,
    lines: tuple[Line, ...],
    applied: Decimal,
    text: str,
    rules: Sequence[str],
) -> Planned:
    """A memo that the invoice itself causes, applied to it (K16, OM-H1)."""
    bill = settlement.billed.bill
    record = records.CreditMemo(
        external_id=f"ns_memo:{bill.external_id}:{cause}",
        customer=bill.customer,
        currency=bill.currency,
        tran_date=settlement.billed.settings.local_date(when),
        receivables_account=bill.receivables_account,
        lines=lines,
        memo=text,
        applied=(Application(Ref("invoice", bill.external_id), applied),) if applied > 0 else (),
        filled=bill.filled,
    )
    return Planned(record, bill.external_id, ("OM-1", "OM-4", "OM-5", "OM-H1", "K16", *rules))
