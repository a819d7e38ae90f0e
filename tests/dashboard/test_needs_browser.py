"""Needs you in a real browser: a cause released and undone by keyboard, and what axe says of each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from connector.models import Job
from tests.dashboard.needing import CLOSED, states, three_closed
from tests.dashboard.test_browser import LOOKS, complaints, sign_in
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


@pytest.mark.parametrize("look", LOOKS)
def test_its_pages_are_accessible(page: Page, closed: list[Job], look: str) -> None:
    page.set_viewport_size({"width": LOOKS[look]["width"], "height": 844})
    page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
    sign_in(page)
    for address in (
        "/needs-you/?account=acme",
        "/needs-you/?kind=price",
        f"/needs-you/skip/?account=acme&cause={CLOSED}",
        f"/needs-you/by-hand/?job={closed[0].pk}",
        f"/needs-you/cause/acme/{CLOSED}/",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert complaints(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look]["width"], address
