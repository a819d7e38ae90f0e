"""Vitals: how this installation is, read from its tables and its cache; for machines and for engineers.

Nothing here is counted over all jobs or attempts: of those there may be millions.
"""

from __future__ import annotations

import platform
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q, Value
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.status import Stat

from connector.models import Attempt, Job, NetSuiteAccount, RefusedWebhook

OLDEST_DUE = timedelta(minutes=10)
"""A due job that waits for so long, while no job at all is taken, means that no worker works."""
RUNS = 1000
"""So many of the last runs are counted."""
TALKS = 40
"""Of so many of the last runs the exchanges with NetSuite are read: they are long."""
LATE = timedelta(minutes=5)
"""A schedule that is due for so long is not being kept."""
PACKAGES = ("Django", "django-q2", "stripe", "zeep", "psycopg", "gunicorn")


def beat_key(host: str, group: int) -> str:
    """The cache key of the moment at which a cluster last ended a task."""
    return f"worker-beat:{host}:{group}"


def conditions() -> list[tuple[str, bool]]:
    """What must be so for work to go on: the name of each condition, and whether it is met."""
    executor = MigrationExecutor(connection)
    long_ago = timezone.now() - OLDEST_DUE
    waiting = Q(status=Job.Status.READY, run_after__lt=long_ago)
    abandoned = Q(status=Job.Status.RUNNING, lease_expires_at__lt=long_ago)
    late = Job.objects.filter(waiting | abandoned, account__paused_at=None)
    newest = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
    is_working = newest is not None and newest > long_ago  # a long queue alone is no fault
    cache.set("readyz", 1, 10)
    return [
        ("migrations", not executor.migration_plan(executor.loader.graph.leaf_nodes())),
        ("cache", cache.get("readyz") == 1),
        ("workers", is_working or not late.exists()),
    ]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of one machine. `beat` is when they last ended a task, None if not within a day."""

    host: str
    pid: int
    state: str
    workers: int
    up_since: datetime
    seen: datetime
    beat: datetime | None
    in_hand: int


def clusters() -> list[Cluster]:
    """Every cluster that spoke of itself within the last seconds."""
    found = sorted(Stat.get_all(), key=lambda stat: (stat.host, stat.pid))
    beats = cache.get_many([beat_key(stat.host, stat.pid) for stat in found])
    return [
        Cluster(
            host=stat.host,
            pid=stat.pid,
            state=str(stat.status),
            workers=len(stat.workers),
            up_since=stat.tob,
            seen=stat.timestamp,
            beat=_moment(beats.get(beat_key(stat.host, stat.pid))),
            in_hand=stat.task_q_size + stat.done_q_size,
        )
        for stat in found
    ]


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not settled: jobs by status, those of them that are due, and since when the oldest is."""

    by_status: dict[str, int]
    due: int
    oldest: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether something due has waited for so long that nobody can be working."""
        return self.oldest is not None and self.oldest < timezone.now() - OLDEST_DUE


def backlog() -> Backlog:
    """What is not settled."""
    left = (Job.Status.READY, Job.Status.RUNNING, *Job.OPEN)
    due = Q(status=Job.Status.READY, run_after__lte=timezone.now(), account__paused_at=None)
    rows = Job.objects.filter(status__in=left).order_by().values_list("status")
    counted = list(
        rows.annotate(n=Count("pk"), due=Count("pk", filter=due), oldest=Min("run_after", filter=due))
    )
    return Backlog(
        by_status={status: count for status, count, *_ in counted},
        due=sum(count for *_, count, _ in counted),
        oldest=min((oldest for *_, oldest in counted if oldest), default=None),
    )


@dataclass(frozen=True, slots=True)
class Slots:
    """Requests to one NetSuite company: open now, allowed now, and at most."""

    name: str
    in_use: int
    allowed: int
    ceiling: int
    shrunk_at: datetime | None


def slots() -> list[Slots]:
    """Of each NetSuite company."""
    held = Q(leases__key__startswith="slot:", leases__expires_at__gt=timezone.now()) & ~Q(leases__holder="")
    found = NetSuiteAccount.objects.order_by("name").annotate(in_use=Count("leases", filter=held))
    return [
        Slots(
            one.name,
            one.in_use,
            min(one.slots_now or one.netsuite_concurrency, one.netsuite_concurrency),
            one.netsuite_concurrency,
            one.slots_shrunk_at,
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: the middle one, the one that five in a hundred exceed, and the longest; of so many."""

    count: int
    middle: float
    slow: float
    longest: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The last runs: how many, since when, how they ended, why not well, and how long they took."""

    count: int
    since: datetime | None
    outcomes: dict[str, int]
    codes: dict[str, int]
    times: Times | None

    @property
    def bad(self) -> int:
        """How many ended with a person, with an engineer, or not at all."""
        return sum(self.outcomes.get(one, 0) for one in (*Job.OPEN, ""))

    @property
    def rate(self) -> float:
        """Of a hundred, how many ended badly."""
        return 100 * self.bad / self.count if self.count else 0.0


def runs() -> Runs:
    """The last runs; one that is under way counts as none."""
    fields = ("outcome", "code", "started_at", "finished_at")
    going = Q(outcome="", job__status=Job.Status.RUNNING)
    rows = list(Attempt.objects.exclude(going).order_by("-pk").values_list(*fields)[:RUNS])
    return Runs(
        count=len(rows),
        since=rows[-1][2] if rows else None,
        outcomes=dict(Counter(outcome for outcome, *_ in rows)),
        codes=dict(Counter(code for outcome, code, *_ in rows if outcome in Job.OPEN).most_common(5)),
        times=_times([(ended - began).total_seconds() for *_, began, ended in rows if ended]),
    )


def answers() -> Times | None:
    """How long NetSuite took to answer, in the last runs; None if it was asked nothing."""
    last = Attempt.objects.exclude(exchanges=[]).order_by("-pk").values_list("exchanges", flat=True)[:TALKS]
    return _times([float(one["seconds"]) for exchanges in last for one in exchanges if one.get("seconds")])


def _times(seconds: Sequence[float]) -> Times | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return Times(len(ordered), ordered[last // 2], ordered[round(last * 0.95)], ordered[-1])


@dataclass(frozen=True, slots=True)
class Planned:
    """One of the clock's tasks, when it comes next, and whether it is kept."""

    name: str
    next_run: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Tallies:
    """What is done by the clock, what was turned away at the door and when last, and rings not heard yet."""

    schedules: tuple[Planned, ...]
    refused: tuple[tuple[str, int, datetime], ...]
    rings: int


def tallies() -> Tallies:
    """All three in one question to the database."""
    clock = Schedule.objects.order_by().values_list(Value("clock"), "name", "next_run", Value(0))
    door = RefusedWebhook.objects.order_by().values_list(Value("door"), "reason", "last_at", "count")
    rings = OrmQ.objects.order_by().values_list(Value("rings"), "key").annotate(Max("lock"), Count("pk"))
    rows = sorted(clock.union(door, rings, all=True))
    late = timezone.now() - LATE
    return Tallies(
        tuple(Planned(name, at, at < late) for kind, name, at, _ in rows if kind == "clock"),
        tuple((reason, count, at) for kind, reason, at, count in rows if kind == "door"),
        sum(count for kind, *_, count in rows if kind == "rings"),
    )


def versions() -> list[tuple[str, str]]:
    """What runs here."""
    found = [("Python", platform.python_version()), ("Database", _database())]
    for package in PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found


def _database() -> str:
    if isinstance(connection, PostgreSQL):
        connection.ensure_connection()
        number = connection.pg_version
        return f"PostgreSQL {number // 10000}.{number % 10000}"
    return f"SQLite {sqlite3.sqlite_version}"
