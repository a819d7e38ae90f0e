"""How a job stands, in the words of finance: a shape, a word, and the time of what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connector.models import Drift, Job, MappedRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """What a chip shows. `tone` is ok, wait, bad, info or rest; `until` is the moment of the next try."""

    word: str
    tone: str
    shape: str
    until: datetime | None = None


ENDED = {
    Job.Status.SUCCESSFUL: Standing("In NetSuite", "ok", "✓"),
    Job.Status.SKIPPED: Standing("Skipped", "rest", "–"),
    Job.Status.NEEDS_ATTENTION: Standing("Needs you", "bad", "●"),
    Job.Status.FAILED: Standing("Needs an engineer", "bad", "▲"),
}
WORKING = Standing("Working", "info", "↻")
WAITING = Standing("Waiting", "wait", "○")
WAITING_FOR_ANOTHER = Standing("Waiting for another record", "wait", "○")
CHECKING = Standing("Checking whether it arrived", "wait", "?")


def standing(job: Job, *, unconfirmed: bool, now: datetime) -> Standing:
    """The standing of `job`; `unconfirmed` says that one of its writes got no answer."""
    if ended := ENDED.get(Job.Status(job.status)):
        return ended
    if job.status == Job.Status.RUNNING:
        return WORKING
    if unconfirmed:
        return CHECKING
    if job.waiting_for:
        return WAITING_FOR_ANOTHER
    if job.code and job.run_after > now:
        return Standing("Trying again at", "wait", "○", until=job.run_after)
    return WAITING


def speaks(job: Job, now: datetime) -> bool:
    """Whether the job's code still says why it stands so; of a job that is tried again it tells the past.

    A successful job with a code is booked, and somebody should know more (K25).
    """
    if not job.code or job.status == Job.Status.RUNNING:
        return False
    return job.status != Job.Status.READY or job.run_after > now


RECORD_SHAPES = {
    MappedRecord.State.INTENT: Standing("Being written", "info", "↻"),
    MappedRecord.State.UNCONFIRMED: CHECKING,
    MappedRecord.State.MAPPED: Standing("In NetSuite", "ok", "✓"),
    MappedRecord.State.REFUSED: Standing("Refused by NetSuite", "bad", "●"),
}


def altered_shape(drift: Drift) -> Standing:
    """`Changed in NetSuite`: of a record that somebody changed there by hand."""
    return Standing(f"{drift.get_kind_display()} in NetSuite", "bad", "●")


PLANNED_SHAPES = {
    "planned": Standing("Planned", "rest", "○"),
    "known": Standing("Was there already", "ok", "✓"),
    "written": Standing("In NetSuite", "ok", "✓"),
    "refused": Standing("Refused by NetSuite", "bad", "●"),
}


def seen(job: Job) -> str:
    """The version of a job that a page shows.

    Every run takes a new fence and every other change is one of status, so these two
    tell whether a button was drawn for the job as it stands now.
    """
    return f"{job.status}.{job.fence}"


def is_moving(job: Job) -> bool:
    """Whether the job can change without anybody doing something."""
    return job.status in (Job.Status.READY, Job.Status.RUNNING)
