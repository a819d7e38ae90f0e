"""Balance, voids, bad debts and credit notes, played through the wire, step by step and all at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.models import Attempt, Event, Job, MappedRecord
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

SETTLED = (
    "downgrade_to_balance_then_next_invoice",
    "balance_pays_one_line_and_several",
    "balance_left_over_pays_the_next_invoice",
    "invoice_voided",
    "invoice_voided_after_using_balance",
    "invoice_uncollectible",
    "given_up_after_all_attempts",
    "partly_paid_then_uncollectible",
    "paid_in_three_parts",
    "uncollectible_then_paid",
    "invoice_edited",
    "paid_out_of_band",
    "credit_note_on_open_invoice_then_paid",
    "credit_note_for_all_of_an_open_invoice",
    "credit_note_with_refund",
    "credit_note_linked_to_an_earlier_refund",
    "credit_note_out_of_band",
    "credit_note_to_balance",
    "credit_note_combined",
    "credit_note_custom_lines",
    "credit_note_without_lines",
)
ALSO_AT_ONCE = (
    "balance_pays_one_line_and_several",
    "partly_paid_then_uncollectible",
    "paid_in_three_parts",
    "uncollectible_then_paid",
    "credit_note_on_open_invoice_then_paid",
    "credit_note_to_balance",
    "credit_note_combined",
)
"""Whether it is told step by step or all at once at the end, the books are the same."""
ON_A_LATER_DAY = ("booked_invoice_voided", "booked_invoice_edited", "booked_invoice_uncollectible")
"""What becomes of `invoice_to_be_changed_later` after it was booked."""
ONLY_STEP_BY_STEP = ("invoice_voided", "invoice_voided_after_using_balance", "invoice_edited")
"""Told late, the void invoice never comes to NetSuite at all (UN-H1)."""
Record = dict[str, Any]


@pytest.mark.rule(
    "CB-2", "CB-3", "UN-2", "UN-7", "UN-H1", "ED-1", "CN-1", "CN-2", "CN-4", "CN-5", "CN-6", "CN-9", "CN-10"
)
@pytest.mark.parametrize("name", SETTLED)
def test_what_is_open_in_netsuite_is_what_stripe_says(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    with stage.step_by_step():
        stage.play(name)

    _stands_right(stage)
    expect_books(stage, name, request)
    second_pass_writes_nothing(stage)
    if name in ALSO_AT_ONCE:
        step_by_step = _facts(stage)
        _forget(stage)
        stage.play(name)
        _stands_right(stage)
        assert _facts(stage) == step_by_step


@pytest.mark.rule("UN-2", "UN-6", "UN-7", "UN-H1", "ED-1", "ED-H1", "K16")
@pytest.mark.parametrize("name", ON_A_LATER_DAY)
def test_a_booked_invoice_is_closed_by_a_memo_of_the_later_day(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.play("invoice_to_be_changed_later")
    expect_books(stage, "invoice_to_be_changed_later", request)

    stage.play(name)

    _stands_right(stage)
    expect_books(stage, name, request)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("UN-H1", "ED-1")
@pytest.mark.parametrize("name", ONLY_STEP_BY_STEP)
def test_a_void_invoice_that_comes_late_stays_outside(name: str, stage: Stage) -> None:
    stage.play(name)

    (void,) = [one["id"] for one in stage.world.stripe.store.all("invoice") if one["status"] == "void"]
    assert Job.objects.get(subject=void).code == "void_before_booking"
    assert void not in {record["external_id"] for record in _records(stage)}
    _stands_right(stage)


@pytest.mark.rule("UN-H1")
def test_a_void_invoice_that_only_netsuite_knows_is_taken_back(stage: Stage) -> None:
    """As after a restore of an old database: our map is empty, NetSuite's books are not."""
    with stage.step_by_step():
        stage.play("invoice_voided")
    memos = [record for record in _records(stage) if record["type"] == "creditMemo"]
    assert len(memos) == 1
    MappedRecord.objects.all().delete()

    stage.bring(Job.objects.filter(subject__startswith="in_").latest("pk").subject)

    assert [record for record in _records(stage) if record["type"] == "creditMemo"] == memos
    assert MappedRecord.objects.filter(record_type="creditMemo", found=True).exists()


@pytest.mark.rule("CN-1", "K3")
def test_the_memo_of_a_note_is_applied_by_a_later_write_when_the_invoice_is_paid(stage: Stage) -> None:
    seen: list[str] = []
    advance = stage.world.clock.advance

    def look_first(delta: timedelta) -> None:
        stage.settle()
        seen.extend(record["unapplied"] for record in _records(stage) if record["type"] == "creditMemo")
        advance(delta)

    stage.world.clock.advance = look_first  # type: ignore[method-assign]
    try:
        stage.play("credit_note_on_open_invoice_then_paid")
    finally:
        stage.world.clock.advance = advance  # type: ignore[method-assign]

    (memo,) = [record for record in _records(stage) if record["type"] == "creditMemo"]
    assert set(seen) == {"240.00"}
    assert memo["unapplied"] == "0.00"
    row = MappedRecord.objects.get(record_type="creditMemo")
    assert [one["amount"] for one in row.applied_to] == ["240.00"]


@pytest.mark.rule("CN-H3")
def test_a_voided_note_waits_for_a_person_until_its_memo_is_void_too(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    with stage.step_by_step():
        stage.play("credit_note_voided")

    invoice = stage.world.stripe.store.all("invoice")[0]["id"]
    job = Job.objects.filter(subject=invoice).latest("pk")
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "credit_note_voided")
    assert _open(stage, invoice) == Decimal(0)  # the payment was booked nevertheless

    memo = MappedRecord.objects.get(record_type="creditMemo")
    stage.world.netsuite.user.void("creditMemo", int(memo.internal_id))
    stage.bring(invoice)

    job = Job.objects.filter(subject=invoice).latest("pk")
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "")
    expect_books(stage, "credit_note_voided", request)


@pytest.mark.rule("K25", "UN-H2")
def test_money_for_a_debt_that_was_given_up_is_told_on_a_successful_job(stage: Stage) -> None:
    stage.play("uncollectible_then_paid")

    job = Job.objects.filter(subject__startswith="in_").latest("pk")
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "paid_after_closing")
    (payment,) = [record for record in _records(stage) if record["type"] == "customerPayment"]
    assert payment["unapplied"] == payment["total"]
    assert "apply it by hand" in payment["memo"]


def test_a_credit_note_that_is_asked_for_by_its_own_id_is_booked_with_its_invoice(stage: Stage) -> None:
    stories.play(stage.world, "credit_note_out_of_band")
    (note,) = stage.world.stripe.store.all("credit_note")

    stage.bring(note["id"])

    assert Job.objects.get(subject=note["id"]).code == "part_of_another"
    assert MappedRecord.objects.filter(external_id=f"ns_memo:{note['id']}", state="mapped").exists()


def _stands_right(stage: Stage) -> None:
    """Both sides agree, no job is left, and what was given up is settled."""
    assert disagreements(stage.world) == []
    left = Job.objects.exclude(status__in=(Job.Status.SUCCESSFUL, Job.Status.SKIPPED))
    assert [(job.subject, job.code) for job in left] == []
    for invoice in stage.world.stripe.store.all("invoice"):
        if invoice["status"] == "uncollectible":
            assert _open(stage, invoice["id"]) == 0


def _open(stage: Stage, key: str) -> Decimal:
    (record,) = [one for one in _records(stage) if (one["type"], one["external_id"]) == ("invoice", key)]
    return Decimal(record["amount_remaining"])


def _facts(stage: Stage) -> list[tuple[str, ...]]:
    """The books without the numbers that NetSuite gives in the order of writing."""
    names = ("type", "external_id", "date", "total", "memo")
    return sorted(
        (
            *(str(record.get(name)) for name in names),
            str(record.get("unapplied", record.get("amount_remaining"))),
            str(sorted((one["external_id"], one["amount"]) for one in record.get("applied_to") or ())),
        )
        for record in _records(stage)
    )


def _records(stage: Stage) -> list[Record]:
    records: list[Record] = stage.world.netsuite.books()["records"]
    return records


def _forget(stage: Stage) -> None:
    """An empty world and an empty map, as on the first day."""
    stage.world.reset(keep_endpoints=True)
    for model in (MappedRecord, Attempt, Event, Job):
        model.objects.all().delete()
