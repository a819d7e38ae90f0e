"""What happened to a job, in five steps that every reader knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connector.failures import describe
from connector.models import Attempt, Event, Job, MappedRecord
from dashboard import figures

WRITES = ("add", "update", "upsert", "delete", "void")
"""How the names of NetSuite's writing operations begin."""

MARKS = {
    "done": ("✓", "Done"),
    "now": ("↻", "Now"),
    "stopped": ("●", "Stopped here"),
    "ahead": ("○", "To come"),
}
"""The shape of each state of a step, and the same in words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its state is done, now, stopped or ahead."""

    title: str
    state: str
    detail: str = ""
    moment: datetime | None = None

    @property
    def mark(self) -> str:
        """The step's shape."""
        return MARKS[self.state][0]

    @property
    def mark_words(self) -> str:
        """The shape, for whoever cannot see it."""
        return MARKS[self.state][1]


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether a step was reached, when, and its title before and after."""

    reached: bool
    before: str
    after: str
    moment: datetime | None
    detail: str = ""

    def done(self) -> Step:
        """The step as something that happened."""
        return Step(self.after, "done", self.detail, self.moment)


def story(
    job: Job, events: Sequence[Event], attempts: Sequence[Attempt], records: Sequence[MappedRecord]
) -> tuple[Step, ...]:
    """Five steps from Stripe's message to NetSuite; the job stands at the first that was not reached."""
    facts = _facts(job, events, attempts, records)
    gap = next((place for place, fact in enumerate(facts) if not fact.reached), len(facts))
    past = tuple(fact.done() for fact in facts[:gap])
    if gap == len(facts):
        return past
    if job.status == Job.Status.SKIPPED:
        return (*past, Step("Skipped on purpose", "done", describe(job.code).title, job.finished_at))
    if job.status in Job.OPEN:
        here = Step(facts[gap].before, "stopped", describe(job.code).title, job.finished_at)
    else:
        here = Step(facts[gap].before, "now")
    return (*past, here, *(Step(fact.before, "ahead") for fact in facts[gap + 1 :]))


def _facts(
    job: Job, events: Sequence[Event], attempts: Sequence[Attempt], records: Sequence[MappedRecord]
) -> tuple[Fact, ...]:
    booked = job.status == Job.Status.SUCCESSFUL
    planned = [attempt for attempt in attempts if attempt.plan.get("records")]
    sent = [attempt for attempt in attempts if _has_written(attempt)]
    return (
        _heard(job, events),
        Fact(bool(attempts) or booked, "Look it up in Stripe", "We looked it up in Stripe", _start(attempts)),
        Fact(
            bool(planned) or booked,
            "Work out the entries",
            "We worked out the entries",
            _start(planned),
            figures.counted(len(planned[-1].plan["records"]), "record", "records") if planned else "",
        ),
        Fact(
            bool(sent) or booked,
            "Send it to NetSuite",
            "We sent it to NetSuite" if sent else "Nothing had to be sent",
            _start(sent),
        ),
        Fact(booked, "Not in NetSuite yet", "It is in NetSuite", job.finished_at, _there(records)),
    )


def _heard(job: Job, events: Sequence[Event]) -> Fact:
    if not events:
        return Fact(True, "", "Somebody asked for it here", job.created_at)
    more = len(events) - 1
    detail = f"{figures.counted(more, 'more message', 'more messages')} since" if more else ""
    return Fact(True, "", "Stripe told us about it", min(event.received_at for event in events), detail)


def _has_written(attempt: Attempt) -> bool:
    return any(str(exchange.get("operation", "")).startswith(WRITES) for exchange in attempt.exchanges)


def _start(attempts: Sequence[Attempt]) -> datetime | None:
    return attempts[-1].started_at if attempts else None


def _there(records: Sequence[MappedRecord]) -> str:
    there = sum(record.state == MappedRecord.State.MAPPED for record in records)
    return figures.counted(there, "record", "records") if there else ""
