"""Health as a text to hand on: figures, versions and codes, never a setting, a name or a credential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from connector.engine import vitals
from connector.engine.vitals import Backlog, Cluster, Planned, Runs, Slots, Tallies, Times
from connector.failures import Failure, describe
from connector.models import Job
from dashboard.standing import ENDED, WAITING, WORKING, Standing

STATES: dict[str, Standing] = {
    Job.Status.READY: WAITING,
    Job.Status.RUNNING: WORKING,
    **{status.value: standing for status, standing in ENDED.items()},
}
REFUSALS = {
    "unknown_account": "To an account that is not here",
    "no_signing_secret": "The account has no signing secret",
    "bad_signature": "The signature does not match",
    "stale": "The signature is too old",
    "too_large": "Larger than a message may be",
    "unreadable": "It broke off",
    "not_an_event": "Not an event of Stripe",
    "wrong_mode": "Test mode to a live account, or the other way round",
}
CLOCK = {
    "sweep": "Ring for what is due, each minute",
    "check_books": "Begin the nightly look and comparison, each hour",
    "mails": "Send the mails that are due, every five minutes",
}


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the page shows, read at one moment."""

    at: datetime
    clusters: list[Cluster]
    backlog: Backlog
    slots: list[Slots]
    runs: Runs
    answers: Times | None
    tallies: Tallies
    versions: list[tuple[str, str]]

    @property
    def is_well(self) -> bool:
        """Whether work goes on: somebody is there to do it, and does."""
        return bool(self.clusters) and not self.backlog.is_late

    @property
    def states(self) -> list[tuple[Standing, int]]:
        """What is not settled, in the words of the console, in the order of a record's life."""
        found = self.backlog.by_status
        return [(standing, found[status]) for status, standing in STATES.items() if status in found]

    @property
    def reasons(self) -> list[tuple[Failure, int]]:
        """Why the last runs ended badly."""
        return [(describe(code), count) for code, count in self.runs.codes.items()]

    @property
    def refused(self) -> list[tuple[str, int, datetime]]:
        """What was turned away at the door: why, how often, when last."""
        return [(REFUSALS.get(reason, reason), count, last) for reason, count, last in self.tallies.refused]

    @property
    def clock(self) -> list[tuple[str, Planned]]:
        """What is done by the clock, in words."""
        return [(CLOCK.get(one.name, one.name), one) for one in self.tallies.schedules]


def read() -> Health:
    """As it is now."""
    return Health(
        at=timezone.now(),
        clusters=vitals.clusters(),
        backlog=vitals.backlog(),
        slots=vitals.slots(),
        runs=vitals.runs(),
        answers=vitals.answers(),
        tallies=vitals.tallies(),
        versions=vitals.versions(),
    )


def diagnostics(now: Health) -> str:
    """The text, a line for each fact."""
    return "\n".join(_lines(now))


def _lines(now: Health) -> Iterator[str]:
    yield f"SuiteSync, {_moment(now.at)}"
    yield from (f"{name}: {version}" for name, version in now.versions)
    if not now.clusters:
        yield "no workers"
    for one in now.clusters:
        beat = _moment(one.beat) if one.beat else "none"
        yield (
            f"cluster {one.host} {one.pid}: {one.state}, {one.workers} workers, {one.in_hand} in hand, "
            f"up since {_moment(one.up_since)}, seen {_moment(one.seen)}, last task ended {beat}"
        )
    oldest = f", the oldest since {_moment(now.backlog.oldest)}" if now.backlog.oldest else ""
    yield f"due jobs: {now.backlog.due}{oldest}; rings: {now.tallies.rings}"
    yield from (f"jobs {status}: {count}" for status, count in sorted(now.backlog.by_status.items()))
    for number, held in enumerate(now.slots, start=1):
        shrunk = f", shrunk {_moment(held.shrunk_at)}" if held.shrunk_at else ""
        in_use = f"{held.in_use} of {held.allowed} slots in use, {held.ceiling} at most"
        yield f"NetSuite company {number}: {in_use}{shrunk}"
    yield f"last runs: {now.runs.count}, {now.runs.rate:.1f} % ended badly{_times(now.runs.times)}"
    yield from (f"  {code}: {count}" for code, count in now.runs.codes.items())
    yield f"NetSuite's answers:{_times(now.answers) or ' none'}"
    yield from (
        f"schedule {one.name}: next {_moment(one.next_run)}{', LATE' if one.is_late else ''}"
        for one in now.tallies.schedules
    )
    yield from (f"refused messages {reason}: {count}" for reason, count, _ in now.tallies.refused)


def _times(times: Times | None) -> str:
    if times is None:
        return ""
    middle, slow, longest = (f"{one:.2f}" for one in (times.middle, times.slow, times.longest))
    return f" middle {middle} s, slow {slow} s, longest {longest} s of {times.count}"


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
