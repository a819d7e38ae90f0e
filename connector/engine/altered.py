"""Altered: how a record of NetSuite's differs from what we booked. Pure: a row, a snapshot, an answer.

Only what money hangs on is compared: the amount, the day, the customer, the currency, the account
that the record names, what it settles, and what a deposit holds. Memos, classes and custom fields
are people's to change, and so is what is done with credit that we left unapplied (PO-15).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from connector.models import Drift, MappedRecord
from connector.money import Amount
from connector.netsuite.gateway import Snapshot

Kind = Drift.Kind
Differences = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a comparison needs beside the row.

    `currencies` are NetSuite's ids by ISO code; `moved_on` the customers that others were merged into,
    by internal id; `funds` the records that each deposit should hold, by its internal id.
    """

    currencies: Mapping[str, str]
    moved_on: Mapping[str, str] = field(default_factory=dict)
    funds: Mapping[str, AbstractSet[str]] = field(default_factory=dict)


def alteration(row: MappedRecord, there: Snapshot | None, known: Known) -> tuple[str, Differences] | None:
    """What was done to the record, and each difference; None when it stands as it was booked."""
    if there is None:
        return Kind.DELETED, [_told("record", f"{row.record_type} {row.internal_id}", "not in NetSuite")]
    if row.amount and there.total == 0 and row.record_type not in ("deposit", "journalEntry"):
        return Kind.VOIDED, [_told("amount", _money(row.amount, row), _money(Decimal(0), row))]
    differences = [
        *_figures(row, there, known),
        *_applications(row, there),
        *_funds(there, known.funds.get(row.internal_id)),
    ]
    return (Kind.CHANGED, differences) if differences else None


def _figures(row: MappedRecord, there: Snapshot, known: Known) -> Iterator[dict[str, str]]:
    total = _total(row, there)
    if row.amount is not None and total is not None and total != row.amount:
        yield _told("amount", _money(row.amount, row), _money(total, row))
    if there.inactive:
        yield _told("state", "active", "inactive")
    if row.exchanged:  # a person chose this record for it, with its own day and accounts
        return
    if row.tran_date and there.tran_date and there.tran_date != row.tran_date:
        yield _told("date", row.tran_date.isoformat(), there.tran_date.isoformat())
    customer = _last(row.customer, known.moved_on)
    pairs = (
        ("customer", customer, there.customer),
        ("currency", known.currencies.get(row.currency, ""), there.currency),
        ("account", row.ledger_account, _account(row, there)),
    )
    for what, ours, theirs in pairs:
        if ours and theirs and ours != theirs:
            yield _told(what, ours, theirs)


def _total(row: MappedRecord, there: Snapshot) -> Decimal | None:
    """NetSuite gives a journal entry no total: its debits are one."""
    if row.record_type != "journalEntry":
        return there.total
    return sum((line.amount for line in there.ledger_lines if line.amount > 0), Decimal(0))


def _account(row: MappedRecord, there: Snapshot) -> str:
    if row.record_type != "journalEntry":
        return there.account
    accounts = [line.account for line in there.ledger_lines]
    return row.ledger_account if row.ledger_account in accounts else next(iter(accounts), "")


def _applications(row: MappedRecord, there: Snapshot) -> Iterator[dict[str, str]]:
    """What we applied and is not applied any more, whole or in part."""
    held: dict[str, Decimal] = {}
    for one in there.applied:
        held[one.internal_id] = held.get(one.internal_id, Decimal(0)) + one.amount
    for ours in row.applied_to:
        if ours["type"] == "customerDeposit":  # NetSuite shows the deposit application instead
            continue
        amount, number = Decimal(ours["amount"]), ours["internal_id"]
        theirs = held.get(number, Decimal(0))
        if number and theirs != amount:
            what = f"applied to {ours['type']} {ours['external_id'] or number}"
            yield _told(what, _money(amount, row), _money(theirs, row))


def _funds(there: Snapshot, wanted: AbstractSet[str] | None) -> Iterator[dict[str, str]]:
    """Records that a deposit should hold and does not, or holds and should not."""
    if wanted is None:
        return
    held = {one.internal_id for one in there.funds}
    for number in sorted(wanted - held):
        yield _told(f"record {number}", "on the deposit", "not on it")
    for number in sorted(held - wanted):
        yield _told(f"record {number}", "not on the deposit", "on it")


def _last(customer: str, moved_on: Mapping[str, str]) -> str:
    """The customer that now stands for one that was merged away, however often."""
    for _ in moved_on:
        if customer not in moved_on:
            break
        customer = moved_on[customer]
    return customer


def _told(what: str, ours: str, theirs: str) -> dict[str, str]:
    return {"what": what, "ours": ours, "theirs": theirs}


def _money(value: Decimal, row: MappedRecord) -> str:
    return str(Amount(value, row.currency))
