"""Refunds, played through the wire: what went back in Stripe has gone back in NetSuite, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.stories.till import charge_of, charged, paid_out, refund, sale
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.given_back import (
    Record,
    apply_by_hand,
    bring_forward,
    customer,
    ended,
    invoice_by_hand,
    memo_by_hand,
    nothing_waits,
    of_type,
    refund_by_hand,
    went_back,
)
from tests.stories.stage import Stage

pytestmark = pytest.mark.usefixtures("november")
REFUNDED = (
    "invoice_refunded_in_full",
    "several_lines_refunded_in_full",
    "one_line_refunded_in_part",
    "several_lines_refunded_in_part",
    "refunded_three_times",
    "standalone_charge_refunded",
    "refund_over_several_invoices",
    "debit_refunded_after_days",
    "refund_pending",
    "refund_comes_back",
    "refund_needs_the_customers_bank",
    "refund_called_off",
    "refund_waits_for_funds",
    "refund_of_a_pending_debit",
    "refund_with_its_fee",
)
CAME_BACK = (("refund_comes_back",), ("refund_called_off",), ("refund_pending", "booked_refund_fails"))


@pytest.mark.rule("RF-1", "RF-3", "RF-5", "RF-6", "RF-7", "RF-8", "RF-H1", "RF-H4", "RF-H6", "RF-H7")
@pytest.mark.parametrize("name", REFUNDED)
def test_what_went_back_in_stripe_has_gone_back_in_netsuite(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    with stage.step_by_step():
        stage.play(name)

    went_back(stage)
    nothing_waits(stage)
    assert disagreements(stage.world) == []
    expect_books(stage, name, request)
    second_pass_writes_nothing(stage)


@pytest.mark.parametrize("name", REFUNDED)
def test_told_all_at_once_and_the_last_first_the_books_are_the_same(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    stories.play(stage.world, name)
    stage.settle(last_first=True)

    nothing_waits(stage)
    expect_books(stage, name, request)


@pytest.mark.rule("RF-H2")
@pytest.mark.parametrize("names", CAME_BACK)
def test_a_refund_that_came_back_stays_booked_and_is_told(names: tuple[str, ...], stage: Stage) -> None:
    with stage.step_by_step():
        for name in names:
            stage.play(name)

    told = {job.code: job.status for job in Job.objects.order_by("pk")}
    assert told["refund_came_back"] == Job.Status.SUCCESSFUL
    assert len(of_type(stage, "customerRefund")) == 1


@pytest.mark.rule("RF-H2")
def test_a_refund_after_one_that_came_back_waits_for_a_person_and_a_link_settles_it(stage: Stage) -> None:
    made = sale(stage.world, "Jackdaw Studios", 33_000)
    failing = refund(stage.world, charge_of(stage.world, made), 11_000)
    stage.settle()
    stage.world.stripe.bank.fail_refund(failing, "expired_or_canceled_card")
    again = refund(stage.world, charge_of(stage.world, made), 11_000)
    stage.settle()
    assert ended(stage, made) == (Job.Status.NEEDS_ATTENTION, "refund_after_one_that_failed")
    assert len(of_type(stage, "customerRefund")) == 1

    memo = memo_by_hand(stage, made, "110.00")
    by_hand = refund_by_hand(stage, "creditMemo", memo)
    stage.world.stripe.post(f"/v1/refunds/{again}", metadata={"netsuite_customer_refund_id": str(by_hand)})
    stage.settle()

    assert ended(stage, made) == (Job.Status.SUCCESSFUL, "refund_came_back")
    assert MappedRecord.objects.get(external_id=again).internal_id == str(by_hand)


# Applied otherwise by a person


@pytest.mark.rule("RF-2", "RF-1")
@pytest.mark.parametrize("is_booked", [True, False])
def test_the_memo_is_of_the_invoice_to_which_a_person_moved_the_payment(
    is_booked: bool, stage: Stage
) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    other = invoice_by_hand(stage, made, "70.00", "130.00")
    apply_by_hand(stage, made, {other: "200.00"})
    refund(stage.world, charge_of(stage.world, made))
    stage.settle()

    (memo,) = of_type(stage, "creditMemo")
    assert sorted(line["amount"] for line in memo["lines"]) == ["130.00", "70.00"]
    assert {line["item"] for line in memo["lines"]} == {"Goods"}
    went_back(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-2")
def test_a_payment_that_a_person_unapplied_needs_no_memo(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    apply_by_hand(stage, made, {})
    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.settle()

    assert of_type(stage, "creditMemo") == []
    (payment,) = of_type(stage, "customerPayment")
    assert payment["unapplied"] == "150.00"
    went_back(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-H3")
def test_of_a_payment_spread_over_invoices_each_gives_its_share_in_order(stage: Stage) -> None:
    made = sale(stage.world, "Gatehouse Security", 20_000)
    stage.settle()
    ours = int(MappedRecord.objects.get(external_id=made).internal_id)
    second, third = invoice_by_hand(stage, made, "90.00"), invoice_by_hand(stage, made, "50.00")
    apply_by_hand(stage, made, {ours: "60.00", second: "90.00", third: "50.00"})
    charge = charge_of(stage.world, made)
    refund(stage.world, charge, 11_000)
    stage.settle()
    assert sorted(memo["total"] for memo in of_type(stage, "creditMemo")) == ["50.00", "60.00"]

    stage.world.clock.advance(timedelta(days=1))
    refund(stage.world, charge, 6_000)
    stage.settle()

    assert sorted(memo["total"] for memo in of_type(stage, "creditMemo")) == [
        "20.00",
        "40.00",
        "50.00",
        "60.00",
    ]
    went_back(stage)
    second_pass_writes_nothing(stage)


def test_a_payment_that_a_person_refunded_in_netsuite_too_is_told(stage: Stage) -> None:
    charge = charged(stage.world, 10_000, customer=customer(stage), description="Twice back")
    stage.settle()
    payment = int(MappedRecord.objects.get(external_id=charge).internal_id)
    refund_by_hand(stage, "customerPayment", payment)
    refund(stage.world, charge)
    stage.settle()

    assert ended(stage, charge) == (Job.Status.NEEDS_ATTENTION, "refund_exceeds_payment")


def test_a_payment_that_a_person_deleted_is_told(stage: Stage) -> None:
    charge = charged(stage.world, 10_000, customer=customer(stage), description="Gone")
    stage.settle()
    stage.world.netsuite.user.delete(
        "customerPayment", MappedRecord.objects.get(external_id=charge).internal_id
    )
    refund(stage.world, charge)
    stage.settle()

    assert ended(stage, charge) == (Job.Status.NEEDS_ATTENTION, "payment_gone")


# Credit notes


@pytest.mark.rule("K24", "CN-H1", "CN-2", "CN-3")
@pytest.mark.parametrize("refund_first", [True, False])
@pytest.mark.parametrize("booked_between", [True, False])
def test_a_refund_and_its_credit_note_make_one_memo_in_either_order(
    refund_first: bool, booked_between: bool, stage: Stage
) -> None:
    made = sale(stage.world, "Burdock Brewery", 20_000, 10_000)
    stage.settle()
    if refund_first:
        back = refund(stage.world, charge_of(stage.world, made), 4_000)
        if booked_between:
            stage.settle()
        terms: Record = {"refunds": [{"refund": back, "amount_refunded": 4_000}]}
    else:
        terms = {"refund_amount": 4_000}
    stage.world.stripe.post("/v1/credit_notes", invoice=made, amount=4_000, **terms)
    stage.settle()

    (memo,) = of_type(stage, "creditMemo")
    assert (memo["total"], memo["unapplied"]) == ("40.00", "0.00")
    assert memo["external_id"].startswith("ns_memo:re_")
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("K24")
def test_a_note_that_comes_late_and_credits_more_has_a_memo_for_the_rest_alone(stage: Stage) -> None:
    made = sale(stage.world, "Burdock Brewery", 20_000, 10_000)
    back = refund(stage.world, charge_of(stage.world, made), 4_000)
    stage.settle()
    linked = [{"refund": back, "amount_refunded": 4_000}]
    note = stage.world.stripe.post(
        "/v1/credit_notes", invoice=made, amount=6_500, refunds=linked, out_of_band_amount=2_500
    )
    stage.settle()

    totals = {
        memo["external_id"]: (memo["total"], memo["unapplied"]) for memo in of_type(stage, "creditMemo")
    }
    assert totals == {f"ns_memo:{back}": ("40.00", "0.00"), f"ns_memo:{note['id']}": ("25.00", "25.00")}
    second_pass_writes_nothing(stage)


# Links, marks, days


@pytest.mark.rule("RF-9", "OM-2")
@pytest.mark.usefixtures("ids_in_stripe")
def test_netsuites_ids_are_written_on_the_refund(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    back = refund(stage.world, charge_of(stage.world, made))
    stage.settle()

    told = stage.world.stripe.get(f"/v1/refunds/{back}")["metadata"]
    assert told == {
        "netsuite_customer_refund_id": MappedRecord.objects.get(external_id=back).internal_id,
        "netsuite_credit_memo_id": MappedRecord.objects.get(external_id=f"ns_memo:{back}").internal_id,
    }
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-9", "ME-1")
def test_a_refund_settles_the_memo_that_a_person_named(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    memo = memo_by_hand(stage, made, "75.00")
    metadata = {"netsuite_credit_memo_id": str(memo)}
    back = refund(stage.world, charge_of(stage.world, made), 7_500, metadata=metadata)
    stage.settle()

    (kept,) = of_type(stage, "creditMemo")
    assert kept["unapplied"] == "0.00"
    assert MappedRecord.objects.get(external_id=back).applied_to[0]["internal_id"] == str(memo)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-15", "ER-1")
def test_a_named_memo_that_is_smaller_than_its_refund_is_refused_by_netsuite(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    memo = memo_by_hand(stage, made, "50.00")
    metadata = {"netsuite_credit_memo_id": str(memo)}
    refund(stage.world, charge_of(stage.world, made), 7_500, metadata=metadata)
    stage.settle()

    status, code = ended(stage, made)
    assert (status, code) != (Job.Status.SUCCESSFUL, "")
    assert status == Job.Status.NEEDS_ATTENTION
    assert of_type(stage, "customerRefund") == []


@pytest.mark.rule("SY-1")
def test_a_marked_refund_waits_until_the_mark_is_taken_off(stage: Stage) -> None:
    StripeAccount.objects.update(denylist_payments=True)
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    metadata = {"netsuite_block_integration": "true"}
    back = refund(stage.world, charge_of(stage.world, made), metadata=metadata)
    stage.settle()
    assert Job.objects.filter(subject=back).latest("pk").code == "held_by_metadata"
    assert of_type(stage, "customerRefund") == []
    assert disagreements(stage.world) == []

    stage.world.stripe.post(f"/v1/refunds/{back}", metadata={"netsuite_block_integration": ""})
    stage.settle()
    went_back(stage)


@pytest.mark.rule("RF-12", "BF-1", "BF-2")
def test_a_refund_of_what_happened_before_the_start_date_is_left_out(stage: Stage) -> None:
    made = sale(stage.world, "Old Customers Ltd", 20_000)
    charge = charged(stage.world, 5_000, customer=customer(stage), description="Long ago")
    stage.world.clock.advance(timedelta(days=2))
    StripeAccount.objects.update(sync_start_date=date(2026, 11, 10))
    backs = [refund(stage.world, charge_of(stage.world, made)), refund(stage.world, charge)]
    stage.settle()

    assert {Job.objects.filter(subject=back).latest("pk").code for back in backs} == {"before_start_date"}
    assert {record["type"] for record in stage.world.netsuite.books()["records"]} <= {"serviceSaleItem"}


@pytest.mark.rule("RF-12", "RF-H2", "BF-3")
def test_a_refund_from_before_the_start_date_that_comes_back_is_left_out_with_it(stage: Stage) -> None:
    world, bank = stage.world, stage.world.stripe.bank
    made = sale(world, "Old Customers Ltd", 20_000)
    back = refund(world, charge_of(world, made))
    world.clock.advance(timedelta(days=2))
    StripeAccount.objects.update(sync_start_date=world.clock.now().date())
    mark = bank.mark()
    bank.fail_refund(back, "declined")
    sale(world, "New Customers Ltd", 30_000)
    payout = paid_out(world, "usd", mark)
    stage.settle()
    assert ended(stage, payout) == (Job.Status.NEEDS_ATTENTION, "payout_before_start_date")
    assert of_type(stage, "deposit") == []

    StripeAccount.objects.update(summarize_before_start=True)
    stage.bring(payout)

    (deposit,) = of_type(stage, "deposit")
    credited = {side["account"].split(" ", 1)[1]: side["credit"] for side in deposit["postings"]}
    assert credited["Income"] == "200.00"
    assert "Accounts Receivable" not in credited


@pytest.mark.rule("OM-9", "K18")
def test_a_refund_dated_in_a_closed_month_moves_to_the_next_open_one(stage: Stage) -> None:
    StripeAccount.objects.update(closed_period_policy=StripeAccount.ClosedPeriodPolicy.NEXT_OPEN)
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.world.netsuite.user.close_period("Nov 2026")
    stage.settle()

    (back,), (memo,) = of_type(stage, "customerRefund"), of_type(stage, "creditMemo")
    assert {back["date"], memo["date"]} == {"2026-12-01"}
    assert "Original transaction date: 2026-11-09" in back["memo"]
    second_pass_writes_nothing(stage)


# Money and care


@pytest.mark.rule("MC-H2", "MC-1")
def test_a_converted_refund_takes_out_of_undeposited_funds_what_stripe_took(stage: Stage) -> None:
    with stage.world.stripe.bank.terms(settles={"eur": ("usd", "1.0767")}):
        made = sale(stage.world, "Kingfisher Verlag", 9_999, currency="eur")
        stage.settle()
    with stage.world.stripe.bank.terms(settles={"eur": ("usd", "1.1234")}):
        back = refund(stage.world, charge_of(stage.world, made), 3_333)
        stage.settle()

    (taken,) = [row for row in stage.world.stripe.store.all("balance_transaction") if row["source"] == back]
    (made_back,) = of_type(stage, "customerRefund")
    credited = [Decimal(posting["credit"] or 0) for posting in made_back["postings"]]
    assert max(credited) == Decimal(-taken["amount"]) / 100
    assert made_back["total"] == "33.33"


@pytest.mark.parametrize(("write", "kind"), [(5, "creditMemo"), (6, "customerRefund")])
def test_a_write_whose_answer_was_lost_is_found_and_not_made_twice(
    write: int, kind: str, stage: Stage
) -> None:
    """The memo is the fifth write of a refunded invoice, the refund the sixth."""
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.world.set_faults(f"lost:{write}")
    stage.settle()
    stage.world.set_faults("")
    bring_forward(stage)

    (lost,) = MappedRecord.objects.filter(found=True)
    assert lost.record_type == kind
    assert len(of_type(stage, "creditMemo")) == len(of_type(stage, "customerRefund")) == 1
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


def test_a_lost_refund_of_an_unapplied_payment_is_found_and_not_taken_for_missing_money(
    stage: Stage,
) -> None:
    charge = charged(stage.world, 10_000, customer=customer(stage), description="Back again")
    stage.settle()
    stage.world.set_faults("lost:1")
    back = refund(stage.world, charge)
    stage.settle()
    stage.world.set_faults("")
    bring_forward(stage)

    assert MappedRecord.objects.get(external_id=back).found
    went_back(stage)
    nothing_waits(stage)


def test_a_paid_invoice_without_refunds_is_looked_at_without_asking_netsuite(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    calls = sum(stage.world.netsuite.calls.values())
    stage.bring(made)
    assert sum(stage.world.netsuite.calls.values()) == calls

    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.settle()
    calls = sum(stage.world.netsuite.calls.values())
    stage.bring(made)
    assert sum(stage.world.netsuite.calls.values()) == calls


def test_a_refund_that_is_asked_for_by_its_own_id_is_booked_with_its_invoice(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    back = refund(stage.world, charge_of(stage.world, made), 5_000)

    stage.bring(back)

    assert Job.objects.filter(subject=back).latest("pk").code == "part_of_another"
    went_back(stage)
