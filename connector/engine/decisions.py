"""Decisions: a person allows what the rules refuse; Stripe is told of a duplicate payment (CH-19).

    page: who, why -> decision kept -> ten seconds -> charge planned as if it were marked -> job ends
                            undone  -> withdrawn                       the mark is written in Stripe

A person presses the button in `actions`. While the decision can be undone it counts for nothing: a run
that meets it waits. The booking rests on the decision itself and never waits for Stripe. The mark goes
there so that it still holds for whoever syncs the charge later; a write that fails is repeated by the
sweep.

The other kind has a document of a closed period dated in the next open one (K18). It stays with us.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from connector.engine import audit, doors
from connector.errors import NeedsAttention, RetryLater, Verdict
from connector.models import Action, Attempt, Decision, Job, MappedRecord, StripeAccount
from connector.models.audit import Verb
from connector.stripe.objects import Charge, InvoicePayment
from connector.translation.duplicate import ALLOW_KEY

log = structlog.get_logger("suitesync.engine")
Noted = MappedRecord.Noted
DUPLICATE, NEXT_OPEN = Decision.Kind.ALLOW_DUPLICATE, Decision.Kind.NEXT_OPEN_PERIOD
PERIOD_CLOSED = "period_closed"
"""The code of a job whose document can be dated in the next open period."""
ASKED = ("invoice_already_paid", "amount_differs", "applied_too_much")
"""The codes of a job that a duplicate can be allowed for."""
PATIENCE, BUSY, NOT_ALLOWED = timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1)
SWEEP_BATCH = 200


def asked_of(job: Job, last: Attempt | None = None) -> list[str]:
    """The charges of a job for which a duplicate could be allowed now, by Stripe id.

    `last` is the job's newest attempt, where it is at hand.
    """
    last = last or job.attempts.order_by("-pk").first()
    return asked_of_all([job], [last] if last else []).get(job.pk, [])


def asked_of_all(found: Collection[Job], attempts: Iterable[Attempt]) -> dict[int, list[str]]:
    """The same of many jobs, by their keys, with the newest attempt of each; one look for all of them."""
    last = {attempt.job_id: attempt for attempt in attempts}
    asking = [job for job in found if job.status == Job.Status.NEEDS_ATTENTION and job.code in ASKED]
    charges = {job.pk: _refused(job, last.get(job.pk)) for job in asking}
    made = _made([one for some in charges.values() for one in some])
    allowed = set(made.values_list("account_id", "stripe_id"))
    left = {
        job.pk: [one for one in charges[job.pk] if (job.account_id, one) not in allowed] for job in asking
    }
    return {pk: some for pk, some in left.items() if some}


def _refused(job: Job, last: Attempt | None) -> list[str]:
    """The charges whose payment the last run could not write."""
    planned = last.plan.get("records", []) if last else []
    if not planned and job.subject.startswith(("ch_", "py_")):
        return [job.subject]
    return [
        one["stripe_id"] for one in planned if one["type"] == "customerPayment" and one["state"] == "refused"
    ]


def of_charge(account: StripeAccount, charge_id: str) -> Decision | None:
    """What people have decided of a charge, unless it was withdrawn."""
    return _made([charge_id]).filter(account=account).select_related("action").first()


def still_undoable(job: Job) -> Decision | None:
    """What somebody decided at a record within the last ten seconds."""
    made = Decision.objects.filter(job=job, withdrawn_at=None, holds_from__gt=timezone.now())
    return made.select_related("action").first()


def allow(job: Job, charge_id: str, action: Action, holds_from: datetime) -> Decision:
    """Let a charge come over unapplied from a moment on, as one of an action's; inside its transaction."""
    due = job.account.write_ids_to_stripe
    decision = Decision.objects.create(
        account=job.account,
        kind=DUPLICATE,
        stripe_id=charge_id,
        job=job,
        action=action,
        who=action.who,
        why=action.why,
        decided_at=action.made_at,
        holds_from=holds_from,
        noted=Noted.DUE if due else Noted.NOT,
        note_after=holds_from if due else None,
    )
    before = {"status": job.status, "code": job.code}
    audit.record(
        action.who,
        Verb.ALLOW_DUPLICATE,
        account=job.account,
        subject=charge_id,
        reason=action.why,
        before=before,
        after={"status": Job.Status.READY.value},
    )
    return decision


def date_anew(chosen: Collection[Job], action: Action, holds_from: datetime) -> None:
    """Have documents dated in the next open period from a moment on; inside the action's transaction.

    A decision of this kind that stands already goes on standing.
    """
    made = [
        Decision(
            account=job.account,
            kind=NEXT_OPEN,
            stripe_id=job.subject,
            job=job,
            action=action,
            who=action.who,
            why=action.why,
            decided_at=action.made_at,
            holds_from=holds_from,
        )
        for job in chosen
    ]
    Decision.objects.bulk_create(made, ignore_conflicts=True)


def withdraw(action: Action, moment: datetime, *, who: str) -> set[str]:
    """Take back what an action allowed, before it holds; inside the transaction of the undo.

    Returns of which Stripe ids that was written down.
    """
    standing = action.decisions.filter(withdrawn_at=None)
    taken_back = list(standing)
    for decision in taken_back:
        audit.record(
            who,
            Verb.UNDO,
            account=action.account,
            subject=decision.stripe_id,
            before={"allowed_by": decision.who},
            after={"withdrawn": True},
        )
    standing.update(withdrawn_at=moment, withdrawn_by=who, noted=Noted.NOT, note_after=None)
    return {decision.stripe_id for decision in taken_back}


def heard(account: StripeAccount, charge: Charge) -> Charge:
    """The charge with what people have decided of it, as if its metadata said so. Raises RetryLater."""
    return _marked(charge) if _in_force(DUPLICATE, account, [charge.id]) else charge


def heard_of(account: StripeAccount, payments: tuple[InvoicePayment, ...]) -> tuple[InvoicePayment, ...]:
    """The payments of an invoice, likewise; one look for all of them. Raises RetryLater."""
    allowed = _in_force(DUPLICATE, account, [one.charge.id for one in payments if one.charge])
    return tuple(
        replace(one, charge=_marked(one.charge)) if one.charge and one.charge.id in allowed else one
        for one in payments
    )


def is_dated_anew(account: StripeAccount, subject: str) -> bool:
    """Whether a person has a document of a closed period dated in the next open one. Raises RetryLater."""
    return bool(_in_force(NEXT_OPEN, account, [subject]))


def _in_force(kind: Decision.Kind, account: StripeAccount, about: Collection[str]) -> set[str]:
    """Raises RetryLater while one can still be undone: news from Stripe must not book it before that."""
    made = Decision.objects.filter(account=account, kind=kind, stripe_id__in=about, withdrawn_at=None)
    found, now = dict(made.values_list("stripe_id", "holds_from")), timezone.now()
    if found and (begins := max(found.values())) > now:
        text = "A person has just decided about it, and may still undo that."
        raise RetryLater("decision_can_be_undone", text, delay=begins - now)
    return set(found)


def _marked(charge: Charge) -> Charge:
    return replace(charge, metadata={**charge.metadata, ALLOW_KEY: "true"})


def _made(charges: Collection[str]) -> QuerySet[Decision]:
    return Decision.objects.filter(kind=DUPLICATE, stripe_id__in=charges, withdrawn_at=None)


# Telling Stripe


def of_job(job: Job) -> None:
    """Write what a job that has ended left due. Raises nothing."""
    _write(
        Decision.objects.filter(job__subject=job.subject, account=job.account, note_after__lte=timezone.now())
    )


def sweep() -> int:
    """Write what nobody has written for a while; returns how many were looked at. Raises nothing."""
    due = Decision.objects.filter(note_after__lte=timezone.now() - PATIENCE)
    return _write(due.filter(account__paused_at=None))


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
