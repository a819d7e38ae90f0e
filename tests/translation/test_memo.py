"""What settles an invoice beside money: the customer's balance, a void, a debt that was given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.money import total
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import DiscountAmount, TaxAmount
from connector.stripe.customer_balance import BalanceMovement
from connector.stripe.objects import Invoice, InvoiceLine
from connector.translation.memo import is_left_over
from tests.translation.builders import (
    charge,
    codes,
    invoice,
    line,
    only,
    paid_by,
    records_of,
    rules_of,
    settings,
    usd,
)
from tests.translation.notes import memo_of, memos_of, note, note_line, open_amount, plan_of

rule = pytest.mark.rule
FIFTH = datetime(2026, 11, 5, 12, tzinfo=UTC)
NINTH = datetime(2026, 11, 9, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)
BALANCE, VOID, GIVEN_UP = (f"ns_memo:in_1:{cause}" for cause in ("balance", "void", "uncollectible"))


def service(amount: str = "120.00", **changes: Any) -> InvoiceLine:
    """A line of a subscription, from the 1st to the 30th of November."""
    days = {
        "period_start": datetime(2026, 11, 1, tzinfo=UTC),
        "period_end": datetime(2026, 12, 1, tzinfo=UTC),
    }
    return line(amount, **{"subscription_id": "sub_1", **days, **changes})


def helped(used: str, lines: list[InvoiceLine] | None = None, **changes: Any) -> Invoice:
    """An invoice of which the balance paid a part."""
    ends = {"starting_balance": usd(f"-{used}"), "ending_balance": usd("0.00"), "paid_at": FIFTH}
    return invoice(lines, **{**ends, **changes})


def unpaid(lines: list[InvoiceLine] | None = None, **changes: Any) -> Invoice:
    """An open invoice, nothing of it paid, unless a test says otherwise."""
    bill = invoice(lines)
    given = {"status": "open", "amount_paid": usd("0.00"), "amount_remaining": bill.total, "paid_at": None}
    return invoice(lines, **{**given, **changes})


def given_up(lines: list[InvoiceLine] | None = None, **changes: Any) -> Invoice:
    """An invoice that was marked uncollectible on the 9th."""
    return unpaid(lines, **{"status": "uncollectible", "marked_uncollectible_at": NINTH, **changes})


def void(lines: list[InvoiceLine] | None = None, **changes: Any) -> Invoice:
    """An invoice that was made void on the 9th."""
    return unpaid(lines, **{"status": "void", "voided_at": NINTH, **changes})


# The customer's balance


@rule("CB-3", "CB-4", "CB-H1", "CB-H2", "OM-4", "OM-H1", "K16")
def test_what_the_balance_paid_is_a_credit_memo_on_the_lines_item_when_stripe_says_paid() -> None:
    plan = plan_of(helped("30.00"), paid_by(charge("90.00"), "90.00"))
    made = memo_of(plan)
    assert made.external_id == BALANCE
    assert made.memo == "Stripe: in_1. This credit memo was created by a Stripe customer's balance."
    assert (made.tran_date, made.total) == (date(2026, 11, 5), Decimal("30.00"))
    assert [one.item for one in made.lines] == [Ref("item", "price_1")]
    assert [(one.doc, one.amount) for one in made.applied] == [(Ref("invoice", "in_1"), Decimal("30.00"))]
    assert open_amount(plan) == 0


@rule("CB-4", "CB-5")
def test_several_lines_go_to_the_global_balance_item_even_if_the_balance_paid_all() -> None:
    bill = helped("200.00", [line("100.00"), line("20.00", id="il_2")], ending_balance=usd("-80.00"))
    plan = plan_of(bill)
    made = memo_of(plan)
    assert [(one.item.key, one.amount) for one in made.lines] == [
        ("stripe_customer_balance_item", Decimal("120.00"))
    ]
    assert open_amount(plan) == 0


@rule("CB-4")
def test_a_discount_and_a_tax_do_not_make_a_second_product_line() -> None:
    one = line(
        "120.00",
        discounts=(DiscountAmount("di_1", usd("20.00")),),
        taxes=(TaxAmount(usd("10.00"), "txr_1"),),
    )
    made = memo_of(plan_of(helped("110.00", [one], total=usd("110.00"))))
    assert [(each.item.key, each.amount) for each in made.lines] == [("price_1", Decimal("110.00"))]


@rule("CB-6")
@pytest.mark.parametrize("count", [1, 2])
def test_an_account_may_have_an_item_of_its_own_for_every_balance_credit(count: int) -> None:
    lines = [line("60.00", id=f"il_{number}") for number in range(count)]
    made = memo_of(plan_of(helped("60.00", lines), account=settings(customer_balance_item="771")))
    assert [one.item for one in made.lines] == [Ref("item", internal_id="771")]


@rule("CB-9", "RR-5")
def test_a_balance_memo_carries_the_days_that_the_invoice_serves() -> None:
    (made,) = memo_of(plan_of(helped("120.00", [service()]))).lines
    assert (made.start_date, made.end_date) == (date(2026, 11, 1), date(2026, 11, 30))
    (undated,) = memo_of(plan_of(helped("120.00"))).lines
    assert (undated.start_date, undated.end_date) == (None, None)


@rule("CB-1", "CB-2")
def test_while_the_invoice_is_open_what_the_balance_paid_is_held_back() -> None:
    bill = helped("30.00", status="open", amount_paid=usd("0.00"), amount_remaining=usd("90.00"))
    plan = plan_of(bill)
    assert memos_of(plan) == {}
    assert open_amount(plan) == Decimal("120.00")


@rule("CB-2")
def test_the_balance_waits_for_the_charge_that_paid_the_rest() -> None:
    plan = plan_of(helped("30.00"), paid_by(charge("90.00", balance_transaction_id=""), "90.00"))
    assert memos_of(plan) == {}
    assert plan.later is not None


@pytest.mark.parametrize(
    ("start", "end", "owed"),
    [("0.00", "0.00", "120.00"), ("-7.00", "-7.00", "120.00"), ("0.00", "-40.00", "-40.00")],
    ids=["none", "untouched", "filled"],
)
def test_a_balance_that_paid_nothing_makes_no_memo(start: str, end: str, owed: str) -> None:
    bill = invoice([line(owed)], starting_balance=usd(start), ending_balance=usd(end))
    assert memos_of(plan_of(bill)) == {}


def test_an_invoice_whose_rest_was_too_small_to_collect_was_paid_by_the_balance() -> None:
    bill = helped("119.80", amount_due=usd("0.00"), ending_balance=usd("0.20"))
    plan = plan_of(bill)
    assert memo_of(plan).total == Decimal("120.00")
    assert open_amount(plan) == 0


@rule("K21")
def test_what_was_paid_outside_stripe_stays_open_beside_the_balance() -> None:
    plan = plan_of(helped("30.00", amount_paid_off_stripe=usd("90.00")))
    assert open_amount(plan) == Decimal("90.00")


# Void


@rule("UN-7", "UN-H1", "RR-5")
def test_a_void_invoice_is_taken_back_whole_with_its_lines_and_days_on_the_day_of_the_void() -> None:
    off = service(discounts=(DiscountAmount("di_1", usd("20.00")),), taxes=(TaxAmount(usd("8.00"), "txr_1"),))
    plan = plan_of(void([off, line("5.00", id="il_2")], total=usd("113.00"), amount_remaining=usd("113.00")))
    made, bill = memo_of(plan), only(plan, records.Invoice)
    assert (made.external_id, made.tran_date) == (VOID, date(2026, 11, 9))
    assert made.memo == "Stripe: in_1. This credit memo voids the invoice."
    assert made.lines == bill.lines
    assert open_amount(plan) == 0


@rule("ED-1", "ED-H1")
def test_a_revised_invoice_is_voided_and_its_revision_is_an_invoice_like_any_other() -> None:
    plan = plan_of(void(revised_by="in_2"))
    assert (
        memo_of(plan).memo == "Stripe: in_1. This credit memo voids the invoice, which was revised as in_2."
    )
    assert {"ED-1", "ED-H1"} <= rules_of(plan)
    revision = plan_of(invoice(id="in_2", revises="in_1"), paid_by(charge(), invoice_id="in_2"))
    assert memos_of(revision) == {}
    assert only(revision, records.Invoice).external_id == "in_2"


@rule("UN-H1")
def test_a_void_invoice_that_was_never_booked_stays_outside() -> None:
    plan = plan_of(void(), booked=False)
    assert plan.skip is not None
    assert (plan.skip.code, plan.records) == ("void_before_booking", ())


def test_a_void_invoice_that_took_money_is_booked_so_that_the_money_is_not_lost() -> None:
    part = paid_by(charge("20.00"), "20.00", paid_at=FIFTH)
    plan = plan_of(void(), part, booked=False)
    assert memo_of(plan).total == Decimal("120.00")
    assert [one.amount for one in memo_of(plan).applied] == [Decimal("100.00")]
    assert open_amount(plan) == 0


def test_a_void_invoice_over_nothing_needs_no_memo() -> None:
    plan = plan_of(void([line("0.00")]), account=settings(sync_trial_invoices=True))
    assert memos_of(plan) == {}


@rule("CN-1", "UN-H1")
def test_a_void_takes_back_what_a_credit_note_has_not_taken_back_already() -> None:
    plan = plan_of(void(amount_remaining=usd("80.00")), notes=[note(created=FIFTH)])
    made = memos_of(plan)
    voiding = made[VOID].record
    assert isinstance(voiding, records.CreditMemo)
    assert [(one.item.key, one.amount) for one in voiding.lines] == [("price_1", Decimal("80.00"))]
    assert set(made) == {VOID, "ns_memo:cn_1"}
    assert open_amount(plan) == 0


@rule("CN-1", "UN-H1")
@pytest.mark.parametrize(
    ("lines", "noted", "left"),
    [
        ([line("30.00"), line("90.00", id="il_2")], ("il_2", "40.00"), ["30.00", "50.00"]),
        ([line("40.00"), line("90.00", id="il_2")], ("il_1", "40.00"), ["90.00"]),
        ([line("-50.00"), line("120.00", id="il_2")], ("il_2", "40.00"), ["-50.00", "80.00"]),
        (
            [line("90.00"), line("80.00", id="il_2", price_id="price_2")],
            ("il_2", "40.00"),
            ["90.00", "40.00"],
        ),
        (
            [service("90.00", period_start=FIFTH), service("80.00", id="il_2")],
            ("il_2", "40.00"),
            ["90.00", "40.00"],
        ),
        (
            [service("90.00", period_end=NINTH), service("80.00", id="il_2")],
            ("il_2", "40.00"),
            ["90.00", "40.00"],
        ),
        ([line("50.00"), line("40.00", id="il_2")], ("il_1", "60.00"), ["50.00", "40.00", "-60.00"]),
    ],
    ids=["larger", "whole", "another-sign", "another-item", "another-start", "another-end", "none-holds-it"],
)
def test_what_a_note_took_back_is_missing_on_the_line_that_it_was_of(
    lines: list[InvoiceLine], noted: tuple[str, str], left: list[str]
) -> None:
    """Several lines may sell the same item; only one of them can hold what was taken."""
    of, amount = noted
    taken = note([note_line(amount, invoice_line_id=of)], created=FIFTH)
    rest = total([one.amount for one in lines], "USD") - taken.amount
    plan = plan_of(void(lines, amount_remaining=rest), notes=[taken])
    voiding = memos_of(plan)[VOID].record
    assert isinstance(voiding, records.CreditMemo)
    assert [one.amount for one in voiding.lines] == [Decimal(one) for one in left]
    billed = {one.amount.value for one in lines}
    assert not any(one.quantity for one in voiding.lines if one.amount > 0 and one.amount not in billed)
    assert open_amount(plan) == 0


# Uncollectible


@rule("UN-2", "UN-6", "UN-7", "UN-H3")
@rule("UN-8")
def test_an_uncollectible_invoice_is_closed_with_its_own_lines_and_days() -> None:
    plan = plan_of(given_up([service(), line("5.00", id="il_2")]))
    made = memo_of(plan)
    assert (made.external_id, made.tran_date) == (GIVEN_UP, date(2026, 11, 9))
    assert made.memo == "Stripe: in_1. This credit memo closes the uncollectible invoice."
    assert made.lines == only(plan, records.Invoice).lines
    assert open_amount(plan) == 0


@rule("UN-2")
@rule("UN-8")
def test_an_account_may_keep_uncollectible_invoices_open() -> None:
    plan = plan_of(given_up(), account=settings(keep_unpaid_invoices_open=True))
    assert memos_of(plan) == {}
    assert open_amount(plan) == Decimal("120.00")


@rule("UN-6")
def test_the_accounts_bad_debt_item_takes_no_days_along() -> None:
    plan = plan_of(given_up([service()]), account=settings(bad_debt_item="880"))
    (made,) = memo_of(plan).lines
    assert (made.item, made.amount) == (Ref("item", internal_id="880"), Decimal("120.00"))
    assert (made.start_date, made.end_date) == (None, None)


@rule("UN-H3")
def test_of_a_partly_paid_invoice_only_the_rest_is_given_up() -> None:
    part = paid_by(charge("50.00"), "50.00", paid_at=FIFTH)
    bill = given_up([service()], amount_paid=usd("50.00"), amount_remaining=usd("70.00"))
    plan = plan_of(bill, part)
    (made,) = memo_of(plan).lines
    assert (made.item.key, made.amount, made.start_date) == ("price_1", Decimal("70.00"), date(2026, 11, 1))
    assert open_amount(plan) == 0


@rule("UN-H3")
def test_the_rest_of_several_lines_goes_to_the_bad_debt_item() -> None:
    part = paid_by(charge("50.00"), "50.00", paid_at=FIFTH)
    lines = [service("100.00"), line("20.00", id="il_2")]
    plan = plan_of(given_up(lines, amount_remaining=usd("70.00")), part)
    assert [(one.item.key, one.amount) for one in memo_of(plan).lines] == [
        ("stripe_bad_debt_item", Decimal("70.00"))
    ]
    assert open_amount(plan) == 0


@rule("UN-2", "CB-2")
def test_what_the_balance_had_paid_is_settled_when_the_rest_is_given_up() -> None:
    bill = given_up(starting_balance=usd("-30.00"), ending_balance=usd("0.00"), amount_remaining=usd("90.00"))
    plan = plan_of(bill)
    amounts = {key: planned.record for key, planned in memos_of(plan).items()}
    assert {
        key: record.total for key, record in amounts.items() if isinstance(record, records.CreditMemo)
    } == {
        BALANCE: Decimal("30.00"),
        GIVEN_UP: Decimal("90.00"),
    }
    assert open_amount(plan) == 0


@rule("UN-5", "UN-H2", "K25")
def test_money_for_an_invoice_that_was_given_up_comes_unapplied_and_somebody_is_told() -> None:
    late = paid_by(charge(created=LATER), paid_at=LATER)
    plan = plan_of(given_up(status="paid", amount_remaining=usd("0.00"), paid_at=LATER), late)
    payment = only(plan, records.CustomerPayment)
    assert payment.applied == ()
    assert payment.memo == "Stripe: ch_1. Paid after a credit memo had closed in_1: apply it by hand."
    assert (memo_of(plan).external_id, memo_of(plan).total) == (GIVEN_UP, Decimal("120.00"))
    assert plan.alert is not None
    assert plan.alert.code == "paid_after_closing"
    assert open_amount(plan) == 0


@rule("K25")
def test_of_two_payments_only_the_one_after_the_closing_is_late() -> None:
    before = paid_by(charge("50.00"), "50.00", paid_at=FIFTH)
    after = paid_by(charge("70.00", id="ch_2"), "70.00", paid_at=LATER, id="inpay_2")
    plan = plan_of(given_up(status="paid", amount_remaining=usd("0.00"), paid_at=LATER), before, after)
    assert {one.external_id: len(one.applied) for one in records_of(plan, records.CustomerPayment)} == {
        "ch_1": 1,
        "ch_2": 0,
    }
    assert memo_of(plan).total == Decimal("70.00")
    assert open_amount(plan) == 0


@rule("K25")
def test_where_uncollectible_invoices_stay_open_a_late_payment_is_applied() -> None:
    late = paid_by(charge(created=LATER), paid_at=LATER)
    bill = given_up(status="paid", amount_remaining=usd("0.00"), paid_at=LATER)
    plan = plan_of(bill, late, account=settings(keep_unpaid_invoices_open=True))
    assert (memos_of(plan), plan.alert) == ({}, None)
    assert open_amount(plan) == 0


@rule("UN-5")
def test_a_void_after_the_debt_was_given_up_takes_nothing_back_twice() -> None:
    plan = plan_of(given_up(status="void", voided_at=LATER))
    assert set(memos_of(plan)) == {GIVEN_UP}
    kept = plan_of(given_up(status="void", voided_at=LATER), account=settings(keep_unpaid_invoices_open=True))
    assert set(memos_of(kept)) == {VOID}


# What an earlier invoice left of the balance


def movement(kind: str, ends: str, invoice_id: str = "", amount: str = "1.00") -> BalanceMovement:
    return BalanceMovement("cbtxn_1", kind, usd(amount), usd(ends), invoice_id)


@pytest.mark.rule("CB-5")
@pytest.mark.parametrize(
    ("older", "left_over"),
    [
        pytest.param([movement("adjustment", "-50.00")], False, id="given before this invoice"),
        pytest.param(
            [movement("applied_to_invoice", "-20.00", "in_0"), movement("adjustment", "-50.00")],
            True,
            id="an earlier invoice used some of it",
        ),
        pytest.param(
            [movement("adjustment", "-30.00"), movement("applied_to_invoice", "-20.00", "in_0")],
            False,
            id="more was given since",
        ),
        pytest.param(
            [movement("applied_to_invoice", "0.00", "in_0"), movement("adjustment", "-50.00")],
            False,
            id="an earlier invoice used it up",
        ),
        pytest.param(
            [movement("applied_to_invoice", "-20.00", "in_0", "-20.00")],
            False,
            id="a negative invoice gave it",
        ),
        pytest.param([], False, id="Stripe tells nothing of before"),
    ],
)
def test_balance_is_left_over_when_an_earlier_invoice_did_not_use_it_up(
    older: list[BalanceMovement], left_over: bool
) -> None:
    later = movement("applied_to_invoice", "0.00", "in_2")
    ours = movement("applied_to_invoice", "-5.00", "in_1")
    assert is_left_over([later, ours, *older], "in_1") is left_over


@pytest.mark.rule("CB-5")
def test_balance_left_over_is_credited_on_the_global_item_even_with_one_line() -> None:
    made = memo_of(plan_of(helped("30.00", balance_left_over=True)))
    assert [line.item.key for line in made.lines] == ["stripe_customer_balance_item"]


# What cannot be right


@rule("ME-1")
@pytest.mark.parametrize("bill", [void(), given_up(), helped("30.00")], ids=["void", "given-up", "balance"])
def test_a_linked_invoice_that_needs_a_memo_is_refused_by_name(bill: Invoice) -> None:
    plan = plan_of(replace(bill, metadata={"netsuite_invoice_id": "881"}))
    assert codes(plan) == ["invoice_not_supported"]
    assert "ns_memo:in_1:" in plan.problems[0].message


def test_a_status_that_nobody_knows_is_refused() -> None:
    plan = plan_of(invoice(status="frozen"))
    assert codes(plan) == ["invoice_not_supported"]
