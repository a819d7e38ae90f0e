"""Today's money: payouts that are open, and what Stripe and NetSuite say of this month.

All from what the last comparisons left in our own tables; nothing is asked of Stripe or NetSuite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum

from connector.models import StripeAccount
from connector.money import Amount
from dashboard import payouts
from dashboard.selection import exact

OPEN = payouts.NEEDS_SOMEBODY
NEW = Q(standing=payouts.NEW)
COMPARED = Q(gap__isnull=False)


@dataclass(frozen=True, slots=True)
class OpenPayouts:
    """Payouts that need somebody, and how many more are not compared yet."""

    count: int
    amounts: tuple[Amount, ...]
    oldest: date | None
    not_compared: int


@dataclass(frozen=True, slots=True)
class Sides:
    """One currency: what each side says, as compared since `since`.

    `settled` means that nobody has to do anything about the difference.
    """

    currency: str
    account: str
    stripe: Amount
    netsuite: Amount
    count: int
    not_compared: int
    since: datetime | None
    settled: bool

    @property
    def difference(self) -> Amount:
        """What NetSuite has more than Stripe."""
        return self.netsuite - self.stripe


@dataclass(frozen=True, slots=True)
class Money:
    """All of it."""

    open: OpenPayouts
    arrived: tuple[Sides, ...]
    waiting: tuple[Sides, ...]
    first_day: date

    @property
    def since(self) -> datetime | None:
        """The oldest comparison that the figures rest on."""
        return min((one.since for one in (*self.arrived, *self.waiting) if one.since), default=None)


def look(accounts: Sequence[StripeAccount], chosen: StripeAccount | None, today: date) -> Money:
    """The payouts that are open, those that arrived since the first of the month, what is not paid out."""
    first = today.replace(day=1)
    rows = list(_by_currency(chosen, first, today))
    return Money(_open(rows), tuple(_arrived(row) for row in rows if row["here"]), _waiting(accounts), first)


def _by_currency(chosen: StripeAccount | None, first: date, today: date) -> Any:
    """One question about payouts, a row for each currency."""
    here = Q(arrival_date__gte=first, arrival_date__lte=today)
    return (
        payouts.listed(payouts.Wanted(account=chosen))
        .order_by("currency")
        .values("currency")
        .annotate(
            open=Count("pk", filter=OPEN),
            open_sum=Sum("amount", filter=OPEN),
            oldest=Min("arrival_date", filter=OPEN),
            new=Count("pk", filter=NEW),
            here=Count("pk", filter=here),
            new_here=Count("pk", filter=here & NEW),
            stripe=Sum("amount", filter=here & COMPARED),
            gaps=Sum("gap", filter=here & COMPARED),
            open_here=Count("pk", filter=here & OPEN),
            since=Min("tie_out__compared_at", filter=here & COMPARED),
        )
    )


def _open(rows: Sequence[dict[str, Any]]) -> OpenPayouts:
    return OpenPayouts(
        count=sum(row["open"] for row in rows),
        amounts=tuple(exact(row["open_sum"], row["currency"]) for row in rows if row["open"]),
        oldest=min((row["oldest"] for row in rows if row["oldest"]), default=None),
        not_compared=sum(row["new"] for row in rows),
    )


def _arrived(row: dict[str, Any]) -> Sides:
    stripe, gap = row["stripe"] or Decimal(0), row["gaps"] or Decimal(0)
    return Sides(
        currency=row["currency"],
        account="",
        stripe=exact(stripe, row["currency"]),
        netsuite=exact(stripe + gap, row["currency"]),
        count=row["here"],
        not_compared=row["new_here"],
        since=row["since"],
        settled=not row["open_here"],
    )


def _waiting(accounts: Sequence[StripeAccount]) -> tuple[Sides, ...]:
    """Undeposited Funds beside Stripe's balance, of each account that was compared."""
    return tuple(
        Sides(
            currency=one.check.currency,
            account=one.check.account.name,
            stripe=one.stripe,
            netsuite=one.undeposited,
            count=0,
            not_compared=0,
            since=one.check.compared_at,
            settled=one.check.settled,
        )
        for one in payouts.balances_of(accounts)
    )
