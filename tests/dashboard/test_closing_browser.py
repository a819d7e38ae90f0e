"""Help, month close, past records, a pause, health and profile in a real browser: by eye, keyboard, ear."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from connector.models import Backfill, Job, MonthClose, StripeAccount
from tests.dashboard.looks import complaints
from tests.dashboard.test_browser import sign_in
from tests.factories import JobFactory, StripeAccountFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db: None) -> StripeAccount:
    """An account with a record that needs somebody, and past records under way."""
    UserFactory.create(username="alice", is_superuser=True)
    account: StripeAccount = StripeAccountFactory.create(
        name="acme", key="rk_test_x", sync_start_date=date(2026, 1, 1)
    )
    JobFactory.create(account=account, status=Job.Status.NEEDS_ATTENTION, code="tax_account_missing")
    Backfill.objects.create(
        account=account,
        date_from=date(2026, 1, 1),
        kinds=["invoices"],
        started_at=timezone.now(),
        in_background=True,
        holder="background:0:abcd",
        cursors={"invoices": {"done": 1, "total": 2}},
    )
    return account


def test_a_month_is_ticked_with_a_reason_by_keyboard_alone(page: Page, acme: StripeAccount) -> None:
    sign_in(page)
    page.goto("/month-close/")
    page.get_by_role("link", name=f"{timezone.now():%B %Y}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why is it complete all the same?").focus()
    page.keyboard.type("The rest is immaterial.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is ticked, with your name and the time.")).to_be_visible()
    assert MonthClose.objects.get().who == "alice"


def test_a_run_that_moves_shows_by_itself_when_it_has_ended(page: Page, acme: StripeAccount) -> None:
    sign_in(page)
    page.goto(f"/past-records/{Backfill.objects.get().pk}/")
    expect(page.locator("#past .chip").first).to_have_text("↻Under way")
    assert complaints(page) == []
    Backfill.objects.update(state=Backfill.State.COMPLETE)
    expect(page.locator("#past .chip").first).to_have_text("✓Complete")


def test_an_account_is_paused_with_a_reason_by_keyboard_alone_and_resumed(
    page: Page, acme: StripeAccount
) -> None:
    sign_in(page)
    page.get_by_role("link", name="Pause acme").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pause acme")).to_be_visible()
    page.get_by_label("Why").focus()
    page.keyboard.type("NetSuite moves.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("acme is paused. Stripe’s messages are kept")).to_be_visible()
    band = page.get_by_role("complementary", name="Paused")
    expect(band).to_contain_text("by alice: “NetSuite moves.”")
    assert complaints(page) == []
    band.get_by_role("link", name="Resume").click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("acme goes on. Work has begun on 0 records.")).to_be_visible()
    expect(band).to_have_count(0)
    acme.refresh_from_db()
    assert (acme.paused_at, acme.pause_version) == (None, 2)
