"""Previews: what booking a Stripe object would write now, beside what NetSuite holds of it. Writes nothing.

A record that stands is not written anew: of it only what it settles, and what is owed on it, can change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from connector.engine import doors, drift, leases, now
from connector.engine.known import REF_TYPES
from connector.errors import Verdict
from connector.models import StripeAccount
from connector.money import Amount
from connector.netsuite.gateway import Snapshot

Json = dict[str, Any]
Held = Mapping[tuple[str, str], Snapshot]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a record that stands: what NetSuite says now, and what it would say afterwards."""

    what: str
    before: Amount | date | str
    after: Amount | date | str

    @property
    def changes(self) -> bool:
        """Whether booking changes it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Previewed:
    """One document. `result` has the shape of `now.preview`; `standing` the changes by external id."""

    result: Json
    standing: Mapping[str, tuple[Change, ...]]
    trouble: str = ""
    """Why NetSuite's records are not shown as they are now."""


def read(account: StripeAccount, subject: str) -> list[Previewed]:
    """The documents that a Stripe object is booked with; what stands in the way is in their result."""
    return [_with_standing(account, result) for result in now.preview(account, subject)]


def _with_standing(account: StripeAccount, result: Json) -> Previewed:
    records = result["records"]
    there = [one for one in records if one["internal_id"]]
    if not there:
        return Previewed(result, {})
    try:
        held = _held(account, there)
    except Verdict as verdict:
        return Previewed(result, {}, verdict.message)
    standing = {
        one["external_id"]: tuple(_changes(one, snapshot, records, held))
        for one in there
        if (snapshot := held.get((REF_TYPES[one["type"]], one["internal_id"])))
    }
    return Previewed(result, standing)


def _held(account: StripeAccount, there: Sequence[Json]) -> Held:
    netsuite = account.netsuite_account
    gateway = doors.netsuite_gateway(netsuite, f"preview:{leases.owner()}")
    held: dict[tuple[str, str], Snapshot] = {}
    for kind in dict.fromkeys(one["type"] for one in there):
        numbers = [one["internal_id"] for one in there if one["type"] == kind]
        found = drift.held(kind, numbers, gateway)
        held |= {(REF_TYPES[kind], number): snapshot for number, snapshot in found.items()}
    return held


def _changes(record: Json, there: Snapshot, records: Sequence[Json], held: Held) -> Iterator[Change]:
    """What is the same before and after, then what booking settles with it or on it."""
    for what, value in (("Number", there.number), ("Name", there.name), ("Date", there.tran_date)):
        if value:
            yield Change(what, value, value)
    currency = record["currency"]
    if there.total is None or not currency:
        return
    total = Amount(there.total, currency)
    yield Change("Total", total, total)
    own = _settled_by(record, held)
    if there.open_amount is not None:
        left = there.open_amount - own - sum((_settled_on(one, record, held) for one in records), Decimal(0))
        yield Change("Open amount", Amount(there.open_amount, currency), Amount(left, currency))


def _settled_by(record: Json, held: Held) -> Decimal:
    """How much this record would be set against others that it is not set against yet."""
    there = held.get((REF_TYPES[record["type"]], record["internal_id"]))
    done = {one.internal_id for one in there.applied} if there else set()
    lacking = [one for one in record["applied_to"] if one["internal_id"] not in done]
    return sum((Decimal(one["amount"]) for one in lacking), Decimal(0))


def _settled_on(other: Json, record: Json, held: Held) -> Decimal:
    """How much another record would newly settle of this one."""
    there = held.get((REF_TYPES[other["type"]], other["internal_id"])) if other["internal_id"] else None
    done = {one.internal_id for one in there.applied} if there else set()
    onto = [
        one
        for one in other["applied_to"]
        if one["internal_id"] == record["internal_id"] and one["internal_id"] not in done
    ]
    return sum((Decimal(one["amount"]) for one in onto), Decimal(0))
