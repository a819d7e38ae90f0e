"""Filters that write money, days and moments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector.money import Amount
from dashboard import figures, reader
from dashboard.postings import record_words
from dashboard.zones import place

register = template.Library()


@register.filter
def money(value: Amount | Decimal | str | None, currency: str = "") -> str:
    """`{{ amount|money }}` for an Amount, `{{ job.amount|money:job.currency }}` for a number."""
    if isinstance(value, Amount):
        return figures.money(value.value, value.currency)
    return figures.written_money(value, currency)


@register.filter
def money_of_each(amounts: Iterable[Amount]) -> str:
    """`US$120.00 and €7.00`: one sum for each currency."""
    return figures.money_of_each(amounts)


@register.filter
def moment(value: datetime | None, zone: ZoneInfo) -> SafeString:
    """A moment in the reader's or the page's zone, with the exact time in its title."""
    return format_html("") if value is None else _timed(value, zone, figures.moment(value, zone))


@register.filter
def plain_moment(value: datetime, zone: ZoneInfo) -> str:
    """The same without any mark-up, for mails."""
    return figures.moment(value, zone)


@register.filter
def clock(value: datetime, zone: ZoneInfo) -> SafeString:
    """The time of day in the reader's or the page's zone, with the exact time in its title."""
    return _timed(value, zone, figures.clock(value, zone))


def _timed(value: datetime, zone: ZoneInfo, words: str) -> SafeString:
    exactly = figures.exactly(value, zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exactly, words)


@register.filter
def seconds(value: datetime, zone: ZoneInfo) -> str:
    """`14:05:09`, for what ends soon."""
    return value.astimezone(reader.zone(zone)).strftime("%H:%M:%S")


@register.filter
def day(value: date) -> str:
    """`18 Nov 2026`."""
    return figures.day(value)


@register.filter
def zone_name(zone: ZoneInfo) -> str:
    """`New York`: where the moments of the page are told."""
    return place(reader.zone(zone))


@register.filter
def books_zone(zone: ZoneInfo) -> str:
    """`New York`: where the days of the books begin and end, whoever reads."""
    return place(zone)


@register.filter
def said(value: Amount | date | str | None) -> str:
    """What a side says, whatever it is: money, a day, or words; a dash for nothing."""
    match value:
        case None | "":
            return "–"
        case Amount():
            return figures.money(value.value, value.currency)
        case date():
            return figures.day(value)
    return value


@register.filter
def netsuite_words(record_type: str) -> str:
    """`customer payment` for customerPayment."""
    return record_words(record_type)
