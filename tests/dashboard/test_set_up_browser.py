"""Set up from nothing: an empty console, the sample company, the first booked invoice, by real workers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from connector.models import Event, Job, MappedRecord
from connector.sandbox.server import Server
from connector.sandbox.stories import play
from tests.dashboard.looks import LOOKS, complaints
from tests.dashboard.test_browser import sign_in
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE = 60_000
"""Milliseconds in which workers have begun and booked an invoice, on a busy machine too."""


@pytest.fixture
def empty_console(sandbox: Server, settings: Any) -> None:
    """No account, a sample company that can be loaded, and Alice, who may set accounts up."""
    settings.SANDBOX_URL = sandbox.url
    UserFactory.create(username="alice", roles=["settings"])


def step(page: Page, title: str) -> None:
    """The step that is on the page: axe in light and in dark, and on a phone nothing sticks out."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=LOOKS[look]["color_scheme"], reduced_motion="reduce")
        assert complaints(page) == [], (page.url, look)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    page.set_viewport_size({"width": 1280, "height": 844})


def press(page: Page, name: str) -> None:
    """Press a button or follow a link with the keyboard alone."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.focus()
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("workers")
def test_set_up_from_nothing_to_the_first_booked_invoice(
    page: Page, empty_console: None, sandbox: Server
) -> None:
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect your first account")
    press(page, "Connect your company")
    step(page, "Set-up")
    press(page, "Begin with Stripe")
    step(page, "Connect Stripe")
    page.go_back()
    press(page, "Load sample company")
    expect(page.get_by_text("The sample company is connected")).to_be_visible()
    step(page, "Connect Stripe")
    press(page, "Next: Messages from Stripe")
    press(page, "Make it in Stripe")
    expect(page.get_by_text("its signing secret is stored")).to_be_visible()
    step(page, "Have Stripe tell us")
    press(page, "Next: NetSuite")
    press(page, "Test now")
    expect(page.get_by_text("Tested: all is well.")).to_be_visible()
    step(page, "Connect NetSuite")
    press(page, "Next: Accounts")
    expect(page.get_by_role("combobox", name="Income")).to_have_value("111")
    step(page, "Choose the accounts")
    press(page, "Store what is chosen")
    step(page, "Look at one invoice, then book it")
    press(page, "Book this invoice")
    expect(page.get_by_text("In NetSuite", exact=True).first).to_be_visible(timeout=PATIENCE)
    step(page, "Invoice SBX00003-0001")
    assert Job.objects.get().status == Job.Status.SUCCESSFUL
    assert MappedRecord.objects.filter(record_type="invoice", state="mapped").count() == 1
    press(page, "Go on")
    step(page, "sample is set up")
    play(sandbox.world, "charge_without_customer")  # and from now on Stripe tells by itself
    assert sandbox.world.stripe.wait_delivered(20)
    assert Event.objects.exists()
    press(page, "Bring past records")
    expect(page.get_by_role("combobox", name="Account")).to_have_value("sample")
