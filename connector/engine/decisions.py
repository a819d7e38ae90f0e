"""Decisions: a person allows what the rules refuse, and Stripe is told of it (CH-19).

    page: who, why -> decision kept, job rung -> charge planned as if it were marked -> job ends
                                                              -> the mark is written in Stripe

The booking rests on the decision itself and never waits for Stripe. The mark goes there so that it
still holds for whoever syncs the charge later; a write that fails is repeated by the sweep.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from connector.engine import audit, doors, jobs
from connector.errors import NeedsAttention, RetryLater, Verdict
from connector.models import Attempt, Decision, Job, MappedRecord, StripeAccount
from connector.models.audit import Verb
from connector.stripe.objects import Charge, InvoicePayment
from connector.translation.duplicate import ALLOW_KEY

log = structlog.get_logger("suitesync.engine")
Noted = MappedRecord.Noted
DUPLICATE = Decision.Kind.ALLOW_DUPLICATE
ASKED = ("invoice_already_paid", "amount_differs", "applied_too_much")
"""The codes of a job that a duplicate can be allowed for."""
PATIENCE, BUSY, NOT_ALLOWED = timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1)
SWEEP_BATCH = 200


class NotAsked(Exception):
    """Nothing is to be decided there any more; the message says why."""


def asked_of(job: Job, last: Attempt | None = None) -> list[str]:
    """The charges of a job for which a duplicate could be allowed now, by Stripe id.

    `last` is the job's newest attempt, where it is at hand.
    """
    if job.status != Job.Status.NEEDS_ATTENTION or job.code not in ASKED:
        return []
    last = last or job.attempts.order_by("-pk").first()
    planned = last.plan.get("records", []) if last else []
    charges = [
        one["stripe_id"] for one in planned if one["type"] == "customerPayment" and one["state"] == "refused"
    ]
    if not planned and job.subject.startswith(("ch_", "py_")):
        charges = [job.subject]
    made = _allowed(job.account, charges)
    return [one for one in charges if one not in made]


def allow_duplicate(job: Job, charge_id: str, *, who: str, why: str) -> Decision:
    """Let a charge come over unapplied, and run its job again. Raises NotAsked. Twice is as once."""
    job.refresh_from_db()
    known = Decision.objects.filter(account=job.account, kind=DUPLICATE, stripe_id=charge_id).first()
    if known:
        return known
    if charge_id not in asked_of(job):
        raise NotAsked("The record has changed, and nothing is to be allowed there any more.")
    due = job.account.write_ids_to_stripe
    with transaction.atomic():
        decision, is_new = Decision.objects.get_or_create(
            account=job.account,
            kind=DUPLICATE,
            stripe_id=charge_id,
            defaults={
                "job": job,
                "who": who,
                "why": why,
                "noted": Noted.DUE if due else Noted.NOT,
                "note_after": timezone.now() if due else None,
            },
        )
        if is_new:
            audit.record(who, Verb.ALLOW_DUPLICATE, account=job.account, subject=charge_id, reason=why)
        if is_new and not jobs.retry(job):
            jobs.enqueue(job.account, job.subject)
    return decision


def heard(account: StripeAccount, charge: Charge) -> Charge:
    """The charge with what people have decided of it, as if its metadata said so."""
    if not _allowed(account, [charge.id]):
        return charge
    return replace(charge, metadata={**charge.metadata, ALLOW_KEY: "true"})


def heard_of(account: StripeAccount, payments: tuple[InvoicePayment, ...]) -> tuple[InvoicePayment, ...]:
    """The payments of an invoice, likewise; one look for all of them."""
    allowed = _allowed(account, [one.charge.id for one in payments if one.charge])
    return tuple(
        replace(one, charge=heard(account, one.charge)) if one.charge and one.charge.id in allowed else one
        for one in payments
    )


def _allowed(account: StripeAccount, charges: Collection[str]) -> set[str]:
    made = Decision.objects.filter(account=account, kind=DUPLICATE, stripe_id__in=charges)
    return set(made.values_list("stripe_id", flat=True))


# Telling Stripe


def of_job(job: Job) -> None:
    """Write what a job that has ended left due. Raises nothing."""
    _write(
        Decision.objects.filter(job__subject=job.subject, account=job.account, note_after__lte=timezone.now())
    )


def sweep() -> int:
    """Write what nobody has written for a while; returns how many were looked at. Raises nothing."""
    return _write(Decision.objects.filter(note_after__lte=timezone.now() - PATIENCE))


def _write(due: QuerySet[Decision]) -> int:
    decisions = list(due.filter(noted=Noted.DUE).select_related("account")[:SWEEP_BATCH])
    for decision in decisions:
        try:
            if _take(decision):
                _write_one(decision)
        except Exception:
            log.exception("decision not written to stripe", decision=str(decision))
    return len(decisions)


def _take(decision: Decision) -> bool:
    """Have it for a while, unless somebody else has taken it since it was read."""
    same = Decision.objects.filter(pk=decision.pk, noted=Noted.DUE, note_after=decision.note_after)
    return bool(same.update(note_after=timezone.now() + PATIENCE))


def _write_one(decision: Decision) -> None:
    if not decision.account.write_ids_to_stripe:
        _end(decision, Noted.NOT)
        return
    try:
        doors.stripe_client(decision.account).write_metadata(
            "charge",
            decision.stripe_id,
            {ALLOW_KEY: "true"},
            idempotency_key=f"suitesync-{decision.stripe_id}-{ALLOW_KEY}",
        )
    except RetryLater as verdict:
        _put_off(decision, verdict, BUSY)
    except NeedsAttention as verdict:
        _put_off(decision, verdict, NOT_ALLOWED)
    except Verdict as verdict:
        _end(decision, Noted.REFUSED, verdict.message)
    else:
        _end(decision, Noted.DONE)


def _end(decision: Decision, noted: Noted, refusal: str = "") -> None:
    Decision.objects.filter(pk=decision.pk, noted=Noted.DUE).update(
        noted=noted, note_after=None, note_refusal=refusal
    )


def _put_off(decision: Decision, verdict: Verdict, delay: timedelta) -> None:
    Decision.objects.filter(pk=decision.pk).update(
        note_after=timezone.now() + delay, note_refusal=verdict.message
    )
