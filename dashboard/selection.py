"""Which jobs a page lists: filters, the search box, and the order of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from connector.failures import FAILURES
from connector.models import Event, Job, MappedRecord, StripeAccount
from connector.money import Amount, decimals
from dashboard.zones import end_of, start_of

KINDS = {
    "invoice": ("Invoices", ("in_",)),
    "payment": ("Payments", ("ch_", "py_", "pi_")),
    "customer": ("Customers", ("cus_",)),
    "price": ("Prices", ("price_", "plan_")),
}
"""The kinds of records that can be listed alone, told apart by how Stripe's ids begin (OM-10)."""

OPEN = "open"
"""The filter value for both states in which somebody has to do something."""

TOLD = "told"
"""The filter value for what is booked and says something besides, like a bank debit that failed (CH-27)."""

PART_OF_ANOTHER = "part_of_another"
"""The code of a job that handed its document over to the one that carries it."""

AMOUNT = re.compile(r"^[^\d\s-]{0,4}\s?([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,3})?$")


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
    newer = Job.objects.filter(
        account=OuterRef("account"), subject=OuterRef("subject"), pk__gt=OuterRef("pk")
    )
    return Job.objects.filter(~Exists(newer)).exclude(code=PART_OF_ANOTHER)


def listed_jobs() -> QuerySet[Job]:
    """The current jobs with what a row shows of them, in one query."""
    return with_signs(current_jobs())


def with_signs(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The same jobs, each with its account and whether one of its writes got no answer."""
    lost = MappedRecord.objects.filter(job=OuterRef("pk"), state=MappedRecord.State.UNCONFIRMED)
    return jobs.select_related("account").annotate(unconfirmed=Exists(lost))


def select(jobs: QuerySet[Job], wanted: Selection, zone: ZoneInfo) -> QuerySet[Job]:
    """Those of `jobs` that the reader wants; a job belongs to the day in `zone` on which it last changed."""
    if wanted.account:
        jobs = jobs.filter(account=wanted.account)
    if wanted.state == TOLD:
        jobs = jobs.filter(status=Job.Status.SUCCESSFUL).exclude(code="")
    elif wanted.state:
        jobs = jobs.filter(status__in=Job.OPEN if wanted.state == OPEN else (wanted.state,))
    if wanted.kind:
        jobs = jobs.filter(_begins_with(KINDS[wanted.kind][1]))
    if wanted.first_day:
        jobs = jobs.filter(updated_at__gte=start_of(wanted.first_day, zone))
    if wanted.last_day:
        jobs = jobs.filter(updated_at__lt=end_of(wanted.last_day, zone))
    return jobs.filter(about(wanted.find)) if wanted.find else jobs


def _begins_with(prefixes: tuple[str, ...]) -> Q:
    either = Q()
    for prefix in prefixes:
        either |= Q(subject__startswith=prefix)
    return either


def about(text: str) -> Q:
    """Jobs of documents that have to do with `text`: an id, a name, a number, an amount, or a reason."""
    found = by_id(text) | Q(title__icontains=text) | Q(customer_name__icontains=text) | _told(text)
    amount = read_amount(text)
    if amount is None:
        return found
    booked = MappedRecord.objects.filter(amount=amount, job__isnull=False)
    return found | Q(amount=amount) | Q(subject__in=booked.values("job__subject"))


def _told(text: str) -> Q:
    """Jobs that stand as they do for a reason of exactly this code, or whose title says `text`."""
    sought = text.strip().casefold()
    told = [one.code for one in FAILURES.values() if sought == one.code or sought in one.title.casefold()]
    return Q(code__in=told)


def by_id(key: str) -> Q:
    """Jobs of the documents that the Stripe object or NetSuite record with exactly this id belongs to."""
    records = MappedRecord.objects.filter(
        Q(stripe_id=key) | Q(internal_id=key) | Q(external_id=key), job__isnull=False
    )
    events = Event.objects.filter(object_id=key, job__isnull=False)
    return (
        Q(subject=key)
        | Q(subject__in=records.values("job__subject"))
        | Q(subject__in=events.values("job__subject"))
    )


def read_amount(text: str) -> Decimal | None:
    """`120`, `120.00`, `1,234.50` or `US$120` as a number; None for anything else."""
    match = AMOUNT.match(text.strip())
    return Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None


def in_order(jobs: QuerySet[Job], *, open_first: bool) -> QuerySet[Job]:
    """The rows' own order made complete by the key; open ones before all others if so wished."""
    order = (*jobs.query.order_by, "-pk")
    if not open_first:
        return jobs.order_by(*order)
    return jobs.order_by(Case(When(status__in=Job.OPEN, then=Value(0)), default=Value(1)), *order)


def money_of(jobs: QuerySet[Job]) -> tuple[Amount, ...]:
    """What `jobs` come to: one sum for each currency, by currency code."""
    sums = jobs.order_by("currency").exclude(currency="").values_list("currency").annotate(Sum("amount"))
    return tuple(exact(total, currency) for currency, total in sums if total is not None)


def exact(value: Decimal, currency: str) -> Amount:
    """`value`, kept with three decimals in the table, at its currency's own."""
    return Amount(value.quantize(Decimal(1).scaleb(-decimals(currency))), currency)
