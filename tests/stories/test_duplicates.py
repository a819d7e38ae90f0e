"""Payments of an invoice that is paid already: refused, let over unapplied, or mended, in every order."""

from __future__ import annotations

from typing import Any

import pytest

from connector.engine import actions, decisions
from connector.models import Action, Decision, Job, MappedRecord, StripeAccount
from connector.sandbox.stories.till import Ledger, charged, paid_out
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

REFUSED = ("duplicate_payment", "netsuite_invoice_paid_twice")
Record = dict[str, Any]


def payments(stage: Stage) -> list[Record]:
    """The customer payments in the books, by number."""
    records: list[Record] = stage.world.netsuite.books()["records"]
    return sorted((one for one in records if one["type"] == "customerPayment"), key=lambda one: one["number"])


def waiting(stage: Stage) -> Job:
    """The one record that asks something of a person."""
    return Job.objects.get(status=Job.Status.NEEDS_ATTENTION)


def press(job: Job, charge_id: str) -> Action:
    """Allow a duplicate as the page does; it can be undone for ten seconds."""
    pair = actions.Pair(job.pk, actions.version([job]), charge_id)
    action, left = actions.allow([pair], who="alice", why="Paid twice; refunded in Stripe.")
    assert left == []
    return action


def allow(stage: Stage, job: Job, charge_id: str) -> None:
    """The same, and nobody undoes it."""
    press(job, charge_id)
    stage.ten_seconds_pass()


@pytest.mark.rule("CH-17", "CH-18", "CH-19")
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("ids_in_stripe")
def test_a_second_payment_is_refused_until_a_person_lets_it_over_unapplied(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    with stage.step_by_step():
        stage.play(name)
    job = waiting(stage)
    assert job.code == "invoice_already_paid"
    assert len(payments(stage)) == 1
    (second,) = decisions.asked_of(job)
    assert second != payments(stage)[0]["external_id"]

    allow(stage, waiting(stage), second)
    stage.settle()

    expect_books(stage, name, request)
    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    _, alone = payments(stage)
    assert (alone["external_id"], alone["unapplied"]) == (second, alone["total"])
    assert alone["memo"].startswith("Stripe Payment Error: could not apply to invoice ")
    assert stage.world.stripe.store.get("charge", second)["metadata"]["netsuite_allow_duplicate"] == "true"
    assert Decision.objects.get().noted == "done"
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-18", "CH-19")
def test_where_the_account_allows_duplicates_nobody_is_asked(stage: Stage) -> None:
    StripeAccount.objects.update(allow_duplicate_payments=True)
    with stage.step_by_step():
        stage.play("duplicate_payment")

    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    assert [one["unapplied"] for one in payments(stage)] == ["0.00", "275.00"]
    second_pass_writes_nothing(stage)
    StripeAccount.objects.update(allow_duplicate_payments=False)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-17", "CH-19", "PO-7")
def test_the_payout_waits_for_a_refused_payment_and_goes_on_once_it_is_allowed(stage: Stage) -> None:
    mark = stage.world.stripe.bank.mark()
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    payout = paid_out(stage.world, "usd", mark)
    stage.settle()
    waits = Job.objects.filter(subject=payout).latest("pk")
    refused = Job.objects.get(code="invoice_already_paid")
    assert waits.status != Job.Status.SUCCESSFUL
    assert refused.subject in waits.message

    allow(stage, refused, refused.subject)
    stage.settle()
    stage.bring(payout)

    assert Job.objects.filter(subject=payout).latest("pk").status == Job.Status.SUCCESSFUL
    assert {one["deposited_on"] is None for one in payments(stage)} == {False}
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-17")
def test_when_the_first_payment_is_taken_off_in_netsuite_the_second_pays_the_invoice(stage: Stage) -> None:
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    first = MappedRecord.objects.get(record_type="customerPayment", state="mapped")
    nothing = {"$": "CustomerPaymentApplyList", "apply": [], "@replaceAll": True}
    stage.world.netsuite.user.edit("customerPayment", first.internal_id, {"applyList": nothing})

    stage.bring(waiting(stage).subject)

    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    assert sorted(one["unapplied"] for one in payments(stage)) == ["0.00", "88.00"]
    assert not Decision.objects.exists()


@pytest.mark.rule("CH-H2", "CH-17")
def test_two_charges_race_for_one_invoice_and_one_of_them_wins(stage: Stage) -> None:
    ledger = Ledger(stage.world, "Ochre Lane Pottery")
    invoice, _ = ledger.invoice("88.00")
    for _ in range(2):
        charged(stage.world, 8_800, metadata={"netsuite_invoice_id": str(invoice)})
    stage.settle()

    assert waiting(stage).code == "invoice_already_paid"
    (won,) = payments(stage)
    assert (won["total"], won["unapplied"]) == ("88.00", "0.00")
    second_pass_writes_nothing(stage)


def test_a_decision_is_asked_for_once_and_only_while_something_waits(stage: Stage) -> None:
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    job = waiting(stage)
    with pytest.raises(actions.Stale):
        press(job, payments(stage)[0]["external_id"])
    press(job, job.subject)
    with pytest.raises(actions.Stale):
        press(job, job.subject)
    assert Decision.objects.count() == 1

    stage.ten_seconds_pass()
    stage.settle()
    job.refresh_from_db()
    assert decisions.asked_of(job) == []


@pytest.mark.parametrize("change", [{"status": Job.Status.RUNNING}, {"fence": 9}])
def test_a_decision_on_what_has_moved_on_is_refused_and_none_is_kept(stage: Stage, change: Any) -> None:
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    seen = waiting(stage)
    Job.objects.filter(pk=seen.pk).update(**change)
    with pytest.raises(actions.Stale):
        press(seen, seen.subject)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("is_undone", [False, True])
@pytest.mark.usefixtures("ids_in_stripe")
def test_news_from_stripe_books_no_duplicate_while_it_can_be_undone(stage: Stage, is_undone: bool) -> None:
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    job = waiting(stage)
    action = press(job, job.subject)
    stage.world.stripe.post(f"/v1/charges/{job.subject}", description="The payer has written to us.")
    stage.settle()
    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.READY, "decision_can_be_undone")
    assert len(payments(stage)) == 1
    if is_undone:
        assert actions.undo(action.pk, who="bob") == actions.Undone(back=0, begun=1)

    stage.ten_seconds_pass()
    stage.settle()

    assert len(payments(stage)) == (1 if is_undone else 2)
    assert Job.objects.filter(status=Job.Status.NEEDS_ATTENTION).exists() is is_undone
    marked = "netsuite_allow_duplicate" in stage.world.stripe.store.get("charge", job.subject)["metadata"]
    assert marked is not is_undone
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-19")
def test_a_decision_holds_while_stripe_does_not_take_the_mark(stage: Stage) -> None:
    StripeAccount.objects.update(write_ids_to_stripe=False)
    with stage.step_by_step():
        stage.play("netsuite_invoice_paid_twice")
    job = waiting(stage)
    allow(stage, job, job.subject)
    stage.settle()

    assert [one["unapplied"] for one in payments(stage)] == ["0.00", "88.00"]
    assert "netsuite_allow_duplicate" not in stage.world.stripe.store.get("charge", job.subject)["metadata"]
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-18", "RF-1", "K10")
def test_a_duplicate_that_is_refunded_in_stripe_needs_no_memo(stage: Stage) -> None:
    with stage.step_by_step():
        stage.play("duplicate_payment")
    job = waiting(stage)
    (second,) = decisions.asked_of(job)
    allow(stage, job, second)
    stage.settle()
    stage.world.stripe.post("/v1/refunds", charge=second)
    stage.settle()

    books = stage.world.netsuite.books()["records"]
    assert [one["total"] for one in books if one["type"] == "customerRefund"] == ["275.00"]
    assert not [one for one in books if one["type"] == "creditMemo"]
    assert [one["unapplied"] for one in payments(stage)] == ["0.00", "0.00"]
    second_pass_writes_nothing(stage)
