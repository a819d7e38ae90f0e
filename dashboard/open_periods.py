"""Closed periods: on which day the documents of records would be dated instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from connector.engine import periods
from connector.models import Attempt, Job, StripeAccount
from dashboard.selection import last_attempts


@dataclass(frozen=True, slots=True)
class Moves:
    """The days of each record that change, old and new, by the key of its job; `trouble` is why not."""

    by_job: dict[int, list[tuple[date, date]]]
    trouble: str = ""


def moves(account: StripeAccount, jobs: Collection[Job]) -> Moves:
    """What dating these records in the next open period changes, as NetSuite's periods stand now."""
    days = {attempt.job_id: _days(attempt) for attempt in last_attempts(jobs)}
    try:
        anew = periods.days_anew(account, {day for some in days.values() for day in some})
    except periods.CannotTell as reason:
        return Moves({}, str(reason))
    return Moves({pk: [(day, anew[day]) for day in sorted(some) if day in anew] for pk, some in days.items()})


def _days(attempt: Attempt) -> set[date]:
    """The days of what the last run wanted to write and could not."""
    planned = attempt.plan.get("records", ())
    return {date.fromisoformat(one["date"]) for one in planned if one["date"] and not one["internal_id"]}
