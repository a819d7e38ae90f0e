"""The preview: the exact records and entries of any Stripe id, before and after; and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.models import AuditEntry, Job, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.till import charge_of, refund, sale, unpaid_sale
from tests.dashboard.test_job import words
from tests.factories import JobFactory, UserFactory
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PASSING = ("lease", "session")
"""Tables of what is held for the length of a call, and of who is signed in."""


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers."""
    return Stage(sandbox.world, account)


@pytest.fixture
def untouched(stage: Stage) -> Iterator[None]:
    """Around a test: NetSuite's writes, Stripe's objects and all of our rows are the same after it."""
    before = _world(stage)
    yield
    assert _world(stage) == before


def _world(stage: Stage) -> dict[str, object]:
    tables = [model for model in apps.get_models() if model._meta.model_name not in PASSING]
    rows = {
        model.__name__: serializers.serialize("json", model._default_manager.order_by("pk"))
        for model in tables
        if model._meta.app_label in ("connector", "django_q")
    }
    return {**rows, "writes": stage.world.netsuite.writes, "told": len(stage.world.stripe.events())}


def previewed(console: Client, subject: str, **headers: str) -> str:
    answer = console.get("/preview/", {"account": "acme", "id": subject}, headers=headers)
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.fixture
def resolver(db: None) -> Client:
    """The browser of Rita, who resolves records."""
    client = Client()
    client.force_login(UserFactory.create(username="rita", roles=["resolver"]))
    return client


@pytest.fixture
def invoice(stage: Stage) -> str:
    """A paid invoice that nobody has told us of."""
    return sale(stage.world, "Ashgrove Clinic", 45_000)


def test_a_new_invoice_shows_every_record_and_its_entries(
    console: Client, invoice: str, untouched: None
) -> None:
    with CaptureQueriesContext(connection) as asked:
        text = previewed(console, invoice)
    assert "Would be booked" in text
    assert "Nothing was written." in text
    assert "new records, 0 there already" in text
    assert re.search(r"Invoice in_\w+ US\$450.00 ○ Planned", text)
    assert "Accounts Receivable US$450.00" in text.replace("accounts receivable", "Accounts Receivable")
    assert "Total US$450.00 US$450.00" in text
    assert "Why: the rules in words" in text
    written = [one["sql"] for one in asked if re.match("INSERT|UPDATE|DELETE", one["sql"])]
    assert {table for sql in written for table in re.findall(r'"(connector_\w+)"', sql)[:1]} <= {
        "connector_lease"
    }


def test_what_is_linked_already_is_not_said_to_be_booked_anew(console: Client, stage: Stage) -> None:
    stage.bring(sale(stage.world, "Ashgrove Clinic", 45_000))
    customer = MappedRecord.objects.get(record_type="customer")
    named = {"netsuite_customer_id": customer.internal_id}
    stage.world.stripe.post(f"/v1/customers/{customer.stripe_id}", metadata=named)
    text = previewed(console, customer.stripe_id)
    assert "Nothing would change" in text
    assert f"customer {customer.internal_id} ↗ : it stands for it already" in text


def test_what_is_owed_is_shown_before_and_after_a_payment(console: Client, stage: Stage) -> None:
    invoice = unpaid_sale(stage.world, "Birchwood Toys", 12_000)
    stage.bring(invoice)
    stage.world.stripe.post(f"/v1/invoices/{invoice}/pay", payment_method="pm_card_visa")
    before = _world(stage)
    text = previewed(console, charge_of(stage.world, invoice))
    assert _world(stage) == before
    assert "is booked with it" in text
    assert re.search(r"Open amount US\$120.00 US\$0.00", text)
    assert re.search(r"Total US\$120.00 the same", text)
    assert re.search(r"Customer payment ch_\w+ US\$120.00 ○ Planned", text)

    stage.bring(invoice)
    (payment,) = MappedRecord.objects.filter(record_type="customerPayment")
    assert str(payment.amount) == "120.000"
    assert "Nothing would change" in previewed(console, invoice)
    bill = MappedRecord.objects.get(record_type="invoice").internal_id
    assert stage.world.netsuite.user.show("invoice", bill)["amountRemaining"] == 0


def bring(client: Client, subject: str) -> str:
    return words(
        client.post("/preview/bring/", {"account": "acme", "id": subject}, follow=True).content.decode()
    )


def test_what_stripe_did_not_tell_is_brought_from_here_once(
    resolver: Client, stage: Stage, invoice: str
) -> None:
    viewer = Client()
    viewer.force_login(UserFactory.create(roles=["viewer"]))
    assert "Bring it to NetSuite Resolvers, approvers and engineers can do" in previewed(viewer, invoice)
    assert "Bring it to NetSuite" in previewed(resolver, invoice)
    assert "It is on its way. This page shows what comes of it." in bring(resolver, invoice)
    assert "Bring it to NetSuite" not in previewed(resolver, invoice)
    assert "It is on its way already." in bring(resolver, invoice)
    stage.run_jobs()
    assert Job.objects.get().status == Job.Status.SUCCESSFUL
    told = AuditEntry.objects.get(subject=invoice)
    assert (told.verb, told.subject, told.who) == ("bring", invoice, "rita")
    assert "Bring it to NetSuite" not in previewed(resolver, invoice)
    writes = stage.world.netsuite.writes
    bring(resolver, invoice)
    stage.run_jobs()
    assert stage.world.netsuite.writes == writes
    assert "not the id of something that we book" in bring(resolver, "zebra")


def test_what_another_account_is_bringing_is_brought_for_this_one_too(
    resolver: Client, account: StripeAccount
) -> None:
    JobFactory.create(subject="in_1")
    assert "It is on its way. This page shows" in bring(resolver, "in_1")
    assert Job.objects.filter(account=account, subject="in_1").count() == 1


def test_a_refund_leads_to_the_document_that_carries_it(console: Client, stage: Stage, invoice: str) -> None:
    given_back = refund(stage.world, charge_of(stage.world, invoice), 4_000)
    before = _world(stage)
    text = previewed(console, given_back)
    assert _world(stage) == before
    assert invoice in text
    assert "is booked with it" in text
    assert "US$40.00" in text


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("in_nowhere", "No such invoice"),
        ("zebra", "is not the id of something that we book"),
        ("cus_nobody", "No such customer"),
        ("", "Paste the id of a Stripe object."),
        ("in 1", "A Stripe id has no spaces."),
    ],
)
def test_what_cannot_be_previewed_is_said_in_words(
    console: Client, stage: Stage, untouched: None, subject: str, told: str
) -> None:
    assert told in previewed(console, subject)


def test_an_unknown_account_is_named(console: Client, account: StripeAccount) -> None:
    text = words(console.get("/preview/?account=nobody&id=in_1").content.decode())
    assert "There is no such account." in text


def test_a_side_that_is_away_is_said_so(console: Client, stage: Stage, invoice: str) -> None:
    stage.world.set_faults("busy:1.0")
    text = previewed(console, invoice)
    assert "Would wait" in text
    assert "Nothing was written." in text


def test_htmx_gets_the_results_alone(console: Client, stage: Stage, invoice: str) -> None:
    answer = console.get("/preview/", {"account": "acme", "id": invoice}, headers=HTMX)
    assert answer.content.decode().strip().startswith('<div id="preview">')
    assert answer["HX-Push-Url"] == f"/preview/?account=acme&id={invoice}"


def test_before_any_account_the_page_says_what_is_missing(console: Client) -> None:
    assert "No account yet" in console.get("/preview/").content.decode()
