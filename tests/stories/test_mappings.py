"""Fields filled from metadata, and ids written back: through the wire, with the books to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connector import tasks
from connector.models import Event, Job, MappedRecord, StripeAccount
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

Noted = MappedRecord.Noted


pytestmark = pytest.mark.usefixtures("ids_in_stripe")


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount, web_address: str, transactional_db: None) -> Stage:
    """The practice world, delivering its events to our webhook address over HTTP."""
    return Stage(sandbox.world, account, web_address)


def written_to_stripe(stage: Stage) -> int:
    """How many objects we have changed in Stripe."""
    return sum(
        bool((event["request"] or {}).get("idempotency_key", "") or "")
        and str(event["request"]["idempotency_key"]).startswith("suitesync-")
        for event in stage.world.stripe.events()
    )


def metadata(stage: Stage, address: str) -> dict[str, str]:
    found: dict[str, str] = stage.world.stripe.get(address)["metadata"]
    return found


@pytest.mark.rule("FM-1", "FM-2", "FM-3", "OM-2")
def test_metadata_fills_fields_of_each_record_and_a_second_pass_writes_nothing(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.account.field_defaults = {
        "invoice": {"klass_id": 1, "memo": None},
        "customer_payment": {"klass_id": 1},
        "service_sale_item": {"department_id": 1},
        "discount_item": {"klass_id": 1},
    }
    stage.account.field_mappings = {
        "customer": {"metadata.region": "custentity_region"},
        "invoice": {"metadata.po": "other_ref_num", "metadata.terms": "terms_id"},
        "invoice_item": {
            "metadata.project": "custcol_project",
            "metadata.department": "department_id",
            "invoice.metadata.po": "custcol_order",
        },
        "service_sale_item": {"metadata.family": "custitem_family"},
    }
    stage.account.full_clean()
    stage.account.save()

    stage.play("metadata_for_fields")

    expect_books(stage, "metadata_for_fields", request)
    assert disagreements(stage.world) == []
    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    row = MappedRecord.objects.get(record_type="invoice")
    assert stage.world.netsuite.user.show("invoice", row.internal_id)["otherRefNum"] == "JS-4711"
    second_pass_writes_nothing(stage)


@pytest.mark.rule("FM-1")
def test_a_class_that_netsuite_lacks_is_refused_and_nothing_is_booked(stage: Stage) -> None:
    stage.account.field_defaults = {"invoice": {"klass_id": 99}}
    stage.account.save()
    stage.play("metadata_for_fields")
    assert Job.objects.filter(status=Job.Status.NEEDS_ATTENTION).count() == 1
    assert not MappedRecord.objects.filter(record_type="invoice", state="mapped").exists()


@pytest.mark.rule("OM-2")
def test_each_object_gets_the_id_of_its_record_once_and_its_news_books_nothing(stage: Stage) -> None:
    stage.play("metadata_for_fields")

    rows = MappedRecord.objects.exclude(stripe_id="")
    addresses = {
        "customer": ("customers", "netsuite_customer_id"),
        "serviceSaleItem": ("prices", "netsuite_service_sale_item_id"),
        "discountItem": ("coupons", "netsuite_discount_item_id"),
        "invoice": ("invoices", "netsuite_invoice_id"),
        "customerPayment": ("charges", "netsuite_customer_payment_id"),
    }
    assert {row.record_type for row in rows} == set(addresses)
    for row in rows:
        kind, key = addresses[row.record_type]
        assert metadata(stage, f"/v1/{kind}/{row.stripe_id}")[key] == row.internal_id
        assert row.noted == Noted.DONE
    assert written_to_stripe(stage) == len(rows)

    news = {event["id"]: event["type"] for event in stage.world.stripe.events()[-len(rows) :]}
    assert "invoice.updated" in news.values()
    assert not Event.objects.filter(event_id__in=news).exclude(job=None).exists()
    second_pass_writes_nothing(stage)
    assert written_to_stripe(stage) == len(rows)


@pytest.mark.rule("OM-2", "CN-7")
def test_a_credit_note_gets_its_memo_and_is_not_taken_for_one_that_names_another(stage: Stage) -> None:
    stage.play("credit_note_out_of_band")
    row = MappedRecord.objects.get(record_type="creditMemo")
    assert metadata(stage, f"/v1/credit_notes/{row.stripe_id}")["netsuite_credit_memo_id"] == row.internal_id
    second_pass_writes_nothing(stage)
    assert not Job.objects.filter(status__in=Job.OPEN).exists()


@pytest.mark.rule("OM-2")
def test_with_the_switch_off_stripe_is_left_alone(stage: Stage) -> None:
    stage.account.write_ids_to_stripe = False
    stage.account.save()
    stage.play("metadata_for_fields")
    assert written_to_stripe(stage) == 0
    assert not MappedRecord.objects.exclude(noted=Noted.NOT).exists()


@pytest.mark.rule("OM-2")
def test_a_key_that_may_not_write_costs_no_booking_and_is_made_up_for_later(stage: Stage) -> None:
    stage.world.set_faults("stripe-read-only:1")
    stage.world.stripe.hold_deliveries()
    stage.world.stripe.release_deliveries()
    stage.play("metadata_for_fields")

    assert set(Job.objects.values_list("status", flat=True)) <= {"successful", "skipped"}
    due = MappedRecord.objects.filter(noted=Noted.DUE)
    assert due.count() == MappedRecord.objects.exclude(stripe_id="").count()
    assert "permissions" in due.first().note_refusal  # type: ignore[union-attr]
    assert written_to_stripe(stage) == 0

    stage.world.set_faults("")
    MappedRecord.objects.update(note_after=timezone.now() - timedelta(hours=1))
    tasks.sweep()
    assert not due.exists()
    assert written_to_stripe(stage) == MappedRecord.objects.filter(noted=Noted.DONE).count() > 0


@pytest.mark.rule("OM-2")
def test_an_object_that_stripe_has_deleted_is_given_up_with_the_reason(stage: Stage) -> None:
    stage.play("metadata_for_fields")
    row = MappedRecord.objects.get(record_type="customer")
    stage.world.stripe.request("DELETE", f"/v1/customers/{row.stripe_id}")
    MappedRecord.objects.filter(pk=row.pk).update(
        noted=Noted.DUE, note_after=timezone.now() - timedelta(hours=1), internal_id="4711"
    )
    tasks.sweep()
    row.refresh_from_db()
    assert row.noted == Noted.REFUSED
    assert row.note_refusal


@pytest.mark.rule("OM-2", "ED-1")
def test_a_revision_that_inherits_our_key_is_booked_as_an_invoice_of_its_own(stage: Stage) -> None:
    original = _open_invoice(stage)
    assert metadata(stage, f"/v1/invoices/{original}")["netsuite_invoice_id"]
    copy = stage.world.stripe.post("/v1/invoices", from_invoice={"action": "revision", "invoice": original})
    assert copy["metadata"]["netsuite_invoice_id"]
    stage.world.stripe.post(f"/v1/invoices/{copy['id']}/finalize")
    stage.settle()
    row = MappedRecord.objects.get(record_type="invoice", external_id=copy["id"])
    assert metadata(stage, f"/v1/invoices/{copy['id']}")["netsuite_invoice_id"] == row.internal_id
    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    second_pass_writes_nothing(stage)


@pytest.mark.rule("ME-1")
def test_a_copied_key_that_names_another_documents_record_is_refused(stage: Stage) -> None:
    original = _open_invoice(stage)
    taken = metadata(stage, f"/v1/invoices/{original}")["netsuite_invoice_id"]
    other = _open_invoice(stage, metadata={"netsuite_invoice_id": taken})
    job = Job.objects.get(subject=other, status=Job.Status.NEEDS_ATTENTION)
    assert job.code == "metadata_record_taken"
    assert original in job.message


@pytest.mark.rule("OM-2", "ME-1")
def test_after_a_restore_our_own_key_still_is_ours(stage: Stage) -> None:
    made = _open_invoice(stage)
    number = MappedRecord.objects.get(record_type="invoice").internal_id
    MappedRecord.objects.all().delete()
    stage.world.stripe.post(f"/v1/invoices/{made}/void")
    stage.settle()
    row = MappedRecord.objects.get(record_type="invoice")
    assert (row.internal_id, row.noted) == (number, Noted.DONE)
    assert MappedRecord.objects.filter(record_type="creditMemo").exists()


@pytest.mark.rule("IN-14")
def test_an_invoice_that_stood_before_it_was_paid_is_told_its_charge_once(stage: Stage) -> None:
    made = _open_invoice(stage)
    stage.world.stripe.post(f"/v1/invoices/{made}/pay")
    stage.settle()
    row = MappedRecord.objects.get(record_type="invoice")
    paid = MappedRecord.objects.get(record_type="customerPayment").stripe_id
    assert _authorization_code(stage, row.internal_id) == paid
    second_pass_writes_nothing(stage)


def _open_invoice(stage: Stage, **terms: Any) -> str:
    stripe = stage.world.stripe
    customer = stripe.post("/v1/customers", name="Quill & Co", payment_method="pm_card_visa")["id"]
    product = stripe.post("/v1/products", name="Ink")["id"]
    price = stripe.post("/v1/prices", product=product, unit_amount=1_000, currency="usd")["id"]
    made = stripe.post("/v1/invoices", customer=customer, currency="usd", **terms)["id"]
    stripe.post("/v1/invoiceitems", customer=customer, invoice=made, pricing={"price": price})
    stripe.post(f"/v1/invoices/{made}/finalize")
    stage.settle()
    return str(made)


def _authorization_code(stage: Stage, internal_id: str) -> str:
    custom = stage.world.netsuite.user.show("invoice", internal_id)["customFieldList"]["customField"]
    (value,) = [one["value"] for one in custom if one["@scriptId"] == "custbody_suitesync_authorization_code"]
    return str(value)
