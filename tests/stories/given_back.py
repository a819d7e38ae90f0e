"""What tests of refunds and disputes look at, and what a person does in NetSuite meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.models import Job, MappedRecord
from connector.money import Amount
from connector.sandbox.netsuite import ref
from connector.sandbox.netsuite.refusal import Refused
from connector.sandbox.stories.till import charge_of
from tests.stories.stage import Stage

Record = dict[str, Any]
MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)

# What is looked at


def went_back(stage: Stage) -> None:
    """Each refund whose money left Stripe's balance is a customer refund over its amount, and no other is."""
    left = {row["id"]: row for row in stage.world.stripe.store.all("refund") if row["balance_transaction"]}
    made = {one["external_id"]: one for one in of_type(stage, "customerRefund")}
    assert {key: Decimal(one["total"]) for key, one in made.items()} == {
        key: Amount.from_minor(row["amount"], row["currency"]).value for key, row in left.items()
    }
    memos_are_used_up(stage)


def memos_are_used_up(stage: Stage) -> None:
    """No credit memo is left open that somebody could use once more."""
    assert [memo["external_id"] for memo in of_type(stage, "creditMemo") if Decimal(memo["unapplied"])] == []


def nothing_waits(stage: Stage) -> None:
    """Every job has come to its end, and asks nobody anything."""
    waiting = Job.objects.exclude(status__in=(Job.Status.SUCCESSFUL, Job.Status.SKIPPED))
    assert [(job.subject, job.code, job.message) for job in waiting] == []


def of_type(stage: Stage, kind: str) -> list[Record]:
    """The records of a type in the practice NetSuite's books."""
    records: list[Record] = stage.world.netsuite.books()["records"]
    return [record for record in records if record["type"] == kind]


def ended(stage: Stage, subject: str) -> tuple[str, str]:
    """How the latest job of a subject stands: its status and its code."""
    job = Job.objects.filter(subject=subject).latest("pk")
    return job.status, job.code


def bring_forward(stage: Stage) -> None:
    """Let the quiet time pass and run what waits for it."""
    for _ in range(3):
        MappedRecord.objects.filter(sent_at__isnull=False).update(sent_at=MONDAY - timedelta(days=1))
        for job in Job.objects.filter(status=Job.Status.READY):
            Job.objects.filter(pk=job.pk).update(run_after=MONDAY - timedelta(days=1))
        stage.settle()


def customer(stage: Stage) -> str:
    """A new customer in Stripe who pays by card."""
    made = stage.world.stripe.post("/v1/customers", name="Ferry Road Cycles", email="ap@ferry.example")
    method = stage.world.stripe.post("/v1/payment_methods/pm_card_visa/attach", customer=made["id"])
    settings = {"default_payment_method": method["id"]}
    stage.world.stripe.post(f"/v1/customers/{made['id']}", invoice_settings=settings)
    return str(made["id"])


# What a person does in NetSuite


def netsuite_customer(stage: Stage, invoice: str) -> str:
    """The internal id of an invoice's customer."""
    row = stage.world.stripe.store.get("invoice", invoice)
    return MappedRecord.objects.get(record_type="customer", external_id=row["customer"]).internal_id


def invoice_by_hand(stage: Stage, invoice: str, *amounts: str) -> int:
    """An invoice of the same customer, entered in NetSuite, over one item."""
    return _enter(stage, "invoice", "Invoice", invoice, *amounts)


def memo_by_hand(stage: Stage, invoice: str, amount: str) -> int:
    """A credit memo of the same customer, likewise."""
    return _enter(stage, "creditMemo", "CreditMemo", invoice, amount)


def _enter(stage: Stage, kind: str, wire: str, invoice: str, *amounts: str) -> int:
    user, income = stage.world.netsuite.user, stage.world.netsuite.settings()["income_account"]
    try:
        item = user.find("serviceSaleItem", "goods")
    except Refused:
        item = user.create("serviceSaleItem", {"itemId": "Goods", "incomeAccount": ref(str(income))}, "goods")
    lines = [
        {"$": f"{wire}Item", "item": ref(item), "quantity": Decimal(1), "amount": Decimal(amount)}
        for amount in amounts
    ]
    items = {"$": f"{wire}ItemList", "item": lines}
    return user.create(kind, {"entity": ref(netsuite_customer(stage, invoice)), "itemList": items})


def apply_by_hand(stage: Stage, invoice: str, amounts: dict[int, str]) -> None:
    """Apply the invoice's payment to these invoices and to no others."""
    payment = MappedRecord.objects.get(external_id=charge_of(stage.world, invoice)).internal_id
    user = stage.world.netsuite.user
    lines = [
        {"$": "CustomerPaymentApply", "apply": True, "doc": doc, "amount": Decimal(amount)}
        for doc, amount in amounts.items()
    ]
    applied = {"$": "CustomerPaymentApplyList", "apply": lines, "@replaceAll": True}
    user.edit("customerPayment", payment, {"applyList": applied})


def refund_by_hand(stage: Stage, kind: str, credit: int) -> int:
    """A customer refund of all that is left of a credit memo or a payment, entered in NetSuite."""
    user = stage.world.netsuite.user
    record = user.show(kind, credit)
    line = {"$": "CustomerRefundApply", "apply": True, "doc": credit}
    account = stage.world.netsuite.settings()["undeposited_funds_account"]
    payer = record.get("entity") or record["customer"]
    return user.create(
        "customerRefund",
        {
            "customer": ref(payer["@internalId"]),
            "account": ref(str(account)),
            "applyList": {"$": "CustomerRefundApplyList", "apply": [line]},
        },
    )
