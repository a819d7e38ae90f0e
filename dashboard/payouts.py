"""Payouts as the last comparison left them: which a page lists, and what it says of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django_stubs_ext import WithAnnotations

from connector.engine.reconcile import DRIFTED, told
from connector.models import (
    BalanceCheck,
    Drift,
    MappedRecord,
    NetSuiteAccount,
    Payout,
    PayoutLine,
    StripeAccount,
    TieOut,
)
from connector.money import Amount
from dashboard.links import netsuite_link, stripe_link
from dashboard.postings import record_words
from dashboard.selection import KIND_OF, exact
from dashboard.standing import Standing

OPEN, NEW = "open", "new"
"""Filter values beside the standings: somebody has to act; not compared since it was last booked."""
NEEDS_SOMEBODY = Q(tie_out__settled=False) & ~Q(standing=NEW)
"""Of payouts that are `listed`: what `OPEN` stands for."""
MOST_DAYS = timedelta(days=92)
"""So many days a person can have compared at once; more in parts, by the filters."""
SHAPES = {
    TieOut.Standing.TIES: Standing("Ties out", "ok", "✓"),
    TieOut.Standing.DIFFERS: Standing("Differs", "bad", "●"),
    TieOut.Standing.NOT_BOOKED: Standing("Not deposited yet", "wait", "○"),
    TieOut.Standing.ON_ITS_WAY: Standing("On its way to the bank", "rest", "○"),
    TieOut.Standing.BY_HAND: Standing("Made by hand", "ok", "✓"),
    TieOut.Standing.NOTHING: Standing("Nothing to book", "rest", "–"),
    NEW: Standing("Not compared yet", "rest", "○"),
}
BY_HAND_OPEN = Standing("Made by hand, no deposit found", "bad", "●")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for; an empty value leaves everything in. Days are days of arrival."""

    account: StripeAccount | None = None
    standing: str = ""
    first_day: date | None = None
    last_day: date | None = None


class Stood(TypedDict):
    """What `listed` adds to a payout."""

    standing: str
    gap: Decimal | None


if TYPE_CHECKING:
    Listed = WithAnnotations[Payout, Stood]
else:
    Listed = Payout


def listed(wanted: Wanted) -> QuerySet[Listed]:
    """The payouts that the reader wants, with how each stood at the last comparison, in one query.

    What was booked after it was compared counts as not compared. `gap` is what NetSuite has more than
    Stripe, empty where nothing is to be there.
    """
    booked = MappedRecord.objects.filter(
        netsuite_account=OuterRef("account__netsuite_account"),
        account=OuterRef("account"),
        stripe_id=OuterRef("payout_id"),
        record_type__in=("deposit", "journalEntry"),
        state=MappedRecord.State.MAPPED,
    )
    nothing_due = Q(standing__in=(TieOut.Standing.ON_ITS_WAY, TieOut.Standing.NOTHING, NEW))
    found = Payout.objects.select_related("account__netsuite_account", "tie_out").annotate(
        standing=Case(
            When(Q(tie_out=None) | (Q(tie_out__mapped=None) & Exists(booked)), then=Value(NEW)),
            default=F("tie_out__standing"),
        ),
        gap=Case(
            When(nothing_due, then=Value(None)),
            default=Coalesce("tie_out__netsuite", Value(Decimal(0))) - F("amount"),
        ),
    )
    if wanted.account:
        found = found.filter(account=wanted.account)
    if wanted.standing:
        found = found.filter(NEEDS_SOMEBODY if wanted.standing == OPEN else Q(standing=wanted.standing))
    if wanted.first_day:
        found = found.filter(arrival_date__gte=wanted.first_day)
    if wanted.last_day:
        found = found.filter(arrival_date__lte=wanted.last_day)
    return found


def open_days(account: StripeAccount, wanted: Wanted) -> tuple[date, date] | None:
    """From when to when the account's payouts arrived that a comparison may change; None if there is none.

    Those of the filters that need somebody, were not compared, or were on their way; of a long time the
    last MOST_DAYS.
    """
    found = listed(replace(wanted, account=account))
    moving = Q(standing__in=(NEW, TieOut.Standing.ON_ITS_WAY))
    days = found.filter(NEEDS_SOMEBODY | moving).aggregate(Min("arrival_date"), Max("arrival_date"))
    first, last = days["arrival_date__min"], days["arrival_date__max"]
    return (max(first, last - MOST_DAYS), last) if first and last else None


THEIR_TIE_OUT = attrgetter("tie_out")
"""Asked by name: the types of Django see this side of the relation on some machines only."""


def tie_out(payout: Payout) -> TieOut:
    """How it stood at the last comparison; only for one that is compared."""
    found: TieOut = THEIR_TIE_OUT(payout)
    return found


def is_compared(payout: Listed) -> bool:
    """Whether its tie-out says how it stands now."""
    return payout.standing != NEW


def shape(payout: Listed) -> Standing:
    """How it stands, as a chip."""
    if payout.standing == TieOut.Standing.BY_HAND and not tie_out(payout).settled:
        return BY_HAND_OPEN
    return SHAPES[payout.standing]


def money_in(payout: Payout, value: Decimal | None) -> Amount | None:
    """A figure of the payout's, at its currency's decimals."""
    return None if value is None else exact(value, payout.currency)


# One payout


@dataclass(frozen=True, slots=True)
class Odd:
    """A line that is missing, extra or different, with its cause and what settles it.

    `key` is the external id of its record, `document` Stripe's id of what the record stands for.
    """

    key: str
    document: str
    link: str
    internal_id: str
    netsuite: str
    sides: tuple[tuple[str, str], ...]
    message: str
    cause: str
    action: str


def odd_lines(payout: Listed) -> list[Odd]:
    """Every line that did not tie out; none while the tie-out is out of date."""
    differences = tie_out(payout).differences if is_compared(payout) else []
    if not differences:
        return []
    books = payout.account.netsuite_account
    numbers = {one["internal_id"] for one in differences}
    rows = MappedRecord.objects.filter(netsuite_account=books, internal_id__in=numbers - {""})
    types = dict(rows.values_list("internal_id", "record_type"))
    return [_odd(payout, one, types.get(one["internal_id"], "transaction")) for one in differences]


def _odd(payout: Payout, one: dict[str, str], record_type: str) -> Odd:
    named = told(one["code"], one["message"])
    sides = (("Stripe", one["stripe"]), ("Our record", one["mapped"]), ("NetSuite", one["netsuite"]))
    document = one["key"].removeprefix("ns_refund:").partition(":")[0]
    return Odd(
        key=one["key"],
        document=document,
        link=stripe_link(payout.account, document),
        internal_id=one["internal_id"],
        netsuite=netsuite_link(payout.account.netsuite_account, record_type, one["internal_id"]),
        sides=sides,
        **named,
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """All parts of a payout of one kind: what they come to, before and after fees."""

    words: str
    count: int
    amount: Amount
    fee: Amount
    net: Amount

    @property
    def less(self) -> Amount:
        """The fees as they lessen the amount."""
        return -self.fee


def kinds_of(payout: Payout) -> list[Kind]:
    """The parts by Stripe's category, the largest kinds first."""
    name = Case(When(category="", then=F("type")), default=F("category"))
    rows = (
        payout.lines.order_by()
        .annotate(kind=name)
        .values_list("kind")
        .annotate(parts=Count("pk"), gross=Sum("amount"), fees=Sum("fee"), left=Sum("net"))
        .order_by("-gross", "kind")
    )
    code = payout.currency
    return [
        Kind(category_words(kind), count, exact(amount, code), exact(fee, code), exact(net, code))
        for kind, count, amount, fee, net in rows
    ]


def total_of(kinds: Sequence[Kind], currency: str) -> Kind:
    """All kinds together."""
    zero = Amount.zero(currency)
    return Kind(
        "Sum of the parts",
        sum(one.count for one in kinds),
        sum((one.amount for one in kinds), zero),
        sum((one.fee for one in kinds), zero),
        sum((one.net for one in kinds), zero),
    )


def category_words(category: str) -> str:
    """Stripe's name of a kind of movement as words: `Partial capture reversal`."""
    return category.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Deposit:
    """A record in NetSuite that brings a payout, or a part of it, to the bank."""

    words: str
    internal_id: str
    link: str
    amount: Amount | None


def deposits_of(payout: Listed) -> list[Deposit]:
    """What NetSuite has of the payout: as it was compared, or as we booked it since."""
    account = payout.account.netsuite_account
    if is_compared(payout):
        return [
            Deposit(
                record_words(one["type"]),
                one["internal_id"],
                netsuite_link(account, one["type"], one["internal_id"]),
                exact(Decimal(one["amount"]), payout.currency),
            )
            for one in tie_out(payout).records
        ]
    return [
        Deposit(
            record_words(row.record_type),
            row.internal_id,
            netsuite_link(account, row.record_type, row.internal_id),
            money_in(payout, row.amount),
        )
        for row in payout.records.order_by("pk")
    ]


# What is beside the payouts


@dataclass(frozen=True, slots=True)
class Balance:
    """Undeposited Funds beside Stripe's balance in one currency, with every cause of the difference."""

    check: BalanceCheck
    undeposited: Amount
    stripe: Amount
    parts: tuple[tuple[str, Amount], ...]
    difference: Amount
    causes: tuple[dict[str, Any], ...]
    unexplained: Amount


def balances_of(accounts: Iterable[StripeAccount]) -> list[Balance]:
    """The last comparison of each currency."""
    checks = BalanceCheck.objects.filter(account__in=accounts).select_related("account")
    return [_balance(one) for one in checks.order_by("account__name", "currency")]


def _balance(check: BalanceCheck) -> Balance:
    code = check.currency
    parts = (
        ("ready to be paid out", exact(check.available, code)),
        ("not ready yet", exact(check.pending, code)),
        ("on its way to the bank", exact(check.in_transit, code)),
    )
    stripe = sum((amount for _, amount in parts), Amount.zero(code))
    undeposited = exact(check.undeposited, code)
    return Balance(
        check,
        undeposited,
        stripe,
        parts,
        undeposited - stripe,
        tuple(one | told(one["code"]) | {"named": _named(one["examples"])} for one in check.explained),
        exact(check.unexplained, code),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that somebody changed in NetSuite, with what differs and what settles it."""

    drift: Drift
    words: str
    amount: Amount | None
    link: str
    message: str
    cause: str
    action: str


def _named(ids: Iterable[str]) -> list[tuple[str, bool]]:
    """Stripe ids, each with whether a record can be of it; a movement of the balance has none."""
    return [(one, one[: one.find("_") + 1] in KIND_OF) for one in ids]


MOST_CHANGED = 50
"""So many changed records are on the page; exports have them all."""


def changed_in(accounts: Iterable[StripeAccount]) -> QuerySet[Drift]:
    """What somebody changed, voided, deleted or deposited in NetSuite and did not put right, newest first."""
    return Drift.standing(accounts).select_related("record", "account__netsuite_account")


def changed(drift: Drift) -> Changed:
    """One of them in words."""
    row, problem = drift.record, DRIFTED[Drift.Kind(drift.kind)]
    amount = exact(row.amount, row.currency) if row.amount is not None and row.currency else None
    return Changed(
        drift,
        record_words(row.record_type),
        amount,
        _link(drift.account.netsuite_account, row.record_type, drift),
        **told(problem.code, problem.message),
    )


def _link(account: NetSuiteAccount, record_type: str, drift: Drift) -> str:
    """Nothing to open where the record is gone."""
    return "" if drift.kind == Drift.Kind.DELETED else netsuite_link(account, record_type, drift.internal_id)


def odd_messages(payout: Listed) -> dict[str, str]:
    """What is odd about each record of a payout, by external id."""
    if not is_compared(payout):
        return {}
    return {one["key"]: one["message"] for one in tie_out(payout).differences if one["key"]}


def lines_of(payout: Payout) -> QuerySet[PayoutLine]:
    """Its parts, in Stripe's order."""
    return payout.lines.order_by("created", "pk")
