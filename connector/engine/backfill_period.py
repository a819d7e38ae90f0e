"""The period of a backfill: which of Stripe's objects belong to it, and what each is over.

An object belongs to the days on which Stripe made it, in the account's time zone. An invoice belongs
to the day of its finalization as well, since it is dated then (BF-H1): a draft of the last evening
before the period is not lost. A payout belongs to the day of its arrival, which is its deposit's day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from connector.models import StripeAccount
from connector.money import Amount
from connector.stripe.credit_note import CreditNote
from connector.stripe.listing import Fetch, Kind, Listed, walk
from connector.stripe.objects import Charge, Invoice
from connector.translation.lines import collected_debit

KINDS: Mapping[str, Kind] = {
    "customers": "customer",
    "prices": "price",
    "invoices": "invoice",
    "charges": "charge",
    "refunds": "refund",
    "disputes": "dispute",
    "credit_notes": "credit_note",
    "payouts": "payout",
}
"""What can be asked for, in the order of the work: what others rest on comes first (SY-H1)."""

LONGEST_DRAFT = timedelta(days=366)
"""How long before the period an invoice may have been drafted that was finalized in it."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included, and never beyond `now`, when the run began."""

    first: date
    last: date
    zone: tzinfo
    now: datetime

    @property
    def since(self) -> datetime:
        """The first day's midnight."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def until(self) -> datetime:
        """The moment at which it ends."""
        return min(datetime.combine(self.last + timedelta(days=1), time(), self.zone), self.now)

    def span(self, word: str) -> tuple[datetime, datetime]:
        """From when to when a kind is listed."""
        if word == "payouts":  # Stripe dates an arrival at midnight UTC (K17)
            after = self.last + timedelta(days=1)
            return datetime.combine(self.first, time(), UTC), datetime.combine(after, time(), UTC)
        return self.since - (LONGEST_DRAFT if word == "invoices" else timedelta()), self.until

    def holds(self, thing: Listed) -> bool:
        """Whether a listed object belongs to it."""
        if not isinstance(thing, Invoice) or thing.created >= self.since:
            return True
        return thing.finalized_at is not None and self.since <= thing.finalized_at < self.until


def period_of(account: StripeAccount, first: date, last: date | None, now: datetime) -> Period:
    """The period in the account's time zone; without a last day it goes on up to now."""
    zone = account.zone
    return Period(first, last or now.astimezone(zone).date(), zone, now)


def listed(
    word: str, period: Period, fetch: Fetch, reached: datetime | None = None
) -> Iterator[tuple[datetime, tuple[Listed, ...]]]:
    """The period's objects of a kind, page by page, each with the moment that is reached after it."""
    since, until = period.span(word)
    for moment, page in walk(KINDS[word], reached or since, until, fetch):
        yield moment, tuple(one for one in page.objects if period.holds(one))


def amount_of(thing: Listed) -> Amount | None:
    """What it is over by Stripe's own figure: of a charge what was captured, once it was."""
    if isinstance(thing, Charge):
        return thing.amount_captured if thing.captured else thing.amount
    if isinstance(thing, Invoice):
        return thing.total
    return getattr(thing, "amount", None)


def booked_amount(thing: Listed) -> Amount | None:
    """What its NetSuite records are to add up to.

    An invoice also collects a debit of the customer's balance (CB-7), and is zero when below zero
    (NE-1). A credit note has no memo for what the customer's balance received (CN-5).
    """
    if isinstance(thing, Invoice):
        return max(thing.total + collected_debit(thing), Amount.zero(thing.currency))
    if isinstance(thing, CreditNote):
        return thing.amount - thing.to_balance
    return amount_of(thing)
