"""Pausing: an account stands still, for a person's reason, and nothing is lost.

    pause    Stripe's messages are taken in and kept as ever; no job and no past records begin
    resume   what waited is rung for

What is in hand when the pause begins ends as it would have. Comparisons go on: they only read.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connector.engine import audit, jobs, past_records
from connector.engine.actions import Stale
from connector.models import Job, StripeAccount
from connector.models.audit import Verb


def pause(account: StripeAccount, *, who: str, why: str, seen: int) -> None:
    """Begin nothing more of the account from now on. Raises Stale, also when it is paused already."""
    with transaction.atomic():
        row = _held(account, seen)
        if row.paused_at is not None:
            raise Stale
        row.paused_at, row.paused_by, row.pause_reason = timezone.now(), who, why
        _save(row)
        audit.record(who, Verb.PAUSE, account=row, subject=row.name, reason=why)


def resume(account: StripeAccount, *, who: str, seen: int) -> int:
    """Go on, and ring for what waited; returns how many jobs were rung. Raises Stale, as `pause` does."""
    with transaction.atomic():
        row = _held(account, seen)
        if row.paused_at is None:
            raise Stale
        before = {"paused_at": row.paused_at, "paused_by": row.paused_by, "reason": row.pause_reason}
        row.paused_at, row.paused_by, row.pause_reason = None, "", ""
        _save(row)
        audit.record(who, Verb.RESUME, account=row, subject=row.name, before=before)
        past_records.wake(row)
        return _wake(row)


def _held(account: StripeAccount, seen: int) -> StripeAccount:
    # Not its key, which news that comes in asks for last, when it has the job that is rung for here.
    row = StripeAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if row.pause_version != seen:
        raise Stale
    return row


def _save(row: StripeAccount) -> None:
    row.pause_version += 1
    row.save(update_fields=["paused_at", "paused_by", "pause_reason", "pause_version"])


def _wake(account: StripeAccount) -> int:
    """The rings of the pause were heard in vain: ring anew, the first at once and the rest by the clock."""
    now = timezone.now()
    due = Q(status=Job.Status.READY, run_after__lte=now)
    lost = Q(status=Job.Status.RUNNING, lease_expires_at__lt=now)
    rung = Job.objects.filter(due | lost, account=account, enqueued_at__gt=now - jobs.RING_AGAIN)
    rung.update(enqueued_at=None)
    return jobs.sweep()
