"""Every page of the console, with 1,000,000 jobs and 2,000,000 mapped records behind it.

One reader asks gunicorn over HTTP, as a browser does: view, template and queries. Each page is asked for
with many filters, orders, pages and records. Left out are files; what a button answers; and the pages that
ask Stripe or NetSuite while they are drawn (compare, previews of a document, duplicates side by side, the
look-ups of settings and of the set-up's steps), which wait for them and not for us.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import million
from bench.counted import HEADER
from bench.results import Measure, at_most
from bench.stage import Stage
from connector.models import Job, MappedRecord, Payout, SavedView

JOBS = 1_000_000
REQUESTS, WARM_UP = 40, 8
MOST_MS, MOST_QUERIES, MOST_FIND_MS = 150, 12, 50
SPREAD = 9
"""Records taken from all over a table."""


@dataclass(slots=True)
class Page:
    """One page with the addresses that it is asked for at, and what each request took in milliseconds."""

    title: str
    addresses: list[str]
    most_ms: float = MOST_MS
    took: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """What all but five in a hundred requests stayed below."""
        return quantiles(self.took, n=20)[-1]


def measure(stage: Stage) -> list[Measure]:
    """Fill the tables, then ask for every page."""
    started = time.monotonic()
    filled = million.fill(JOBS)
    seconds = time.monotonic() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself, sooner or later
    shown = pages(filled)
    with stage.web("bench.console_settings") as address:
        browser = requests.Session()
        browser.cookies.set(settings.SESSION_COOKIE_NAME, signed_in(filled.person))
        for page in shown:
            _ask(browser, address, page)
    records = MappedRecord.objects.count()
    return [
        Measure("console_fill_s", f"Filling the tables: {JOBS:,} jobs, {records:,} records", seconds, "s"),
        *(_measured(page) for page in shown),
        _most_queries(shown),
    ]


def signed_in(name: str) -> str:
    """A session of a person who may see every page; its key."""
    person = User.objects.get(username=name)
    person.groups.set(Group.objects.all())
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _ask(browser: requests.Session, address: str, page: Page) -> None:
    """Ask for a page again and again, at its addresses in turn. RuntimeError when one is refused."""
    for number, path in enumerate(
        islice(cycle(page.addresses), WARM_UP + max(REQUESTS, len(page.addresses)))
    ):
        started = time.perf_counter()
        answer = browser.get(address + path, allow_redirects=False, timeout=60)
        took = (time.perf_counter() - started) * 1000
        if answer.status_code >= 400 or "/login" in answer.headers.get("Location", ""):
            raise RuntimeError(f"{path} answered {answer.status_code}.")
        if number >= WARM_UP:
            page.took.append(took)
            page.queries.append(int(answer.headers[HEADER]))


def _measured(page: Page) -> Measure:
    name = page.title.lower().replace(" ", "_").replace(",", "")
    beside = f"p50 {median(page.took):.0f} ms, {max(page.queries)} queries; {len(page.took)} requests"
    return at_most(f"console_{name}_p95_ms", f"{page.title}, p95", page.p95, page.most_ms, "ms", beside)


def _most_queries(shown: list[Page]) -> Measure:
    worst = max(shown, key=lambda page: max(page.queries))
    most = max(worst.queries)
    return at_most(
        "console_queries", "Queries of a page, the most", most, MOST_QUERIES, "queries", worst.title
    )


def pages(filled: million.Filled) -> list[Page]:
    """Every page that is measured, with its addresses in these tables."""
    names = [account.name for account in filled.accounts]
    jobs, records = spread(Job), spread(MappedRecord)
    asking = list(Job.objects.filter(newest=True, status="needs_attention").order_by("?")[:SPREAD])
    keys = [asking[0].subject, *(job.subject for job in jobs), *(row.stripe_id for row in records)]
    numbers = [row.internal_id for row in records] + [job.title for job in jobs if job.subject[:3] == "in_"]
    sums = [str(job.amount) for job in jobs if job.amount is not None]
    causes = [f"account={job.account.name}&cause={job.code}" for job in asking]
    months = [f"{(timezone.now() - timedelta(days=31 * back)):%Y-%m}" for back in (0, 1, 2, 6, 12)]
    payouts = [_to("payout", row.pk) for row in spread(Payout)]
    a_view = SavedView.objects.filter(page="needs").first()
    assert a_view
    return [
        Page("Today", ["/", *(f"/?account={name}" for name in names)]),
        Page("Needs you", _with("needs", *needs_filters(names))),
        Page("Needs you, about to act", [f"/needs-you/{deed}/?{one}" for deed in DEEDS for one in causes]),
        Page("Needs you, a cause", [_to("needs_cause", job.account.name, job.code) for job in asking]),
        Page("Needs you, a saved view", [_to("needs_view", a_view.pk)]),
        Page("Records", _with("jobs", *job_filters(names))),
        Page("Records, sorted", _with("jobs", *job_orders(names))),
        Page("Records, searched", _with("jobs", *searches(keys, numbers, sums))),
        Page("Record", [_to("job", job.pk) for job in (*asking, *jobs)]),
        Page("Record, its news", [_to("live", job.pk) for job in (*asking, *jobs)]),
        Page("Record, to be linked", [_to("link", job.pk) for job in asking]),
        Page("Find by id", [f"/find/?q={quote(one)}" for one in (*keys, *numbers)], MOST_FIND_MS),
        Page("Find by address", [_to("find", key) for key in keys], MOST_FIND_MS),
        Page("Find by amount or name", [f"/find/?q={quote(one)}" for one in (*sums, "a@borealis.example")]),
        Page("Duplicate payments", _with("duplicates", "", "page=2", "page=9999")),
        Page("Payouts", _with("payouts", *payout_filters(names))),
        Page("Payout", [*payouts, *(f"{one}?page=2" for one in payouts)]),
        Page("Months", [_to("months")]),
        Page("Month close", [_to("month", name, month) for month in months for name in names]),
        Page("Past records", [_to("past_records")]),
        Page("History", _with("history", *history_filters(names, keys))),
        Page("Rulebook", _with("rulebook", "", "q=refund")),
        Page("Help", [_to("help"), *(_to("help_of", code) for code in million.CAUSES)]),
        Page("Health", [_to("health")]),
        Page("Preview", [_to("preview")]),
        Page("Set-up", [_to("set_up")]),
        Page("Settings", [_to("settings_accounts"), *(_to("settings", name) for name in names)]),
        Page("Settings, their history", [_to("settings_changes", name) for name in names]),
        Page("Profile", [_to("profile"), _to("password")]),
    ]


DEEDS = ("try-again", "skip", "by-hand")


def needs_filters(names: list[str]) -> Iterator[str]:
    """By account, kind, age, amount, person, text and page."""
    yield from ("", "page=2", "page=3", "days=30", "kind=payment", "kind=refund", "amount=1000", "q=period")
    yield from ("assignee=ada", "assignee=nobody", "q=Harbor")
    for name in names:
        yield from (f"account={name}", f"account={name}&page=2")
    yield from (f"q={code}" for code in million.CAUSES[:6])


def job_filters(names: list[str]) -> Iterator[str]:
    """By account, state, kind and days; the first page, the second and the last."""
    now = timezone.now().date()
    for state in ("", "open", "moving", "told", *Job.Status.values):
        yield from (f"state={state}&page={page}" for page in (1, 2, 9999))
    for kind in ("invoice", "payment", "refund", "dispute", "payout", "customer", "price"):
        yield from (f"kind={kind}", f"kind={kind}&page=9999")
    for name in names:
        yield from (f"account={name}", f"account={name}&page=9999", f"account={name}&state=open&kind=refund")
    for days in (0, 3, 30, 400):
        since = now - timedelta(days=days)
        yield from (f"from={since}&to={since}", f"from={since}&state=skipped", f"from={since}&page=9999")


def job_orders(names: list[str]) -> Iterator[str]:
    """By each column, up and down; what needs somebody first."""
    for column in ("title", "customer_name", "amount", "status", "updated_at", "created_at", "account"):
        for sort in (column, f"-{column}"):
            yield from (f"sort={sort}", f"sort={sort}&state=open", f"sort={sort}&kind=payout&page=2")
    yield from (
        "first=on",
        "first=on&page=2",
        "first=on&page=102",
        "first=on&page=9999",
        "first=on&kind=refund",
    )
    yield from (f"first=on&account={name}" for name in names)


def searches(keys: list[str], numbers: list[str], sums: list[str]) -> Iterator[str]:
    """By id, number, name, amount and reason, common ones and rare ones."""
    texts = [
        *keys[:6],
        *numbers[:6],
        *sums[:4],
        "29.00",
        "INV-00123",
        "Harbor Foods",
        "Violet",
        "ltd",
        "Coral T",
    ]
    texts += ["Invoice", "period", "nothing like it", "granite hotels gmbh"]
    yield from (f"q={quote(text)}" for text in texts)
    yield from (f"q={quote(text)}&state=open" for text in texts[:20:3])
    yield from ("q=Harbor&page=9999", "q=ltd&sort=-amount", "q=Silver&first=on", "q=Oak&kind=invoice")


def payout_filters(names: list[str]) -> Iterator[str]:
    """By account, state and days, sorted, and turned."""
    yield from (
        "",
        "page=2",
        "page=9999",
        "state=open",
        "state=ties",
        "state=differs",
        "sort=amount",
        "sort=-gap",
    )
    yield from (f"account={name}" for name in names)
    yield f"from={timezone.now().date() - timedelta(days=60)}"


def history_filters(names: list[str], keys: list[str]) -> Iterator[str]:
    """By account, person, verb, record and days."""
    yield from ("", "who=ada", "who=nobody", "verb=skip", "verb=try_again&who=grace")
    yield from (f"account={name}" for name in names)
    yield from (f"record={quote(key)}" for key in keys[:6])
    yield from (f"to={timezone.now().date() - timedelta(days=days)}" for days in (30, 200, 500))


def spread(model: type[Job] | type[MappedRecord] | type[Payout]) -> list[Any]:
    """Rows from the oldest to the newest."""
    first, last = (model.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
    steps = [first + (last - first) * step // (SPREAD - 1) for step in range(SPREAD)]
    found = (model.objects.filter(pk__lte=step).order_by("-pk").first() for step in steps)
    return [row for row in found if row]


def _to(name: str, *rest: object) -> str:
    return reverse(f"dashboard:{name}", args=rest)


def _with(name: str, *queries: str) -> list[str]:
    return [f"{_to(name)}?{query}" if query else _to(name) for query in queries]
