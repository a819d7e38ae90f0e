"""A plan as an accountant reads it: each NetSuite record with the entries that it posts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.engine.known import REF_TYPES
from connector.models import Attempt, NetSuiteAccount
from dashboard import figures
from dashboard.figures import written_money
from dashboard.links import netsuite_link
from dashboard.standing import PLANNED_SHAPES, Standing

FIELDS = {
    "external_id": "External ID",
    "entity_id": "Customer ID",
    "is_person": "Individual",
    "tran_date": "Date",
    "receivables_account": "A/R account",
    "other_ref_num": "PO #",
    "item_id": "Item name/number",
    "payment": "Payment amount",
    "funds_account": "Taken from",
    "klass": "Class",
}
"""What NetSuite's pages call a field, where our own name in words would not say it."""


def field_words(name: str) -> str:
    """`Due date` for due_date; a name of NetSuite's own (`custbody_region`, `salesRep`) stays as it is."""
    if (name.startswith("cust") and "_" in name) or not name.islower():
        return name
    return FIELDS.get(name) or name.replace("_", " ").capitalize()


def record_words(record_type: str) -> str:
    """NetSuite's name of a record type: `customerPayment` is a customer payment."""
    if record_type.endswith("SaleItem"):  # NetSuite's own pages leave "sale" out
        record_type = record_type.replace("SaleItem", "Item")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record_type).lower()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal; an empty side is an empty text."""

    account: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class Application:
    """A record that this one settles, and by how much; one that we did not write has only an internal id."""

    words: str
    external_id: str
    internal_id: str
    link: str
    amount: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One record of a plan; `key` tells it apart on its page."""

    key: str
    record_type: str
    words: str
    stripe_id: str
    external_id: str
    internal_id: str
    link: str
    standing: Standing | None
    rules: tuple[str, ...]
    date: str
    amount: str
    memo: str
    entries: tuple[Entry, ...]
    debits: str
    credits: str
    applications: tuple[Application, ...]
    lines: tuple[Mapping[str, str], ...]
    fields: Mapping[str, str]


def latest_plan(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """The newest plan that was made; empty when no run got so far."""
    return next((attempt.plan for attempt in reversed(attempts) if attempt.plan.get("records")), {})


def postings(
    books: NetSuiteAccount | None, plan: Mapping[str, Any], prefix: str = "posting"
) -> tuple[Posting, ...]:
    """The records of `plan` (the format of `Attempt.plan`) in writing order, with links into `books`."""
    records = enumerate(plan.get("records", ()), start=1)
    return tuple(_posting(books, record, f"{prefix}-{number}") for number, record in records)


def _posting(books: NetSuiteAccount | None, record: Mapping[str, Any], key: str) -> Posting:
    currency = record.get("currency") or ""
    record_type, internal_id = record.get("type", ""), record.get("internal_id") or ""
    entries = record.get("entries") or ()
    return Posting(
        key=key,
        record_type=record_type,
        words=record_words(record_type),
        stripe_id=record.get("stripe_id") or "",
        external_id=record.get("external_id") or "",
        internal_id=internal_id,
        link=netsuite_link(books, record_type, internal_id) if books else "",
        standing=PLANNED_SHAPES.get(record.get("state", "")),
        rules=tuple(record.get("rules") or ()),
        date=_day(record.get("date") or ""),
        amount=written_money(record.get("amount"), currency),
        memo=record.get("memo") or "",
        entries=tuple(_entry(entry, currency) for entry in entries),
        debits=_sum(entries, "debit", currency),
        credits=_sum(entries, "credit", currency),
        applications=tuple(_application(books, other, currency) for other in record.get("applied_to") or ()),
        lines=tuple(_line(line, currency) for line in record.get("lines") or ()),
        fields=_fields(record.get("fields") or {}),
    )


def _fields(named: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        field_words(name): _day(str(value)) if name.endswith("_date") else str(value)
        for name, value in named.items()
    }


def _day(text: str) -> str:
    try:
        return figures.day(date.fromisoformat(text))
    except ValueError:
        return text


def _entry(entry: Mapping[str, Any], currency: str) -> Entry:
    return Entry(
        account=entry.get("account") or "",
        debit=written_money(entry.get("debit"), currency),
        credit=written_money(entry.get("credit"), currency),
    )


def _sum(entries: Sequence[Mapping[str, Any]], side: str, currency: str) -> str:
    """The total of one side; empty when a stored amount is no number, since a wrong total is worse."""
    try:
        total = sum((Decimal(entry.get(side) or 0) for entry in entries), Decimal(0))
    except InvalidOperation:
        return ""
    return written_money(total, currency)


def _application(books: NetSuiteAccount | None, other: Mapping[str, Any], currency: str) -> Application:
    record_type, internal_id = other.get("type", ""), other.get("internal_id") or ""
    return Application(
        words=record_words(record_type),
        external_id=other.get("external_id") or "",
        internal_id=internal_id,
        link=netsuite_link(books, record_type, internal_id) if books else "",
        amount=written_money(other.get("amount"), currency),
    )


def _line(line: Mapping[str, Any], currency: str) -> Mapping[str, str]:
    item = str(line.get("item") or "")
    return {
        "item": record_words(item).capitalize() if item in REF_TYPES else item,
        **{name: str(line.get(name) or "") for name in ("description", "quantity")},
        **{name: _day(str(line.get(name) or "")) for name in ("start_date", "end_date")},
        "amount": written_money(line.get("amount"), currency),
    }
