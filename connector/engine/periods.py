"""Posting periods: what is dated in a closed one moves to the next open one, if the account says so (K18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from connector.engine import doors, leases
from connector.errors import NeedsAttention, Verdict
from connector.models import StripeAccount
from connector.netsuite.gateway import Period
from connector.netsuite.lengths import fitted
from connector.netsuite.records import Transaction
from connector.translation.plan import Plan, Planned

RULES = ("OM-9", "OM-H3", "K18")


class CannotTell(Exception):
    """The day is not known now; the message says why, for people."""


def days_anew(account: StripeAccount, days: Iterable[date]) -> dict[date, date]:
    """Of these days, those of closed periods, each with the first day of the next open one.

    NetSuite is asked for its periods as they stand now. Raises CannotTell, also when no later one is open.
    """
    try:
        gateway = doors.netsuite_gateway(account.netsuite_account, f"periods:{leases.owner()}")
        periods = gateway.fetch_periods()
        return {day: _next_open_day(day, periods) for day in sorted(set(days)) if not _is_open(day, periods)}
    except Verdict as verdict:
        raise CannotTell(verdict.message) from verdict


def in_open_periods(plan: Plan, periods: Sequence[Period]) -> Plan:
    """The plan with every transaction of a closed period on the first day of the next open one.

    Its memo keeps the day that it had (OM-9). Raises NeedsAttention when no later period is open.
    """
    return replace(plan, records=tuple(_moved(planned, periods) for planned in plan.records))


def _moved(planned: Planned, periods: Sequence[Period]) -> Planned:
    record = planned.record
    if not isinstance(record, Transaction) or _is_open(record.tran_date, periods):
        return planned
    day, memo = _next_open_day(record.tran_date, periods), _with_day(record.memo, record.tran_date)
    return replace(
        planned,
        record=replace(record, tran_date=day, memo=memo),
        rules=(*planned.rules, *RULES),
        alone=_with_day(planned.alone, record.tran_date) if planned.alone else "",
    )


def _with_day(memo: str, day: date) -> str:
    """The memo with the day at its end; a long memo gives way, so that NetSuite holds the day whole."""
    note = f" Original transaction date: {day.isoformat()}"
    kept = fitted("memo", memo, leaving=len(note) + len("."))
    return f"{kept}{'' if kept.endswith(('.', '!', '?', '…')) else '.'}{note}"


def _is_open(day: date, periods: Sequence[Period]) -> bool:
    return any(period.open for period in periods if period.start <= day <= period.end)


def _next_open_day(day: date, periods: Sequence[Period]) -> date:
    later = [period.start for period in periods if period.open and period.start > day]
    if not later:
        raise NeedsAttention("period_missing", f"No posting period after {day.isoformat()} is open.")
    return min(later)
