"""The Payouts pages in a real browser: readable on every screen, and whole without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from connector.models import Payout, StripeAccount
from tests.dashboard.test_browser import sign_in
from tests.dashboard.test_payouts import compared, payout_of, payout_that_differs
from tests.factories import StripeAccountFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def odd(transactional_db: None) -> Payout:
    """A payout that differs, before one that ties out and one that is not compared."""
    UserFactory.create(username="alice")
    account: StripeAccount = StripeAccountFactory.create(name="acme", key="rk_test_x")
    compared(payout_of(account, "po_1QxT4a2eZvKYlo2C1i9dKabd", "12450.00", arrival_date=date(2026, 11, 17)))
    payout_of(account, "po_1QxT4a2eZvKYlo2C1i9dKabe", "980.10", arrival_date=date(2026, 11, 19))
    return payout_that_differs(account)


def test_a_person_narrows_opens_and_exports_without_javascript(page: Page, odd: Payout) -> None:
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    sign_in(page)
    page.get_by_role("link", name="Payouts", exact=True).click()
    page.get_by_label("Show").select_option("Needs somebody")
    page.get_by_role("button", name="Show").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Excel").click()
    assert file.value.suggested_filename == "payouts.xlsx"
    page.get_by_role("link", name="18 Nov 2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payout of US$575.40")
    expect(page.get_by_text("What to do.")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="Lines as CSV").click()
    assert file.value.suggested_filename == "po_1-lines.csv"
