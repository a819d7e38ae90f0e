"""Any id leads to its record."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from connector.models import StripeAccount
from tests.factories import EventFactory, JobFactory, MappedRecordFactory

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


@pytest.mark.parametrize("key", ["in_nowhere", "in_", "\x00", "<b>", "’"])
def test_an_unknown_id_is_said_to_be_unknown(console: Client, key: str) -> None:
    JobFactory.create(subject="in_1")
    answer = console.get(f"/r/{quote(key)}/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "We know nothing of" in html
    assert "Nothing was changed in NetSuite" in html
    assert "<b>" not in html
