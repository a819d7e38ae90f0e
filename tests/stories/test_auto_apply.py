"""Payments without an invoice: invoices that are made for them, and later invoices that they pay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.models import Job, StripeAccount
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.props import Line, new_price, open_invoice
from connector.sandbox.stories.till import buyer_of, charged
from tests.stories.expected import second_pass_writes_nothing
from tests.stories.stage import Stage

Record = dict[str, Any]


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.fixture
def buyer(stage: Stage) -> str:
    return buyer_of(stage.world, "Hollow Oak Timber")


def paid(stage: Stage, amount: int, buyer: str, **terms: Any) -> str:
    """A charge without an invoice, brought to NetSuite."""
    made = charged(stage.world, amount, customer=buyer, **terms)
    stage.bring(made)
    return made


SENT = {"collection_method": "send_invoice", "days_until_due": 30}


def billed(stage: Stage, amount: int, buyer: str, terms: dict[str, Any] = SENT) -> str:
    """An invoice, unless told otherwise one that waits for the customer, brought to NetSuite."""
    lines: list[Line] = [{"pricing": {"price": new_price(stage.world, "Planks", amount)}}]
    made = open_invoice(stage.world, buyer, lines, **terms)
    stage.bring(made)
    return made


def of_type(stage: Stage, kind: str) -> list[Record]:
    records: list[Record] = stage.world.netsuite.books()["records"]
    return [record for record in records if record["type"] == kind]


def left(stage: Stage, kind: str) -> dict[str, str]:
    """What is open or unapplied, by external id."""
    name = "amount_remaining" if kind == "invoice" else "unapplied"
    return {one["external_id"]: one[name] for one in of_type(stage, kind)}


@pytest.mark.rule("CH-9")
@pytest.mark.parametrize("by_setting", [True, False])
def test_a_payment_pays_the_customers_next_invoices_until_it_is_used_up(
    by_setting: bool, stage: Stage, buyer: str
) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=by_setting)
    mark = {} if by_setting else {"metadata": {"netsuite_auto_apply": "auto-apply"}}
    made = paid(stage, 10_000, buyer, **mark)
    first = billed(stage, 6_000, buyer)
    second = billed(stage, 7_000, buyer)

    assert left(stage, "invoice") == {first: "0.00", second: "30.00"}
    assert left(stage, "customerPayment") == {made: "0.00"}
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-9")
def test_of_two_payments_the_older_is_used_first_and_what_is_left_over_waits(
    stage: Stage, buyer: str
) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=True)
    older, newer = paid(stage, 4_000, buyer), paid(stage, 5_000, buyer)
    invoice = billed(stage, 6_000, buyer)

    assert left(stage, "invoice") == {invoice: "0.00"}
    assert left(stage, "customerPayment") == {older: "0.00", newer: "30.00"}
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-9")
def test_an_invoice_that_stripe_charges_itself_takes_no_earlier_payment(stage: Stage, buyer: str) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=True)
    made = paid(stage, 10_000, buyer)
    invoice = billed(stage, 6_000, buyer, {"collection_method": "charge_automatically"})

    assert left(stage, "invoice") == {invoice: "60.00"}
    assert left(stage, "customerPayment") == {made: "100.00"}


@pytest.mark.rule("CH-9", "RF-2")
def test_a_payment_that_was_refunded_pays_nothing_more(stage: Stage, buyer: str) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=True)
    made = paid(stage, 10_000, buyer)
    stage.world.stripe.post("/v1/refunds", charge=made)
    stage.bring(made)
    invoice = billed(stage, 6_000, buyer)

    assert left(stage, "invoice") == {invoice: "60.00"}
    assert len(of_type(stage, "customerRefund")) == 1


@pytest.mark.rule("CH-9")
def test_a_payment_that_a_person_has_used_elsewhere_is_not_taken_from_there(stage: Stage, buyer: str) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=True)
    made = paid(stage, 6_000, buyer)
    (payment,) = of_type(stage, "customerPayment")
    user, income = stage.world.netsuite.user, stage.world.netsuite.settings()["income_account"]
    item = user.create("serviceSaleItem", {"itemId": "Goods", "incomeAccount": ref(str(income))})
    line = {"$": "InvoiceItem", "item": ref(item), "quantity": Decimal(1), "amount": Decimal("60.00")}
    customer = user.show("customerPayment", payment["internal_id"])["customer"]["@internalId"]
    items = {"$": "InvoiceItemList", "item": [line]}
    theirs = user.create("invoice", {"entity": ref(customer), "itemList": items})
    apply = {"$": "CustomerPaymentApply", "apply": True, "doc": theirs, "amount": Decimal("60.00")}
    applied = {"$": "CustomerPaymentApplyList", "apply": [apply]}
    user.edit("customerPayment", payment["internal_id"], {"applyList": applied})
    invoice = billed(stage, 6_000, buyer)

    (payment,) = of_type(stage, "customerPayment")
    assert (payment["external_id"], [int(one["internal_id"]) for one in payment["applied_to"]]) == (
        made,
        [theirs],
    )
    assert left(stage, "invoice")[invoice] == "60.00"
    assert not Job.objects.filter(status__in=Job.OPEN).exists()


@pytest.mark.rule("CH-9")
def test_a_payment_takes_no_more_than_either_side_has_open(stage: Stage, buyer: str) -> None:
    StripeAccount.objects.update(auto_apply_standalone_charges=True)
    part_received = billed(stage, 6_000, buyer)
    stage.world.stripe.post(f"/v1/customers/{buyer}/balance_transactions", amount=-1_500, currency="usd")
    part_credited = billed(stage, 3_000, buyer)
    (first, _) = of_type(stage, "invoice")
    user = stage.world.netsuite.user
    customer = user.show("invoice", first["internal_id"])["entity"]["@internalId"]
    apply = {
        "$": "CustomerPaymentApply",
        "apply": True,
        "doc": int(first["internal_id"]),
        "amount": Decimal("20.00"),
    }
    applied = {"$": "CustomerPaymentApplyList", "apply": [apply]}
    receipt = {"customer": ref(customer), "payment": Decimal("20.00"), "applyList": applied}
    user.create("customerPayment", receipt | {"@externalId": "by hand"})
    made = paid(stage, 6_000, buyer)

    stage.bring(part_received)
    stage.bring(part_credited)

    assert left(stage, "invoice") == {part_received: "0.00", part_credited: "15.00"}
    assert left(stage, "customerPayment")[made] == "5.00"
    assert not Job.objects.filter(status__in=Job.OPEN).exists()


@pytest.mark.rule("CH-11", "CH-12", "CH-H5")
@pytest.mark.parametrize(
    ("choices", "metadata", "item"),
    [
        ({}, {}, "Stripe Generic Line Item"),
        ({"payment_item": "chair"}, {}, "Blue chair"),
        (
            {
                "payment_match_stripe_field": "metadata.product_name",
                "payment_match_netsuite_field": "itemId",
            },
            {"product_name": "blue CHAIR"},
            "Blue chair",
        ),
        (
            {
                "payment_match_stripe_field": "metadata.product_name",
                "payment_match_netsuite_field": "itemId",
            },
            {"product_name": "red chair"},
            "Stripe Generic Line Item",
        ),
    ],
    ids=["generic", "the_accounts_own", "found", "not_found"],
)
def test_a_payment_without_an_invoice_gets_one_that_sells_the_item_it_names(
    choices: dict[str, str], metadata: dict[str, str], item: str, stage: Stage, buyer: str
) -> None:
    user, income = stage.world.netsuite.user, stage.world.netsuite.settings()["income_account"]
    chair = user.create("serviceSaleItem", {"itemId": "Blue chair", "incomeAccount": ref(str(income))})
    chosen = {key: str(chair) if value == "chair" else value for key, value in choices.items()}
    StripeAccount.objects.update(create_invoices_for_payments=True, **chosen)
    made = paid(stage, 5_000, buyer, description="A chair", metadata=metadata)

    (bill,) = of_type(stage, "invoice")
    assert (bill["external_id"], bill["total"], bill["amount_remaining"]) == (
        f"ns_invoice:{made}",
        "50.00",
        "0.00",
    )
    assert [line["item"] for line in bill["lines"]] == [item]
    assert left(stage, "customerPayment") == {made: "0.00"}
    second_pass_writes_nothing(stage)

    stage.world.stripe.post("/v1/refunds", charge=made, amount=2_000)
    stage.bring(made)
    assert [one["total"] for one in of_type(stage, "creditMemo")] == ["20.00"]
    assert [one["total"] for one in of_type(stage, "customerRefund")] == ["20.00"]
    second_pass_writes_nothing(stage)
