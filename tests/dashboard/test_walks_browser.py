"""Walks of finance work from end to end: two people, a real browser, real workers, the practice world."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from connector.models import Decision, Job, MappedRecord, StripeAccount
from connector.sandbox.server import Server
from connector.sandbox.stories.till import Ledger, charged, unpaid_sale
from tests.dashboard.looks import complaints
from tests.dashboard.test_browser import sign_in
from tests.factories import UserFactory
from tests.stories.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "The customer paid twice."
BUTTON = "Allow Duplicate Transaction"
BEGINS = 40_000
"""Milliseconds within which workers must have begun and ended what ten seconds held back."""


@pytest.fixture
def paid_again(transactional_db: None, sandbox: Server, account: StripeAccount) -> list[Job]:
    """An invoice that is paid, three more payments of it, and twelve invoices that lack an income account."""
    stage = Stage(sandbox.world, account)
    invoice, _ = Ledger(stage.world, "Ochre Lane Pottery").invoice("88.00")
    for _ in range(4):
        stage.bring(charged(stage.world, 8_800, metadata={"netsuite_invoice_id": str(invoice)}))
    StripeAccount.objects.update(income_account="")
    stage.account.refresh_from_db()
    for number in range(12):
        stage.bring(unpaid_sale(stage.world, f"Client {number}", 10_000 + number))
    assert Job.objects.filter(code="income_account_missing").count() == 12
    return list(Job.objects.filter(code="invoice_already_paid").order_by("pk"))


@pytest.fixture
def bob(browser: Browser, web_address: str) -> Generator[Page]:
    """Another approver, at a machine where scripts do not run."""
    client = Client()
    client.force_login(UserFactory.create(username="bob", roles=["approver"]))
    context = browser.new_context(base_url=web_address, java_script_enabled=False)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": web_address}])
    yield context.new_page()
    context.close()


def compare(page: Page, job: Job) -> None:
    """Both payments, beside each other."""
    page.goto("/duplicates/")
    page.get_by_role("link", name=f"Compare {job.subject}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BUTTON)


def allow(page: Page) -> None:
    page.get_by_label("Why is it right?").fill(WHY)
    page.get_by_role("button", name=BUTTON).click()


@pytest.mark.usefixtures("workers")
def test_two_people_settle_duplicates_and_release_what_waited_for_an_account(
    page: Page, bob: Page, paid_again: list[Job]
) -> None:
    first, second, third = paid_again
    UserFactory.create(username="alice", roles=["approver", "settings"])
    sign_in(page)
    undone_in_time(page, first)
    somebody_was_first(page, bob, second)
    a_stale_page(page, third)
    several_pairs(page)
    twelve_released(page)
    too_late(bob, second)
    assert list(Decision.objects.filter(withdrawn_at=None).values_list("stripe_id", "who")) == [
        (second.subject, "bob")
    ]


def undone_in_time(page: Page, job: Job) -> None:
    compare(page, job)
    allow(page)
    expect(page.get_by_text("Will be written in")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 1 record is as it was.")).to_be_visible()
    job.refresh_from_db()
    assert job.status == Job.Status.NEEDS_ATTENTION


def somebody_was_first(page: Page, bob: Page, job: Job) -> None:
    compare(page, job)
    compare(bob, job)
    allow(bob)
    expect(bob.get_by_role("button", name="Undo")).to_be_visible()
    allow(page)
    expect(page.get_by_text("bob has allowed it already.")).to_be_visible()


def a_stale_page(page: Page, job: Job) -> None:
    compare(page, job)
    tab = page.context.new_page()
    tab.goto(f"/jobs/{job.pk}/")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator("#record .head .chip")).to_have_text("●Needs you", timeout=BEGINS)
    tab.close()
    allow(page)
    expect(page.get_by_text("The invoice has changed since you opened this page")).to_be_visible()
    expect(page.get_by_role("button", name=BUTTON)).to_be_disabled()
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_role("button", name=BUTTON)).to_be_enabled()


def several_pairs(page: Page) -> None:
    page.goto("/duplicates/")
    page.get_by_role("link", name="Decide several…").click()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.set_viewport_size({"width": 390, "height": 844})
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 844})


def twelve_released(page: Page) -> None:
    page.goto("/settings/acme/")
    page.get_by_role("link", name="Accounts and items 1 to choose").click()
    page.get_by_role("button", name="Look up Income in NetSuite").click()
    page.get_by_role("combobox", name="Income").select_option(label="4000 Income (111)")
    page.get_by_role("button", name="See what this changes").first.click()
    page.get_by_label("Why?").fill("Chosen with our accountant")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("12 records waited for this.")).to_be_visible()
    page.get_by_role("link", name="Try them now?").click()
    page.get_by_role("button", name="Try again (12)").click()
    expect(page.get_by_text("Will be written in")).to_be_visible()
    expect(page.locator(".tally")).to_have_text("12 In NetSuite", timeout=BEGINS)
    expect(page.get_by_role("row").filter(has_text="In NetSuite")).to_have_count(12)
    assert MappedRecord.objects.filter(record_type="invoice", state="mapped").count() == 12


def too_late(bob: Page, job: Job) -> None:
    bob.get_by_role("button", name="Undo").click()
    expect(bob.get_by_text("The ten seconds are over, so nothing was undone.")).to_be_visible()
    expect(bob.get_by_text("this is final")).to_be_visible()
    expect(bob.locator(".tally")).to_have_text("1 In NetSuite")
    assert MappedRecord.objects.get(stripe_id=job.subject).memo.startswith("Stripe Payment Error")
