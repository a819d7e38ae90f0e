"""Which jobs a page lists: filters, the search box, and the order of rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_decimal_symbol
from django.db import connection
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Sum, Value, When

from connector.engine.known import REF_TYPES
from connector.failures import FAILURES
from connector.models import Attempt, Event, Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.models.job import CURRENT, PREFIX
from connector.models.words import saying
from connector.money import Amount, decimals
from dashboard import reader
from dashboard.zones import end_of, start_of

KINDS = {
    "invoice": ("Invoices", ("in_",)),
    "payment": ("Payments", ("ch_", "py_", "pi_")),
    "refund": ("Refunds", ("re_", "pyr_")),
    "dispute": ("Disputes", ("dp_", "du_")),
    "credit_note": ("Credit notes", ("cn_",)),
    "payout": ("Payouts", ("po_",)),
    "customer": ("Customers", ("cus_",)),
    "price": ("Prices", ("price_", "plan_")),
}
"""The kinds of records that can be listed alone, told apart by how Stripe's ids begin (OM-10)."""

KIND_OF = {prefix: kind for kind, (_, prefixes) in KINDS.items() for prefix in prefixes}

OPEN = "open"
"""The filter value for both states in which somebody has to do something."""

MOVING = "moving"
"""The filter value for both states in which something is on its way."""

STATES_OF: dict[str, tuple[str, ...]] = {OPEN: Job.OPEN, MOVING: (Job.Status.READY, Job.Status.RUNNING)}

TOLD = "told"
"""The filter value for what is booked and says something besides, like a bank debit that failed (CH-27)."""

MOST_COUNTED = 10_000
"""Records that are counted, summed and listed one by one; of more there is more to say than numbers."""

MOST_FOUND = 1_000
"""Records of a search that are counted, summed and listed."""

MOST_OVER = 1_000
"""An amount that more NetSuite records have than this is looked for among the documents alone."""

AMOUNT = re.compile(
    r"(?:[^\d\s-]{0,4}\s?)"
    r"(?P<whole>[0-9]{1,3}(?P<gap>[.,'’\s])[0-9]{3}(?:(?P=gap)[0-9]{3}){0,3}|[0-9]{1,15})"
    r"(?:(?P<mark>[.,])(?P<rest>[0-9]{1,3}))?"
    r"(?:\s?(?:[A-Z]{3}|[^\w\s.,'’-]))?"
)
"""A number with its currency before or after it, or none."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the reader asked for; an empty value leaves everything in."""

    account: StripeAccount | None = None
    state: str = ""
    kind: str = ""
    first_day: date | None = None
    last_day: date | None = None
    find: str = ""


def current_jobs() -> QuerySet[Job]:
    """One job for each document: the newest, which says how the document stands.

    Left out are earlier looks at the same document, and documents that another one
    carries along (the charge of an invoice): counting their money too would count it twice.
    """
    return Job.objects.filter(CURRENT)


def listed_jobs() -> QuerySet[Job]:
    """The current jobs with what a row shows of them, in one query."""
    return with_signs(current_jobs())


def with_signs(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The same jobs, each with its account and whether one of its writes got no answer."""
    lost = MappedRecord.objects.filter(job=OuterRef("pk"), state=MappedRecord.State.UNCONFIRMED)
    return jobs.select_related("account").annotate(unconfirmed=Exists(lost))


def select(jobs: QuerySet[Job], wanted: Selection, zone: ZoneInfo) -> QuerySet[Job]:
    """Those of `jobs` that the reader wants; a job belongs to the day in `zone` on which it last changed."""
    jobs = narrow(jobs, wanted, zone)
    return jobs.filter(_about(wanted.find)) if wanted.find else jobs


def narrow(jobs: QuerySet[Job], wanted: Selection, zone: ZoneInfo) -> QuerySet[Job]:
    """The same, whatever the reader wants to find."""
    if wanted.account:
        jobs = jobs.filter(account=wanted.account)
    if wanted.state == TOLD:
        jobs = jobs.filter(status=Job.Status.SUCCESSFUL).exclude(code="")
    elif wanted.state:
        jobs = jobs.filter(status__in=STATES_OF.get(wanted.state, (wanted.state,)))
    if wanted.kind:
        jobs = jobs.alias(prefix=PREFIX).filter(prefix__in=KINDS[wanted.kind][1])
    if wanted.first_day:
        jobs = jobs.filter(updated_at__gte=start_of(wanted.first_day, zone))
    if wanted.last_day:
        jobs = jobs.filter(updated_at__lt=end_of(wanted.last_day, zone))
    return jobs


@dataclass(frozen=True, slots=True)
class LookUp:
    """What jobs that have to do with a text are found by: one condition for each index.

    With a common amount, only documents are found whose own amount it is.
    """

    ways: tuple[Q, ...]
    is_common_amount: bool = False


def look_up(text: str) -> LookUp:
    """Jobs of documents that have to do with `text`: an id, a name, a number, an amount, or a reason."""
    documents = {text, *(subject for (subject,) in subjects_with(text))}
    ways, amount = (saying(text), _told(text)), read_amount(text)
    if amount is None:
        return LookUp((*ways, Q(subject__in=documents)))
    booked = MappedRecord.objects.filter(amount=amount, job__isnull=False).order_by()
    over = list(booked.values_list("job__subject", flat=True)[: MOST_OVER + 1])
    is_common = len(over) > MOST_OVER
    documents |= set() if is_common else set(over)
    return LookUp((*ways, Q(amount=amount), Q(subject__in=documents)), is_common)


def _about(text: str) -> Q:
    """The same in one condition, for jobs that are few already; it asks nothing of its own."""
    found = saying(text) | _told(text) | Q(subject=text) | Q(subject__in=subjects_with(text))
    amount = read_amount(text)
    if amount is None:
        return found
    booked = MappedRecord.objects.filter(amount=amount, job__isnull=False).order_by()
    return found | Q(amount=amount) | Q(subject__in=booked.values("job__subject"))


def _told(text: str) -> Q:
    """Jobs that stand as they do for a reason of exactly this code, or whose title says `text`."""
    sought = text.strip().casefold()
    told = [one.code for one in FAILURES.values() if sought == one.code or sought in one.title.casefold()]
    return Q(code__in=told)


def subjects_with(key: str) -> QuerySet[Any]:
    """The subjects of the documents that the object or record with exactly this id belongs to, as rows."""
    rows = MappedRecord.objects.filter(job__isnull=False)
    books, accounts = NetSuiteAccount.objects.all(), StripeAccount.objects.all()
    return subjects(
        rows.filter(account__in=accounts, stripe_id=key),
        rows.filter(internal_id=key),
        rows.filter(netsuite_account__in=books, record_type__in=list(REF_TYPES), external_id=key),
        Event.objects.filter(object_id=key, job__isnull=False),
        Event.objects.filter(account__in=accounts, event_id=key, job__isnull=False),
    )


def subjects(*found: QuerySet[Any]) -> QuerySet[Any]:
    """The subjects of the jobs of rows and messages, each once, in one question."""
    first, *others = (some.order_by().values_list("job__subject") for some in found)
    return first.union(*others) if others else first.distinct()


def read_amount(text: str) -> Decimal | None:
    """`120`, `1,234.50`, `1.234,50`, `US$120` or `120 EUR` as a number; None for anything else.

    `1.250` alone can be two numbers: it is the one that the reader's own number style makes of it.
    """
    match = AMOUNT.fullmatch(text.strip())
    if match is None or (match["gap"] and match["gap"] == match["mark"]):
        return None
    whole, gap, rest = match["whole"], match["gap"], match["rest"] or ""
    if gap and not rest and whole.count(gap) == 1 and gap == get_decimal_symbol(reader.numbers()):
        whole, rest = whole.split(gap)
    digits = "".join(one for one in whole if one.isdigit())
    return Decimal(f"{digits}.{rest}")


@dataclass(frozen=True, slots=True)
class Counted:
    """Jobs to be listed, how many they are, what they come to; there are more if `is_more`, and no sums.

    With `are_last` the jobs are themselves those of the more that changed last.
    """

    jobs: QuerySet[Job]
    count: int
    money: tuple[Amount, ...]
    is_more: bool = False
    are_last: bool = False


def counted(jobs: QuerySet[Job]) -> Counted:
    """Jobs that filters chose, up to MOST_COUNTED; each filter has an index."""
    count = jobs.order_by()[: MOST_COUNTED + 1].count()
    if count > MOST_COUNTED:
        return Counted(jobs, MOST_COUNTED, (), is_more=True)
    return Counted(jobs, count, money_of(jobs))


def found(jobs: QuerySet[Job], by: LookUp) -> Counted:
    """Those of `jobs` that a search finds; of more than MOST_FOUND those that changed last.

    Each way is gone alone, by its index; together they would be gone over all jobs.
    """
    latest = jobs.order_by("-updated_at", "-pk").values_list("updated_at", "pk", "currency", "amount")
    ways = [latest.filter(way)[: MOST_FOUND + 1] for way in by.ways]
    if connection.features.supports_slicing_ordering_in_compound:
        together = set(ways[0].union(*ways[1:]))
    else:  # SQLite: one question for each
        together = {row for way in ways for row in way}
    rows = sorted(together, reverse=True, key=lambda row: row[:2])
    those = Job.objects.filter(pk__in=[pk for _, pk, *_ in rows[:MOST_FOUND]])
    if len(rows) > MOST_FOUND:
        return Counted(those, MOST_FOUND, (), is_more=True, are_last=True)
    money = sums_of((currency, amount) for _, _, currency, amount in rows)
    return Counted(those, len(rows), money, are_last=True)


class Listing:
    """Jobs in the order of a table, made complete by the key, for its pages.

    What needs somebody stands before all others if so wished. Of many a page is found by keys alone, in
    an index.
    """

    def __init__(self, jobs: QuerySet[Job], length: int, *, open_first: bool) -> None:
        self._jobs = jobs.order_by(*jobs.query.order_by, "-pk")
        self._length, self._open_first = length, open_first

    def count(self) -> int:
        """How many are listed."""
        return self._length

    def __getitem__(self, wanted: slice) -> list[Job]:
        start, stop = wanted.start or 0, min(wanted.stop, self._length)
        if self._length > MOST_FOUND:
            keys = self._keys(start, stop)
            rows = with_signs(Job.objects.filter(pk__in=keys)).in_bulk()
            return [rows[key] for key in keys if key in rows]
        jobs = with_signs(self._jobs)
        if self._open_first:
            is_open = Case(When(status__in=Job.OPEN, then=Value(0)), default=Value(1))
            jobs = jobs.order_by(is_open, *jobs.query.order_by)
        return list(jobs[start:stop])

    def _keys(self, start: int, stop: int) -> list[int]:
        keys = self._jobs.values_list("pk", flat=True)
        if not self._open_first:
            return list(keys[start:stop])
        first = list(keys.filter(status__in=Job.OPEN)[:stop])
        if len(first) == stop:
            return first[start:]
        others = keys.exclude(status__in=Job.OPEN)
        return first[start:] + list(others[max(start - len(first), 0) : stop - len(first)])


def last_attempts(jobs: Iterable[Job]) -> QuerySet[Attempt]:
    """The newest run of each of `jobs`, without what it exchanged."""
    last = Job.objects.filter(pk__in=[job.pk for job in jobs]).annotate(last=Max("attempts"))
    return Attempt.objects.filter(pk__in=last.values("last")).defer("exchanges")


def money_of(rows: QuerySet[Any]) -> tuple[Amount, ...]:
    """What jobs or payouts come to: one sum for each currency, by currency code."""
    return count_and_money_of(rows)[1]


def count_and_money_of(rows: QuerySet[Any]) -> tuple[int, tuple[Amount, ...]]:
    """How many jobs or payouts there are, and what they come to."""
    found = list(rows.order_by().values_list("currency").annotate(Sum("amount"), Count("pk")))
    return sum(count for *_, count in found), sums_of((currency, total) for currency, total, _ in found)


def sums_of(values: Iterable[tuple[str, Decimal | None]]) -> tuple[Amount, ...]:
    """One sum for each currency, by currency code; what lacks its currency or its amount is left out."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, value in values:
        if currency and value is not None:
            sums[currency] += value
    return tuple(exact(total, currency) for currency, total in sorted(sums.items()))


def exact(value: Decimal, currency: str) -> Amount:
    """`value`, kept with three decimals in the table, at its currency's own."""
    return Amount(value.quantize(Decimal(1).scaleb(-decimals(currency))), currency)
