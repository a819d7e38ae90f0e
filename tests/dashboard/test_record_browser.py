"""The record's comparison, its link, the preview and Find in a real browser, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer
from connector.sandbox.stories.till import charge_of, refund, sale
from tests.dashboard.looks import complaints
from tests.dashboard.test_browser import sign_in
from tests.factories import UserFactory
from tests.stories.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage(transactional_db: None, sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers."""
    return Stage(sandbox.world, account)


@pytest.fixture
def job(stage: Stage) -> Job:
    """A booked invoice with a refund, whose customer somebody entered a second time; another that is new."""
    UserFactory.create(username="alice", roles=["resolver"])
    invoice = sale(stage.world, "Cedar Point Marina", 98_750)
    refund(stage.world, charge_of(stage.world, invoice), 4_000)
    stage.bring(invoice)
    return Job.objects.get(subject=invoice)


@pytest.mark.parametrize("script", [True, False])
def test_a_person_finds_compares_previews_and_links(page: Page, stage: Stage, job: Job, script: bool) -> None:
    if not script:
        page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    held = held_customer(stage.world, "Cedar Point Marina Ltd", "new@cedar.example")
    sign_in(page)
    page.get_by_role("searchbox", name="Find").first.fill("987.50")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(str(job))

    page.get_by_role("link", name="Compare now").click()
    expect(page.get_by_text("Nothing differs")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/jobs/{job.pk}/$" if script else f"/jobs/{job.pk}/compare/$"))

    page.goto(f"/jobs/{job.pk}/")
    page.get_by_role("link", name="Link to an existing record").click()
    key = MappedRecord.objects.get(record_type="customer").stripe_id
    page.get_by_role("link", name=key).click()
    page.get_by_label("Internal id in NetSuite").fill(str(held))
    page.get_by_role("button", name="Look at both").click()
    assert complaints(page) == []
    page.get_by_label("Why is it the right record?").fill("It is the one that is kept.")
    page.get_by_role("button", name=f"Link to customer {held}").click()
    expect(page.get_by_text(f"{key} is now NetSuite’s customer {held}")).to_be_visible()

    page.get_by_role("link", name="Preview", exact=True).click()
    page.get_by_label("Stripe id").fill(job.subject)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Nothing was written.")).to_be_visible()
