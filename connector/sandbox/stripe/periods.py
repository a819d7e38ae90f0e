"""Billing periods on the calendar, in Unix seconds, UTC."""

import calendar
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

DAY = 86_400


def months_later(start: int, months: int) -> int:
    """The same day and hour some months later, or that month's last day."""
    begin = datetime.fromtimestamp(start, UTC)
    years, month = divmod(begin.month - 1 + months, 12)
    year, month = begin.year + years, month + 1
    day = min(begin.day, calendar.monthrange(year, month)[1])
    return int(begin.replace(year=year, month=month, day=day).timestamp())


def period_end(anchor: int, start: int, recurring: dict[str, Any]) -> int:
    """When the billing period that begins at `start` ends: on the anchor's day, or the month's last."""
    count: int = recurring["interval_count"]
    if recurring["interval"] in ("day", "week"):
        days = count * (7 if recurring["interval"] == "week" else 1)
        return int((datetime.fromtimestamp(start, UTC) + timedelta(days=days)).timestamp())
    step = count * (12 if recurring["interval"] == "year" else 1)
    return next(end for n in itertools.count(1) if (end := months_later(anchor, n * step)) > start)


def spoken_day(moment: int) -> str:
    """A day as Stripe writes it in descriptions, for example `16 Nov 2026`."""
    return f"{datetime.fromtimestamp(moment, UTC):%d %b %Y}"


def business_day(moment: int, days: int) -> int:
    """Midnight, some days later; a Saturday or Sunday gives way to the Monday after it."""
    day = moment // DAY + days
    weekday = datetime.fromtimestamp(day * DAY, UTC).weekday()
    return (day + (7 - weekday if weekday > 4 else 0)) * DAY
