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
        if invoice["status"] in ("open", "paid"):
            told += _invoice(invoice, kept.get(("invoice", invoice["id"])))
    for charge in world.stripe.store.all("charge"):
        if charge["status"] == "succeeded":
            told += _charge(charge, kept.get(("customerPayment", charge["id"])))
    return told


def _invoice(invoice: Book, record: Book | None) -> list[str]:
    owed = {
        "total": _money(invoice["total"], invoice["currency"]),
        "amount_remaining": _money(invoice["amount_remaining"], invoice["currency"]),
    }
    return _compare(f"Invoice {invoice['id']}", owed, invoice["currency"], record)


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
