"""Described: a plan as JSON, for the attempt that is kept, the console, and the command line.

Money is text with the currency's decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from connector.engine.known import REF_TYPES, Known
from connector.failures import describe
from connector.money import Amount
from connector.netsuite.records import (
    Applying,
    CreditMemo,
    CustomerRefund,
    Deposit,
    Filled,
    Invoice,
    JournalEntry,
    Line,
    Record,
    Ref,
    Transaction,
)
from connector.translation.entries import Names, entries
from connector.translation.plan import Plan, Planned, Problem

Json = dict[str, Any]


def plan_json(plan: Plan, names: Names, known: Known, states: Mapping[str, str]) -> Json:
    """Records with their fields, lines, entries and rules; links; problems with their next step."""
    return {
        "records": [_planned(planned, names, known, states) for planned in plan.records],
        "links": [
            {
                "type": link.type,
                "external_id": link.key,
                "internal_id": link.internal_id,
                "rules": list(link.rules),
            }
            for link in plan.links
        ],
        "problems": [problem_json(problem) for problem in plan.problems],
    }


def problem_json(problem: Problem) -> dict[str, str]:
    """A problem with what to do about it."""
    return {"code": problem.code, "message": problem.message, "next_step": describe(problem.code).next_step}


def _planned(planned: Planned, names: Names, known: Known, states: Mapping[str, str]) -> Json:
    record = planned.record
    result: Json = {
        "type": record.TYPE,
        "external_id": record.external_id,
        "internal_id": _internal_id(record, known),
        "stripe_id": planned.stripe_id,
        "rules": list(planned.rules),
        "state": states.get(record.external_id, "planned"),
        "date": "",
        "currency": "",
        "amount": "",
        "memo": "",
        "applied_to": [],
        "lines": [],
        "fields": _fields(record),
        "entries": [],
    }
    if isinstance(record, Transaction):
        result |= _transaction(record, names, known)
    return result


def _transaction(record: Transaction, names: Names, known: Known) -> Json:
    currency = record.currency.key
    applied = record.applied if isinstance(record, Applying) else ()
    if isinstance(record, CustomerRefund):
        applied += record.deposits
    return {
        "date": record.tran_date.isoformat(),
        "currency": currency,
        "amount": _money(record.total, currency),
        "memo": record.memo,
        "applied_to": [
            {
                "type": one.doc.type,
                "external_id": one.doc.key,
                "internal_id": one.doc.internal_id or known.get((one.doc.type, one.doc.key), ""),
                "amount": _money(one.amount, currency),
            }
            for one in applied
        ],
        "lines": _lines(record, currency),
        "entries": [
            {
                "account": entry.account,
                "debit": _money(entry.debit, currency) if entry.debit else "",
                "credit": _money(entry.credit, currency) if entry.credit else "",
            }
            for entry in entries(record, names)
        ],
    }


def _lines(record: Transaction, currency: str) -> list[Json]:
    """Item lines one by one; of a deposit's records only how many of each type there are, and their sum."""
    match record:
        case Invoice() | CreditMemo():
            return [_line(line, currency) for line in record.lines]
        case Deposit():
            groups: dict[str, list[Decimal]] = {}
            for fund in record.funds:
                groups.setdefault(fund.doc.type, []).append(fund.amount)
            funds = [
                _plain_line(kind, "From Undeposited Funds", sum(group, Decimal(0)), currency, len(group))
                for kind, group in groups.items()
            ]
            other = [_plain_line("Other Deposits", one.memo, one.amount, currency) for one in record.other]
            back = [_plain_line("Cash Back", one.memo, -one.amount, currency) for one in record.cash_back]
            return funds + other + back
        case JournalEntry():
            sides = ((("Debit" if one.amount > 0 else "Credit"), one) for one in record.lines)
            return [_plain_line(side, one.memo, abs(one.amount), currency) for side, one in sides]
        case _:
            return []


def _plain_line(item: str, description: str, amount: Decimal, currency: str, count: int = 0) -> Json:
    return {
        "item": item,
        "description": description,
        "quantity": str(count or ""),
        "amount": _money(amount, currency),
        "start_date": "",
        "end_date": "",
        "fields": {},
    }


def _line(line: Line, currency: str) -> Json:
    return {
        "item": line.item.key or line.item.internal_id,
        "description": line.description,
        "quantity": "" if line.quantity is None else str(line.quantity),
        "amount": _money(line.amount, currency),
        "start_date": _text(line.start_date),
        "end_date": _text(line.end_date),
        "fields": _filled(line.filled),
    }


def _fields(record: Record) -> dict[str, str]:
    """Every simple field that is to be sent, by NetSuite's sense of it; lists are shown on their own."""
    named = {field.name: getattr(record, field.name) for field in fields(record)}
    simple = {
        name: _text(value) for name, value in named.items() if not isinstance(value, tuple) and _text(value)
    }
    return simple | _filled(record.filled)


def _filled(filled: tuple[Filled, ...]) -> dict[str, str]:
    """The fields that the account fills, by NetSuite's names (FM-1)."""
    return {one.name: "no" if one.value is False else _text(one.value) for one in filled}


def _text(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case Ref():
            return value.key or value.internal_id
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return str(value)


def _money(value: Decimal, currency: str) -> str:
    return Amount(value, currency).text


def _internal_id(record: Record, known: Known) -> str:
    return known.get((REF_TYPES[record.TYPE], record.external_id), "")
