"""Money on sales orders: the deposit, the orders that take none, billing, and what cannot change after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connector.models import Job, StripeAccount
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import Ledger, buyer_of, charged
from tests.stories.expected import second_pass_writes_nothing
from tests.stories.stage import Stage

Record = dict[str, Any]


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


def paid_on(stage: Stage, *, customer: str = "", **metadata: object) -> str:
    """A charge over 400.00 USD that names records of NetSuite's, brought to it."""
    terms = {"customer": customer} if customer else {}
    named = {key: str(value) for key, value in metadata.items()}
    made = charged(stage.world, 40_000, metadata=named, **terms)
    stage.bring(made)
    return made


def of_type(stage: Stage, kind: str) -> list[Record]:
    records: list[Record] = stage.world.netsuite.books()["records"]
    return [record for record in records if record["type"] == kind]


def order_of(deposit: Record) -> int | None:
    """The internal id of the order that a deposit is on."""
    order = deposit.get("sales_order")
    return int(order["internal_id"]) if order else None


def code(stage: Stage, subject: str) -> str:
    return Job.objects.filter(subject=subject).latest("pk").code


def named_by(charge: str) -> dict[str, Any]:
    """The fields of an order that carries a charge."""
    field = {
        "$": "StringCustomFieldRef",
        "@scriptId": "custbody_suitesync_authorization_code",
        "value": charge,
    }
    return {"customFieldList": {"$": "CustomFieldList", "customField": [field]}}


@pytest.mark.rule("CH-20", "CH-21", "CH-H4", "K23")
def test_billing_the_order_applies_its_deposit_and_nothing_is_written_again(stage: Stage) -> None:
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00")
    made = paid_on(stage, netsuite_sales_order_id=order)
    (deposit,) = of_type(stage, "customerDeposit")
    assert (deposit["external_id"], deposit["total"], order_of(deposit)) == (made, "400.00", order)

    bill = ledger.bill(order)

    (invoice,) = of_type(stage, "invoice")
    assert (invoice["internal_id"], invoice["amount_remaining"]) == (str(bill), "500.00")
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-20", "CH-25")
@pytest.mark.parametrize("is_wanted", [True, False])
def test_an_order_that_carries_the_charge_is_found_by_it_where_the_account_wants_that(
    is_wanted: bool, stage: Stage
) -> None:
    StripeAccount.objects.update(find_sales_orders=is_wanted)
    made = charged(stage.world, 40_000)
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00", **named_by(made))
    stage.bring(made)

    assert [order_of(one) for one in of_type(stage, "customerDeposit")] == [order] * is_wanted
    assert len(of_type(stage, "customerPayment")) == (not is_wanted)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-20")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_charge_of_a_former_stripe_order_is_a_deposit_on_the_order_that_carries_its_id(
    is_there: bool, stage: Stage
) -> None:
    """Of Stripe's former Orders API; an order that NetSuite lacks leaves an ordinary payment."""
    made = charged(stage.world, 40_000)
    stage.world.stripe.store.get("charge", made)["order"] = "or_1"
    order, _ = Ledger(stage.world, "Tidewater Sailmakers").sales_order("900.00")
    if is_there:
        stage.world.netsuite.user.edit("salesOrder", order, {"@externalId": "or_1"})
    stage.bring(made)

    assert [order_of(one) for one in of_type(stage, "customerDeposit")] == [order] * is_there
    assert len(of_type(stage, "customerPayment")) == (not is_there)
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-25")
def test_the_payment_of_an_order_that_is_billed_already_goes_to_its_invoice(stage: Stage) -> None:
    made = charged(stage.world, 90_000)
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00", **named_by(made))
    bill = ledger.bill(order)
    stage.bring(made)

    (payment,) = of_type(stage, "customerPayment")
    assert [int(one["internal_id"]) for one in payment["applied_to"]] == [bill]
    assert of_type(stage, "invoice")[0]["amount_remaining"] == "0.00"
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-22")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("billed", "which is billed"),
        ("closed", "which is closed"),
        ("cancelled", "which is cancelled"),
        ("by_card", "which has a payment method"),
    ],
)
def test_an_order_that_takes_no_deposit_leaves_it_to_its_customer(
    state: str, words: str, stage: Stage
) -> None:
    user, ledger = stage.world.netsuite.user, Ledger(stage.world, "Tidewater Sailmakers")
    fields: dict[str, Any] = {}
    if state == "cancelled":
        fields = {"orderStatus": "_cancelled"}
    if state == "by_card":
        fields = {"paymentMethod": ref(user.create("paymentMethod", {"name": "Card"}))}
    order, number = ledger.sales_order("400.00", **fields)
    if state == "billed":
        ledger.bill(order)
    if state == "closed":
        line = {"$": "SalesOrderItem", "line": 1, "isClosed": True}
        user.edit("salesOrder", order, {"itemList": {"$": "SalesOrderItemList", "item": [line]}})
    made = paid_on(stage, netsuite_sales_order_id=order)

    (deposit,) = of_type(stage, "customerDeposit")
    assert (deposit["external_id"], order_of(deposit), deposit["unapplied"]) == (made, None, "400.00")
    assert deposit["memo"] == f"Stripe: {made}. Not on sales order {number}, {words}."
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-22")
def test_an_order_that_waits_for_approval_is_waited_for_and_then_takes_the_deposit(stage: Stage) -> None:
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00", orderStatus="_pendingApproval")
    made = paid_on(stage, netsuite_sales_order_id=order)
    job = Job.objects.get(subject=made)
    assert (job.status, job.code) == (Job.Status.READY, "sales_order_pending_approval")
    assert of_type(stage, "customerDeposit") == []

    stage.world.netsuite.user.edit("salesOrder", order, {"orderStatus": "_pendingFulfillment"})
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(minutes=1))
    stage.run_jobs()

    assert [order_of(one) for one in of_type(stage, "customerDeposit")] == [order]
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-23")
def test_what_the_charge_names_later_changes_nothing_of_its_deposit(stage: Stage) -> None:
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    (order, _), (other, _) = ledger.sales_order("900.00"), ledger.sales_order("500.00")
    made = paid_on(stage, netsuite_sales_order_id=order)
    invoice, _ = ledger.invoice("400.00")
    for later in ({"netsuite_sales_order_id": str(other)}, {"netsuite_invoice_id": str(invoice)}):
        stage.world.stripe.post(f"/v1/charges/{made}", metadata=later)
        stage.bring(made)

    assert [order_of(one) for one in of_type(stage, "customerDeposit")] == [order]
    assert of_type(stage, "customerPayment") == []
    assert code(stage, made) == ""


@pytest.mark.rule("CH-20", "K23")
@pytest.mark.parametrize(
    ("named", "expected"), [("999999", "metadata_record_missing"), ("SO12", "metadata_not_an_id")]
)
def test_an_order_that_is_not_there_is_named(named: str, expected: str, stage: Stage) -> None:
    made = paid_on(stage, netsuite_sales_order_id=named)
    assert code(stage, made) == expected
    assert of_type(stage, "customerDeposit") == []


@pytest.mark.rule("CH-22")
def test_an_order_that_is_cancelled_while_its_deposit_is_on_the_way_leaves_it_to_the_customer(
    stage: Stage,
) -> None:
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, number = ledger.sales_order("900.00")
    stop = stage.world.netsuite.on_request(
        lambda asked, _answered, operation: (
            stage.world.netsuite.user.edit("salesOrder", order, {"orderStatus": "_cancelled"})
            if operation == "search" and b"_salesOrder" in asked
            else None
        )
    )
    made = paid_on(stage, netsuite_sales_order_id=order)
    stop()

    (deposit,) = of_type(stage, "customerDeposit")
    assert order_of(deposit) is None
    assert deposit["memo"] == f"Stripe: {made}. Not on sales order {number}, which was refused by NetSuite."
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-27", "CH-20")
def test_a_debit_on_an_order_that_fails_is_given_back_from_its_deposit(stage: Stage) -> None:
    ledger = Ledger(stage.world, "Tidewater Sailmakers")
    order, _ = ledger.sales_order("900.00")
    payer = buyer_of(stage.world, "Tidewater Sailmakers", card="pm_us_bank_account")
    made = paid_on(stage, customer=payer, netsuite_sales_order_id=order)
    stage.world.stripe.bank.bounce(made)
    stage.bring(made)

    assert [one["total"] for one in of_type(stage, "customerRefund")] == ["400.00"]
    assert [one["unapplied"] for one in of_type(stage, "customerDeposit")] == ["0.00"]
    second_pass_writes_nothing(stage)
