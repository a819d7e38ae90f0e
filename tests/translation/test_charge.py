"""Payments: gross, into Undeposited Funds, dated on their own day; and what never was money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.translation.charge import Ground, translate
from connector.translation.customer import UNALLOCATED_KEY
from tests.translation.builders import charge, codes, only, rules_of, settings, usd

rule = pytest.mark.rule


@rule("OM-1")
@rule("OM-4")
@rule("OM-8")
@rule("CH-2")
@rule("CH-3")
@rule("CH-7")
@rule("CU-1")
def test_a_charge_without_an_invoice_is_an_unapplied_payment_in_undeposited_funds() -> None:
    plan = translate(charge("50.00"), settings())
    assert only(plan, records.CustomerPayment) == records.CustomerPayment(
        external_id="ch_1",
        customer=Ref("customer", "cus_1"),
        currency=Ref("currency", "USD"),
        tran_date=date(2026, 11, 3),
        account=Ref("account", internal_id="122"),
        receivables_account=Ref("account", internal_id="119"),
        payment=Decimal("50.00"),
        memo="Stripe: ch_1",
        applied=(),
    )
    expected = {"OM-1", "OM-4", "OM-5", "OM-8", "CH-2", "CH-3", "CH-7", "CU-1"}
    assert rules_of(plan) == expected
    assert (plan.summary.customer, plan.summary.amount) == ("Acme Inc.", usd("50.00"))


@rule("OM-5")
@rule("CH-7")
def test_the_memo_begins_with_the_stripe_id_and_repeats_the_description() -> None:
    plan = translate(charge(description="charge for invoice 12345"), settings())
    memo = only(plan, records.CustomerPayment).memo
    assert memo == "Stripe: ch_1. Stripe description: charge for invoice 12345"


@rule("CH-10")
@rule("CU-4")
def test_a_charge_without_a_customer_is_unallocated() -> None:
    plan = translate(charge(customer_id=""), settings())
    assert only(plan, records.CustomerPayment).customer == Ref("customer", UNALLOCATED_KEY)
    assert "CH-10" in rules_of(plan)
    assert "CU-1" not in rules_of(plan)


@rule("CU-4")
def test_with_one_customer_for_everything_the_payment_is_its() -> None:
    plan = translate(charge(), settings(global_customer_workflow=True))
    assert only(plan, records.CustomerPayment).customer == Ref("customer", UNALLOCATED_KEY)
    assert "CU-4" in rules_of(plan)


@rule("CU-17")
def test_a_charge_may_name_its_netsuite_customer() -> None:
    plan = translate(charge(metadata={"netsuite_customer_id": "4471"}), settings())
    assert only(plan, records.CustomerPayment).customer == Ref("customer", internal_id="4471")
    assert "CU-17" in rules_of(plan)


@rule("CU-17")
def test_a_customer_that_is_no_internal_id_needs_a_person() -> None:
    assert codes(translate(charge(metadata={"netsuite_customer_id": "acme"}), settings())) == [
        "metadata_not_an_id"
    ]


@rule("CH-2")
@rule("CH-H1")
def test_of_a_partly_captured_charge_what_was_captured_is_booked() -> None:
    plan = translate(charge("120.00", amount_captured=usd("80.00")), settings())
    assert only(plan, records.CustomerPayment).payment == Decimal("80.00")


@rule("CH-2")
@rule("MC-1")
@pytest.mark.parametrize(
    ("minor", "currency", "payment"),
    [(98_000, "jpy", "98000"), (45_750, "kwd", "45.750"), (1, "usd", "0.01"), (999, "eur", "9.99")],
)
def test_a_payment_is_in_the_currency_that_the_customer_paid_in(
    minor: int, currency: str, payment: str
) -> None:
    record = only(translate(charge(Amount.from_minor(minor, currency)), settings()), records.CustomerPayment)
    assert (str(record.payment), record.currency) == (payment, Ref("currency", currency.upper()))


@rule("OM-8")
@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 4, 4, 59, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 3)),
        (datetime(2026, 11, 4, 5, 0, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 4)),
        (datetime(2026, 7, 4, 3, 59, 59, tzinfo=UTC), "America/New_York", date(2026, 7, 3)),
        (datetime(2026, 7, 4, 4, 0, 0, tzinfo=UTC), "America/New_York", date(2026, 7, 4)),
        (datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), "Asia/Tokyo", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 15, 0, 0, tzinfo=UTC), "Asia/Tokyo", date(2027, 1, 1)),
        (datetime(2026, 11, 3, 23, 59, 59, tzinfo=UTC), "UTC", date(2026, 11, 3)),
    ],
)
def test_a_payment_is_dated_on_its_day_in_the_accounts_time_zone(
    moment: datetime, zone: str, day: date
) -> None:
    plan = translate(charge(created=moment), settings(time_zone=ZoneInfo(zone)))
    assert only(plan, records.CustomerPayment).tran_date == day


@rule("CH-28")
@rule("CH-29")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {"status": "failed", "captured": False, "failure_message": "No.", "balance_transaction_id": ""},
            "charge_failed",
        ),
        ({"status": "failed", "captured": True, "balance_transaction_id": ""}, "charge_failed"),
        ({"captured": False, "amount_captured": usd("0")}, "charge_not_captured"),
        ({"status": "pending", "balance_transaction_id": ""}, "charge_pending"),
    ],
)
def test_a_charge_that_holds_no_money_makes_nothing(changes: dict[str, Any], code: str) -> None:
    plan = translate(charge(**changes), settings())
    assert plan.skip is not None
    assert (plan.skip.code, plan.records, plan.problems) == (code, (), ())
    assert changes.get("failure_message", "") in plan.skip.message


@rule("CH-5")
def test_a_charge_that_stripe_has_not_settled_comes_later() -> None:
    plan = translate(charge(balance_transaction_id=""), settings())
    assert plan.later is not None
    assert (plan.later.code, plan.records, plan.problems, plan.skip) == ("payment_not_settled", (), (), None)


@rule("BF-1")
def test_a_charge_of_the_day_before_the_start_is_skipped() -> None:
    plan = translate(charge(), settings(sync_start_date=date(2026, 11, 4)))
    assert plan.skip is not None
    assert (plan.skip.code, plan.records) == ("before_start_date", ())


@rule("BF-1")
@rule("OM-H2")
@pytest.mark.parametrize(("zone", "code"), [("UTC", ""), ("America/New_York", "before_start_date")])
@rule("BF-H1")
def test_the_start_date_is_a_day_in_the_accounts_time_zone(zone: str, code: str) -> None:
    chosen = settings(sync_start_date=date(2026, 11, 3), time_zone=ZoneInfo(zone))
    plan = translate(charge(created=datetime(2026, 11, 3, 0, 0, tzinfo=UTC)), chosen)
    assert (plan.skip.code if plan.skip else "") == code


@rule("SY-1")
def test_a_held_charge_is_skipped() -> None:
    marked = charge(metadata={"netsuite_block_integration": "true"})
    plan = translate(marked, settings(denylist_payments=True))
    assert plan.skip is not None
    assert plan.skip.code == "held_by_metadata"


def test_all_that_speaks_against_a_charge_is_said_at_once() -> None:
    wishes = {"netsuite_invoice_id": "INV7", "netsuite_customer_id": "x"}
    plan = translate(
        charge(Amount(Decimal(9), "NOK"), metadata=wishes, balance_transaction_id=""),
        settings(undeposited_funds_account="", receivables_account=""),
    )
    assert codes(plan) == [
        "undeposited_funds_account_missing",
        "receivables_account_missing",
        "currency_missing",
        "metadata_not_an_id",
        "metadata_not_an_id",
    ]
    assert plan.later is not None


@rule("MC-2")
def test_a_currency_that_netsuite_lacks_is_named() -> None:
    plan = translate(charge(Amount(Decimal(9), "NOK")), settings())
    assert codes(plan) == ["currency_missing"]
    assert "NOK" in plan.problems[0].message


@pytest.mark.rule("CH-27")
def test_a_debit_that_was_booked_and_failed_is_given_back_though_stripe_shows_no_movement_of_it() -> None:
    (booked,) = translate(charge(status="pending"), settings()).records
    failed = charge(status="failed", balance_transaction_id="", failure_message="No such account")
    plan = translate(failed, settings(), Ground(booked=booked))
    given_back = only(plan, records.CustomerRefund)
    assert (given_back.external_id, given_back.total) == ("ns_refund:ch_1", Decimal("120.00"))
    assert translate(failed, settings()).records == ()
