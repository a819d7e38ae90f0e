"""The numbers of the overview, each counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django_stubs_ext import WithAnnotations

from connector.models import Event, Job, MappedRecord, StripeAccount
from connector.models.job import PREFIX
from connector.money import Amount
from dashboard import figures
from dashboard.selection import KIND_OF, current_jobs, sums_of, with_signs
from dashboard.zones import start_of

DAYS = 30
UNSETTLED = (Job.Status.READY, Job.Status.RUNNING, *Job.OPEN)


Counts = Counter[tuple[date, str, str]]
"""How many documents last changed on a day, by kind (a key of KINDS, or empty) and status."""


@dataclass(slots=True)
class Pile:
    """Some jobs: how many, and what they come to in each currency."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def put(self, count: int, currency: str, total: Decimal | None) -> None:
        """Add jobs of one currency."""
        self.count += count
        if total is not None and currency:
            self.sums[currency] += total

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """One sum for each currency."""
        return sums_of(self.sums.items())


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart."""

    date: date
    booked: int
    open: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the overview says about some accounts. `needs_you` and `failed` are also part of `open`."""

    waiting: Pile
    needs_you: Pile
    failed: Pile
    open: Pile
    days: tuple[Day, ...]
    skipped: int
    oldest: Job | None
    counts: Counts

    @property
    def booked(self) -> int:
        """Records booked in the days of the chart."""
        return sum(day.booked for day in self.days)


def summarise(accounts: Sequence[StripeAccount], zone: ZoneInfo, now: datetime) -> Summary:
    """Count the jobs of `accounts`; days are days in `zone`."""
    jobs = current_jobs().filter(account__in=accounts)
    piles = _piles(jobs)
    last = now.astimezone(zone).date()
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    counts = _counts_by_day(jobs, days[0], zone)
    by_state: Counter[tuple[date, str]] = Counter()
    for (day, _, status), count in counts.items():
        by_state[day, status] += count
    return Summary(
        waiting=piles["waiting"],
        needs_you=piles[Job.Status.NEEDS_ATTENTION],
        failed=piles[Job.Status.FAILED],
        open=piles["open"],
        days=tuple(
            Day(day, by_state[day, Job.Status.SUCCESSFUL], sum(by_state[day, state] for state in Job.OPEN))
            for day in days
        ),
        skipped=sum(by_state[day, Job.Status.SKIPPED] for day in days),
        oldest=_oldest(jobs),
        counts=counts,
    )


def _oldest(jobs: QuerySet[Job]) -> Job | None:
    """The record that has waited longest; its key is found first, in an index."""
    keys = jobs.filter(status__in=UNSETTLED).order_by("created_at", "pk").values("pk")
    return with_signs(Job.objects.filter(pk__in=keys[:1])).first()


def _piles(jobs: QuerySet[Job]) -> dict[str, Pile]:
    piles: dict[str, Pile] = defaultdict(Pile)
    rows = (
        jobs.filter(status__in=UNSETTLED)
        .order_by()
        .values_list("status", "currency")
        .annotate(Count("pk"), Sum("amount"))
    )
    for status, currency, count, total in rows:
        piles[status].put(count, currency, total)
        piles["open" if status in Job.OPEN else "waiting"].put(count, currency, total)
    return piles


def _counts_by_day(jobs: QuerySet[Job], first: date, zone: ZoneInfo) -> Counts:
    """One question for the bars and the grid; the kind is told by how Stripe's id begins."""
    rows = (
        jobs.filter(updated_at__gte=start_of(first, zone))
        .order_by()
        .annotate(
            day=TruncDate("updated_at", tzinfo=zone),
            prefix=PREFIX,
        )
        .values_list("day", "prefix", "status")
        .annotate(Count("pk"))
    )
    counts: Counts = Counter()
    for day, prefix, status, count in rows:
        counts[day, KIND_OF.get(prefix, ""), status] += count
    return counts


class LastSigns(TypedDict):
    """What `with_last_signs` adds to an account."""

    last_message: datetime | None
    last_record: datetime | None


def with_last_signs(
    accounts: QuerySet[StripeAccount],
) -> QuerySet[WithAnnotations[StripeAccount, LastSigns]]:
    """Each account with the moments of Stripe's last message and of the last record in NetSuite."""
    messages = Event.objects.filter(account=OuterRef("pk")).order_by("-received_at")
    records = MappedRecord.objects.filter(account=OuterRef("pk"), mapped_at__isnull=False).order_by(
        "-mapped_at"
    )
    return accounts.annotate(
        last_message=Subquery(messages.values("received_at")[:1]),
        last_record=Subquery(records.values("mapped_at")[:1]),
    )


def headline(summary: Summary, last_message: datetime | None, zone: ZoneInfo) -> tuple[str, str]:
    """The overview in one sentence, and what it means in money."""
    if summary.open.count:
        return _who_is_needed(summary), _not_yet_booked(summary.open)
    if summary.waiting.count:
        count = summary.waiting.count
        title = figures.counted(count, "record is", "records are") + " on the way to NetSuite"
        return title, _not_yet_booked(summary.waiting)
    if last_message is None:
        return "Nothing from Stripe yet", "Stripe's first message will appear here."
    until = figures.clock(last_message, zone)
    if last_message.astimezone(zone).date() != summary.days[-1].date:
        until = figures.moment(last_message, zone)
    return f"Everything from Stripe up to {until} is in NetSuite", "Nothing needs you."


def _who_is_needed(summary: Summary) -> str:
    you, engineer = summary.needs_you.count, summary.failed.count
    to_you = figures.counted(you, "record needs you", "records need you")
    if not engineer:
        return to_you
    if not you:
        return figures.counted(engineer, "record needs an engineer", "records need an engineer")
    return f"{to_you} and {figures.counted(engineer, 'needs an engineer', 'need an engineer')}"


def _not_yet_booked(pile: Pile) -> str:
    if not pile.amounts:
        return "No money is held up by it." if pile.count == 1 else "No money is held up by them."
    verb = "is" if len(pile.amounts) == 1 else "are"
    return f"{figures.money_of_each(pile.amounts)} {verb} not in NetSuite yet."
