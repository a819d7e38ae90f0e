"""A closed period on the console: the first open day is shown, an approver uses it, for one record or all."""

from __future__ import annotations

import pytest
from django.test import Client

from connector.models import Decision, Job, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from tests.dashboard.test_job import words
from tests.factories import UserFactory
from tests.stories.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.rule("K18")]
CAUSE = "account=acme&cause=period_closed"
DIALOG = f"/needs-you/open-period/?{CAUSE}"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """Two documents of November 2026, which is closed."""
    sandbox.world.netsuite.user.close_period("Nov 2026")
    stage = Stage(sandbox.world, account)
    for name, kind in (("subscription_invoice_paid", "in_"), ("standalone_charge", "ch_")):
        made = stories.play(stage.world, name).objects
        stage.bring(next(one for one in made if one.startswith(kind)))
    return stage


@pytest.fixture
def vera(db: None) -> Client:
    """The browser of an approver."""
    client = Client()
    client.force_login(UserFactory.create(username="vera", roles=["approver"]))
    return client


def told(client: Client, address: str) -> str:
    return words(client.get(address, follow=True).content.decode())


def test_the_card_leads_to_the_first_open_day_of_each_record(stage: Stage, vera: Client) -> None:
    writes = stage.world.netsuite.writes
    card = vera.get("/needs-you/").content.decode()
    assert f"{DIALOG.replace('&', '&amp;')}" in card
    assert "Open NetSuite’s periods" in words(card)
    page = told(vera, DIALOG)
    assert "Use the next open period: 2 records" in page
    assert "2 Nov 2026 → 1 Dec 2026" in page
    assert "5 Nov 2026 → 1 Dec 2026" in page
    assert stage.world.netsuite.writes == writes


def test_pressed_once_or_twice_all_of_them_are_booked_once_on_that_day(stage: Stage, vera: Client) -> None:
    seen = vera.get(DIALOG).context["seen"]
    for _ in range(2):
        vera.post(DIALOG, {"seen": seen, "why": "Agreed with our auditor."}, follow=True)
    assert Decision.objects.count() == 2
    stage.ten_seconds_pass()
    stage.run_jobs()
    assert set(Job.objects.filter(newest=True).values_list("status", flat=True)) == {"successful"}
    posted = [one for one in stage.world.netsuite.books()["records"] if one["type"] == "customerPayment"]
    assert {one["date"] for one in posted} == {"2026-12-01"}
    assert "Nothing needs" in told(vera, "/needs-you/")


def test_without_a_reason_or_of_another_cause_nothing_is_decided(stage: Stage, vera: Client) -> None:
    seen = vera.get(DIALOG).context["seen"]
    assert "Say why, in a few words" in words(vera.post(DIALOG, {"seen": seen, "why": " "}).content.decode())
    Job.objects.update(code="netsuite_busy")
    assert "None of these records needs anybody" in told(
        vera, DIALOG.replace("period_closed", "netsuite_busy")
    )
    assert not Decision.objects.exists()


def test_while_netsuite_is_away_nothing_can_be_decided(stage: Stage, vera: Client, sandbox: Server) -> None:
    stage.account.netsuite_account.netsuite_base_url = "http://127.0.0.1:9/netsuite"
    stage.account.netsuite_account.save()
    page = vera.get(DIALOG).content.decode()
    assert "periods cannot be read now" in words(page)
    assert '<button class="primary" disabled>' in page


def test_resolvers_see_the_button_greyed_and_may_not_press_it(stage: Stage) -> None:
    client = Client()
    client.force_login(UserFactory.create(username="bob", roles=["resolver"]))
    assert DIALOG.replace("&", "&amp;") not in client.get("/needs-you/").content.decode()
    record = Job.objects.filter(newest=True).latest("pk")
    page = client.get(f"/jobs/{record.pk}/").content.decode()
    assert '<button type="button" disabled>Use the next open period…</button>' in page
    for answer in (client.get(DIALOG), client.post(DIALOG, {"seen": "", "why": "Why not."})):
        assert answer.status_code == 403
        assert "Approvers can do this" in words(answer.content.decode())
    assert not Decision.objects.exists()
