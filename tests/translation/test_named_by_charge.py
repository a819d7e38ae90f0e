"""What a charge names in NetSuite: invoices, a sales order, records of its own; and what it leads to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Application, Ref
from connector.translation.charge import Ground, translate
from connector.translation.due import Due
from connector.translation.sales_order import Order
from tests.translation.builders import charge, codes, only, rules_of, settings, usd

rule = pytest.mark.rule
BANK_SAID_NO = datetime(2026, 11, 9, 8, tzinfo=UTC)


def owing(amount: str, number: str = "INV7", **changes: Any) -> Due:
    """An invoice of customer 44 in NetSuite."""
    given = {"internal_id": number.removeprefix("INV"), "customer": "44", "currency": "1", **changes}
    return Due(number=number, amount=Decimal(amount), **given)


def order(state: str = "_pendingFulfillment", **changes: Any) -> Order:
    """A sales order of customer 44 in NetSuite."""
    given = {"internal_id": "9001", "number": "SO12", "customer": "44", "currency": "1", **changes}
    return Order(state=state, **given)


def invoice_ref(number: str) -> Ref:
    return Ref("invoice", internal_id=number)


# Invoices of NetSuite's own


@rule("CH-13", "CH-14")
def test_a_charge_pays_the_netsuite_invoice_that_it_names_under_its_customer() -> None:
    ground = Ground(dues=(owing("200.00", receivables_account="120"),))
    plan = translate(charge(metadata={"netsuite_invoice_id": "7"}), settings(), ground)
    payment = only(plan, records.CustomerPayment)
    assert payment.applied == (Application(invoice_ref("7"), Decimal("120.00")),)
    assert payment.customer == Ref("customer", internal_id="44")
    assert payment.receivables_account == Ref("account", internal_id="120")
    assert {"CH-13", "CH-14"} <= rules_of(plan)


@rule("CH-14", "ER-5")
def test_more_than_is_due_is_refused_with_both_amounts() -> None:
    plan = translate(
        charge("100.00", metadata={"netsuite_invoice_id": "7"}), settings(), Ground(dues=(owing("99.00"),))
    )
    assert codes(plan) == ["amount_differs"]
    assert plan.problems[0].message == (
        "ch_1: Charge amount 100.00 is different than the amount due on the corresponding invoice. "
        "Transaction ID:INV7 (ID 7) amount due: 99.00."
    )


@rule("CH-17")
def test_an_invoice_with_nothing_due_is_already_paid() -> None:
    plan = translate(charge(metadata={"netsuite_invoice_id": "7"}), settings(), Ground(dues=(owing("0.00"),)))
    assert codes(plan) == ["invoice_already_paid"]


@rule("CH-18", "CH-19")
def test_an_allowed_duplicate_is_unapplied_and_says_so() -> None:
    marked = {"netsuite_invoice_id": "7", "netsuite_allow_duplicate": "true"}
    plan = translate(charge(metadata=marked), settings(), Ground(dues=(owing("0.00"),)))
    payment = only(plan, records.CustomerPayment)
    assert (payment.applied, payment.customer) == ((), Ref("customer", internal_id="44"))
    assert payment.memo == "Stripe Payment Error: could not apply to invoice INV7"
    assert "CH-18" in rules_of(plan)


@rule("CH-16")
def test_several_invoices_are_paid_in_the_order_of_the_list() -> None:
    dues = (owing("50.00", "INV1"), owing("0.00", "INV2"), owing("90.00", "INV3"))
    plan = translate(charge(metadata={"apply_to_invoices": "INV1,INV2,INV3"}), settings(), Ground(dues=dues))
    assert only(plan, records.CustomerPayment).applied == (
        Application(invoice_ref("1"), Decimal("50.00")),
        Application(invoice_ref("3"), Decimal("70.00")),
    )


@rule("CH-14")
@given(
    st.integers(1, 500_00),
    st.lists(st.integers(0, 200_00), min_size=1, max_size=5),
)
def test_never_more_is_applied_than_is_due_and_never_less_than_was_paid(paid: int, due: list[int]) -> None:
    dues = tuple(owing(f"{cents / 100:.2f}", f"INV{place}") for place, cents in enumerate(due, start=1))
    one = charge(f"{paid / 100:.2f}", metadata={"apply_to_invoices": "INV1"})
    plan = translate(one, settings(), Ground(dues=dues))
    if sum(due) < paid:
        assert codes(plan) in (["amount_differs"], ["invoice_already_paid"])
        return
    payment = only(plan, records.CustomerPayment)
    assert sum(each.amount for each in payment.applied) == payment.payment
    left = {one.ref: one.amount for one in dues}
    assert all(each.amount <= left[each.doc] for each in payment.applied)


@rule("CH-16")
@pytest.mark.parametrize(
    ("dues", "metadata", "code"),
    [
        ((owing("60"), owing("60", "INV8", customer="45")), {}, "applied_records_differ"),
        ((owing("120"),), {"netsuite_customer_id": "45"}, "applied_records_differ"),
        ((owing("60"), owing("60", "INV8", receivables_account="122")), {}, "applied_records_differ"),
        ((owing("120", currency="2"),), {}, "payment_currency_differs"),
    ],
)
def test_invoices_that_one_payment_cannot_pay_are_refused(
    dues: tuple[Due, ...], metadata: dict[str, str], code: str
) -> None:
    named = charge(metadata={"netsuite_invoice_id": "7", **metadata})
    assert codes(translate(named, settings(), Ground(dues=dues))) == [code]


# Sales orders


@rule("CH-20", "CH-21", "CH-H4", "K23")
def test_a_charge_on_an_order_is_a_deposit_on_it() -> None:
    plan = translate(charge(description="Sails"), settings(), Ground(order=order()))
    assert only(plan, records.CustomerDeposit) == records.CustomerDeposit(
        external_id="ch_1",
        customer=Ref("customer", internal_id="44"),
        currency=Ref("currency", "USD"),
        tran_date=date(2026, 11, 3),
        account=Ref("account", internal_id="122"),
        payment=Decimal("120.00"),
        sales_order=Ref("salesOrder", internal_id="9001"),
        memo="Stripe: ch_1. Stripe description: Sails",
    )


@rule("CH-22")
@pytest.mark.parametrize(
    ("there", "words"),
    [
        (order("_closed"), "is closed"),
        (order("_cancelled"), "is cancelled"),
        (order("_fullyBilled"), "is billed"),
        (order(has_payment_method=True), "has a payment method"),
    ],
)
def test_an_order_that_takes_no_deposit_leaves_it_to_the_customer(there: Order, words: str) -> None:
    deposit = only(translate(charge(), settings(), Ground(order=there)), records.CustomerDeposit)
    assert (deposit.sales_order, deposit.customer) == (None, Ref("customer", internal_id="44"))
    assert deposit.memo == f"Stripe: ch_1. Not on sales order SO12, which {words}."


@rule("CH-22")
def test_an_order_that_waits_for_approval_is_waited_for() -> None:
    plan = translate(charge(), settings(), Ground(order=order("_pendingApproval")))
    assert plan.waiting is not None
    assert (plan.waiting.code, plan.records) == ("sales_order_pending_approval", ())


@rule("CH-20")
def test_an_order_of_another_customer_or_currency_is_refused() -> None:
    other = charge(metadata={"netsuite_customer_id": "45"})
    assert codes(translate(other, settings(), Ground(order=order()))) == ["applied_records_differ"]
    euros = Ground(order=order(currency="2"))
    assert codes(translate(charge(), settings(), euros)) == ["payment_currency_differs"]


@rule("CH-23")
def test_a_booked_charge_is_planned_as_it_was_written_whatever_it_names_now() -> None:
    booked = translate(charge(), settings(), Ground(order=order())).records[0]
    renamed = charge(metadata={"netsuite_sales_order_id": "9002"})
    assert translate(renamed, settings(), Ground(booked=booked)).records == (booked,)


# Records that stand for the charge


@rule("PO-14", "CH-24", "K11", "ME-1")
@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("netsuite_customer_payment_id", "customerPayment"),
        ("netsuite_customer_deposit_id", "customerDeposit"),
        ("netsuite_cash_sale_id", "cashSale"),
    ],
)
def test_a_charge_may_name_the_record_that_stands_for_it(key: str, kind: str) -> None:
    plan = translate(charge(metadata={key: " 812 "}), settings())
    assert [(one.type, one.key, one.internal_id) for one in plan.links] == [(kind, "ch_1", "812")]
    assert plan.records == ()
    assert codes(translate(charge(metadata={key: "PYMT7"}), settings())) == ["metadata_not_an_id"]


# Invoices for payments, and payments for the next invoice


@rule("CH-11", "CH-H5")
def test_a_payment_without_an_invoice_gets_one_of_a_single_line() -> None:
    one = charge("50.00", description="Blue chair", amount_captured=usd("40.00"))
    plan = translate(one, settings(create_invoices_for_payments=True))
    bill, payment = only(plan, records.Invoice), only(plan, records.CustomerPayment)
    assert (bill.external_id, bill.total, bill.tran_date) == (
        "ns_invoice:ch_1",
        Decimal("40.00"),
        payment.tran_date,
    )
    assert [line.item for line in bill.lines] == [Ref("item", "stripe_generic_line_item")]
    assert bill.memo == "Stripe: ch_1. Stripe description: Blue chair"
    assert payment.applied == (Application(Ref("invoice", "ns_invoice:ch_1"), Decimal("40.00")),)


@rule("CH-12")
@pytest.mark.parametrize(
    ("found", "own", "item"),
    [
        (Ref("item", internal_id="31"), "32", Ref("item", internal_id="31")),
        (None, "32", Ref("item", internal_id="32")),
    ],
)
def test_its_item_is_the_one_that_was_found_or_the_accounts_own(
    found: Ref | None, own: str, item: Ref
) -> None:
    choices = settings(create_invoices_for_payments=True, payment_item=own)
    bill = only(translate(charge(), choices, Ground(item=found)), records.Invoice)
    assert [line.item for line in bill.lines] == [item]


@rule("CH-9")
@pytest.mark.parametrize(
    ("setting", "mark", "waits"),
    [(True, "", True), (False, "true", True), (False, "auto-apply", True), (False, "false", False)],
)
def test_a_payment_waits_for_the_next_invoice_by_setting_or_mark(
    setting: bool, mark: str, waits: bool
) -> None:
    one = charge(metadata={"netsuite_auto_apply": mark})
    plan = translate(one, settings(auto_apply_standalone_charges=setting))
    assert ("CH-9" in rules_of(plan)) is waits


# Debits


def refused_by_the_bank(**changes: Any) -> Any:
    given = {
        "status": "failed",
        "paid": False,
        "failure_message": "Account closed.",
        "failure_balance_transaction_id": "txn_2",
        **changes,
    }
    return charge(**given)


@rule("CH-27", "RF-10")
@pytest.mark.parametrize("was_booked", [True, False])
def test_a_failed_debit_settles_nothing_and_is_given_back(was_booked: bool) -> None:
    booked = translate(charge(status="pending"), settings()).records[0]
    ground = Ground(booked if was_booked else None, failed_at=BANK_SAID_NO)
    plan = translate(refused_by_the_bank(), settings(), ground)
    payment, refund = plan.records
    assert payment.taken_off
    assert payment.record.external_id == "ch_1"
    assert refund.record == records.CustomerRefund(
        external_id="ns_refund:ch_1",
        customer=Ref("customer", "cus_1"),
        currency=Ref("currency", "USD"),
        tran_date=date(2026, 11, 9),
        account=Ref("account", internal_id="122"),
        receivables_account=Ref("account", internal_id="119"),
        applied=(Application(Ref("customerPayment", "ch_1"), Decimal("120.00")),),
        memo="Stripe: ch_1. The payment failed: Account closed.",
    )
    assert plan.alert is not None
    assert plan.alert.code == "bank_debit_failed"


@rule("CH-27")
def test_a_failed_debit_that_was_a_deposit_is_given_back_from_it() -> None:
    booked = translate(charge(), settings(), Ground(order=order())).records[0]
    plan = translate(refused_by_the_bank(), settings(), Ground(booked))
    refund = plan.records[1].record
    assert isinstance(refund, records.CustomerRefund)
    assert (refund.applied, refund.deposits) == (
        (),
        (Application(Ref("customerDeposit", "ch_1"), Decimal("120.00")),),
    )


@rule("CH-26", "K4")
@pytest.mark.parametrize(("wanted", "code"), [(True, ""), (False, "charge_pending")])
def test_a_debit_on_its_way_is_booked_unless_the_account_waits_for_it(wanted: bool, code: str) -> None:
    plan = translate(charge(status="pending", paid=False), settings(sync_pending_payments=wanted))
    assert (plan.skip.code if plan.skip else "") == code
    assert bool(plan.records) is wanted


# Rates


@rule("MC-6", "MC-H1")
@pytest.mark.parametrize(
    ("settled", "base", "rate"),
    [("129.97", "USD", "1.08308333"), ("129.97", "GBP", None), ("129.97", "", None)],
)
def test_a_payment_that_stripe_converted_posts_what_it_settled(
    settled: str, base: str, rate: str | None
) -> None:
    one = charge(Amount(Decimal("120.00"), "EUR"))
    plan = translate(one, settings(base_currency=base), Ground(settled=usd(settled)))
    payment = only(plan, records.CustomerPayment)
    assert payment.exchange_rate == (Decimal(rate) if rate else None)
    if payment.exchange_rate:
        assert (payment.payment * payment.exchange_rate).quantize(Decimal("0.01")) == Decimal(settled)
