"""Month close in words: which months there are, how each stands, what its checklist says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from connector.engine.month_close import Change, changes
from connector.engine.months import Figure, Item, Look, Month
from connector.models import MappedRecord, MonthClose, StripeAccount
from dashboard import figures, reader
from dashboard.postings import record_words
from dashboard.standing import Standing
from dashboard.zones import place

AT_ONCE = 13
"""Months on the list: a year, and the same month of the year before."""
EARLIEST = date(2000, 1, 1)
OPEN = Standing("Open", "wait", "○")
READY = Standing("Ready to tick", "info", "○")
TICKED = Standing("Ticked", "ok", "✓")
TICKED_ANYWAY = Standing("Ticked with a reason", "ok", "✓")
CHANGED = Standing("Changed since", "bad", "●")
TITLES = {
    "records": "Nothing dated in it needs you",
    "payouts": "All payouts tie out",
    "balances": "Balances are compared",
    "changed": "Nothing was changed by hand in NetSuite",
    "last_day": "The last day is complete",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist in words; `link` leads to what is open."""

    key: str
    title: str
    done: bool
    says: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A month on the list."""

    month: Month
    tick: MonthClose | None
    standing: Standing

    @property
    def name(self) -> str:
        """`November 2026`."""
        return name_of(self.month.first)

    @property
    def address(self) -> str:
        """Its page."""
        return address_of(self.month)


def name_of(first: date) -> str:
    """`November 2026`."""
    return f"{first:%B %Y}"


def read(text: str) -> date | None:
    """The first day of `2026-11`; None for anything else, or a month that no books have."""
    if not re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])", text):
        return None
    return date.fromisoformat(f"{text}-01")


def address_of(month: Month, page: str = "month") -> str:
    """The address of a month's page, or of one of its buttons."""
    return reverse(f"dashboard:{page}", args=[month.account.name, f"{month.first:%Y-%m}"])


def months_of(
    accounts: Sequence[StripeAccount], newest: date | None
) -> list[tuple[StripeAccount, list[Listed]]]:
    """The months of each account, the newest first, up to `newest` or to now."""
    now = timezone.now()
    booked = MappedRecord.objects.filter(account=OuterRef("pk"), tran_date__isnull=False).order_by(
        "tran_date"
    )
    first_days = dict(
        StripeAccount.objects.filter(pk__in=[one.pk for one in accounts])
        .annotate(first_day=Subquery(booked.values("tran_date")[:1]))
        .values_list("pk", "first_day")
    )
    ticks = MonthClose.objects.filter(account__in=accounts, ended_at=None)
    standing = {(one.account_id, one.month): one for one in ticks.defer("facts")}
    found = []
    for account in accounts:
        this = account.local_date(now).replace(day=1)
        start = (account.sync_start_date or first_days[account.pk] or this).replace(day=1)
        firsts = _back_from(min(newest or this, this), min(start, this))
        found.append(
            (account, [_listed(Month(account, first), standing.get((account.pk, first))) for first in firsts])
        )
    return found


def _back_from(newest: date, start: date) -> list[date]:
    firsts: list[date] = []
    first = newest.replace(day=1)
    while first >= start and len(firsts) < AT_ONCE:
        firsts.append(first)
        first = before(first)
    return firsts


def before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def _listed(month: Month, tick: MonthClose | None) -> Listed:
    if tick is None:
        return Listed(month, None, OPEN)
    return Listed(month, tick, CHANGED if tick.reopened_at else _ticked(tick))


def _ticked(tick: MonthClose) -> Standing:
    return TICKED_ANYWAY if tick.reason else TICKED


def standing_of(tick: MonthClose | None, now: Look) -> Standing:
    """How a month stands as it was just looked at."""
    if tick is None:
        return READY if now.complete else OPEN
    return CHANGED if tick.reopened_at or changes(tick, now) else _ticked(tick)


# The checklist


def lines(month: Month, items: Sequence[Item]) -> list[Line]:
    """The checklist in words."""
    return [_line(month, item) for item in items]


def _line(month: Month, item: Item) -> Line:
    says = {
        "records": _says_records,
        "payouts": _says_payouts,
        "balances": _says_balances,
        "changed": _says_changed,
        "last_day": _says_last_day,
    }[item.key](month, item)
    return Line(item.key, TITLES[item.key], item.done, says, _link(month, item))


def _link(month: Month, item: Item) -> str:
    days = {"from": month.first.isoformat(), "to": month.last.isoformat()}
    account = {"account": month.account.name}
    payouts = f"{reverse('dashboard:payouts')}?{urlencode(account | days)}"
    return {
        "records": "#asking" if item.count else "",
        "payouts": payouts,
        "balances": f"{payouts}#balances",
        "changed": f"{payouts}#changed",
        "last_day": "",
    }[item.key]


def _says_records(month: Month, item: Item) -> str:
    if item.done:
        return "Everything that Stripe told of it is in NetSuite, on its way, or skipped with a reason."
    return f"{figures.counted(item.count, 'record needs', 'records need')} somebody{_over(item)}."


def _says_payouts(month: Month, item: Item) -> str:
    if not item.of:
        return "No payout arrived in it."
    if item.done:
        return f"{figures.counted(item.of, 'payout', 'payouts')}, and nothing differs."
    payouts = figures.counted(item.of, "payout", "payouts")
    return f"{item.count} of {payouts} cannot be ticked off yet{_over(item)}."


def _says_balances(month: Month, item: Item) -> str:
    if not item.at:
        return "Undeposited Funds and Stripe’s balance were not compared yet."
    when = f"Compared {_moment(month, item.at)}"
    if item.done:
        currencies = figures.counted(item.of, "currency", "currencies")
        return f"Explained to the cent in {currencies}. {when}."
    if item.count:
        unsettled = figures.counted(item.count, "currency has", "currencies have")
        return f"{unsettled} a difference to settle. {when}."
    return f"{when}, before the month was over."


def _says_changed(month: Month, item: Item) -> str:
    if item.count:
        standing = figures.counted(item.count, "record stands", "records stand")
        return f"{standing} in NetSuite otherwise than booked."
    if not item.at:
        return "The records in NetSuite were not looked at yet."
    when = f"Looked at {_moment(month, item.at)}"
    return f"Every record stands as booked. {when}." if item.done else f"{when}, before the month was over."


def _says_last_day(month: Month, item: Item) -> str:
    if item.also == "not over":
        return f"The month ends on {_moment(month, item.at)} ({place(reader.zone(month.account.zone))})."
    if item.count:
        return f"{figures.counted(item.count, 'record of it is', 'records of it are')} still on the way."
    if item.also:
        return "Past records of these days are being brought."
    return "Nothing of it is on its way any more."


def _over(item: Item) -> str:
    sums = [figures.written_money(value, currency) for currency, value in sorted(item.money.items())]
    return f", over {figures.joined(sums)}" if sums else ""


def _moment(month: Month, text: str) -> str:
    return figures.moment(datetime.fromisoformat(text), month.account.zone)


# Figures and changes


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure of the month in words."""

    words: str
    currency: str
    count: int
    sum: str


def what_words(what: str) -> str:
    """What a figure or a change is of: an item's title, or a kind of record like `Customer payment`."""
    return TITLES.get(what) or record_words(what).capitalize()


def sums(found: Sequence[Figure]) -> list[Sum]:
    """The figures of the month."""
    return [Sum(what_words(one.what), one.currency, one.count, one.sum) for one in found]


def change_sentences(found: Sequence[Change]) -> list[str]:
    """Each change as a sentence, with what it was and what it is."""
    return [_sentence(one) for one in found]


def _sentence(one: Change) -> str:
    if one.what in TITLES:
        return f"{TITLES[one.what]}: {one.before[0]} open then, {one.after[0]} now"
    return f"{what_words(one.what)}: {_side(one.before, one)} then, {_side(one.after, one)} now"


def _side(side: tuple[int, str], one: Change) -> str:
    count, total = side
    if not count:
        return "none"
    return f"{count} over {figures.written_money(total, one.currency)}" if total else str(count)
