"""What a person allowed is told to Stripe: later where it cannot be now, and never where it is not wanted."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from connector.engine import actions, decisions, doors, pausing
from connector.errors import RetryLater
from connector.models import Decision, Job, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.till import charged
from connector.translation.duplicate import ALLOW_KEY
from tests.factories import AttemptFactory, JobFactory, StripeAccountFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ids_in_stripe")]


def allowed(account: StripeAccount, charge: str) -> Decision:
    """A decision that holds, and is due to be told."""
    needs = Job.Status.NEEDS_ATTENTION
    job = JobFactory.create(account=account, subject=charge, status=needs, code="invoice_already_paid")
    pair = actions.Pair(job.pk, actions.version([job]), charge)
    actions.allow([pair], who="alice", why="Paid twice.")
    decisions.of_job(job)  # at the end of a run within the ten seconds: it may still be undone
    due()
    return Decision.objects.get(stripe_id=charge)


def due() -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Decision.objects.filter(noted="due").update(note_after=long_ago, holds_from=long_ago)


def test_what_breaks_off_while_stripe_is_told_is_told_again_in_two_minutes(
    sandbox: Server, account: StripeAccount, settings: Any
) -> None:
    decision = allowed(account, charged(sandbox.world, 8_800))
    keys, settings.CREDENTIAL_KEYS = settings.CREDENTIAL_KEYS, [secrets.token_urlsafe(32)]
    assert decisions.sweep() == 1
    settings.CREDENTIAL_KEYS = keys
    decision.refresh_from_db()
    assert (decision.noted, decision.note_refusal) == ("due", "")
    assert decision.note_after is not None
    assert 0 < (decision.note_after - timezone.now()).total_seconds() <= 120


@pytest.mark.parametrize(
    ("fault", "minutes"), [({"stripe_api_base": "http://127.0.0.1:9"}, 15), ("POST charges", 60)]
)
def test_what_stripe_cannot_be_told_now_is_told_later(
    sandbox: Server, account: StripeAccount, fault: Any, minutes: int
) -> None:
    charge = charged(sandbox.world, 8_800)
    decision = allowed(account, charge)
    base = account.stripe_api_base
    if isinstance(fault, dict):
        StripeAccount.objects.update(**fault)
    else:
        sandbox.world.stripe.withheld.add(fault)
    assert decisions.sweep() == 1
    decision.refresh_from_db()
    assert not sandbox.world.stripe.get(f"/v1/charges/{charge}")["metadata"]
    assert (decision.noted, bool(decision.note_refusal)) == ("due", True)
    assert decision.note_after is not None
    assert 0 <= minutes - (decision.note_after - timezone.now()).total_seconds() / 60 < 1

    StripeAccount.objects.update(stripe_api_base=base)
    sandbox.world.stripe.withheld.clear()
    assert decisions.sweep() == 0
    due()
    assert decisions.sweep() == 1
    decision.refresh_from_db()
    assert (decision.noted, decision.note_refusal) == ("done", "")
    assert sandbox.world.stripe.get(f"/v1/charges/{charge}")["metadata"] == {ALLOW_KEY: "true"}


def test_a_paused_account_is_told_nothing_and_one_that_switched_it_off_never_is(
    sandbox: Server, account: StripeAccount
) -> None:
    charge = charged(sandbox.world, 8_800)
    allowed(account, charge)
    pausing.pause(account, who="alice", why="NetSuite moves.", seen=0)
    assert decisions.sweep() == 0
    pausing.resume(account, who="alice", seen=1)
    StripeAccount.objects.update(write_ids_to_stripe=False)
    assert decisions.sweep() == 1
    assert (Decision.objects.get().noted, Decision.objects.get().note_after) == ("", None)
    account.refresh_from_db()
    other = charged(sandbox.world, 8_800)
    allowed(account, other)
    assert Decision.objects.get(stripe_id=other).noted == ""
    assert not sandbox.world.stripe.get(f"/v1/charges/{charge}")["metadata"]


def test_that_it_can_be_undone_is_said_for_ten_seconds_alone(account: StripeAccount) -> None:
    needs = Job.Status.NEEDS_ATTENTION
    job = JobFactory.create(account=account, subject="ch_1", status=needs, code="invoice_already_paid")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        actions.allow([actions.Pair(job.pk, actions.version([job]), "ch_1")], who="alice", why="Paid twice.")
        assert decisions.still_undoable(job)
        clock.shift(timedelta(seconds=13))
        assert decisions.still_undoable(job) is None


@pytest.mark.parametrize(
    ("status", "code", "asked"),
    [
        (Job.Status.NEEDS_ATTENTION, "amount_differs", ["ch_refused"]),
        (Job.Status.NEEDS_ATTENTION, "period_closed", []),
        (Job.Status.FAILED, "amount_differs", []),
        (Job.Status.READY, "amount_differs", []),
    ],
)
def test_what_can_be_allowed_is_the_payment_that_was_refused_for_being_one_too_many(
    account: StripeAccount, status: str, code: str, asked: list[str]
) -> None:
    job = JobFactory.create(account=account, status=status, code=code)
    records = [
        {"stripe_id": f"ch_{state}", "type": "customerPayment", "state": state}
        for state in ("written", "refused", "planned")
    ]
    records.append({"stripe_id": job.subject, "type": "invoice", "state": "refused"})
    AttemptFactory.create(job=job, plan={"records": records})
    assert decisions.asked_of(job) == asked


def test_a_decision_is_heard_of_its_own_account_and_not_while_it_can_be_undone(
    sandbox: Server, account: StripeAccount
) -> None:
    charge = doors.stripe_client(account).fetch_charge(charged(sandbox.world, 8_800))
    needs = Job.Status.NEEDS_ATTENTION
    job = JobFactory.create(account=account, subject=charge.id, status=needs, code="invoice_already_paid")
    actions.allow([actions.Pair(job.pk, actions.version([job]), charge.id)], who="alice", why="Paid twice.")
    with pytest.raises(RetryLater) as told:
        decisions.heard(account, charge)
    assert told.value.code == "decision_can_be_undone"
    due()
    assert decisions.heard(account, charge).metadata[ALLOW_KEY] == "true"
    twin = StripeAccountFactory.create(netsuite_account=account.netsuite_account)
    assert decisions.heard(twin, charge) == charge
