"""Any id leads to its record."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from connector.models import Job, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer
from connector.sandbox.stories.till import Ledger, sale
from tests.dashboard.test_job import words
from tests.factories import EventFactory, JobFactory, MappedRecordFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["in_1", "ch_1", "4471", "ns_memo:re_1"])
def test_an_id_of_either_side_leads_to_its_record(console: Client, acme: StripeAccount, key: str) -> None:
    job = JobFactory.create(account=acme, subject="in_1")
    EventFactory.create(job=job, object_id="ch_1")
    MappedRecordFactory.create(job=job, internal_id="4471", external_id="ns_memo:re_1")
    JobFactory.create(account=acme)
    assert console.get(f"/r/{key}/")["Location"] == f"/jobs/{job.pk}/"


def test_the_newest_job_of_a_document_is_taken(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, subject="in_1", status="successful")
    newest = JobFactory.create(account=acme, subject="in_1")
    assert console.get("/r/in_1/")["Location"] == f"/jobs/{newest.pk}/"


def test_a_charge_leads_to_the_invoice_that_carries_it(console: Client, acme: StripeAccount) -> None:
    invoice = JobFactory.create(account=acme, subject="in_1")
    MappedRecordFactory.create(job=invoice, stripe_id="ch_1", record_type="customerPayment")
    JobFactory.create(account=acme, subject="ch_1", status="skipped", code="part_of_another")
    assert console.get("/r/ch_1/")["Location"] == f"/jobs/{invoice.pk}/"


def test_a_charge_whose_invoice_is_not_there_yet_leads_to_itself(
    console: Client, acme: StripeAccount
) -> None:
    charge = JobFactory.create(account=acme, subject="ch_1", status="skipped", code="part_of_another")
    assert console.get("/r/ch_1/")["Location"] == f"/jobs/{charge.pk}/"


@pytest.mark.parametrize("key", ["in_nowhere", "in_", "<b>", "’"])
def test_an_unknown_id_is_said_to_be_unknown(console: Client, key: str) -> None:
    JobFactory.create(subject="in_1")
    answer = console.get(f"/r/{quote(key)}/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "We know nothing of" in html
    assert "Nothing was changed in NetSuite" in html
    assert "<b>" not in html


# Find


@pytest.mark.parametrize(
    "text",
    [
        "in_1", " ch_1 ", "evt_1", "4471", "ns_memo:re_1", "INV-1042", "inv-1042",
        "120.00", "US$1,120", "1.120,00", "1,120.00 USD", "34.50", "34,50 €",
    ],
)  # fmt: skip
def test_any_id_number_or_amount_lands_on_the_record(console: Client, acme: StripeAccount, text: str) -> None:
    amount = Decimal("1120") if "1,120" in text or "1.120" in text else Decimal("120")
    job = JobFactory.create(account=acme, subject="in_1", title="Invoice INV-1042", amount=amount)
    EventFactory.create(job=job, account=acme, object_id="ch_1", event_id="evt_1")
    MappedRecordFactory.create(job=job, internal_id="4471", amount=amount)
    MappedRecordFactory.create(
        job=job, record_type="creditMemo", external_id="ns_memo:re_1", amount=Decimal("34.50")
    )
    JobFactory.create(account=acme, subject="in_2", title="Invoice INV-7", amount=Decimal("7"))
    assert console.get("/find/", {"q": text})["Location"] == f"/jobs/{job.pk}/"


def test_what_several_records_have_is_a_short_list(
    console: Client, acme: StripeAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    JobFactory.create_batch(25, account=acme, amount=Decimal("120"))
    with django_assert_max_num_queries(12):
        html = console.get("/find/", {"q": "120.00"}).content.decode()
    assert html.count('<tr role="row">') == 1 + 20
    assert "25 records" in html
    assert 'href="/jobs/?q=120.00"' in html


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_find_leads_to_the_records(console: Client, text: str) -> None:
    assert console.get("/find/", {"q": text})["Location"] == "/jobs/"
    assert console.get("/find/both/", {"q": text})["Location"] == "/jobs/"


def test_what_we_do_not_know_is_asked_of_both_sides_only_then(console: Client, acme: StripeAccount) -> None:
    html = console.get("/find/", {"q": "ap@nobody.example"}).content.decode()
    assert 'hx-get="/find/both/?q=ap%40nobody.example" hx-trigger="load"' in html
    assert "hx-trigger" not in console.get("/find/", {"q": "77.10"}).content.decode()


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers."""
    return Stage(sandbox.world, account)


def asked(client: Client, text: str) -> str:
    return words(client.get("/find/both/", {"q": text}, headers={"HX-Request": "true"}).content.decode())


def test_an_e_mail_address_lands_on_its_customers_documents(console: Client, stage: Stage) -> None:
    first = sale(stage.world, "Ashgrove Clinic", 45_000)
    stage.bring(first)
    job = Job.objects.get(subject=first)
    answer = console.get("/find/both/", {"q": "ap@ashgrove.example"})
    assert answer["Location"] == f"/jobs/{job.pk}/"
    answer = console.get("/find/both/", {"q": "ap@ashgrove.example"}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/jobs/{job.pk}/"


def test_what_only_one_side_knows_is_shown_with_its_link(console: Client, stage: Stage) -> None:
    held = held_customer(stage.world, "Master", "master@mail.example")
    assert "NetSuite customer Master ↗" in asked(console, "master@mail.example")
    _, number = Ledger(stage.world, "Ochre Lane Pottery").invoice("88.00")
    assert f"NetSuite invoice {number} ↗" in asked(console, number)
    stage.world.stripe.post("/v1/customers", name="Only Here", email="only@here.example")
    text = asked(console, "only@here.example")
    assert "Stripe customer Only Here ↗" in text
    assert "Preview its booking" in text
    assert held


def test_netsuites_own_number_lands_on_the_document(console: Client, stage: Stage) -> None:
    invoice = sale(stage.world, "Ashgrove Clinic", 45_000)
    stage.bring(invoice)
    job = Job.objects.get(subject=invoice)
    assert console.get("/find/both/", {"q": "INV1"})["Location"] == f"/jobs/{job.pk}/"


def test_a_side_that_cannot_be_asked_is_said_so(console: Client, stage: Stage) -> None:
    stage.world.set_faults("busy:1.0")
    assert "One side cannot be asked now" in asked(console, "INV-77")
    stage.world.set_faults("")
    assert "Stripe and NetSuite do not know it either." in asked(console, "INV-77")
