"""Settlements: what a person settled outside the connector, and what later runs make of it.

While one is in force its document is not written, whoever rings for it:

    a payout, the clock, a command  -> skipped again, as it was decided
    news from Stripe                -> needs a person: the decision was made without it
    another document's plan         -> needs a person: it would bring the same records

A person who tries again, or takes the decision back, ends it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from connector.engine import audit, jobs
from connector.engine.jobs import Ending
from connector.errors import NeedsAttention
from connector.models import Job, Settlement, StripeAccount
from connector.models.audit import Verb
from connector.translation.plan import Plan

BY_HAND = Settlement.Kind.BY_HAND
CODES = frozenset(Settlement.Kind.values)
"""The codes of jobs that a person settled outside."""


class NotSettled(Exception):
    """No decision of a person is in force there any more."""


def in_force(account: StripeAccount, subjects: Collection[str]) -> dict[str, Settlement]:
    """The settlements of `subjects` that are in force, by subject."""
    if not subjects:
        return {}
    found = Settlement.objects.filter(account=account, subject__in=subjects, ended_at=None)
    return {one.subject: one for one in found}


def words(settlement: Settlement) -> str:
    """`alice entered it by hand in NetSuite (4471): paid by check.`"""
    named = f" ({settlement.internal_id})" if settlement.internal_id else ""
    deed = f"entered it by hand in NetSuite{named}" if settlement.kind == BY_HAND else "skipped it"
    return f"{settlement.who} {deed}: {settlement.why}"


# What a run makes of it


def ending_of(job: Job) -> Ending | None:
    """How a run of a settled document ends; None if it is not settled. Raises NeedsAttention for news."""
    found = in_force(job.account, [job.subject]).get(job.subject)
    if found is None:
        return None
    _keep_summary(job, found)
    if found.news_at or _has_news(job, [found]):
        text = f"{words(found)} Stripe has told us something of it since, and nothing was written."
        raise NeedsAttention("settled_outside_has_news", text)
    is_by_hand = found.kind == BY_HAND
    return Ending(Job.Status.SKIPPED, "entered_by_hand" if is_by_hand else "skipped_by_person", words(found))


def hear_of_roots(job: Job, roots: Collection[str]) -> None:
    """News of a document that is booked with settled ones is news of those."""
    found = in_force(job.account, roots)
    if found:
        _has_news(job, found.values())


def refuse_settled(plan: Plan, job: Job) -> None:
    """Raises NeedsAttention when the plan of one document would write another that a person settled."""
    keys = {planned.record.external_id for planned in plan.records} - {job.subject}
    found = in_force(job.account, keys)
    if found:
        told = "; ".join(f"{one.subject}: {words(one)}" for one in found.values())
        raise NeedsAttention("holds_settled_outside", f"It would bring what a person settled. {told}")


def _has_news(job: Job, settlements: Iterable[Settlement]) -> bool:
    """Whether Stripe rang for the job and the decision was made without it; kept until one is made anew."""
    last = job.events.order_by("-received_at").values_list("received_at", flat=True).first()
    old = [one.pk for one in settlements if last and (last > one.decided_at or _was_unread(job, one))]
    Settlement.objects.filter(pk__in=old).update(news_at=timezone.now())
    return bool(old)


def _was_unread(job: Job, settlement: Settlement) -> bool:
    """Whether the job waited with its news, and had come to no end, when a person settled another one."""
    if job.created_at > settlement.decided_at:
        return False
    ended = job.attempts.filter(finished_at__lte=settlement.decided_at).exclude(outcome=Job.Status.READY)
    return not ended.exists()


def _keep_summary(job: Job, settlement: Settlement) -> None:
    """Stripe is not asked for a settled document, so its words come from the job that was settled."""
    names = ("title", "customer_name", "amount", "currency")
    kept = {name: getattr(settlement.job, name) for name in names}
    Job.objects.filter(pk=job.pk).update(**kept)


# What a person does


def end(account: StripeAccount, subjects: Collection[str], moment: datetime) -> None:
    """End the settlements of `subjects`, because a person decided anew at `moment`."""
    Settlement.objects.filter(account=account, subject__in=subjects, ended_at=None).update(ended_at=moment)


def take_back(job: Job, *, who: str, why: str) -> Job:
    """End the decision of a person and have the document brought. Raises NotSettled, if pressed twice too."""
    with transaction.atomic():
        new = jobs.enqueue(job.account, job.subject)  # first, as everybody holds jobs before settlements
        rows = Settlement.objects.select_for_update().filter(
            account=job.account, subject=job.subject, ended_at=None
        )
        settlement = rows.first()
        if settlement is None:
            raise NotSettled
        rows.update(ended_at=timezone.now())
        audit.record(
            who,
            Verb.TAKE_UP,
            account=job.account,
            subject=job.subject,
            reason=why,
            before={"settled": words(settlement)},
            after={"status": new.status},
        )
    return new
