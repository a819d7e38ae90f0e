"""The life of a job: ready, running, then one of four ends.

Every change of status is one conditional UPDATE. If it changes no row, another
worker was first, and we walk away. django-q2 is only the doorbell: a ring that is
lost costs a minute, because the sweep rings again for everything that is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task

from connector.engine import audit
from connector.engine.inserting import insert
from connector.models import Attempt, Job, Settlement, StripeAccount
from connector.models.audit import Verb

RING_AGAIN = timedelta(minutes=5)
"""A ring older than this is taken for lost."""
RING_AGAIN_IN_A_CROWD = timedelta(hours=1)
"""Likewise while so many rings wait that it may only wait its turn, and one more makes the wait longer."""
CLOCK_SLACK = timedelta(seconds=2)
"""The machine that rang may be ahead of ours by so much; a ring must not be lost to that."""
SWEEP_BATCH = 1000
MOST_CUT_OFF = 5
"""Runs in a row that never ended: a job that kills its workers must not do so for ever."""
MAKE_DUE = """
    ON CONFLICT (account_id, subject) WHERE status = 'ready' DO UPDATE SET
        run_after = CASE WHEN kept.run_after < excluded.run_after
            THEN kept.run_after ELSE excluded.run_after END,
        enqueued_at = CASE WHEN kept.enqueued_at >= %s THEN kept.enqueued_at ELSE excluded.enqueued_at END,
        waiting_for = ''
"""
"""The subject has a ready job: make it due, never later than it was. A ring still to be heard is enough.

Django cannot name a conditional constraint as a conflict's target. What changes stands in no index
as a rule, which spares the database the rewriting of all of them.
"""
IS_PAUSED = Exists(StripeAccount.objects.filter(pk=OuterRef("account"), paused_at__isnull=False))
"""Whether a row's account stands still for now (`pausing`)."""
READY, RUNNING, SKIPPED = Job.Status.READY, Job.Status.RUNNING, Job.Status.SKIPPED


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run of a job ends: its new status, why, and what is to be kept of it."""

    status: Job.Status
    code: str = ""
    message: str = ""
    problems: list[dict[str, str]] = field(default_factory=list)
    delay: timedelta | None = None
    waiting_for: str = ""
    uses_try: bool = True
    part_of: list[str] = field(default_factory=list)


def enqueue(account: StripeAccount, subject: str, *, wake: bool = True) -> Job:
    """Make sure that `subject` will be looked at from now on, and ring. Call it inside a transaction.

    With `wake` off nobody is rung: the caller runs the job itself.

    One statement: a new ready job, or the one that is ready already, made due. It
    holds that row until the caller commits, so a worker that takes the job at the same
    moment either sees what is new, or leaves us a new job to make. An older job that
    asks a person something is settled when this one ends.
    """
    now = timezone.now()
    job = Job(
        account=account, subject=subject, run_after=now, enqueued_at=now, created_at=now, updated_at=now
    )
    lost, moment = (connection.ops.adapt_datetimefield_value(one) for one in (now - RING_AGAIN, now))
    job.pk, unheard = insert(job, MAKE_DUE, "id, enqueued_at = %s", (lost, moment))
    if wake and unheard:
        ring(job.pk)
    return job


def enqueue_all(account: StripeAccount, subjects: Iterable[str], *, wake: bool = True) -> list[Job]:
    """`enqueue` each subject, in a transaction of its own: nobody waits for one while holding another."""
    return [_enqueued(account, subject, wake=wake) for subject in sorted(subjects)]


@transaction.atomic
def _enqueued(account: StripeAccount, subject: str, *, wake: bool) -> Job:
    return enqueue(account, subject, wake=wake)


class Bell(ORM):  # type: ignore[misc]
    """django-q2's own broker, ringing with one plain statement: now, or `later`."""

    later: datetime | None = None

    def enqueue(self, task: str) -> int:
        """Put a signed task into the queue's table; returns its number."""
        moment = self.later or timezone.now()
        return int(insert(OrmQ(key=self.list_key, payload=task, lock=moment), returning="id")[0])


@cache
def _bell() -> Bell:
    """One for each process: it looks at the database when it is made."""
    return Bell()


def ring(pk: int) -> None:
    """Wake a worker for a job; in the same transaction as the job's own change."""
    async_task("connector.tasks.run_job", pk, broker=_bell())


def ring_later(pks: Iterable[int], moment: datetime) -> None:
    """Wake workers for these jobs at `moment`."""
    bell = Bell()
    bell.later = moment
    for pk in pks:
        async_task("connector.tasks.run_job", pk, broker=bell)


def lease(pk: int, owner: str) -> Job | None:
    """Take a job that is due, or whose holder did not come back; None when it is not ours to take.

    Of an account that is paused nothing is: its jobs stay as they are until it is resumed.
    """
    now = timezone.now()
    due = Q(status=READY, run_after__lte=now + CLOCK_SLACK) | Q(status=RUNNING, lease_expires_at__lt=now)
    try:
        with transaction.atomic():
            taken = Job.objects.filter(due, ~IS_PAUSED, pk=pk).update(
                status=RUNNING,
                fence=F("fence") + 1,
                lease_owner=owner,
                lease_expires_at=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
                enqueued_at=None,
                updated_at=now,
            )
            if not taken:
                return None
            job = Job.objects.select_related("account__netsuite_account").get(pk=pk)
            Attempt.objects.create(job=job, fence=job.fence, worker=owner)
    except IntegrityError:  # another job of the same subject is running; finishing, it rings for this one
        return None
    return job


def is_deadly(job: Job) -> bool:
    """Whether the last runs of the job, before this one, all ended without an end."""
    earlier = job.attempts.exclude(fence=job.fence).order_by("-fence").values_list("outcome", flat=True)
    last = list(earlier[:MOST_CUT_OFF])
    return len(last) == MOST_CUT_OFF and not any(last)


def renew(job: Job) -> bool:
    """Hold the job a while longer; False when it was taken from us: then nothing more may be written."""
    now = timezone.now()
    expires = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    return bool(_held(job).update(lease_expires_at=expires, updated_at=now))


def is_in_hand(job: Job) -> bool:
    """Whether somebody works on the job's document at this moment, in this job or a later one."""
    same = Job.objects.filter(account=job.account_id, subject=job.subject, status=RUNNING)
    return same.exists()


def finish(job: Job, ending: Ending, **kept: Any) -> bool:
    """End this run. `kept` goes onto its Attempt. False when the lease was lost: then nothing is changed."""
    with transaction.atomic():
        _hold_subject(job)
        _lock_next_up(job)
        if not _close(job, ending):
            return False
        Attempt.objects.filter(job=job, fence=job.fence).update(
            finished_at=timezone.now(),
            outcome=ending.status,
            code=ending.code,
            message=ending.message,
            **kept,
        )
        if ending.status != READY:
            _supersede_others(job)
        _wake(job, Q(subject=job.subject, run_after__lte=timezone.now() + CLOCK_SLACK))
    if ending.status in (Job.Status.SUCCESSFUL, SKIPPED):
        _wake(job, Q(waiting_for=job.subject))
    if ending.waiting_for:
        _wake_if_settled_meanwhile(job, ending.waiting_for)
    return True


def retry(job: Job, *, who: str = "") -> bool:
    """Run a job again that waits for a person; False when it is on its way already.

    `who` is the person that asked for it, which the audit keeps; empty when nobody did. A person's wish
    ends what a person settled outside before.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            _hold_subject(job)
            opened = Job.objects.filter(pk=job.pk, status__in=Job.OPEN).update(
                status=READY, run_after=now, enqueued_at=now, tries=0, delayed_since=None, updated_at=now
            )
            if opened:
                ring(job.pk)
            if opened and who:
                before = {"status": job.status, "code": job.code}
                audit.record(who, Verb.TRY_AGAIN, account=job.account, subject=job.subject, before=before)
                settled = Settlement.objects.filter(account=job.account, subject=job.subject, ended_at=None)
                settled.update(ended_at=now)
    except IntegrityError:  # news from Stripe has made a job for the same subject
        return False
    return bool(opened)


def sweep() -> int:
    """Ring for every job that is due and was not rung lately, and for every lease that ran out.

    Not for those of accounts that are paused: nobody could take them, and they would keep the others out.
    Nor for those that somebody has in hand at this moment: it waits for nobody with so many in its own.
    """
    now = timezone.now()
    is_crowded = OrmQ.objects.count() >= SWEEP_BATCH
    lost_after = RING_AGAIN_IN_A_CROWD if is_crowded else RING_AGAIN
    unheard = Q(enqueued_at=None) | Q(enqueued_at__lt=now - lost_after)
    due = Q(status=READY, run_after__lte=now) & unheard
    lost = Q(status=RUNNING, lease_expires_at__lt=now) & unheard
    with transaction.atomic():
        waiting = list(
            Job.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(due | lost, ~IS_PAUSED)
            .order_by("run_after")
            .values_list("pk", flat=True)[:SWEEP_BATCH]
        )
        Job.objects.filter(pk__in=waiting).update(enqueued_at=now)
        for pk in waiting:
            ring(pk)
    return len(waiting)


def _hold_subject(job: Job) -> None:
    """Let nobody else end a job of the subject, make one, or retry one until this transaction is over.

    Whoever makes a job holds it as well: the database does that itself (migration 0018). SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (job.account_id, job.subject))


def _lock_next_up(job: Job) -> None:
    """Lock the subject's next job before this one is closed.

    A worker that takes the next job at this moment holds its row and waits for ours to close: if we
    then waited for its row, the database would end one of the two.
    """
    rows = Job.objects.filter(account=job.account_id, subject=job.subject, status=READY)
    list(rows.select_for_update().values_list("pk", flat=True))


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, fence=job.fence, status=RUNNING)


def _close(job: Job, ending: Ending) -> int:
    now = timezone.now()
    again = ending.status == READY
    change = {
        "status": ending.status,
        "code": ending.code,
        "message": ending.message,
        "problems": ending.problems,
        "waiting_for": ending.waiting_for,
        "part_of": ending.part_of,
        "run_after": now + (ending.delay or timedelta()),
        "tries": F("tries") + int(ending.uses_try) if again else 0,
        "delayed_since": Coalesce("delayed_since", now if ending.uses_try else None) if again else None,
        "finished_at": None if again else now,
        "lease_expires_at": None,
        "lease_owner": "",
        "enqueued_at": None,
        "updated_at": now,
    }
    try:
        with transaction.atomic():
            return int(_held(job).update(**change))
    except IntegrityError:  # news came in mid-run and made a ready job: this one gives way to it
        superseded = {"status": SKIPPED, "code": "superseded", "waiting_for": "", "finished_at": now}
        return int(_held(job).update(**{**change, **superseded}))


def _wake_if_settled_meanwhile(job: Job, parent: str) -> None:
    """Ring for a job that began to wait for what was settled between its look and its going to sleep.

    Whoever settles it from now on finds the job waiting, and rings.
    """
    began = Attempt.objects.values_list("started_at", flat=True).get(job=job, fence=job.fence)
    settled = Job.objects.filter(
        account=job.account_id,
        subject=parent,
        status__in=(Job.Status.SUCCESSFUL, SKIPPED),
        finished_at__gte=began,
    )
    if not settled.exists():
        return
    now = timezone.now()
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, status=READY, fence=job.fence, waiting_for=parent)
        if waiting.update(run_after=now, enqueued_at=now, waiting_for=""):
            ring(job.pk)


def _supersede_others(job: Job) -> None:
    """What another job of the same subject asked of a person, this later run has settled or asks itself."""
    now = timezone.now()
    others = Job.objects.filter(account=job.account_id, subject=job.subject, status__in=Job.OPEN)
    others.exclude(pk=job.pk).update(status=SKIPPED, code="superseded", finished_at=now, updated_at=now)


def _wake(job: Job, whom: Q) -> None:
    """Ring for whoever waited: the subject's next job, or, once it is settled, those that wait for it.

    One by one, for others hold several of these, in an order of their own.
    """
    now = timezone.now()
    waiting = Job.objects.filter(whom, account=job.account_id, status=READY).exclude(pk=job.pk)
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            if Job.objects.filter(pk=pk, status=READY).update(run_after=now, enqueued_at=now):
                ring(pk)
