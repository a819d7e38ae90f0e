"""Settings in a real browser: an account is looked up, the change seen, tried and saved; by keyboard too."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from connector.engine import account_settings
from connector.models import AuditEntry, StripeAccount
from connector.sandbox.server import Server
from tests.dashboard.test_browser import sign_in
from tests.factories import UserFactory
from tests.stories.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage_with_invoice(account: StripeAccount, sandbox: Server, live_server: LiveServer) -> Stage:
    """One booked invoice, no income account, and somebody who may change settings."""
    UserFactory.create(username="alice").groups.add(Group.objects.get(name="settings"))
    stage = Stage(sandbox.world, account, live_server.url)
    stage.play("subscription_invoice_paid")
    wanted = {"income_account": ""}
    seen = account_settings.version(StripeAccount.objects.get())
    account_settings.save(account, wanted, who="bob", reason="Tidied up", seen=seen)
    return stage


def test_a_choice_is_looked_up_seen_tried_and_saved(page: Page, stage_with_invoice: Stage) -> None:
    sign_in(page)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="acme").click()
    page.get_by_role("link", name="Accounts and items 1 to choose").click()
    expect(page.get_by_text("Needs choosing")).to_have_count(1)
    page.get_by_label("Payout clearing").fill("4711")
    page.get_by_role("button", name="Look up Income in NetSuite").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Income").select_option(label="4000 Income (111)")
    expect(page.get_by_label("Payout clearing")).to_have_value("4711")
    page.get_by_role("button", name="See what this changes").first.click()
    expect(page.get_by_role("row", name="Income")).to_contain_text("4000 Income (111)")
    page.get_by_role("button", name="Change it again").click()
    page.get_by_role("button", name="Look up everything in NetSuite").click()
    page.get_by_label("Payout clearing").select_option(label="Not chosen")
    page.get_by_role("combobox", name="Undeposited Funds").select_option(label="1000 Bank USD (101)")
    page.get_by_role("button", name="See what this changes").first.click()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("differs in the entries")).to_be_visible()
    page.get_by_label("Why?").fill("Chosen with our accountant")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 settings saved.")).to_be_visible()
    expect(page.get_by_text("Needs choosing")).to_have_count(0)
    kept = StripeAccount.objects.get()
    assert (kept.income_account, kept.undeposited_funds_account) == ("111", "101")
    assert AuditEntry.objects.latest("pk").reason == "Chosen with our accountant"
    page.get_by_role("link", name="Changes").click()
