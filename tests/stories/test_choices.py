"""What an account's choices change in the books: what is held back, who buys, where revenue waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.models import Job, StripeAccount
from connector.sandbox.agreement import disagreements
from connector.sandbox.stories.props import (
    BOSTON,
    LYON,
    Line,
    new_coupon,
    new_customer,
    new_invoice,
    new_plan,
    new_price,
    new_tax_rate,
    paid_invoice,
    subscribe,
)
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

MORNING = datetime(2026, 11, 19, 9, tzinfo=UTC)
NAMES = ("netsuite_first_name", "netsuite_last_name")
BLOCK, ALLOW = "netsuite_block_integration", "netsuite_allow_integration"


@pytest.mark.rule("SY-1", "SY-2")
def test_what_is_held_is_booked_on_its_own_day_once_it_is_released(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    StripeAccount.objects.update(denylist_payments=True)
    with stage.world.clock.at(MORNING):
        customer = new_customer(stage.world, "Hold Fast Anchors", "ap@holdfast.example", BOSTON)
        lines: list[Line] = [{"pricing": {"price": new_price(stage.world, "Anchor", 91_000)}}]
        made = paid_invoice(stage.world, customer, lines, metadata={BLOCK: "true"})
    stage.settle()
    assert Job.objects.filter(subject=made).latest("pk").code == "held_by_metadata"
    assert not any(one["external_id"] == made for one in stage.world.netsuite.books()["records"])

    stage.world.stripe.post(f"/v1/invoices/{made}", metadata={BLOCK: ""})
    stage.settle()

    expect_books(stage, "held_then_released", request)
    assert disagreements(stage.world) == []
    second_pass_writes_nothing(stage)


@pytest.mark.rule("SY-3")
def test_under_the_allowlist_only_what_is_released_is_booked(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    StripeAccount.objects.update(allowlist_payments=True)
    with stage.world.clock.at(MORNING):
        customer = new_customer(stage.world, "By Invitation Only", "ap@invitation.example", LYON)
        price = new_price(stage.world, "Seat at the table", 15_000)
        paid_invoice(stage.world, customer, [{"pricing": {"price": price}}])
        paid_invoice(
            stage.world, customer, [{"pricing": {"price": price}, "quantity": 2}], metadata={ALLOW: "true"}
        )
    stage.settle()

    expect_books(stage, "only_what_is_released", request)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CU-5", "CU-6", "CU-7", "CU-12", "CU-H2", "CH-10")
def test_customers_of_every_kind_stand_under_their_names(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """A company, a person, one with an email alone, one with nothing at all."""
    with stage.world.clock.at(MORNING):
        kinds: tuple[dict[str, Any], ...] = (
            {"name": "Company & Co"},
            {"individual_name": "Jane Sally Doe"},
            {
                "name": "Sir Walter",
                "metadata": {"netsuite_first_name": "Walter", "netsuite_last_name": "Scott"},
            },
            {"email": "only@email.example"},
            {},
        )
        price = new_price(stage.world, "Ticket", 2_500)
        for kind in kinds:
            row = stage.world.stripe.post("/v1/customers", **kind)
            made = new_invoice(stage.world, row["id"], [{"pricing": {"price": price}}])
            stage.world.stripe.post(f"/v1/invoices/{made}/finalize")
    stage.settle()

    expect_books(stage, "customers_of_every_kind", request)
    assert disagreements(stage.world) == []
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CU-4", "PI-2", "PI-13", "PI-15")
def test_one_customer_one_item_and_one_posting_discount_stand_for_everything(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    StripeAccount.objects.update(
        global_customer_workflow=True,
        global_item_workflow=True,
        global_discount_workflow=True,
        discount_non_posting=False,
    )
    with stage.world.clock.at(MORNING):
        for name in ("Alpha Ltd", "Beta Ltd"):
            customer = new_customer(stage.world, name, "ap@greek.example", BOSTON)
            coupon = new_coupon(stage.world, f"For {name}", percent_off=25)
            lines: list[Line] = [{"pricing": {"price": new_price(stage.world, f"Work for {name}", 8_000)}}]
            paid_invoice(stage.world, customer, lines, discounts=[{"coupon": coupon}])
    stage.settle()

    expect_books(stage, "one_of_each_for_everything", request)
    assert disagreements(stage.world) == []
    second_pass_writes_nothing(stage)


@pytest.mark.rule("RR-2", "RR-3", "RR-4", "RR-5", "RR-10", "PI-18", "UN-6", "CN-8")
def test_revenue_waits_and_what_is_taken_back_is_taken_back_over_the_same_days(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    """A taxed yearly plan is credited for a seat while it is open, and then given up."""
    deferred = stage.world.netsuite.ledger_account("2300")
    StripeAccount.objects.update(deferred_revenue_account=deferred, revenue_recognition_rule="2")
    with stage.world.clock.at(MORNING):
        stripe = stage.world.stripe
        customer = new_customer(
            stage.world, "Later Ltd", "ap@later.example", BOSTON, card="pm_card_chargeCustomerFail"
        )
        plan, tax = new_plan(stage.world, "Season", 12_000), new_tax_rate(stage.world, "Tax", "5")
        items = [{"price": plan, "quantity": 3}]
        made = subscribe(stage.world, customer, items, pay=False, default_tax_rates=[tax])["latest_invoice"]
        (line,) = stripe.store.where("line_item", invoice=made)
        seat = {"type": "invoice_line_item", "invoice_line_item": line["id"], "quantity": 1}
        stripe.post("/v1/credit_notes", invoice=made, lines=[seat])
        stripe.post(f"/v1/invoices/{made}/mark_uncollectible")
    stage.settle()

    expect_books(stage, "deferred_credited_and_given_up", request)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("UN-2", "UN-6", "CB-6", "TZ-1")
def test_an_account_may_have_items_of_its_own_for_bad_debt_and_for_balance(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    user, income = stage.world.netsuite.user, stage.world.netsuite.ledger_account("4000")
    fields = {"incomeAccount": {"@internalId": str(income)}}
    bad_debt = user.create("serviceSaleItem", {"itemId": "Bad debt", **fields})
    balance = user.create("serviceSaleItem", {"itemId": "Goodwill", **fields})
    StripeAccount.objects.update(
        bad_debt_item=str(bad_debt), customer_balance_item=str(balance), sync_trial_invoices=True
    )
    stage.play("invoice_uncollectible")
    stage.play("balance_pays_one_line_and_several")
    stage.play("trial_started")

    expect_books(stage, "items_of_its_own", request)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("UN-2", "K21")
def test_an_account_may_keep_unpaid_invoices_open(stage: Stage, request: pytest.FixtureRequest) -> None:
    StripeAccount.objects.update(keep_unpaid_invoices_open=True)
    stage.play("invoice_uncollectible")
    stage.play("uncollectible_then_paid")

    expect_books(stage, "unpaid_invoices_kept_open", request)
    second_pass_writes_nothing(stage)
