"""Entries: what a planned record posts to the ledger, as an accountant writes it.

Section 30 of the rulebook. Debits stand first; they equal the credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.netsuite.records import (
    CreditMemo,
    CustomerDeposit,
    CustomerPayment,
    CustomerRefund,
    Deposit,
    Invoice,
    JournalEntry,
    Record,
    Ref,
)

Names = Mapping[str, str]
"""The name of a ledger account, by its internal id."""

INCOME = "Income"
"""Where a line posts, unless it names another account: its item decides which of the income accounts."""
CUSTOMER_DEPOSITS = "Customer Deposits"
"""NetSuite's own liability account for them; nobody can choose another (CH-21)."""


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
        case CustomerDeposit():
            return (
                Entry(_name(record.account, names), record.payment, Decimal(0)),
                Entry(CUSTOMER_DEPOSITS, Decimal(0), record.payment),
            )
        case CustomerRefund():
            return _refund(record, names)
        case Deposit():
            return _debits_first(_deposit(record, names))
        case JournalEntry():
            return _debits_first([_side(_name(line.account, names), line.amount) for line in record.lines])
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


def _refund(record: CustomerRefund, names: Names) -> tuple[Entry, ...]:
    """Dr receivables; what gives back a customer deposit is taken from that liability at once."""
    from_deposits = sum((one.amount for one in record.deposits), Decimal(0))
    sides = [
        _side(_name(record.receivables_account, names), record.total - from_deposits),
        _side(CUSTOMER_DEPOSITS, from_deposits),
        _side(_name(record.account, names), -record.total),
    ]
    return tuple(side for side in sides if side.debit or side.credit)


def _deposit(record: Deposit, names: Names) -> list[Entry]:
    sides = [
        _side(_name(record.account, names), record.total),
        _side(_name(record.funds_account, names), -record.funds_total),
        *(_side(_name(line.account, names), -line.amount) for line in record.other),
        *(_side(_name(line.account, names), line.amount) for line in record.cash_back),
    ]
    return [side for side in sides if side.debit or side.credit]


def _side(account: str, amount: Decimal) -> Entry:
    """A debit if `amount` is positive, else a credit."""
    return Entry(account, max(amount, Decimal(0)), max(-amount, Decimal(0)))


def _debits_first(sides: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(sides, key=lambda side: not side.debit))


def _name(account: Ref, names: Names) -> str:
    return names.get(account.internal_id, f"account {account.internal_id}")
