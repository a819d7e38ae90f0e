"""Credit note -> credit memo.

What a credit note takes back is taken back in NetSuite line by line, on the items,
with the days of service, discounts and taxes of the invoice's own lines (CN-8, RR-10):

    cn_1 over 40.00 USD of in_1
        Dr  Income                  40.00    price_1
        Cr  Accounts Receivable             40.00    cn_1

Where the money went decides what becomes of the memo:

    the invoice was still open   made now, applied when the invoice is paid (CN-1, K3)
    refunded                     left unapplied, for the customer refund (CN-2, CN-3, K24)
    credited outside Stripe      left unapplied, and its memo says so (CN-4)
    to the customer's balance    no memo: it comes when the balance is used (CN-5)

A note that does several of these at once is one memo for the sum of the first three (CN-6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from connector.money import Amount, total
from connector.netsuite import records
from connector.netsuite.records import AUTHORIZATION_CODE, Application, Filled, Line, Ref
from connector.stripe.credit_note import CreditNote, CreditNoteLine
from connector.stripe.objects import Invoice, InvoiceLine, Price
from connector.translation import items, lines
from connector.translation.plan import Planned, Problem
from connector.translation.settings import Settings

MEMO_KEY = "netsuite_credit_memo_id"
OUT_OF_BAND = "Credited out of band: apply it by hand."
PART_OUT_OF_BAND = "{} of it was credited out of band: apply that part by hand."


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice in Stripe and in NetSuite: what its credit notes take something back of."""

    invoice: Invoice
    bill: records.Invoice
    prices: Mapping[str, Price]
    settings: Settings

    def lines_of(self, note: CreditNote) -> tuple[Line, ...]:
        """The note's lines in NetSuite, made as those of an invoice over the same things (CN-8)."""
        return lines.of_invoice(_as_invoice(note, self.invoice), self.prices, self.settings)


def external_id(note: CreditNote) -> str:
    """One memo for a refund and its note, whichever is told first (OM-4, K16, K24).

    Of several notes of one refund the first has the refund's memo, each other one of its own.
    """
    (cause,) = note.refund_ids if len(note.refund_ids) == 1 and not note.shares_refund else (note.id,)
    return f"ns_memo:{cause}"


def told_apart(notes: Sequence[CreditNote]) -> tuple[CreditNote, ...]:
    """An invoice's notes, oldest first, each told whether an earlier one names its refund too."""
    named: set[str] = set()
    told = []
    for note in notes:
        told.append(replace(note, shares_refund=len(note.refund_ids) == 1 and note.refund_ids[0] in named))
        named |= set(note.refund_ids) if len(note.refund_ids) == 1 else set()
    return tuple(told)


def without(note: CreditNote, refunds: Collection[str]) -> CreditNote:
    """The note without what these refunds took back by memos of their own, before it was there (K24)."""
    taken = {key: amount for key, amount in note.refunds.items() if key in refunds}
    if not taken:
        return note
    back = total(tuple(taken.values()), note.amount.currency)
    return replace(
        note,
        amount=note.amount - back,
        post_payment=note.post_payment - back,
        refunded=note.refunded - back,
        refunds={key: amount for key, amount in note.refunds.items() if key not in taken},
        lines=(),  # which of its lines the rest is of, nobody knows
        shipping=None,
    )


def memo(note: CreditNote, billed: Billed, *, settles: bool) -> Planned | None:
    """The memo of a note; `settles` says that its invoice is paid or closed, so that it is applied."""
    if note.status != "issued" or not _credited(note):
        return None
    bill = billed.bill
    applied = (Application(Ref("invoice", bill.external_id), note.pre_payment.value),)
    record = records.CreditMemo(
        external_id=external_id(note),
        customer=bill.customer,
        currency=bill.currency,
        tran_date=billed.settings.local_date(note.created),
        receivables_account=bill.receivables_account,
        lines=_lines(note, billed),
        memo=_words(note),
        applied=applied if settles and note.pre_payment else (),
        filled=_behind(note, bill),
    )
    return Planned(record, note.id, _rules(note, record))


def _behind(note: CreditNote, bill: records.Invoice) -> tuple[Filled, ...]:
    """The refund behind the memo, or the charge that its invoice names (IN-14)."""
    if len(note.refund_ids) == 1:
        return (Filled(AUTHORIZATION_CODE, note.refund_ids[0]),)
    return bill.filled


def problems(note: CreditNote, billed: Billed) -> list[Problem]:
    """Why a note cannot be booked to the cent, by name."""
    if note.status != "issued":
        return []
    if unclear := _unclear(note):
        return [_not_supported(note, unclear)]
    if not _credited(note):
        return []
    if named := note.metadata.get(MEMO_KEY, "").strip():  # ME-1
        return [_not_supported(note, f"names NetSuite's credit memo {named} in {MEMO_KEY}")]
    if any(line.credits for line in note.lines):
        return [_not_supported(note, "takes back a part that billing credits paid")]
    made = sum((line.amount for line in _lines(note, billed)), start=Amount.zero(note.amount.currency).value)
    if made != _credited(note).value:
        told = Amount(made, note.amount.currency)
        return [_not_supported(note, f"is over {_credited(note)}, and its lines add up to {told}")]
    return []


def _unclear(note: CreditNote) -> str:
    """What Stripe leaves open of where the money went, for no memo is made on a guess; or empty."""
    parts = note.pre_payment + note.post_payment
    if parts != note.amount:
        return f"is over {note.amount}, and its parts come to {parts}"
    if note.to_balance and not note.balance_movement_id:
        return f"does not say where {note.to_balance} of it went"
    return ""


def _not_supported(note: CreditNote, why: str) -> Problem:
    return Problem("credit_note_not_supported", f"The credit note {note.id} {why}.")


def _credited(note: CreditNote) -> Amount:
    """What a memo is needed for: all but what the customer's balance received (CN-5)."""
    return note.amount - note.to_balance


def _lines(note: CreditNote, billed: Billed) -> tuple[Line, ...]:
    """The note's own lines; without any, or for a part of it, what the rulebook says instead."""
    credited = _credited(note)
    if credited == note.amount and (note.lines or note.shipping):
        return billed.lines_of(note)
    if credited == note.amount == billed.invoice.total:  # CN-H2: the whole invoice
        return billed.bill.lines
    if len(note.lines) == 1:  # a part of one line, the rest of which went to the balance (CN-6)
        (line,) = note.lines
        first, *_ = billed.lines_of(note)
        return (replace(first, amount=credited.value, quantity=None, description=line.description),)
    return (Line(items.CREDIT_NOTE, credited.value, description=f"Credit note {note.number or note.id}"),)


def _as_invoice(note: CreditNote, invoice: Invoice) -> Invoice:
    """The note as an invoice over the same things, so that its lines are translated alike (CN-8)."""
    nothing = Amount.zero(invoice.currency)
    sold = {line.id: line for line in invoice.lines}
    return replace(
        invoice,
        total=note.amount,
        starting_balance=nothing,
        ending_balance=nothing,
        lines=tuple(_as_invoice_line(line, sold.get(line.invoice_line_id)) for line in note.lines),
        shipping=note.shipping,
        taxes=note.taxes,
    )


def _as_invoice_line(line: CreditNoteLine, sold: InvoiceLine | None) -> InvoiceLine:
    """The invoice's line with the note's figures; a custom line has its own item (CN-9).

    A line that the invoice does not have is credited on “Stripe Unallocated Invoice Item” (CN-8).
    """
    if sold is None:
        key = items.UNALLOCATED_KEY if line.invoice_line_id else items.CUSTOM_KEY
        sold = InvoiceLine(line.id, line.amount, price_id=key)
    return replace(
        sold,
        amount=line.amount,
        description=line.description or sold.description,
        quantity=line.quantity,
        discounts=line.discounts,
        taxes=line.taxes,
        credits=None,
    )


def _words(note: CreditNote) -> str:
    """OM-5 and CN-7: the note's id first, then what to do with it, then what somebody wrote on it."""
    parts = [f"Stripe: {note.id}."]
    if note.out_of_band:
        whole = note.out_of_band == _credited(note)
        parts.append(OUT_OF_BAND if whole else PART_OUT_OF_BAND.format(note.out_of_band))
    parts += [note.memo] if note.memo else []
    return " ".join(parts) if len(parts) > 1 else f"Stripe: {note.id}"


def _rules(note: CreditNote, record: records.CreditMemo) -> tuple[str, ...]:
    rules = ["OM-1", "OM-4", "OM-5", "CN-7"]
    parts = (note.pre_payment, note.refunded, note.out_of_band, note.to_balance)
    rules += ["CN-1", "K3"] if note.pre_payment else []
    rules += ["CN-2", "CN-3", "CN-H1", "K24"] if note.refunded else []
    rules += ["CN-4"] if note.out_of_band else []
    rules += ["CN-5"] if note.to_balance else []
    rules += ["CN-6"] if sum(bool(part) for part in parts) > 1 else []
    keys = {line.item.key for line in record.lines}
    rules += ["CN-9"] if items.CUSTOM_KEY in keys else []
    rules += ["CN-10"] if items.CREDIT_NOTE.key in keys else []
    rules += ["CN-8"] if note.lines and items.CREDIT_NOTE.key not in keys else []
    rules += ["CN-H2"] if not note.lines and items.CREDIT_NOTE.key not in keys else []
    rules += ["RR-10"] if any(line.start_date for line in record.lines) else []
    return tuple(rules)
