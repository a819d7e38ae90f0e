"""Needs you in a real browser: a cause released and undone by keyboard, and what axe says of each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from connector.models import Job
from tests.dashboard.looks import complaints
from tests.dashboard.needing import states, three_closed
from tests.dashboard.test_browser import sign_in
from tests.factories import StripeAccountFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S = Job.Status


@pytest.fixture
def closed(live_server: LiveServer) -> list[Job]:
    UserFactory.create(username="alice", is_superuser=True)
    return three_closed(StripeAccountFactory.create(name="acme"))


def test_a_cause_is_released_by_keyboard_undone_in_time_and_one_record_skipped(
    page: Page, closed: list[Job]
) -> None:
    sign_in(page)
    page.get_by_role("link", name="Needs you").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 records need you")
    page.get_by_role("link", name="Try all 3 again…").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try again").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tried again: 3 records")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Undone: 3 records are as they were.")).to_be_visible()
    assert states(closed) == [S.NEEDS_ATTENTION] * 3

    page.get_by_role("link", name="Back to Needs you").click()
    page.get_by_label("Choose Invoice INV-1").check()
    page.get_by_role("button", name="Skip chosen…").click()
    page.get_by_label("Why is it right?").fill("Paid by check.")
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skipped: 1 record")
    assert states(closed) == [S.NEEDS_ATTENTION, S.SKIPPED, S.NEEDS_ATTENTION]
    assert complaints(page) == []


def test_while_the_server_is_away_the_last_list_stays_and_says_since_when(
    browser: Browser, web_address: str, closed: list[Job]
) -> None:
    context = browser.new_context(base_url=web_address)
    page = context.new_page()
    sign_in(page)
    page.clock.install()
    page.goto("/needs-you/")
    page.route("**/needs-you/**", lambda route: route.abort())
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("We cannot look again at this moment.")).to_be_visible()
    expect(page.get_by_role("link", name="Invoice INV-1")).to_be_visible()
    page.unroute_all()
    Job.objects.filter(pk=closed[0].pk).update(status=S.SUCCESSFUL)
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("2 records need you")
    expect(page.get_by_text("We cannot look again at this moment.")).to_be_hidden()
    context.close()
