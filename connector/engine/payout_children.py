"""Payout children: how the records that a payout lacks are faring, told by their jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from connector.engine import settlements
from connector.failures import describe
from connector.models import Job, StripeAccount
from connector.translation.movement import subject_of

AT_ONCE = 1000
"""Subjects in one query."""
DEEPEST = 3
"""How often a document is handed on: a refund to its charge, that one to its invoice."""
UNDER_WAY = (Job.Status.READY, Job.Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Child:
    """A record that is missing, by external id, and the job that makes it; no status: there was none yet."""

    key: str
    subject: str
    status: str = ""
    code: str = ""
    message: str = ""
    ended_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether its job will still run."""
        return self.status in UNDER_WAY

    @property
    def is_stuck(self) -> bool:
        """Whether its job waits for a person."""
        return self.status in Job.OPEN

    @property
    def is_settled_outside(self) -> bool:
        """Whether a person skipped it or entered it by hand: nothing will bring it."""
        return self.status == Job.Status.SKIPPED and self.code in settlements.CODES

    def is_to_be_asked_for(self, again_after: timedelta) -> bool:
        """Whether nobody has looked at it yet, or its job ended a while ago and left no record."""
        if not self.status:
            return True
        ended = not (self.is_under_way or self.is_stuck or self.is_settled_outside)
        return ended and (self.ended_at is None or timezone.now() - self.ended_at > again_after)

    @property
    def words(self) -> str:
        """How it stands, for people."""
        if self.is_settled_outside:
            return self.message
        if self.is_stuck:
            return f"needs a person: {describe(self.code).title}"
        if self.is_under_way or not self.status:
            return "on its way"
        return describe(self.code).title if self.code else "ended without a record"


def of(account: StripeAccount, keys: Sequence[str]) -> list[Child]:
    """The children of these external ids, each with the job that books it, however often handed on."""
    subjects = {key: subject_of(key) for key in keys}
    latest = _latest(account, subjects.values())
    for _ in range(DEEPEST):
        handed_on = {job.part_of[0] for job in latest.values() if job.part_of}
        if not (new := handed_on - latest.keys()):
            break
        latest |= _latest(account, new)
    return [_child(key, subject, latest) for key, subject in subjects.items()]


def _child(key: str, subject: str, latest: dict[str, Job]) -> Child:
    job = latest.get(subject)
    for _ in range(DEEPEST):
        if job is None or not job.part_of or job.status in UNDER_WAY:
            break
        subject = str(job.part_of[0])
        job = latest.get(subject)
    if job is None:
        return Child(key, subject)
    return Child(key, subject, job.status, job.code, job.message, job.finished_at)


def _latest(account: StripeAccount, subjects: Iterable[str]) -> dict[str, Job]:
    """The newest job of each subject."""
    wanted, found = sorted(set(subjects)), {}
    for start in range(0, len(wanted), AT_ONCE):
        part = Job.objects.filter(account=account, subject__in=wanted[start : start + AT_ONCE])
        fields = ("subject", "status", "code", "message", "part_of", "finished_at")
        found.update({job.subject: job for job in part.only(*fields).order_by("pk")})
    return found
