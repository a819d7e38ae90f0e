"""NetSuite's own total is held against Stripe's: of an invoice before it is paid, of a deposit at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.engine import jobs, steps
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import paid_out, sale
from tests.stories.stage import Stage

READS = ("get", "getList", "search", "searchMoreWithId")


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers, and an account that knows the company's currency already."""
    account.netsuite_account.base_currencies = {account.subsidiary: "USD"}
    account.netsuite_account.save()
    return Stage(sandbox.world, account)


@pytest.mark.rule("IN-H3")
@pytest.mark.parametrize(
    ("story", "reads"),
    [("subscription_invoice_paid", 0), ("taxed_invoice_paid", 1), ("discounted_invoice_paid", 1)],
)
def test_an_invoice_is_read_back_once_where_netsuite_works_out_anything(
    story: str, reads: int, stage: Stage
) -> None:
    invoice = _invoice_of(stage, story)
    stage.bring(invoice)
    assert _reads(stage) == reads
    assert MappedRecord.objects.get(record_type="invoice").proven
    stage.bring(invoice)
    assert _reads(stage) == reads


@pytest.mark.rule("IN-H3")
def test_an_invoice_whose_total_differs_in_netsuite_stays_mapped_and_unpaid_until_it_is_mended(
    stage: Stage,
) -> None:
    """Somebody linked a price to a discount item, so NetSuite takes off what Stripe has billed."""
    invoice = _invoice_of(stage, "taxed_invoice_paid")
    wrong = stage.world.netsuite.user.create("discountItem", {"itemId": "Snacks", "nonPosting": True})
    price = _line(stage, invoice, 4495)["pricing"]["price_details"]["price"]
    stage.world.stripe.post(f"/v1/prices/{price}", metadata={"netsuite_service_sale_item_id": str(wrong)})

    stage.bring(invoice)
    job = Job.objects.get(subject=invoice)
    for _ in range(2):
        assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "netsuite_total_differs")
        assert "50.41 USD" in job.message
        assert "140.31" in job.message
        row = MappedRecord.objects.get(record_type="invoice")
        assert (row.state, row.proven) == (MappedRecord.State.MAPPED, False)
        assert not MappedRecord.objects.filter(record_type="customerPayment").exists()
        assert jobs.retry(job)
        stage.run_jobs()
        job.refresh_from_db()

    _mend(stage, row.internal_id)
    assert jobs.retry(job)
    stage.run_jobs()
    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "")
    shown = stage.world.netsuite.user.show("invoice", row.internal_id)
    assert (shown["total"], shown["amountRemaining"]) == (Decimal("140.31"), 0)


@pytest.mark.rule("PO-3", "PO-H7")
def test_a_deposit_over_another_sum_than_the_bank_statements_is_told_until_it_is_mended(stage: Stage) -> None:
    """A script in NetSuite adds a line to every deposit as soon as it is saved."""
    sale(stage.world, "Dunlin Shipping", 52_000)
    payout, user = paid_out(stage.world, "usd", 0), stage.world.netsuite.user
    fees = ref(stage.account.payment_fees_account)

    def add_a_line(step: str, job: int, **_: object) -> None:
        if step == "answered" and Job.objects.get(pk=job).subject == payout:
            line = {"$": "DepositOther", "account": fees, "amount": Decimal("1.00")}
            lines = {"$": "DepositOtherList", "@replaceAll": True, "depositOther": [line]}
            user.edit("deposit", user.find("deposit", payout), {"otherList": lines})

    steps.reached.connect(add_a_line)
    stage.bring(payout)
    steps.reached.disconnect(add_a_line)

    job, row = Job.objects.get(subject=payout), MappedRecord.objects.get(record_type="deposit")
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "deposit_total_differs")
    assert (row.state, row.proven) == (MappedRecord.State.MAPPED, False)

    nothing = {"$": "DepositOtherList", "@replaceAll": True, "depositOther": []}
    user.edit("deposit", row.internal_id, {"otherList": nothing})
    assert jobs.retry(job)
    stage.run_jobs()
    job.refresh_from_db()
    row.refresh_from_db()
    assert (job.status, row.proven) == (Job.Status.SUCCESSFUL, True)


@pytest.mark.rule("PI-18", "RR-2")
def test_items_defer_their_revenue_where_the_account_says_so(stage: Stage) -> None:
    deferred = stage.world.netsuite.ledger_account("2300")
    StripeAccount.objects.update(deferred_revenue_account=deferred, revenue_recognition_rule="2")
    invoice = _invoice_of(stage, "subscription_invoice_paid")
    stage.bring(invoice)
    balance = stage.world.netsuite.books_text().partition("TRIAL BALANCE")[2]
    assert "2300 Deferred Revenue" in balance
    assert "4000 Income" not in balance


@pytest.mark.rule("IN-7")
def test_a_long_invoice_with_odd_texts_is_booked_line_by_line(stage: Stage) -> None:
    customer = stage.world.stripe.post("/v1/customers", name="Zoë \U0001f680 & Søns", email="z@example.com")
    made = stage.world.stripe.post("/v1/invoices", customer=customer["id"], currency="usd")
    odd = ("x" * 5000, "Rocket \U0001f680 <&>", "Bell\x07 and tab\tand line\nbreak", "\x00", "")
    for start in range(0, 250, 50):
        lines = [
            {"amount": 101, "description": odd[number % len(odd)] or "plain"}
            for number in range(start, start + 50)
        ]
        stage.world.stripe.post(f"/v1/invoices/{made['id']}/add_lines", lines=lines)
    stage.world.stripe.post(f"/v1/invoices/{made['id']}/finalize")

    stage.bring(made["id"])

    job = Job.objects.get(subject=made["id"])
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "")
    row = MappedRecord.objects.get(record_type="invoice")
    shown = stage.world.netsuite.user.show("invoice", row.internal_id)
    assert (shown["total"], len(shown["itemList"]["item"])) == (Decimal("252.50"), 250)


def _invoice_of(stage: Stage, story: str) -> str:
    played = stories.play(stage.world, story)
    return next(one for one in played.objects if one.startswith("in_"))


def _line(stage: Stage, invoice: str, amount: int) -> dict[str, Any]:
    lines = stage.world.stripe.store.where("line_item", invoice=invoice)
    return next(line for line in lines if line["amount"] == amount)


def _reads(stage: Stage) -> int:
    return sum(stage.world.netsuite.calls[name] for name in READS)


def _mend(stage: Stage, invoice: str) -> None:
    """The accountant puts the item right that was sold."""
    item = stage.world.netsuite.user.find("serviceSaleItem", _sold(stage))
    shown = stage.world.netsuite.user.show("invoice", invoice)
    wrong = next(line for line in shown["itemList"]["item"] if line["amount"] < 0)
    right = {"$": "InvoiceItem", "line": wrong["line"], "item": ref(item), "amount": -wrong["amount"]}
    lines = {"$": "InvoiceItemList", "@replaceAll": False, "item": [right]}
    stage.world.netsuite.user.edit("invoice", invoice, {"itemList": lines})


def _sold(stage: Stage) -> str:
    return MappedRecord.objects.get(record_type="serviceSaleItem").external_id
