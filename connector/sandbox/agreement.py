"""Do the practice world's two sides agree? Every finalized invoice, every taken payment, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .world import World

ZERO_DECIMAL, THREE_DECIMAL = frozenset({"jpy"}), frozenset({"kwd"})
Book = dict[str, Any]


def disagreements(world: World) -> list[str]:
    """What Stripe has and NetSuite has not, or has otherwise, one sentence each; and books out of balance."""
    books = world.netsuite.books()
    kept = {
        (record["type"], record["external_id"]): record
        for record in books["records"]
        if not record.get("voided")
    }
    told = [] if books["balanced"] else ["The ledger is out of balance."]
    for invoice in world.stripe.store.all("invoice"):
        record = kept.get(("invoice", invoice["id"]))
        if invoice["status"] in ("open", "paid") or (invoice["status"] == "void" and record):
            told += _invoice(invoice, record)
    for charge in world.stripe.store.all("charge"):
        if charge["status"] == "succeeded" and charge["captured"]:
            taken = (kept.get((kind, charge["id"])) for kind in ("customerPayment", "customerDeposit"))
            told += _charge(charge, next(filter(None, taken), None))
    return told


def _invoice(invoice: Book, record: Book | None) -> list[str]:
    """What NetSuite owes the invoice: its total with the debit that it collects, nothing if below zero."""
    total, ending = invoice["total"], invoice["ending_balance"]
    if record is None and _is_left_out(invoice):
        return []
    lessened = invoice["starting_balance"] - ending if ending is not None else 0
    debit = max(lessened, 0) if total + lessened > 0 else 0
    owed = {
        "total": _money(max(total + debit, 0), invoice["currency"]),
        "amount_remaining": _money(_still_open(invoice), invoice["currency"]),
    }
    return _compare(f"Invoice {invoice['id']}", owed, invoice["currency"], record)


def _still_open(invoice: Book) -> int:
    """What is open in NetSuite, in minor units.

    What was paid outside Stripe waits for the real receipt; of an open invoice also what the balance
    and credit notes pay once it is paid; of a void one nothing.
    """
    remaining, ending = int(invoice["amount_remaining"]), invoice["ending_balance"]
    if invoice["status"] == "void":
        return 0
    remaining += int(invoice["amount_paid_off_stripe"])
    if invoice["status"] == "paid":
        return remaining
    used = max(ending - invoice["starting_balance"], 0) if ending is not None and invoice["total"] > 0 else 0
    return remaining + used + int(invoice["pre_payment_credit_notes_amount"])


def _is_left_out(invoice: Book) -> bool:
    """A trial over nothing, or an invoice too small to be collected, which became the customer's debit."""
    return not invoice["amount_due"] and (invoice["total"] == 0 or (invoice["ending_balance"] or 0) > 0)


def _charge(charge: Book, record: Book | None) -> list[str]:
    taken = {"total": _money(charge["amount_captured"], charge["currency"])}
    return _compare(f"Payment {charge['id']}", taken, charge["currency"], record)


def _compare(name: str, wanted: dict[str, Decimal], currency: str, record: Book | None) -> list[str]:
    if record is None:
        return [f"{name} is not in NetSuite."]
    if record["currency"] != currency.upper():
        return [f"{name} is in {currency.upper()} in Stripe, in {record['currency']} in NetSuite."]
    return [
        f"{name}: {key} is {amount} in Stripe, {record[key]} in NetSuite."
        for key, amount in wanted.items()
        if Decimal(record[key]) != amount
    ]


def _money(minor: int, currency: str) -> Decimal:
    exponent = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    return Decimal(minor).scaleb(-exponent)
