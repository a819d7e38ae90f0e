"""The payments of an invoice: one for each charge that holds money, applied as Stripe applied it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Application, Ref
from connector.stripe.objects import Invoice, InvoicePayment
from connector.translation.charge import OTHER_KEYS
from connector.translation.invoice import translate
from connector.translation.plan import Plan
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

rule = pytest.mark.rule
IN_1 = Ref("invoice", "in_1")


def planned(*payments: InvoicePayment, bill: Invoice | None = None, **choices: Any) -> Plan:
    return translate(bill or invoice(), payments, {}, settings(**choices))


@rule("OM-1")
@rule("OM-5")
@rule("CH-1")
@rule("CH-2")
@rule("CH-3")
@rule("CH-6")
@rule("IN-4")
@rule("IN-9")
def test_a_paid_invoice_is_followed_by_its_payment() -> None:
    paid = charge("120.00", description="Invoice ACME-0001", created=datetime(2026, 11, 5, tzinfo=UTC))
    plan = planned(paid_by(paid))
    assert [type(each.record) for each in plan.records] == [records.Invoice, records.CustomerPayment]
    payment = only(plan, records.CustomerPayment)
    assert (payment.external_id, payment.payment) == ("ch_1", Decimal("120.00"))
    assert payment.applied == (Application(IN_1, Decimal("120.00")),)
    assert (payment.customer, payment.tran_date) == (Ref("customer", "cus_1"), date(2026, 11, 5))
    assert payment.account == Ref("account", internal_id="122")
    assert payment.memo == "Stripe: ch_1"
    assert {"CH-1", "CH-6", "IN-4", "IN-9", "CH-2", "CH-3", "OM-8"} <= set(plan.records[1].rules)


@rule("CH-2")
def test_a_payment_is_gross_and_only_what_went_to_the_invoice_is_applied() -> None:
    payment = only(planned(paid_by(charge("150.00"), "120.00")), records.CustomerPayment)
    assert payment.payment == Decimal("150.00")
    assert payment.applied == (Application(IN_1, Decimal("120.00")),)


@rule("CH-14")
def test_never_more_is_applied_than_was_captured() -> None:
    partly = charge("120.00", amount_captured=usd("80.00"))
    payment = only(planned(paid_by(partly, "120.00")), records.CustomerPayment)
    assert (payment.payment, payment.applied) == (Decimal("80.00"), (Application(IN_1, Decimal("80.00")),))


def test_a_charge_that_stripe_has_not_yet_counted_is_applied_whole() -> None:
    payment = only(planned(paid_by(charge("120.00"), None, status="open")), records.CustomerPayment)
    assert payment.applied == (Application(IN_1, Decimal("120.00")),)


@rule("CH-H2")
def test_each_of_several_charges_has_its_own_payment() -> None:
    first, second = charge("70.00", id="ch_a"), charge("50.00", id="ch_b")
    plan = planned(paid_by(first, "70.00"), paid_by(second, "50.00", id="inpay_2"))
    assert [
        (each.external_id, each.payment, each.applied[0].amount)
        for each in records_of(plan, records.CustomerPayment)
    ] == [
        ("ch_a", Decimal("70.00"), Decimal("70.00")),
        ("ch_b", Decimal("50.00"), Decimal("50.00")),
    ]


@rule("UN-1")
@rule("CH-28")
@rule("CH-29")
@pytest.mark.parametrize(
    "changes",
    [
        {"status": "failed", "captured": False, "paid": False, "balance_transaction_id": ""},
        {"status": "pending", "balance_transaction_id": ""},
        {"captured": False, "balance_transaction_id": ""},
    ],
    ids=["failed", "pending", "uncaptured"],
)
def test_a_charge_that_holds_no_money_leaves_the_invoice_open(changes: dict[str, Any]) -> None:
    still = invoice(status="open", amount_paid=usd("0"), amount_remaining=usd("120.00"))
    plan = planned(paid_by(charge(**changes), None, status="open"), bill=still)
    assert [type(each.record) for each in plan.records] == [records.Invoice]
    assert plan.later is None


@rule("CH-5")
def test_an_unsettled_payment_comes_later_and_the_rest_at_once() -> None:
    first, second = charge("70.00", id="ch_a"), charge("50.00", id="ch_b", balance_transaction_id="")
    plan = planned(paid_by(first, "70.00"), paid_by(second, "50.00", id="inpay_2"))
    assert [each.record.external_id for each in plan.records] == ["in_1", "ch_a"]
    assert plan.later is not None
    assert plan.later.code == "payment_not_settled"
    assert "ch_b" in plan.later.message


@rule("IN-H4")
@pytest.mark.parametrize("payments", [(), (paid_by(None),)], ids=["no payment", "a payment without a charge"])
def test_an_invoice_paid_outside_stripe_stays_open_for_the_real_receipt(
    payments: tuple[InvoicePayment, ...],
) -> None:
    outside = invoice(amount_paid_off_stripe=usd("120.00"))
    plan = planned(*payments, bill=outside)
    assert [type(each.record) for each in plan.records] == [records.Invoice]


@rule("MC-1")
def test_a_payment_in_another_currency_is_refused() -> None:
    euros = charge(Amount(Decimal("110.00"), "EUR"))
    plan = planned(paid_by(euros))
    assert codes(plan) == ["payment_currency_differs"]
    assert "ch_1" in plan.problems[0].message


@rule("CH-7")
@pytest.mark.parametrize(
    "detached", [paid_by(charge(), None, status="canceled"), paid_by(charge(), usd("0.00"))]
)
def test_money_that_stripe_did_not_put_on_the_invoice_stays_unapplied(detached: InvoicePayment) -> None:
    plan = planned(detached)
    payment = only(plan, records.CustomerPayment)
    assert (payment.payment, payment.applied) == (Decimal("120.00"), ())
    assert "CH-7" in rules_of(plan)


@rule("SY-2")
def test_a_held_charge_holds_its_invoice() -> None:
    marked = paid_by(charge(metadata={"netsuite_block_integration": "true"}))
    plan = planned(marked, denylist_payments=True)
    assert plan.skip is not None
    assert (plan.skip.code, plan.records) == ("held_by_metadata", ())
    assert "ch_1" in plan.skip.message
    assert planned(marked).skip is None


@rule("SY-3")
def test_a_released_invoice_releases_its_charges() -> None:
    released = invoice(metadata={"netsuite_allow_integration": "true"})
    plan = planned(paid_by(charge()), bill=released, allowlist_payments=True)
    assert only(plan, records.CustomerPayment).external_id == "ch_1"


@pytest.mark.parametrize("key", OTHER_KEYS)
def test_a_charge_of_an_invoice_can_pay_nothing_else(key: str) -> None:
    plan = planned(paid_by(charge(metadata={key: "12"})))
    assert codes(plan) == ["metadata_not_supported"]
    assert key in plan.problems[0].message


@rule("CH-13")
def test_a_charge_may_name_the_very_invoice_that_its_own_is_linked_to() -> None:
    named = charge(metadata={"netsuite_invoice_id": "881"})
    plan = planned(paid_by(named), bill=invoice(metadata={"netsuite_invoice_id": "881"}))
    assert only(plan, records.CustomerPayment).applied == (Application(IN_1, Decimal("120.00")),)


@rule("CH-26", "K4")
def test_a_debit_on_its_way_pays_its_open_invoice_unless_the_account_waits_for_it() -> None:
    on_its_way = paid_by(charge(status="pending", paid=False), None, status="open", paid_at=None)
    bill = invoice(status="open", amount_remaining=usd("120.00"), amount_paid=usd("0.00"))

    plan = planned(on_its_way, bill=bill)
    assert only(plan, records.CustomerPayment).applied == (Application(IN_1, Decimal("120.00")),)
    assert {"CH-26", "K4"} <= rules_of(plan)

    waits = planned(on_its_way, bill=bill, sync_pending_payments=False)
    assert records_of(waits, records.CustomerPayment) == []
    assert only(waits, records.Invoice).filled == ()


@rule("CH-17", "CH-H2")
def test_of_two_payments_the_one_that_was_made_first_comes_first() -> None:
    later = charge(id="ch_2", created=datetime(2026, 11, 5, tzinfo=UTC))
    plan = planned(paid_by(later, id="inpay_2"), paid_by(charge()))
    assert [one.external_id for one in records_of(plan, records.CustomerPayment)] == ["ch_1", "ch_2"]


@rule("CH-18", "CH-19")
@pytest.mark.parametrize(
    ("mark", "setting", "memo"),
    [
        ("true", False, "Stripe Payment Error: could not apply to invoice ACME-0001"),
        ("", True, "Stripe Payment Error: could not apply to invoice ACME-0001"),
        ("yes", False, ""),
        ("", False, ""),
    ],
)
def test_a_duplicate_may_stand_alone_where_somebody_allowed_it(mark: str, setting: bool, memo: str) -> None:
    marked = charge(metadata={"netsuite_allow_duplicate": mark})
    plan = planned(paid_by(marked), allow_duplicate_payments=setting)
    assert only(plan, records.CustomerPayment).applied == (Application(IN_1, Decimal("120.00")),)
    assert [one.alone for one in plan.records] == ["", memo]


@rule("ME-1")
def test_the_payment_of_a_linked_invoice_is_applied_to_it() -> None:
    plan = planned(paid_by(charge()), bill=invoice(metadata={"netsuite_invoice_id": "881"}))
    assert [link.internal_id for link in plan.links] == ["881"]
    assert [type(each.record) for each in plan.records] == [records.CustomerPayment]
    assert only(plan, records.CustomerPayment).applied == (Application(IN_1, Decimal("120.00")),)


def test_the_payment_is_booked_on_the_invoices_customer_not_on_the_payers() -> None:
    plan = planned(paid_by(charge(customer_id="cus_other")), bill=invoice([line()], customer_id="cus_1"))
    assert only(plan, records.CustomerPayment).customer == Ref("customer", "cus_1")
