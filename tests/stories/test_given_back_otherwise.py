"""Money given back of payments that stand otherwise in NetSuite than Stripe says, and in unhappy orders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.engine import jobs
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.netsuite import ref
from connector.sandbox.stories.till import Ledger, charge_of, charged, paid_out, refund, sale
from tests.stories.expected import second_pass_writes_nothing
from tests.stories.given_back import (
    apply_by_hand,
    customer,
    ended,
    memos_are_used_up,
    nothing_waits,
    of_type,
    went_back,
)
from tests.stories.stage import Stage

pytestmark = pytest.mark.usefixtures("november")

# Duplicates


def _card_of_a_duplicate(stage: Stage) -> str:
    """The charge of the duplicate payment that came second."""
    charges = [str(row["id"]) for row in stage.world.stripe.store.all("charge")]
    return next(one for one in charges if one.startswith("ch_"))


@pytest.mark.rule("CH-17", "RF-2")
def test_a_duplicate_that_is_refused_keeps_its_refund_out_and_takes_nothing_of_the_sale(
    stage: Stage,
) -> None:
    stage.play("duplicate_payment")
    double = _card_of_a_duplicate(stage)
    back = refund(stage.world, double)
    stage.settle()

    (invoice,) = of_type(stage, "invoice")
    assert ended(stage, invoice["external_id"]) == (Job.Status.NEEDS_ATTENTION, "invoice_already_paid")
    assert (of_type(stage, "creditMemo"), of_type(stage, "customerRefund")) == ([], [])

    StripeAccount.objects.update(allow_duplicate_payments=True)
    stage.bring(invoice["external_id"])
    _is_refunded_directly(stage, double, back)


@pytest.mark.rule("CH-18", "RF-1", "RF-2")
def test_a_duplicate_that_may_stand_alone_is_refunded_directly_when_both_are_told_at_once(
    stage: Stage,
) -> None:
    StripeAccount.objects.update(allow_duplicate_payments=True)
    stories.play(stage.world, "duplicate_payment")
    double = _card_of_a_duplicate(stage)
    back = refund(stage.world, double)
    stage.settle()

    _is_refunded_directly(stage, double, back)


def _is_refunded_directly(stage: Stage, charge: str, back: str) -> None:
    assert of_type(stage, "creditMemo") == []
    row = MappedRecord.objects.get(external_id=back)
    assert [(one["type"], one["external_id"]) for one in row.applied_to] == [("customerPayment", charge)]
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


# Deposits, links, invoices of our own making


@pytest.mark.rule("RF-11", "RF-H8", "CH-20")
def test_a_deposit_is_refunded_directly_until_its_order_is_billed_and_then_by_a_memo_of_the_bill(
    stage: Stage,
) -> None:
    stage.play("sales_order_deposit")
    (charge,) = [row["id"] for row in stage.world.stripe.store.all("charge")]
    refund(stage.world, charge, 10_000)
    stage.settle()
    (deposit,) = of_type(stage, "customerDeposit")
    assert (deposit["unapplied"], of_type(stage, "creditMemo")) == ("300.00", [])

    user, (order,) = stage.world.netsuite.user, of_type(stage, "salesOrder")
    payer = user.show("salesOrder", order["internal_id"])["entity"]["@internalId"]
    user.create("invoice", {"entity": ref(payer), "createdFrom": ref(order["internal_id"])})
    refund(stage.world, charge, 15_000)
    stage.settle()

    (memo,) = of_type(stage, "creditMemo")
    assert [(line["item"], line["amount"]) for line in memo["lines"]] == [
        ("Goods for Tidewater Sailmakers", "150.00")
    ]
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-11", "RF-1", "RF-5")
def test_a_payment_with_an_invoice_of_its_own_is_taken_back_of_that(stage: Stage) -> None:
    StripeAccount.objects.update(create_invoices_for_payments=True)
    charge = charged(stage.world, 10_000, customer=customer(stage), description="Bicycle service")
    refund(stage.world, charge, 4_000)
    stage.settle()
    refund(stage.world, charge)
    stage.settle()

    assert [memo["total"] for memo in of_type(stage, "creditMemo")] == ["40.00", "60.00"]
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("PO-14", "RF-1")
def test_a_payment_that_a_person_entered_is_taken_back_where_that_person_applied_it(stage: Stage) -> None:
    ledger, user = Ledger(stage.world, "Hand Ltd"), stage.world.netsuite.user
    bill, _ = ledger.invoice("90.00")
    line = {"$": "CustomerPaymentApply", "apply": True, "doc": bill, "amount": Decimal("90.00")}
    applied = {"$": "CustomerPaymentApplyList", "apply": [line]}
    terms = {"customer": ref(ledger.customer), "payment": Decimal("100.00"), "applyList": applied}
    payment = user.create("customerPayment", terms)
    metadata = {"netsuite_customer_payment_id": str(payment)}
    charge = charged(stage.world, 10_000, description="Paid at the counter", metadata=metadata)
    refund(stage.world, charge, 5_000)
    stage.settle()
    refund(stage.world, charge)
    stage.settle()

    assert [memo["total"] for memo in of_type(stage, "creditMemo")] == ["40.00", "50.00"]
    went_back(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-1", "RF-2")
def test_what_was_refunded_directly_is_not_taken_back_again_after_a_person_applied_the_rest(
    stage: Stage,
) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    ours = int(MappedRecord.objects.get(external_id=made).internal_id)
    charge = charge_of(stage.world, made)
    apply_by_hand(stage, made, {})
    refund(stage.world, charge, 6_000)
    stage.settle()
    apply_by_hand(stage, made, {ours: "140.00"})
    for amount in (5_000, 9_000):
        refund(stage.world, charge, amount)
        stage.settle()

    assert [memo["total"] for memo in of_type(stage, "creditMemo")] == ["50.00", "90.00"]
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


# Credit notes and disputes besides


@pytest.mark.rule("K24", "CN-H1")
@pytest.mark.parametrize("booked_between", [False, True])
def test_several_credit_notes_of_one_refund_credit_all_that_they_say_and_nothing_twice(
    booked_between: bool, stage: Stage
) -> None:
    made = sale(stage.world, "Burdock Brewery", 20_000, 10_000)
    back = refund(stage.world, charge_of(stage.world, made), 5_000)
    for amount, refunded in ((2_000, 2_000), (4_000, 3_000)):
        named = [{"refund": back, "amount_refunded": refunded}]
        outside = amount - refunded
        stage.world.stripe.post(
            "/v1/credit_notes", invoice=made, amount=amount, refunds=named, out_of_band_amount=outside
        )
        if booked_between:
            stage.settle()
    stage.settle()

    memos = of_type(stage, "creditMemo")
    assert sum(Decimal(memo["total"]) for memo in memos) == Decimal("60.00")
    assert sum(Decimal(memo["unapplied"]) for memo in memos) == Decimal("10.00")
    assert [one["total"] for one in of_type(stage, "customerRefund")] == ["50.00"]
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("DS-8", "K24", "RF-H6")
def test_a_refund_a_credit_note_and_a_dispute_of_one_charge_are_each_booked_once(stage: Stage) -> None:
    made = sale(stage.world, "Burdock Brewery", 20_000, 10_000)
    charge = charge_of(stage.world, made)
    refund(stage.world, charge, 4_000)
    stage.settle()
    stage.world.stripe.post("/v1/credit_notes", invoice=made, amount=2_500, refund_amount=2_500)
    stage.settle()
    stage.world.stripe.bank.dispute(charge, 30_000)
    stage.settle()

    given = sorted(Decimal(one["total"]) for one in of_type(stage, "customerRefund"))
    assert given == [Decimal("25.00"), Decimal("40.00"), Decimal("300.00")]
    memos_are_used_up(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("DS-8", "DS-1")
def test_a_charge_that_was_refunded_in_full_and_is_disputed_goes_to_the_dispute_item(stage: Stage) -> None:
    made = sale(stage.world, "Pelican Bay Rentals", 20_000)
    refund(stage.world, charge_of(stage.world, made))
    stage.settle()
    stage.world.stripe.bank.dispute(charge_of(stage.world, made))
    stage.settle()

    items = [[line["item"] for line in memo["lines"]] for memo in of_type(stage, "creditMemo")]
    assert items[-1] == ["Stripe Dispute Item"]
    memos_are_used_up(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


# Currencies


@pytest.mark.rule("MC-9", "MC-H3", "RF-6", "RF-H6")
@pytest.mark.parametrize(("currency", "parts"), [("jpy", (333, 24_667)), ("kwd", (3_330, 6_670))])
def test_two_refunds_at_once_are_two_whatever_the_decimals_of_their_currency(
    currency: str, parts: tuple[int, int], stage: Stage
) -> None:
    made = sale(stage.world, "Kingfisher Trading", 20_000, 5_000, currency=currency)
    for amount in parts:
        refund(stage.world, charge_of(stage.world, made), amount)
    stage.settle()

    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("MC-H2", "MC-6")
def test_a_converted_dispute_takes_out_of_undeposited_funds_what_stripe_took(stage: Stage) -> None:
    with stage.world.stripe.bank.terms(settles={"eur": ("usd", "1.0767")}):
        made = sale(stage.world, "Kingfisher Verlag", 9_999, 1_001, currency="eur")
        stage.settle()
    with stage.world.stripe.bank.terms(settles={"eur": ("usd", "1.1234")}):
        stage.world.stripe.bank.dispute(charge_of(stage.world, made))
        stage.settle()

    moved = sum(row["amount"] for row in stage.world.stripe.store.all("balance_transaction"))
    accounts = {one["name"]: Decimal(one["balance"]) for one in stage.world.netsuite.books()["accounts"]}
    assert accounts["Undeposited Funds"] == Decimal(moved) / 100 != 0
    assert accounts["Accounts Receivable"] == 0
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


# Unhappy days


@pytest.mark.rule("OM-9", "K18")
def test_a_refund_in_a_closed_month_waits_until_the_month_is_open_again(stage: Stage) -> None:
    made = sale(stage.world, "Aster Lane Florists", 20_000)
    stage.settle()
    refund(stage.world, charge_of(stage.world, made), 5_000)
    stage.world.netsuite.user.close_period("Nov 2026")
    stage.settle()
    assert ended(stage, made) == (Job.Status.NEEDS_ATTENTION, "period_closed")
    assert (of_type(stage, "creditMemo"), of_type(stage, "customerRefund")) == ([], [])

    stage.world.netsuite.user.open_period("Nov 2026")
    assert jobs.retry(Job.objects.filter(subject=made).latest("pk"))
    stage.settle()
    went_back(stage)
    nothing_waits(stage)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RF-H2", "PO-5")
def test_a_refund_that_came_back_is_an_open_credit_of_its_customer_on_the_payouts_deposit(
    stage: Stage,
) -> None:
    made = sale(stage.world, "Jackdaw Studios", 33_000)
    failing = refund(stage.world, charge_of(stage.world, made), 11_000)
    stage.settle()
    stage.world.clock.advance(timedelta(days=1))
    stage.world.stripe.bank.fail_refund(failing, "expired_or_canceled_card")
    payout = paid_out(stage.world, "usd", 0)
    stage.settle()

    assert ended(stage, payout) == (Job.Status.SUCCESSFUL, "")
    (deposit,) = of_type(stage, "deposit")
    (back,) = deposit["others"]
    assert (back["account"], back["amount"]) == ("1100 Accounts Receivable", "110.00")
    assert back["entity_name"].endswith("Jackdaw Studios")
    accounts = {one["name"]: Decimal(one["balance"]) for one in stage.world.netsuite.books()["accounts"]}
    assert (accounts["Undeposited Funds"], accounts["Accounts Receivable"]) == (Decimal(0), Decimal(-110))
    second_pass_writes_nothing(stage)
