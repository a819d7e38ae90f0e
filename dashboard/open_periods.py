"""Closed periods: on which day the documents of records would be dated instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from connector.engine import periods
from connector.models import Attempt, Job, StripeAccount


@dataclass(frozen=True, slots=True)
class Moves:
    """The days of each record that change, old and new, by the key of its job; `trouble` is why not."""

    by_job: dict[int, list[tuple[date, date]]]
    trouble: str = ""


def moves(account: StripeAccount, jobs: Collection[Job]) -> Moves:
    """What dating these records in the next open period changes, as NetSuite's periods stand now."""
    newest = Job.objects.filter(pk__in=[job.pk for job in jobs]).annotate(last=Max("attempts"))
    attempts = Attempt.objects.filter(pk__in=newest.values("last")).defer("exchanges")
    days = {attempt.job_id: _days(attempt) for attempt in attempts}
    try:
        anew = periods.days_anew(account, {day for some in days.values() for day in some})
    except periods.CannotTell as reason:
        return Moves({}, str(reason))
    return Moves({pk: [(day, anew[day]) for day in sorted(some) if day in anew] for pk, some in days.items()})


def _days(attempt: Attempt) -> set[date]:
    """The days of what the last run wanted to write and could not."""
    planned = attempt.plan.get("records", ())
    return {date.fromisoformat(one["date"]) for one in planned if one["date"] and not one["internal_id"]}
