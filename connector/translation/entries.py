"""Entries: what a planned record posts to the ledger, as an accountant writes it.

Section 30 of the rulebook. Debits stand first; they equal the credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.netsuite.records import CreditMemo, CustomerPayment, Invoice, Record, Ref

Names = Mapping[str, str]
"""The name of a ledger account, by its internal id."""

INCOME = "Income"
"""Where a line posts, unless it names another account: its item decides which of the income accounts."""


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
            return _debits_first(_sides(record, names))
        case CreditMemo():
            sides = _sides(record, names)
            return _debits_first([Entry(side.account, side.credit, side.debit) for side in sides])
        case CustomerPayment():
            return (
                Entry(_name(record.account, names), record.payment, Decimal(0)),
                Entry(_name(record.receivables_account, names), Decimal(0), record.payment),
            )
        case _:
            return ()


def _sides(record: Invoice | CreditMemo, names: Names) -> list[Entry]:
    """Dr receivables, Cr the account of each line; a negative line, like a discount, is a debit."""
    zero = Decimal(0)
    sides = [Entry(_name(record.receivables_account, names), record.total, zero)]
    for line in record.lines:
        account = _name(line.account, names) if line.account else INCOME
        sides.append(Entry(account, max(-line.amount, zero), max(line.amount, zero)))
    return sides


def _debits_first(sides: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(sides, key=lambda side: not side.debit))


def _name(account: Ref, names: Names) -> str:
    return names.get(account.internal_id, f"account {account.internal_id}")
