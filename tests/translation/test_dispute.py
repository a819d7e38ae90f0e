"""A dispute is a customer refund each time that the bank takes the money; its other news make no record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.money import Amount
from connector.netsuite.records import Ref
from connector.translation.reversals import Booked
from tests.translation.builders import charge, settings, usd
from tests.translation.taken_back import (
    UNAPPLIED,
    applied,
    attention,
    dispute,
    lines_of,
    memos_of,
    moved,
    refund,
    refunds_of,
    rules_on,
    settles,
    sold,
    standing,
    taken_back,
)

rule = pytest.mark.rule
SEVERAL = standing(settles(sold("80.00", "40.00")))
EARLY = datetime(2026, 11, 5, 12, tzinfo=UTC)


@rule("DS-1", "DS-4", "DS-H2", "RF-7")
def test_a_dispute_is_a_memo_of_the_invoice_and_a_refund_on_the_day_the_money_left() -> None:
    plan = taken_back(dispute("120.00", 12))
    memo, made = memos_of(plan)["ns_memo:du_1"], refunds_of(plan)["du_1"]
    assert lines_of(memo) == [("price_1", "120.00")]
    assert applied(made) == [("ns_memo:du_1", "120.00")]
    assert {memo.tran_date, made.tran_date} == {date(2026, 11, 12)}
    assert made.memo == "Stripe: du_1. Dispute of ch_1: fraudulent."
    assert [one.value for one in memo.filled] == ["ch_1"]


@rule("DS-1")
def test_a_dispute_of_an_unapplied_payment_needs_no_memo() -> None:
    plan = taken_back(dispute(), stands=UNAPPLIED)
    assert memos_of(plan) == {}
    assert applied(refunds_of(plan)["du_1"]) == [("ch_1", "120.00")]


@rule("DS-2", "DS-H1")
def test_an_inquiry_makes_nothing() -> None:
    plan = taken_back(dispute(movements=(), status="warning_needs_response"))
    assert (plan.records, plan.links, plan.attention) == ((), (), None)


@rule("DS-7", "DS-5", "DS-H5")
@pytest.mark.parametrize(
    ("status", "days"), [("lost", (10,)), ("won", (10, 20)), ("needs_response", (10, 12))]
)
def test_its_end_changes_nothing(status: str, days: tuple[int, ...]) -> None:
    ended = taken_back(dispute("120.00", *days, status=status))
    assert ended.records == taken_back(dispute("120.00", 10)).records


@rule("DS-H5")
@pytest.mark.parametrize("is_booked", [False, True])
def test_money_that_is_taken_again_is_taken_back_of_the_invoice_again(is_booked: bool) -> None:
    booked = Booked(refunds={"du_1": Decimal("120.00")}) if is_booked else Booked()
    plan = taken_back(dispute("120.00", 10, 15, 20), booked=booked)
    assert lines_of(memos_of(plan)["ns_memo:du_1:2"]) == [("price_1", "120.00")]
    again = refunds_of(plan)["du_1:2"]
    assert (again.tran_date, applied(again)) == (date(2026, 11, 20), [("ns_memo:du_1:2", "120.00")])
    assert ("du_1" in refunds_of(plan)) is not is_booked


@rule("DS-H5")
@pytest.mark.parametrize("is_booked", [False, True])
def test_of_a_payment_without_an_invoice_the_second_time_is_a_memo_on_the_dispute_item(
    is_booked: bool,
) -> None:
    booked = Booked(refunds={"du_1": Decimal(0)}) if is_booked else Booked()
    stands = replace(UNAPPLIED, unapplied=Decimal(0)) if is_booked else UNAPPLIED
    plan = taken_back(dispute("120.00", 10, 15, 20), stands=stands, booked=booked)
    assert lines_of(memos_of(plan)["ns_memo:du_1:2"]) == [("stripe_dispute_item", "120.00")]
    assert applied(refunds_of(plan)["du_1:2"]) == [("ns_memo:du_1:2", "120.00")]


@rule("DS-8", "DS-H3")
@pytest.mark.parametrize("amount", ["50.00", "121.25"])
def test_another_amount_than_the_payments_adjusts_the_one_line(amount: str) -> None:
    plan = taken_back(dispute(amount))
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("price_1", amount)]
    assert applied(refunds_of(plan)["du_1"]) == [("ns_memo:du_1", amount)]
    assert attention(plan) == ""


@rule("DS-8", "DS-H3")
@pytest.mark.parametrize("amount", ["50.00", "121.25"])
def test_of_several_lines_it_becomes_one_line_of_the_dispute_item(amount: str) -> None:
    stands = standing(settles(sold("80.00", "40.00", tax="0.00")))
    plan = taken_back(dispute(amount), stands=stands)
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("stripe_dispute_item", amount)]
    assert "DS-8" in rules_on(plan, "ns_memo:du_1")


@rule("DS-H5")
def test_a_withdrawal_is_booked_with_what_the_bank_took_and_not_with_what_it_asked_for() -> None:
    part = dispute("120.00", movements=(moved(usd("-100.00")),))
    assert applied(refunds_of(taken_back(part))["du_1"]) == [("ns_memo:du_1", "100.00")]


@rule("DS-8")
def test_a_dispute_over_more_than_its_payment_takes_back_no_more_tax_than_was_billed() -> None:
    stands = standing(settles(sold("120.00", tax="12.00")))
    plan = taken_back(dispute("140.00"), stands=stands, of=charge("132.00"))
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("price_1", "128.00"), ("txr_1", "12.00")]


@rule("DS-4")
def test_a_dispute_over_all_of_several_lines_takes_them_back_themselves() -> None:
    plan = taken_back(dispute(), stands=SEVERAL)
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("price_1", "80.00"), ("price_2", "40.00")]


@rule("DS-4")
@pytest.mark.parametrize(
    ("setting", "item"), [("882", "882"), ("Stripe Dispute Item", "stripe_dispute_item")]
)
def test_by_setting_every_dispute_goes_to_one_item(setting: str, item: str) -> None:
    plan = taken_back(dispute(), account=settings(dispute_item=setting))
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [(item, "120.00")]


@rule("DS-9")
def test_the_memo_copies_the_days_of_service() -> None:
    lines = tuple(
        replace(line, start_date=date(2026, 9, 1), end_date=date(2027, 8, 31)) for line in sold("120.00")
    )
    plan = taken_back(dispute(), stands=standing(settles(lines)))
    (line,) = memos_of(plan)["ns_memo:du_1"].lines
    assert (line.start_date, line.end_date) == (date(2026, 9, 1), date(2027, 8, 31))
    assert "DS-9" in rules_on(plan, "ns_memo:du_1")


@rule("DS-8")
def test_all_of_a_payment_disputed_after_a_part_was_refunded_is_booked_in_full() -> None:
    plan = taken_back(refund("50.00", created=EARLY), dispute("120.00", 10))
    assert lines_of(memos_of(plan)["ns_memo:re_1"]) == [("price_1", "50.00")]
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("price_1", "120.00")]
    assert refunds_of(plan)["du_1"].total == Decimal("120.00")


def test_an_unapplied_payment_partly_refunded_and_then_disputed_is_short_by_a_memo() -> None:
    plan = taken_back(refund("50.00", created=EARLY), dispute("120.00", 10), stands=UNAPPLIED)
    assert applied(refunds_of(plan)["du_1"]) == [("ns_memo:du_1", "50.00"), ("ch_1", "70.00")]
    assert lines_of(memos_of(plan)["ns_memo:du_1"]) == [("stripe_dispute_item", "50.00")]


@rule("ME-1", "PO-14")
def test_a_dispute_that_somebody_entered_is_linked() -> None:
    plan = taken_back(dispute(metadata={"netsuite_customer_refund_id": "993"}))
    assert [(link.type, link.key, link.internal_id) for link in plan.links] == [
        ("customerRefund", "du_1", "993")
    ]
    assert plan.records == ()


def test_a_dispute_in_another_currency_than_its_payment_is_told() -> None:
    plan = taken_back(dispute(Amount(Decimal("100.00"), "EUR")))
    assert attention(plan) == "dispute_currency_differs"


@rule("SY-1")
def test_a_marked_dispute_is_held() -> None:
    marked = dispute(metadata={"netsuite_block_integration": "true"})
    assert taken_back(marked, account=settings(denylist_payments=True)).records == ()


@rule("MC-H2")
def test_a_converted_dispute_posts_what_stripe_took_for_it() -> None:
    euros = Amount(Decimal("70.00"), "EUR")
    taken = dispute(euros, movements=(moved(usd("-75.37")),))
    plan = taken_back(
        taken,
        of=charge(euros),
        account=settings(base_currency="USD"),
        stands=standing(settles(sold("70.00"))),
    )
    made = refunds_of(plan)["du_1"]
    assert made.total == Decimal("70.00")
    assert round((made.exchange_rate or Decimal(0)) * made.total, 2) == Decimal("75.37")


def test_a_dispute_over_several_invoices_is_taken_back_of_each_and_the_excess_of_the_last() -> None:
    both = [settles(sold("60.00"), invoice=Ref("invoice", key)) for key in ("in_1", "in_2")]
    plan = taken_back(dispute("121.25"), stands=standing(*both))
    assert {key: lines_of(memo) for key, memo in memos_of(plan).items()} == {
        "ns_memo:du_1": [("price_1", "60.00")],
        "ns_memo:du_1:in_2": [("price_1", "61.25")],
    }
