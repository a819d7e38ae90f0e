"""Needs you: what needs somebody, as cards, one for each cause in each account.

Cards stand by the money that they hold up, then by age. Money of two currencies is never compared: in
each currency the cards have places, and a card's place is the best of its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from connector.engine import decisions
from connector.failures import Failure, describe
from connector.models import Cause, Job, PayoutLine, StripeAccount
from connector.money import Amount
from dashboard import awaited, selection
from dashboard.links import netsuite_periods
from dashboard.selection import Selection, current_jobs, sums_of
from dashboard.zones import UTC, end_of, start_of

ROWS = 10
"""Records that a card folds out; the list of records has them all."""
CARDS = 12
"""Cards on a page."""
NOBODY = "nobody"
"""The filter value for causes that nobody looks after."""

Key = tuple[int, str]
"""An account and a code."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for; an empty value leaves everything in. `amount` is the least of a record."""

    account: StripeAccount | None = None
    kind: str = ""
    days: int = 0
    amount: Decimal | None = None
    assignee: str = ""
    find: str = ""
    code: str = ""


@dataclass(slots=True)
class Card:
    """One cause in one account. `payouts` is how many wait for its records."""

    account: StripeAccount
    failure: Failure
    count: int = 0
    failed: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    oldest: datetime | None = None
    payouts: int = 0
    cause: Cause | None = None
    rows: list[Job] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Which it is."""
        return self.account.pk, self.failure.code

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.account.name}-{self.failure.code}"

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """One sum for each currency."""
        return sums_of(self.sums.items())

    @property
    def more(self) -> int:
        """How many records it does not fold out."""
        return self.count - len(self.rows)

    @property
    def is_aside(self) -> bool:
        """Whether people have put it aside."""
        return self.cause is not None and self.cause.is_aside(self.count)

    @property
    def came_back(self) -> bool:
        """Whether it was settled before, or a document of it was."""
        noticed = self.cause is not None and self.cause.came_back_at is not None
        return noticed or self.failure.code == "settled_outside_has_news"

    @property
    def may_be_tried_again(self) -> bool:
        """Whether trying again can help."""
        return "retry" in self.failure.actions

    @property
    def may_be_allowed(self) -> bool:
        """Whether approvers can let its payments over unapplied."""
        return self.failure.code in decisions.ASKED

    @property
    def may_be_dated_anew(self) -> bool:
        """Whether approvers can have its documents dated in the next open period."""
        return self.failure.code == decisions.PERIOD_CLOSED

    @property
    def periods_link(self) -> str:
        """Where posting periods are opened and closed."""
        return netsuite_periods(self.account.netsuite_account)

    @property
    def main_action(self) -> tuple[str, str] | None:
        """What settles it, other than trying again: a label and an address."""
        if self.may_be_allowed:
            return "Compare the payments", reverse("dashboard:duplicates")
        if "settings" in self.failure.actions:
            return awaited.button(self.account, self.failure.code)
        return None


def in_order(cards: Iterable[Card]) -> list[Card]:
    """By place in money, then the oldest first; cards without money come last."""
    cards = list(cards)
    places: dict[str, list[Decimal]] = defaultdict(list)
    for card in cards:
        for currency, value in card.sums.items():
            places[currency].append(value)
    for values in places.values():
        values.sort(reverse=True)

    def place(card: Card) -> tuple[int, datetime, Key]:
        best = min(
            (places[one].index(value) for one, value in card.sums.items() if value), default=len(cards)
        )
        return best, card.oldest or timezone.now(), card.key

    return sorted(cards, key=place)


def version(shown: Iterable[Card]) -> str:
    """The version of a list of cards: which they are, in their order, and how many records each holds."""
    text = "\n".join(f"{card.anchor} {card.count}" for card in shown)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# What the database says


def open_jobs(wanted: Wanted) -> QuerySet[Job]:
    """The records that need somebody, narrowed by the filters."""
    found = current_jobs().filter(status__in=Job.OPEN)
    found = selection.select(
        found, Selection(account=wanted.account, kind=wanted.kind, find=wanted.find), UTC
    )
    if wanted.code:
        found = found.filter(code=wanted.code)
    if wanted.days:
        found = found.filter(created_at__lt=timezone.now() - timedelta(days=wanted.days))
    if wanted.amount is not None:
        found = found.filter(amount__gte=wanted.amount)
    return found.filter(_looked_after(wanted.assignee)) if wanted.assignee else found


def _looked_after(assignee: str) -> Q:
    """Records of the causes that a person looks after, by name; or that nobody does."""
    cause = Cause.objects.filter(account=OuterRef("account"), code=OuterRef("code"))
    if assignee == NOBODY:
        return ~Q(Exists(cause.filter(assignee__isnull=False)))
    return Q(Exists(cause.filter(assignee__username=assignee)))


def cards(jobs: QuerySet[Job], accounts: Iterable[StripeAccount], causes: Iterable[Cause]) -> list[Card]:
    """The cards of such records, of `open_jobs`, in order, without the records."""
    found = _counted(jobs, {account.pk: account for account in accounts})
    for cause in causes:
        if card := found.get((cause.account_id, cause.code)):
            card.cause = cause
    return in_order(found.values())


def _counted(jobs: QuerySet[Job], accounts: Mapping[int, StripeAccount]) -> dict[Key, Card]:
    found: dict[Key, Card] = {}
    rows = (
        jobs.order_by()
        .values_list("account_id", "code", "currency")
        .annotate(
            Count("pk"),
            Sum("amount"),
            Min("created_at"),
            failed=Count("pk", filter=Q(status=Job.Status.FAILED)),
        )
    )
    for account, code, currency, count, total, oldest, failed in rows:
        if account not in accounts:  # connected since the page began
            continue
        card = found.setdefault((account, code), Card(accounts[account], describe(code)))
        card.count += count
        card.failed += failed
        card.oldest = min(card.oldest or oldest, oldest)
        if currency and total is not None:
            card.sums[currency] = total
    return found


def fold_in(shown: Sequence[Card], jobs: QuerySet[Job]) -> None:
    """Put the oldest of the records, of `open_jobs`, into each card, in one query."""
    by_key = {card.key: card for card in shown}
    place = Window(RowNumber(), partition_by=[F("account_id"), F("code")], order_by=["created_at", "pk"])
    rows = jobs.filter(code__in={code for _, code in by_key})
    for job in rows.annotate(place=place).filter(place__lte=ROWS).order_by("created_at", "pk"):
        if card := by_key.get((job.account_id, job.code)):
            card.rows.append(job)


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands on top: how many records need somebody, their money, and how many payouts wait."""

    count: int
    amounts: tuple[Amount, ...]
    payouts: int


def headline(shown: Iterable[Card]) -> Headline:
    """The sums of the cards that are not put aside; notes on each card how many payouts wait for it."""
    shown = list(shown)
    waiting = payouts_waiting()
    for card in shown:
        card.payouts = len(waiting.get(card.key, ()))
    here = [card for card in shown if not card.is_aside]
    amounts = sums_of(each for card in here for each in card.sums.items())
    payouts = set().union(*(waiting.get(card.key, ()) for card in here))
    return Headline(sum(card.count for card in here), amounts, len(payouts))


def payouts_waiting(subjects: Collection[str] | None = None) -> dict[Key, set[str]]:
    """The payouts, by Stripe id, that lack a record of each cause, as they stood when last looked at.

    With `subjects`, only those that lack one of these.
    """
    lines = PayoutLine.objects.filter(state=PayoutLine.State.WAITING).exclude(waits_for="").order_by()
    asking = current_jobs().filter(status__in=Job.OPEN).order_by()
    if subjects is not None:
        lines, asking = lines.filter(waits_for__in=subjects), asking.filter(subject__in=subjects)
    codes = {
        (account, subject): code
        for account, subject, code in asking.values_list("account_id", "subject", "code")
    }
    found: dict[Key, set[str]] = defaultdict(set)
    for account, payout, subject in lines.values_list("payout__account_id", "payout__payout_id", "waits_for"):
        if code := codes.get((account, subject)):
            found[account, code].add(payout)
    return found


def count_for_navigation() -> int:
    """How many records need somebody, over all accounts, without what is put aside; in one question."""
    asking = current_jobs().filter(status__in=Job.OPEN).order_by().values_list("account_id", "code")
    aside = Cause.objects.filter(Q(aside_until__isnull=False) | Q(aside_count__isnull=False)).order_by()
    no_moment, no_number = Value(None, DateTimeField()), Value(None, IntegerField())
    rows = asking.annotate(n=Count("pk"), until=no_moment, number=no_number).union(
        aside.values_list("account_id", "code", Value(0), "aside_until", "aside_count"), all=True
    )
    counts: Counter[Key] = Counter()
    put_aside: dict[Key, Cause] = {}
    for account, code, count, until, number in rows:
        counts[account, code] += count
        if until or number is not None:
            put_aside[account, code] = Cause(aside_until=until, aside_count=number)
    return sum(
        count for key, count in counts.items() if key not in put_aside or not put_aside[key].is_aside(count)
    )


def booked_on(day: date, zone: ZoneInfo) -> int:
    """How many records came into NetSuite on a day."""
    jobs = current_jobs().filter(status=Job.Status.SUCCESSFUL)
    return jobs.filter(updated_at__gte=start_of(day, zone), updated_at__lt=end_of(day, zone)).count()
