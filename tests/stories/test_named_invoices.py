"""Charges that name invoices of NetSuite's own: what they pay, and every way in which they cannot."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import Ledger, buyer_of, charged
from tests.stories.expected import second_pass_writes_nothing
from tests.stories.stage import Stage

Record = dict[str, Any]
OTHER = "Somebody Else Ltd"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.fixture
def ledger(stage: Stage) -> Ledger:
    return Ledger(stage.world, "Bracken & Fern Ltd")


def paid(stage: Stage, amount: int, currency: str = "usd", **metadata: object) -> str:
    """A charge that names records of NetSuite's, brought to it."""
    named = {key: str(value) for key, value in metadata.items()}
    made = charged(stage.world, amount, currency, metadata=named)
    stage.bring(made)
    return made


def of_type(stage: Stage, kind: str) -> list[Record]:
    records: list[Record] = stage.world.netsuite.books()["records"]
    return [record for record in records if record["type"] == kind]


def ended(stage: Stage, subject: str) -> tuple[str, str]:
    job = Job.objects.filter(subject=subject).latest("pk")
    return job.code, job.message


def settled(stage: Stage) -> dict[str, str]:
    """What the one payment settles: amounts by the invoices' numbers."""
    (payment,) = of_type(stage, "customerPayment")
    return {str(one["number"]): str(one["amount"]) for one in payment["applied_to"]}


def voided(stage: Stage, ledger: Ledger) -> object:
    invoice, _ = ledger.invoice("100.00")
    stage.world.netsuite.user.void("invoice", invoice)
    return invoice


def paid_by_hand(stage: Stage, ledger: Ledger) -> object:
    invoice, _ = ledger.invoice("100.00")
    line = {"$": "CustomerPaymentApply", "apply": True, "doc": invoice, "amount": Decimal("100.00")}
    applied = {"$": "CustomerPaymentApplyList", "apply": [line]}
    fields = {"customer": ref(ledger.customer), "payment": Decimal("100.00"), "applyList": applied}
    stage.world.netsuite.user.create("customerPayment", fields)
    return invoice


def deleted(stage: Stage, ledger: Ledger) -> object:
    invoice, _ = ledger.invoice("100.00")
    stage.world.netsuite.user.delete("invoice", invoice)
    return invoice


@pytest.mark.rule("CH-13", "CH-14", "CH-17")
@pytest.mark.parametrize(
    ("named", "code"),
    [
        (lambda _, ledger: ledger.invoice("99.99")[0], "amount_differs"),
        (paid_by_hand, "invoice_already_paid"),
        (voided, "invoice_already_paid"),
        (deleted, "metadata_record_missing"),
        (lambda _, __: "999999", "metadata_record_missing"),
        (lambda _, __: "INV1", "metadata_not_an_id"),
        (lambda _, __: "²", "metadata_not_an_id"),
        (lambda _, ledger: ledger.sales_order("100.00")[0], "metadata_record_missing"),
    ],
    ids=["less_is_due", "paid", "voided", "deleted", "missing", "a_number", "odd_digit", "an_order"],
)
def test_an_invoice_that_cannot_take_the_payment_is_named_and_nothing_is_written(
    named: Callable[[Stage, Ledger], object], code: str, stage: Stage, ledger: Ledger
) -> None:
    number = named(stage, ledger)
    before = len(of_type(stage, "customerPayment"))
    made = paid(stage, 10_000, netsuite_invoice_id=number)

    found, message = ended(stage, made)
    assert found == code
    assert str(number) in message
    assert len(of_type(stage, "customerPayment")) == before
    assert not MappedRecord.objects.filter(external_id=made, state="mapped").exists()


@pytest.mark.rule("CH-13", "MC-1")
def test_an_invoice_in_another_currency_or_of_another_customer_is_refused(
    stage: Stage, ledger: Ledger
) -> None:
    invoice, _ = ledger.invoice("100.00")
    in_euros = paid(stage, 10_000, "eur", netsuite_invoice_id=invoice)
    assert ended(stage, in_euros)[0] == "payment_currency_differs"
    other = Ledger(stage.world, OTHER)
    foreign = paid(stage, 10_000, netsuite_invoice_id=invoice, netsuite_customer_id=other.customer)
    assert ended(stage, foreign)[0] == "applied_records_differ"
    assert of_type(stage, "customerPayment") == []


@pytest.mark.rule("CH-13")
def test_the_invoices_customer_gets_the_payment_whoever_paid_in_stripe(stage: Stage, ledger: Ledger) -> None:
    invoice, number = ledger.invoice("100.00")
    payer = buyer_of(stage.world, "A Parent Company")
    made = charged(stage.world, 10_000, customer=payer, metadata={"netsuite_invoice_id": str(invoice)})
    stage.bring(made)

    (payment,) = of_type(stage, "customerPayment")
    assert settled(stage) == {number: "100.00"}
    assert payment["entity_name"].endswith("Bracken & Fern Ltd")
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-13", "CH-14")
def test_a_part_of_an_invoice_can_be_paid_and_then_the_rest(stage: Stage, ledger: Ledger) -> None:
    invoice, _ = ledger.invoice("100.00")
    first = paid(stage, 4_000, netsuite_invoice_id=invoice)
    second = paid(stage, 6_000, netsuite_invoice_id=f" {invoice} ")
    assert [ended(stage, one)[0] for one in (first, second)] == ["", ""]
    (bill,) = of_type(stage, "invoice")
    assert bill["amount_remaining"] == "0.00"
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-16", "CH-14")
@pytest.mark.parametrize(
    ("amount", "listed", "code"),
    [
        (12_550, "{0},{1}", ""),
        (12_550, " {1} ,, {0}, {1} ", ""),
        (6_000, "{0},{1}", ""),
        (12_551, "{0},{1}", "amount_differs"),
        (12_550, "{0},INV999", "metadata_record_missing"),
        (5_000, ", ,", ""),
    ],
    ids=["all", "odd_spaces_and_twice", "a_part", "more_than_is_due", "one_is_missing", "blank"],
)
def test_a_list_of_invoices_is_paid_in_its_order_and_never_beyond_what_is_due(
    amount: int, listed: str, code: str, stage: Stage, ledger: Ledger
) -> None:
    numbers = [ledger.invoice(one)[1] for one in ("50.00", "75.50")]
    made = paid(stage, amount, apply_to_invoices=listed.format(*numbers))

    assert ended(stage, made)[0] == code
    if code:
        assert of_type(stage, "customerPayment") == []
        return
    expected = {12_550: ["50.00", "75.50"], 6_000: ["10.00", "50.00"], 5_000: []}[amount]
    assert sorted(settled(stage).values()) == expected
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-13")
def test_an_invoice_that_is_named_after_the_payment_was_booked_is_paid_then(
    stage: Stage, ledger: Ledger
) -> None:
    made = paid(stage, 10_000, netsuite_customer_id=ledger.customer)
    assert settled(stage) == {}
    invoice, number = ledger.invoice("100.00")
    stage.world.stripe.post(f"/v1/charges/{made}", metadata={"netsuite_invoice_id": str(invoice)})
    stage.bring(made)

    assert (ended(stage, made)[0], settled(stage)) == ("", {number: "100.00"})
    second_pass_writes_nothing(stage)


@pytest.mark.rule("CH-13")
@pytest.mark.parametrize("key", ["netsuite_invoice_id", "apply_to_invoices", "netsuite_allow_duplicate"])
def test_blank_metadata_says_nothing(key: str, stage: Stage, ledger: Ledger) -> None:
    made = paid(stage, 10_000, netsuite_customer_id=ledger.customer, **{key: "  "})
    (payment,) = of_type(stage, "customerPayment")
    assert (ended(stage, made)[0], payment["unapplied"]) == ("", "100.00")


@pytest.mark.rule("PO-14", "CH-24")
@pytest.mark.parametrize("kind", ["customerPayment", "customerDeposit"])
def test_a_record_that_another_system_made_stands_for_the_charge(
    kind: str, stage: Stage, ledger: Ledger
) -> None:
    keys = {
        "customerPayment": "netsuite_customer_payment_id",
        "customerDeposit": "netsuite_customer_deposit_id",
    }
    fields = {"customer": ref(ledger.customer), "payment": Decimal("100.00")}
    theirs = stage.world.netsuite.user.create(kind, fields)
    made = charged(stage.world, 10_000, metadata={keys[kind]: str(theirs)})
    stage.bring(made)

    assert ended(stage, made)[0] == ""
    row = MappedRecord.objects.get(external_id=made)
    assert (row.record_type, row.internal_id, row.found) == (kind, str(theirs), True)
    assert len(of_type(stage, kind)) == 1
    second_pass_writes_nothing(stage)
