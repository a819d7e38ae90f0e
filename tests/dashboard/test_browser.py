"""The console in a real browser: signing in, finding, trying again, by eye, keyboard or screen reader."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from connector.models import AuditEntry, Job, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from tests.dashboard import looks
from tests.dashboard.test_job import EXCHANGE, PLAN
from tests.factories import (
    PASSWORD,
    AttemptFactory,
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    StripeAccountFactory,
    UserFactory,
)
from tests.stories.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S = Job.Status


@pytest.fixture
def failed(transactional_db: None) -> Job:
    """A payment that NetSuite refused, among records in every other state."""
    UserFactory.create(username="alice", roles=["resolver"])
    account: StripeAccount = StripeAccountFactory.create(name="acme", key="rk_test_x")
    for status in (S.READY, S.RUNNING, S.SUCCESSFUL, S.SKIPPED, S.FAILED):
        JobFactory.create(
            account=account, status=status, code="" if status == S.SUCCESSFUL else "netsuite_busy"
        )
    job = JobFactory.create(
        account=account,
        subject="in_1QxT4a2eZvKYlo2C1i9dKabc",
        title="Invoice INV-1042",
        status=S.NEEDS_ATTENTION,
        code="invoice_already_paid",
        message="NetSuite has nothing left to pay on INV-1042.",
        customer_name="Cobalt GmbH",
        fence=1,
        finished_at=timezone.now(),
    )
    AuditEntry.objects.create(
        who="alice", verb="try_again", account=account, subject=job.subject, before={"status": "failed"}
    )
    EventFactory.create(job=job)
    AttemptFactory.create(
        job=job, outcome=S.NEEDS_ATTENTION, code=job.code, message="No.", plan=PLAN, exchanges=[EXCHANGE]
    )
    MappedRecordFactory.create(job=job)
    MappedRecordFactory.create(job=job, record_type="customerPayment", stripe_id="ch_1", state="unconfirmed")
    return job


def sign_in(page: Page) -> None:
    """Pass the sign-in page as alice."""
    looks.sign_in(page, "alice", PASSWORD)


def test_a_person_finds_what_failed_and_tries_it_again(page: Page, failed: Job) -> None:
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 record needs you and 1 needs an engineer")
    page.get_by_role("link", name="Needs you").first.click()
    page.get_by_role("link", name="Invoice INV-1042").click()
    expect(page.get_by_text("NetSuite has nothing left to pay on INV-1042.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("We are trying again.")).to_be_visible()
    failed.refresh_from_db()
    assert failed.status == S.READY


def test_an_open_page_shows_by_itself_what_came_of_it(page: Page, failed: Job) -> None:
    Job.objects.filter(pk=failed.pk).update(status=S.RUNNING)
    sign_in(page)
    page.goto(f"/jobs/{failed.pk}/")
    expect(page.locator("#record .head .chip")).to_have_text("↻Working")
    Job.objects.filter(pk=failed.pk).update(status=S.SUCCESSFUL, finished_at=timezone.now())
    expect(page.locator("#record .head .chip")).to_have_text("✓In NetSuite")
    expect(page.locator("#announce")).to_have_text("In NetSuite")


def test_the_list_narrows_while_one_types_and_the_address_follows(page: Page, failed: Job) -> None:
    sign_in(page)
    page.goto("/jobs/")
    expect(page.get_by_role("row")).to_have_count(7)
    page.get_by_label("Find", exact=True).press_sequentially("cobalt")
    expect(page.get_by_role("row")).to_have_count(2)
    assert page.url.endswith("/jobs/?q=cobalt")
    page.reload()
    expect(page.get_by_label("Find", exact=True)).to_have_value("cobalt")
    expect(page.get_by_role("row")).to_have_count(2)


def test_the_list_works_without_javascript(page: Page, failed: Job) -> None:
    sign_in(page)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/jobs/")
    page.get_by_label("Find", exact=True).fill("cobalt")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row")).to_have_count(2)


def test_the_keyboard_reaches_the_content_first(page: Page, failed: Job) -> None:
    sign_in(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_what_netsuite_refused_is_mended_tried_again_and_seen_in_the_books(
    page: Page, sandbox: Server, account: StripeAccount, live_server: LiveServer
) -> None:
    UserFactory.create(username="alice", roles=["resolver"])
    stage = Stage(sandbox.world, account, live_server.url)
    stage.play("netsuite_requires_a_field")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 record needs you")
    page.get_by_role("link", name="Needs you").first.click()
    page.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_text("What to do")).to_be_visible()
    expect(page.get_by_text("Stopped here")).to_have_count(1)

    stage.play("required_field_mended")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#record .head .chip")).to_have_text("○Waiting")
    stage.run_jobs()
    expect(page.locator("#record .head .chip")).to_have_text("✓In NetSuite")

    invoice = MappedRecord.objects.get(record_type="invoice")
    page.locator("#record").get_by_role("link", name=f"Invoice {invoice.internal_id}").first.click()
    expect(page).to_have_url(f"{sandbox.url}/books#invoice-{invoice.internal_id}")
    expect(page.locator(f"#invoice-{invoice.internal_id}")).to_be_visible()
    assert sandbox.world.netsuite.books()["balanced"]
