"""Months: how a month of an account stands, as five items and its figures.

A month is one of the account's time zone, in the books that the account is kept in now. A record belongs
to it by the moments of Stripe's messages that nothing has settled yet, a NetSuite record by its posting
date, a payout by its arrival. Reads only what the last comparisons left in our own tables; nothing is
asked of Stripe or NetSuite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.utils import timezone

from connector.models import (
    Backfill,
    BalanceCheck,
    Drift,
    DriftCheck,
    Event,
    Job,
    MappedRecord,
    Payout,
    StripeAccount,
    TieOut,
)
from connector.models.job import CURRENT
from connector.money import Amount, decimals

Json = dict[str, Any]
Key = Literal["records", "payouts", "balances", "changed", "last_day"]
MOVING = (Job.Status.READY, Job.Status.RUNNING)
NOT_TOLD = -1


@dataclass(frozen=True, slots=True)
class Month:
    """A month of an account; `first` is its first day."""

    account: StripeAccount
    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return following(self.first) - timedelta(days=1)

    @property
    def since(self) -> datetime:
        """Its first moment, in the account's time zone."""
        return datetime.combine(self.first, time(), self.account.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(following(self.first), time(), self.account.zone)

    @property
    def has_begun(self) -> bool:
        """Whether there is anything of it."""
        return self.since <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether its last day has ended."""
        return self.until <= timezone.now()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist. `money` is by currency, of what is open; `at` is a moment as ISO text."""

    key: Key
    done: bool
    count: int = 0
    of: int = 0
    money: dict[str, str] = field(default_factory=dict)
    at: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many records or payouts of a kind the month has in a currency, and what they come to."""

    what: str
    currency: str
    count: int
    sum: str


@dataclass(frozen=True, slots=True)
class Look:
    """A month as it stands now. `asking` are the keys of the records that need somebody, the oldest first."""

    items: tuple[Item, ...]
    figures: tuple[Figure, ...]
    asking: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return all(item.done for item in self.items)

    @property
    def facts(self) -> Json:
        """As it is kept with a tick."""
        return {
            "items": [asdict(one) for one in self.items],
            "figures": [asdict(one) for one in self.figures],
        }


def following(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def look(month: Month) -> Look:
    """The checklist and the figures, from our own tables."""
    records, last_day, keys = _of_jobs(month)
    payouts, figures = _of_books(month)
    balances, changed, bringing = _of_comparisons(month)
    if not last_day.also and bringing:
        last_day = replace(last_day, done=False, also="past records")
    return Look((records, payouts, balances, changed, last_day), figures, keys)


def asking(month: Month) -> QuerySet[Job]:
    """The records dated in the month that need somebody."""
    return _dated_in(month, Job.OPEN)


def payouts_of(month: Month) -> QuerySet[Payout]:
    """The payouts that arrived in the month."""
    return Payout.objects.filter(
        account=month.account, arrival_date__gte=month.first, arrival_date__lte=month.last
    )


def drifts_of(month: Month) -> QuerySet[Drift]:
    """What somebody changed in NetSuite of the month's records, and did not put right."""
    dated = Q(record__tran_date__gte=month.first, record__tran_date__lte=month.last)
    undated = Q(record__tran_date=None, record__mapped_at__gte=month.since, record__mapped_at__lt=month.until)
    return Drift.standing([month.account]).filter(dated | undated)


def _dated_in(month: Month, states: Iterable[str]) -> QuerySet[Job]:
    """The newest jobs of documents that Stripe told of in the month and nothing has settled since.

    What Stripe never told of, like past records, has no day here: it counts for every month up to the one
    in which it came.
    """
    settled = Job.objects.filter(
        account=OuterRef("job__account"),
        subject=OuterRef("job__subject"),
        status=Job.Status.SUCCESSFUL,
        pk__gte=OuterRef("job_id"),
    )
    earlier = Event.objects.filter(
        ~Exists(settled),
        job__account=OuterRef("account"),
        job__subject=OuterRef("subject"),
        job__newest=False,
    )
    in_it = _as_number(Q(created__gte=month.since, created__lt=month.until))
    told = (
        Coalesce(Subquery(some.order_by().values(by).annotate(n=Max(in_it)).values("n")), Value(NOT_TOLD))
        for some, by in ((Event.objects.filter(job=OuterRef("pk")), "job"), (earlier, "job__subject"))
    )
    of_no_day = _as_number(Q(created_at__gte=month.since))
    those = Job.objects.filter(CURRENT, account=month.account, status__in=tuple(states))
    # One number for each of these few jobs: as conditions the database would look at all messages.
    return those.alias(dated=Coalesce(NullIf(Greatest(*told), Value(NOT_TOLD)), of_no_day)).filter(dated=1)


def _as_number(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def _of_jobs(month: Month) -> tuple[Item, Item, tuple[int, ...]]:
    """What needs somebody, what is on its way, and the keys of the first."""
    rows = _dated_in(month, (*Job.OPEN, *MOVING)).order_by("created_at", "pk")
    keys, moving, money = [], 0, dict[str, Decimal]()
    for key, status, currency, amount in rows.values_list("pk", "status", "currency", "amount"):
        if status in MOVING:
            moving += 1
            continue
        keys.append(key)
        if currency and amount is not None:
            money[currency] = money.get(currency, Decimal(0)) + amount
    also = "" if month.is_over else "not over"
    return (
        Item("records", not keys, len(keys), money=_texts(money)),
        Item("last_day", not moving and not also, moving, at=moment(month.until), also=also),
        tuple(keys),
    )


def _of_books(month: Month) -> tuple[Item, tuple[Figure, ...]]:
    """The payouts of the month, and how much of everything it has."""
    rows = MappedRecord.objects.filter(
        netsuite_account=month.account.netsuite_account_id,
        account=month.account,
        tran_date__gte=month.first,
        tran_date__lte=month.last,
        state=MappedRecord.State.MAPPED,
    )
    none = Value(None, output_field=DecimalField(max_digits=20, decimal_places=3))
    records = rows.order_by().values_list("record_type", "currency")
    payouts = (
        payouts_of(month)
        .annotate(what=Value("payout"), open=_is_unsettled())
        .order_by()
        .values_list("what", "currency")
    )
    # Not of a column: its index has all else that is asked, and a month may have a hundred thousand records.
    found = records.annotate(n=Count("*"), total=Sum("amount"), left=Value(0), waits=none).union(
        payouts.annotate(
            n=Count("pk"),
            total=Sum("amount"),
            left=Count("pk", filter=Q(open=True)),
            waits=Sum("amount", filter=Q(open=True)),
        ),
        all=True,
    )
    figures: list[Figure] = []
    money: dict[str, Decimal] = {}
    left, of = 0, 0
    for what, currency, count, total, open_count, waits in found:
        figures.append(Figure(what, currency, count, _text(total, currency)))
        if what == "payout":
            left, of = left + open_count, of + count
            money |= {currency: waits} if open_count else {}
    return (
        Item("payouts", not left, left, of=of, money=_texts(money)),
        tuple(sorted(figures, key=lambda one: (one.what, one.currency))),
    )


def _is_unsettled() -> Q:
    """Of a payout: it does not tie out, or was not compared as it stands now."""
    booked_since = MappedRecord.objects.filter(
        netsuite_account=OuterRef("account__netsuite_account"),
        account=OuterRef("account"),
        stripe_id=OuterRef("payout_id"),
        state=MappedRecord.State.MAPPED,
        mapped_at__gt=OuterRef("tie_out__compared_at"),
    )
    on_its_way = Q(tie_out__standing=TieOut.Standing.ON_ITS_WAY)
    return Q(tie_out=None) | Q(tie_out__settled=False) | on_its_way | Q(Exists(booked_since))


def _of_comparisons(month: Month) -> tuple[Item, Item, bool]:
    """What the last comparisons found, and whether past records of the month are being brought."""
    bringing = Backfill.objects.filter(
        Q(date_to=None) | Q(date_to__gte=month.first),
        account=OuterRef("pk"),
        date_from__lte=month.last,
        state=Backfill.State.RUNNING,
    )
    drifts = drifts_of(month).order_by().values("account").annotate(n=Count("pk")).values("n")
    looks = DriftCheck.objects.filter(account=OuterRef("pk"), finished_at__isnull=False).order_by(
        "-finished_at"
    )
    facts = StripeAccount.objects.filter(pk=month.account.pk).annotate(
        drifted=Subquery(drifts),
        look_began=Subquery(looks.values("started_at")[:1]),
        looked=Subquery(looks.values("finished_at")[:1]),
        bringing=Exists(bringing),
    )
    checks = ("compared_at", "unexplained", "explained")
    rows = list(
        facts.values_list(
            *(f"balance_checks__{name}" for name in checks), "drifted", "look_began", "looked", "bringing"
        )
    )
    *_, drifted, look_began, looked, brought = rows[0]
    changed = Item(
        "changed",
        not drifted and look_began is not None and look_began >= month.until,
        drifted or 0,
        at=moment(looked),
    )
    found = [BalanceCheck(**dict(zip(checks, row[:3], strict=True))) for row in rows if row[0]]
    return _balances(month, found), changed, brought


def _balances(month: Month, checks: Sequence[BalanceCheck]) -> Item:
    oldest = min((one.compared_at for one in checks), default=None)
    unsettled = sum(not one.settled for one in checks)
    done = oldest is not None and oldest >= month.until and not unsettled
    return Item("balances", done, unsettled, of=len(checks), at=moment(oldest))


def _texts(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: _text(value, currency) for currency, value in sorted(money.items())}


def _text(value: Decimal | None, currency: str) -> str:
    """Empty where there is no sum, or no currency to have one in."""
    if value is None or not currency:
        return ""
    return Amount(round(value, decimals(currency)), currency).text


def moment(value: datetime | None) -> str:
    """As ISO text; empty for none."""
    return value.isoformat(timespec="seconds") if value else ""
