"""Entries: what a planned record posts to the ledger, as an accountant writes it.

Section 30 of the rulebook. Debits stand first; they equal the credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.netsuite.records import CreditMemo, CustomerPayment, Invoice, Line, Record, Ref

Names = Mapping[str, str]
"""The name of a ledger account, by its internal id."""

INCOME = "Income"
"""A line posts to its item's income account, which the item decides."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting, in the transaction's currency. One of the two amounts is zero."""

    account: str
    debit: Decimal
    credit: Decimal


def entries(record: Record, names: Names) -> tuple[Entry, ...]:
    """The postings of `record`; none for a customer or an item."""
    match record:
        case Invoice():
            return _debits_first(_sides(_name(record.receivables_account, names), record.total, record.lines))
        case CreditMemo():
            sides = _sides(_name(record.receivables_account, names), record.total, record.lines)
            return _debits_first([Entry(side.account, side.credit, side.debit) for side in sides])
        case CustomerPayment():
            return (
                Entry(_name(record.account, names), record.payment, Decimal(0)),
                Entry(_name(record.receivables_account, names), Decimal(0), record.payment),
            )
        case _:
            return ()


def _sides(receivables: str, total: Decimal, lines: tuple[Line, ...]) -> list[Entry]:
    """Dr receivables, Cr income by line; a negative line is a debit."""
    sides = [Entry(receivables, total, Decimal(0))]
    sides += [Entry(INCOME, max(-line.amount, Decimal(0)), max(line.amount, Decimal(0))) for line in lines]
    return sides


def _debits_first(sides: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(sides, key=lambda side: not side.debit))


def _name(account: Ref, names: Names) -> str:
    return names.get(account.internal_id, f"account {account.internal_id}")
