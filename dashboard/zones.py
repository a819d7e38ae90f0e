"""The time zone of a page: one for everything on it, named once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connector.models import StripeAccount

UTC = ZoneInfo("UTC")


def shared_zone(accounts: Iterable[StripeAccount]) -> ZoneInfo:
    """The zone that all of `accounts` keep their books in, or UTC when they differ."""
    zones = {account.time_zone for account in accounts}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else UTC


def place(zone: ZoneInfo) -> str:
    """The zone's name as people say it: `New York` for America/New_York."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of `day` in `zone`."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`."""
    return start_of(day + timedelta(days=1), zone)
