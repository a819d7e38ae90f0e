"""Actions: what a person does to records that need somebody, to one or to many, with ten seconds to undo.

    try again   needs you -> waiting, but nobody begins before the ten seconds are over
    allow       the same, with a decision for each payment that holds only after the ten seconds
    date anew   the same, with a decision for each document of a closed period
    settle      needs you -> skipped at once; what waits for it looks again after the ten seconds
    undo        back to what each record was; of records that news from Stripe has set going meanwhile, not

A page names the version of the records that it showed. If one of them has changed since, nothing is
done to any of them: so a button pressed twice, or by two people, acts once. Duplicate payments are
allowed one by one, so of them only those that have changed are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from connector.engine import audit, decisions, jobs, settlements
from connector.models import Action, Job, Settlement, StripeAccount
from connector.models.audit import Verb

UNDO = timedelta(seconds=10)
READY, SKIPPED = Job.Status.READY, Job.Status.SKIPPED
VERB_OF = {Settlement.Kind.SKIPPED: Verb.SKIP, Settlement.Kind.BY_HAND: Verb.BY_HAND}
DECIDED = (Verb.ALLOW_DUPLICATE, Verb.NEXT_OPEN_PERIOD)
"""What leaves decisions, which approvers alone can make or undo."""
BEGINS_LATER = (Verb.TRY_AGAIN, *DECIDED)
"""What is done only when the ten seconds are over."""
T = TypeVar("T", int, str)
AT_ONCE = 1000
"""Rows in one statement."""


class Stale(Exception):
    """A record has changed since the page was drawn; nothing was done."""


class TooLate(Exception):
    """The ten seconds are over."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records are as they were, and how many had begun already."""

    back: int
    begun: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A second payment as a page showed it: the job that asks about it, that job's version, the charge."""

    job: int
    seen: str
    charge: str


def version(chosen: Iterable[Job]) -> str:
    """The version of records that a page shows: which they are, how each stands, its last run."""
    text = "\n".join(f"{job.pk}.{job.status}.{job.fence}" for job in sorted(chosen, key=lambda job: job.pk))
    return hashlib.sha256(text.encode()).hexdigest()


def already(seen: str) -> Action | None:
    """What was done to exactly the records that a page showed, if it stands."""
    return Action.objects.filter(seen=seen, undone_at=None).order_by("-pk").first()


def try_again(chosen: Collection[int], seen: str, *, who: str) -> Action:
    """Run the records again in ten seconds; what a person settled outside is taken back. Raises Stale."""
    return _begin_later(Verb.TRY_AGAIN, chosen, seen, who=who)


def date_anew(chosen: Collection[int], seen: str, *, who: str, why: str) -> Action:
    """Have records of a closed period dated in the next open one, ten seconds from now. Raises Stale."""
    return _begin_later(Verb.NEXT_OPEN_PERIOD, chosen, seen, who=who, why=why)


def _begin_later(verb: Verb, chosen: Collection[int], seen: str, *, who: str, why: str = "") -> Action:
    now = timezone.now()
    start = now + UNDO + jobs.CLOCK_SLACK
    try:
        with transaction.atomic():
            taken = _taken(chosen, seen)
            action = _begun(taken, verb, seen, now, who=who, why=why)
            if verb == Verb.NEXT_OPEN_PERIOD:
                if action.code != decisions.PERIOD_CLOSED:
                    raise Stale
                decisions.date_anew(taken, action, start)
            settlements.end(action.account, _subjects(taken), now)
            for some in _parts([job.pk for job in taken]):
                _put_off(some, now, start)
            jobs.ring_later([job.pk for job in taken], start)
            _tell(taken, action, {"status": READY.value})
    except IntegrityError:  # news from Stripe has made a job for one of them at this moment
        raise Stale from None
    return action


def allow(pairs: Collection[Pair], *, who: str, why: str) -> tuple[Action, list[Pair]]:
    """Let second payments come over unapplied, ten seconds from now; who, why and when are kept of each.

    Returns the action and the pairs that were left out, because they have changed since they were shown,
    or belong to another account or cause than the first. Raises Stale when that are all of them.
    """
    now = timezone.now()
    start = now + UNDO + jobs.CLOCK_SLACK
    try:
        with transaction.atomic():
            asked = _asked(pairs)
            if not asked:
                raise Stale
            taken = [job for job, _ in asked]
            action = _begun(taken, Verb.ALLOW_DUPLICATE, version(taken), now, who=who, why=why)
            for job, charges in asked:
                for charge in charges:
                    decisions.allow(job, charge, action, start)
            _put_off([job.pk for job in taken], now, start)
            jobs.ring_later([job.pk for job in taken], start)
    except IntegrityError:  # news from Stripe has made a job for one of them at this moment
        raise Stale from None
    allowed = {(job.pk, charge) for job, charges in asked for charge in charges}
    return action, [pair for pair in pairs if (pair.job, pair.charge) not in allowed]


def settle(
    chosen: Collection[int], seen: str, kind: Settlement.Kind, *, who: str, why: str, internal_id: str = ""
) -> Action:
    """Leave the records out of the books from now on, for a person's reason. Raises Stale."""
    now = timezone.now()
    with transaction.atomic():
        taken = _taken(chosen, seen)
        action = _begun(taken, VERB_OF[kind], seen, now, who=who, why=why)
        settlements.end(action.account, _subjects(taken), now)
        made = [
            Settlement(
                account=job.account,
                subject=job.subject,
                job=job,
                kind=kind,
                internal_id=internal_id,
                who=who,
                why=why,
                decided_at=now,
            )
            for job in taken
        ]
        Settlement.objects.bulk_create(made, batch_size=AT_ONCE)
        text = settlements.words(made[0])
        for some in _in_parts(taken):
            some.update(
                status=SKIPPED,
                code="entered_by_hand" if kind == Settlement.Kind.BY_HAND else "skipped_by_person",
                message=text,
                finished_at=now,
                updated_at=now,
            )
        _have_looked_at(action.account, _subjects(taken), now + UNDO + jobs.CLOCK_SLACK)
        _tell(taken, action, {"status": SKIPPED.value, "as": kind.value, "internal_id": internal_id})
    return action


def undo(pk: int, *, who: str) -> Undone:
    """Put each record back as it was. Raises TooLate. Pressed twice it does nothing more."""
    now = timezone.now()
    with transaction.atomic():
        action = Action.objects.select_for_update(of=("self",)).select_related("account").get(pk=pk)
        if action.undone_at is not None:
            return Undone(0, 0)
        if now > action.undo_until:
            raise TooLate
        was = {one["job"]: one for one in action.jobs}
        back = [job for some in _parts(list(was)) for job in _held(action, some)]
        for job in back:
            job.status, job.message = was[job.pk]["was"], was[job.pk]["message"]
            job.code, job.enqueued_at, job.updated_at = action.code, None, now
        Job.objects.bulk_update(back, ["status", "code", "message", "enqueued_at", "updated_at"], AT_ONCE)
        _give_back(action, _subjects(back), now)
        for subject in sorted(job.subject for job in back if not job.newest):
            jobs.enqueue(action.account, subject)  # a later run has ended by what is undone here
        action.undone_at, action.undone_by = now, who
        action.save(update_fields=["undone_at", "undone_by"])
        told = decisions.withdraw(action, now, who=who) if action.verb in DECIDED else set()
        if action.verb != Verb.ALLOW_DUPLICATE:  # that is told of its payments, not of their documents
            _tell_undone([job for job in back if job.subject not in told], action)
    return Undone(len(back), len(was) - len(back))


def _taken(chosen: Collection[int], seen: str) -> list[Job]:
    """The records, locked, as the page showed them. Raises Stale."""
    rows = Job.objects.select_for_update(of=("self",)).filter(pk__in=chosen, status__in=Job.OPEN)
    taken = list(rows.select_related("account").order_by("pk"))
    if not taken or version(taken) != seen or len({(job.account_id, job.code) for job in taken}) > 1:
        raise Stale
    return taken


def _begun(taken: Sequence[Job], verb: Verb, seen: str, now: datetime, *, who: str, why: str = "") -> Action:
    return Action.objects.create(
        account=taken[0].account,
        code=taken[0].code,
        verb=verb,
        who=who,
        why=why,
        made_at=now,
        undo_until=now + UNDO,
        seen=seen,
        jobs=[
            {"job": job.pk, "subject": job.subject, "was": job.status, "message": job.message}
            for job in taken
        ],
    )


def _tell(taken: Sequence[Job], action: Action, after: dict[str, str]) -> None:
    for job in taken:
        audit.record(
            action.who,
            Verb(action.verb),
            account=action.account,
            subject=job.subject,
            reason=action.why,
            before={"status": job.status, "code": job.code},
            after=after,
        )


def _tell_undone(back: Iterable[Job], action: Action) -> None:
    for job in back:
        after = {"status": job.status}
        audit.record(action.undone_by, Verb.UNDO, account=action.account, subject=job.subject, after=after)


def _asked(pairs: Collection[Pair]) -> list[tuple[Job, list[str]]]:
    """The jobs, locked, that still ask about these charges as they were shown, with those charges."""
    rows = Job.objects.select_for_update(of=("self",)).filter(pk__in={pair.job for pair in pairs})
    found: list[tuple[Job, list[str]]] = []
    for job in rows.select_related("account").order_by("pk"):
        chosen = {pair.charge for pair in pairs if (pair.job, pair.seen) == (job.pk, version([job]))}
        charges = [one for one in decisions.asked_of(job) if one in chosen]
        first = found[0][0] if found else job
        is_like = (job.account_id, job.code) == (first.account_id, first.code)
        if charges and is_like and not _has_news(job):
            found.append((job, charges))
    return found


def _has_news(job: Job) -> bool:
    """Whether a newer job of the same document is on its way."""
    return Job.objects.filter(account=job.account_id, subject=job.subject, pk__gt=job.pk).exists()


def _put_off(pks: Collection[int], now: datetime, start: datetime) -> None:
    """Have the jobs run, but not before `start`."""
    Job.objects.filter(pk__in=pks).update(
        status=READY, run_after=start, enqueued_at=start, tries=0, delayed_since=None, updated_at=now
    )


def _held(action: Action, pks: list[int]) -> QuerySet[Job]:
    """Those of an action's records that stand as it left them."""
    rows = Job.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    if action.verb in BEGINS_LATER:
        return rows.filter(status=READY, run_after=action.undo_until + jobs.CLOCK_SLACK)
    return rows.filter(status=SKIPPED)


def _give_back(action: Action, subjects: Collection[str], now: datetime) -> None:
    """The settlements that were in force before, and not those of the action."""
    for some in _parts(list(subjects)):
        rows = Settlement.objects.filter(account=action.account, subject__in=some)
        rows.filter(decided_at=action.made_at, ended_at=None).update(ended_at=now)
        rows.filter(ended_at=action.made_at).update(ended_at=None)


def _have_looked_at(account: StripeAccount, subjects: Collection[str], moment: datetime) -> None:
    """Have what waits for these looked at no later than `moment`; the sweep rings."""
    for some in _parts(list(subjects)):
        waiting = Job.objects.filter(account=account, status=READY, waiting_for__in=some)
        waiting.update(run_after=Least("run_after", Value(moment)))


def _subjects(taken: Iterable[Job]) -> list[str]:
    return [job.subject for job in taken]


def _in_parts(taken: Sequence[Job]) -> Iterable[QuerySet[Job]]:
    return (Job.objects.filter(pk__in=some) for some in _parts([job.pk for job in taken]))


def _parts(rows: list[T]) -> Iterable[list[T]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
