"""Bank debits that fail after they were booked, whatever was done with them in NetSuite meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import buyer_of, charge_of, charged, unpaid_sale
from tests.factories import UserFactory
from tests.stories.expected import second_pass_writes_nothing
from tests.stories.stage import Stage

Record = dict[str, Any]
ACH = "pm_us_bank_account"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


def of_type(stage: Stage, kind: str) -> list[Record]:
    records: list[Record] = stage.world.netsuite.books()["records"]
    return [record for record in records if record["type"] == kind]


def booked_debit(stage: Stage) -> tuple[str, str]:
    """An invoice over 500.00 USD that a pending debit pays in the books already; its id and the charge's."""
    made = unpaid_sale(stage.world, "Rushlight Candles", 50_000, card=ACH)
    stage.world.stripe.post(f"/v1/invoices/{made}/pay")
    stage.bring(made)
    return made, charge_of(stage.world, made)


def bounce(stage: Stage, charge: str, *others: str) -> None:
    stage.world.stripe.bank.bounce(charge, "insufficient_funds")
    for subject in (charge, *others):
        stage.bring(subject)


def apply_by_hand(stage: Stage, charge: str, amounts: dict[int, str]) -> None:
    """Apply the payment to these invoices and to no others."""
    payment = MappedRecord.objects.get(external_id=charge).internal_id
    lines = [
        {"$": "CustomerPaymentApply", "apply": True, "doc": doc, "amount": Decimal(amount)}
        for doc, amount in amounts.items()
    ]
    applied = {"$": "CustomerPaymentApplyList", "apply": lines, "@replaceAll": True}
    stage.world.netsuite.user.edit("customerPayment", payment, {"applyList": applied})


def invoice_by_hand(stage: Stage, charge: str, amount: str) -> int:
    user, income = stage.world.netsuite.user, stage.world.netsuite.settings()["income_account"]
    payment = MappedRecord.objects.get(external_id=charge)
    item = user.create("serviceSaleItem", {"itemId": "Goods", "incomeAccount": ref(str(income))})
    line = {"$": "InvoiceItem", "item": ref(item), "quantity": Decimal(1), "amount": Decimal(amount)}
    items = {"$": "InvoiceItemList", "item": [line]}
    return user.create("invoice", {"entity": ref(payment.customer), "itemList": items})


@pytest.mark.rule("CH-27", "RF-10")
@pytest.mark.parametrize("meanwhile", ["nothing", "unapplied", "moved"])
def test_a_debit_that_fails_opens_what_it_paid_and_is_given_back_whatever_people_did(
    meanwhile: str, stage: Stage
) -> None:
    made, charge = booked_debit(stage)
    if meanwhile == "unapplied":
        apply_by_hand(stage, charge, {})
    if meanwhile == "moved":
        apply_by_hand(stage, charge, {invoice_by_hand(stage, charge, "500.00"): "500.00"})
    bounce(stage, charge, made)

    assert {one["amount_remaining"] for one in of_type(stage, "invoice")} == {"500.00"}
    (refund,) = of_type(stage, "customerRefund")
    assert (refund["total"], refund["external_id"]) == ("500.00", f"ns_refund:{charge}")
    assert "insufficient funds" in refund["memo"]
    assert [one["unapplied"] for one in of_type(stage, "customerPayment")] == ["0.00"]
    assert of_type(stage, "creditMemo") == []
    assert Job.objects.filter(subject=charge).latest("pk").code == "bank_debit_failed"
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-27", "CH-11")
def test_the_invoice_that_was_made_for_a_failed_debit_is_owed_again(stage: Stage) -> None:
    StripeAccount.objects.update(create_invoices_for_payments=True)
    made = charged(stage.world, 31_000, customer=buyer_of(stage.world, "Rushlight Candles", card=ACH))
    stage.bring(made)
    assert [one["amount_remaining"] for one in of_type(stage, "invoice")] == ["0.00"]
    bounce(stage, made)

    assert [one["amount_remaining"] for one in of_type(stage, "invoice")] == ["310.00"]
    assert [one["total"] for one in of_type(stage, "customerRefund")] == ["310.00"]
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-27", "CH-13")
def test_a_failed_debit_that_was_an_allowed_duplicate_is_given_back(stage: Stage) -> None:
    StripeAccount.objects.update(allow_duplicate_payments=True)
    made, first = booked_debit(stage)
    customer = stage.world.stripe.get(f"/v1/invoices/{made}")["customer"]
    number = MappedRecord.objects.get(external_id=made).internal_id
    second = charged(stage.world, 50_000, customer=customer, metadata={"netsuite_invoice_id": number})
    stage.bring(second)
    bounce(stage, second, made)

    assert [one["amount_remaining"] for one in of_type(stage, "invoice")] == ["0.00"]
    assert [one["external_id"] for one in of_type(stage, "customerRefund")] == [f"ns_refund:{second}"]
    assert {one["external_id"] for one in of_type(stage, "customerPayment")} == {first, second}
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-27")
def test_failed_debits_are_found_on_the_console_by_what_became_of_them(stage: Stage) -> None:
    made, charge = booked_debit(stage)
    bounce(stage, charge, made)
    user: User = UserFactory.create(username="alice")
    console = Client()
    console.force_login(user)
    for address in ("/jobs/?state=told", "/jobs/?q=bank+debit+failed"):
        page = console.get(address).content.decode()
        assert charge in page, address
        assert made not in page, address
