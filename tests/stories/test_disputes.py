"""Disputes, played through the wire: what banks took stands in NetSuite, each time that they took it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.models import MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.stories.till import charge_of, refund, sale
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.given_back import memos_are_used_up, nothing_waits, of_type
from tests.stories.stage import Stage

pytestmark = pytest.mark.usefixtures("november")

DISPUTED = (
    "dispute_opened",
    "dispute_won",
    "dispute_won_without_the_fee",
    "dispute_lost",
    "dispute_accepted",
    "dispute_reinstated",
    "dispute_taken_again_after_a_win",
    "inquiry_closed",
    "inquiry_becomes_a_dispute",
    "one_line_disputed_in_part",
    "several_lines_disputed_in_part",
    "dispute_larger_than_the_charge",
)
LATER = ("booked_dispute_won", "booked_dispute_lost")


@pytest.mark.rule("DS-1", "DS-2", "DS-4", "DS-7", "DS-8", "DS-H1", "DS-H2", "DS-H3", "DS-H5")
@pytest.mark.parametrize("name", DISPUTED)
def test_what_banks_took_is_booked_each_time_and_nothing_else_of_a_dispute(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    with stage.step_by_step():
        stage.play(name)

    _stands_right(stage)
    expect_books(stage, name, request)
    second_pass_writes_nothing(stage)


@pytest.mark.parametrize("name", DISPUTED)
def test_told_all_at_once_and_the_last_first_the_books_are_the_same(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    stories.play(stage.world, name)
    stage.settle(last_first=True)

    _stands_right(stage)
    expect_books(stage, name, request)


@pytest.mark.rule("DS-5", "DS-7")
@pytest.mark.parametrize("name", LATER)
def test_the_end_of_a_booked_dispute_changes_no_record(name: str, stage: Stage) -> None:
    stage.play("dispute_opened")
    before = stage.world.netsuite.books_text()

    stage.play(name)

    assert stage.world.netsuite.books_text() == before
    _stands_right(stage)


@pytest.mark.rule("DS-8")
def test_a_payment_that_was_partly_refunded_is_disputed_in_full(stage: Stage) -> None:
    made = sale(stage.world, "Pelican Bay Rentals", 20_000)
    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.settle()
    stage.world.clock.advance(timedelta(days=1))
    stage.world.stripe.bank.dispute(charge_of(stage.world, made))
    stage.settle()

    assert sorted(one["total"] for one in of_type(stage, "customerRefund")) == ["200.00", "50.00"]
    memos_are_used_up(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("OM-2")
@pytest.mark.usefixtures("ids_in_stripe")
def test_netsuites_id_is_written_on_the_dispute(stage: Stage) -> None:
    made = sale(stage.world, "Pelican Bay Rentals", 20_000)
    dispute = stage.world.stripe.bank.dispute(charge_of(stage.world, made))
    stage.settle()

    told = stage.world.stripe.get(f"/v1/disputes/{dispute}")["metadata"]
    assert told == {"netsuite_customer_refund_id": MappedRecord.objects.get(external_id=dispute).internal_id}
    second_pass_writes_nothing(stage)


@pytest.mark.rule("DS-4")
def test_by_setting_a_dispute_goes_to_the_dispute_item(stage: Stage) -> None:
    StripeAccount.objects.update(dispute_item="Stripe Dispute Item")
    made = sale(stage.world, "Pelican Bay Rentals", 20_000)
    stage.world.stripe.bank.dispute(charge_of(stage.world, made))
    stage.settle()

    (memo,) = of_type(stage, "creditMemo")
    assert [line["item"] for line in memo["lines"]] == ["Stripe Dispute Item"]


def _stands_right(stage: Stage) -> None:
    """For each time that a bank took money there is a customer refund of as much; memos are used up."""
    taken = {}
    for dispute in stage.world.stripe.store.all("dispute"):
        out = [row for row in dispute["balance_transactions"] if row["amount"] < 0]
        for turn, row in enumerate(out, start=1):
            key = dispute["id"] if turn == 1 else f"{dispute['id']}:{turn}"
            taken[key] = Decimal(-row["amount"]) / 100
    made = {one["external_id"]: Decimal(one["total"]) for one in of_type(stage, "customerRefund")}
    assert made == taken
    memos_are_used_up(stage)
    assert disagreements(stage.world) == []
    nothing_waits(stage)
