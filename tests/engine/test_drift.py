"""Drift: what somebody changes, voids, deletes or deposits in NetSuite is named, and clears when mended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector import tasks
from connector.engine import drift
from connector.models import Drift, MappedRecord
from connector.sandbox.netsuite.user import ref
from tests.dashboard.test_payouts import line_of as line_of_payout
from tests.dashboard.test_payouts import payout_of
from tests.factories import JobFactory, MappedRecordFactory, NetSuiteAccountFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)
Kind = Drift.Kind


def row_of(record_type: str) -> MappedRecord:
    return MappedRecord.objects.filter(record_type=record_type, state="mapped").order_by("pk").first()  # type: ignore[return-value]


def found(stage: Stage) -> list[tuple[str, str, str]]:
    """Kind, record and what differs of everything that a fresh look names."""
    check = drift.check(stage.account)
    assert (check.message, check.finished_at is not None) == ("", True)
    return [
        (one.kind, one.record.record_type, ", ".join(each["what"] for each in one.differences))
        for one in drift.open_drifts(stage.account)
    ]


def line_of(stage: Stage, deposit: dict[str, Any], *numbers: str) -> int:
    """A deposit that a person makes over these payments."""
    lines = [{"$": "DepositPayment", "deposit": True, "id": int(number)} for number in numbers]
    payments = {"$": "DepositPaymentList", "depositPayment": lines}
    return stage.world.netsuite.user.create("deposit", {**deposit, "paymentList": payments})


def paid_out_before(stage: Stage, payment: MappedRecord, deposit: int) -> None:
    """A payout over the payment that is booked in the NetSuite of before, under the number of `deposit`."""
    payout = payout_of(stage.account)
    line_of_payout(payout, external_id=payment.external_id)
    MappedRecordFactory.create(
        job=JobFactory.create(account=stage.account, subject=payout.payout_id, status="successful"),
        netsuite_account=NetSuiteAccountFactory.create(),
        record_type="deposit",
        internal_id=str(deposit),
    )


def bank(stage: Stage) -> dict[str, Any]:
    return {"account": ref(stage.account.bank_accounts["USD"])}


def test_books_that_nobody_touched_show_nothing_and_a_look_is_cheap_and_only_reads(stage: Stage) -> None:
    stage.play("daily_payout")
    stage.play("credit_note_with_refund")
    rows = MappedRecord.objects.filter(state="mapped")
    before = list(rows.order_by("pk").values()), stage.world.netsuite.writes

    first = drift.check(stage.account, seconds=0)
    assert first.finished_at is None  # cut off after one page
    assert 0 < first.checked < rows.count()
    second = drift.check(stage.account)

    assert (second.pk, second.checked, second.message) == (first.pk, rows.count(), "")
    assert drift.open_drifts(stage.account) == []
    assert 0 < second.calls < 15
    assert (list(rows.order_by("pk").values()), stage.world.netsuite.writes) == before


def test_a_changed_date_is_named_and_clears_when_it_is_put_back(stage: Stage) -> None:
    stage.play("subscription_invoice_paid")
    user, invoice = stage.world.netsuite.user, row_of("invoice")
    shown = user.show("invoice", invoice.internal_id)
    user.edit("invoice", invoice.internal_id, {"tranDate": shown["tranDate"].replace(day=20)})
    assert found(stage) == [(Kind.CHANGED, "invoice", "date")]
    (one,) = drift.open_drifts(stage.account)
    assert one.differences == [{"what": "date", "ours": "2026-11-02", "theirs": "2026-11-20"}]

    user.edit("invoice", invoice.internal_id, {"tranDate": shown["tranDate"]})
    assert found(stage) == []
    one.refresh_from_db()
    assert one.settled_at is not None


def test_a_second_look_keeps_the_first_sight(stage: Stage) -> None:
    stage.play("standalone_charge")
    payment = row_of("customerPayment")
    stage.world.netsuite.user.edit("customerPayment", payment.internal_id, {"payment": Decimal("1.00")})
    assert found(stage) == [(Kind.CHANGED, "customerPayment", "amount")]
    first = Drift.objects.get()
    assert found(stage) == [(Kind.CHANGED, "customerPayment", "amount")]
    again = Drift.objects.get()
    assert again.first_seen == first.first_seen
    assert again.last_seen > first.last_seen


def test_a_payment_taken_off_its_invoice_is_named_until_it_is_applied_again(stage: Stage) -> None:
    stage.play("subscription_invoice_paid")
    payment, invoice = row_of("customerPayment"), row_of("invoice")
    user = stage.world.netsuite.user

    def apply(*, on: bool) -> None:
        line = {"$": "CustomerPaymentApply", "apply": on, "doc": int(invoice.internal_id)}
        amount = {"amount": payment.amount} if on else {}
        applied = {"$": "CustomerPaymentApplyList", "apply": [{**line, **amount}]}
        user.edit("customerPayment", payment.internal_id, {"applyList": applied})

    apply(on=False)
    assert payment.job is not None
    running = JobFactory.create(account=stage.account, subject=payment.job.subject, status="running")
    assert found(stage) == []
    running.delete()
    assert found(stage) == [(Kind.CHANGED, "customerPayment", f"applied to invoice {invoice.external_id}")]
    apply(on=True)
    assert found(stage) == []


@pytest.mark.parametrize(
    ("done", "named"), [("delete", (Kind.DELETED, "record")), ("void", (Kind.VOIDED, "amount"))]
)
def test_a_deleted_or_voided_record_is_named(stage: Stage, done: str, named: tuple[str, str]) -> None:
    stage.play("standalone_charge")
    getattr(stage.world.netsuite.user, done)("customerPayment", row_of("customerPayment").internal_id)
    assert found(stage) == [(named[0], "customerPayment", named[1])]


def test_an_inactive_customer_is_named_and_clears(stage: Stage) -> None:
    stage.play("standalone_charge")
    customer, user = row_of("customer"), stage.world.netsuite.user
    user.deactivate("customer", customer.internal_id)
    assert found(stage) == [(Kind.CHANGED, "customer", "state")]
    user.edit("customer", customer.internal_id, {"isInactive": False})
    assert found(stage) == []


def test_a_payment_deposited_by_hand_is_named_with_its_deposit_and_clears(stage: Stage) -> None:
    stage.play("standalone_charge")
    payment = row_of("customerPayment")
    deposit = line_of(stage, bank(stage), payment.internal_id)
    paid_out_before(stage, payment, deposit)
    assert found(stage) == [(Kind.DEPOSITED, "customerPayment", "deposit")]
    (one,) = drift.open_drifts(stage.account)
    assert f"deposit {deposit}" in one.differences[0]["theirs"]

    stage.world.netsuite.user.delete("deposit", deposit)
    assert found(stage) == []


@pytest.mark.rule("PO-11")
def test_what_a_person_deposits_for_a_payout_made_by_hand_is_right(stage: Stage) -> None:
    stage.play("manual_payout")
    payment = row_of("customerPayment")
    fees = {"$": "DepositCashBack", "account": ref(stage.account.payment_fees_account)}
    kept = {"$": "DepositCashBackList", "depositCashBack": [{**fees, "amount": Decimal("200.00")}]}
    line_of(stage, {**bank(stage), "cashBackList": kept}, payment.internal_id)  # 700.00, of which 500.00
    assert found(stage) == []


def test_customers_that_were_merged_and_linked_are_no_drift(stage: Stage) -> None:
    stage.play("standalone_charge")
    lost, user = row_of("customer"), stage.world.netsuite.user
    kept = user.create(
        "customer", {"companyName": "Merged into", "subsidiary": ref(stage.account.subsidiary)}
    )
    user.merge_customers(lost.internal_id, kept)
    assert {what for _, what, _ in found(stage)} == {"customer", "customerPayment"}

    entry = {"at": "", "by": "alice", "why": "", "before": lost.internal_id, "after": str(kept)}
    MappedRecord.objects.filter(pk=lost.pk).update(internal_id=str(kept), exchanged=[entry])
    assert found(stage) == []


def test_a_look_at_a_netsuite_that_is_away_says_so_and_finds_nothing(stage: Stage) -> None:
    stage.play("standalone_charge")
    stage.account.netsuite_account.netsuite_base_url = "http://127.0.0.1:9/netsuite"
    stage.account.netsuite_account.save()
    check = drift.check(stage.account)
    assert check.finished_at is None
    assert check.message
    assert drift.open_drifts(stage.account) == []


def test_the_nightly_task_looks_at_each_account_once_a_night(stage: Stage) -> None:
    stage.play("standalone_charge")
    stage.world.netsuite.user.void("customerPayment", row_of("customerPayment").internal_id)
    assert tasks.check_books() == 1
    assert tasks.check_books_of(stage.account.pk) == "finished"
    assert [one.kind for one in drift.open_drifts(stage.account)] == [Kind.VOIDED]
    assert tasks.check_books() == 0
