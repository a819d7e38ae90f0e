"""Two-step sign-in in a real browser, from turning it on to signing in with it, and a theme of one's own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.looks import LOOKS, ONLY, complaints, put_on, sign_in
from tests.dashboard.test_two_step import code
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """The page has no fault for a screen reader, and fits every screen."""
    for name, look in LOOKS.items():
        put_on(page, look)
        if name != "phone":
            assert complaints(page, ONLY.get(name)) == [], (page.url, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= look["width"], (page.url, name)


def press(page: Page, label: str, text: str, button: str) -> None:
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name=button).click()


def test_two_steps_are_turned_on_and_used(page: Page, transactional_db: None) -> None:
    UserFactory.create(username="alice")
    sign_in(page, "alice", PASSWORD)
    page.goto("/profile/")
    page.get_by_role("link", name="Two-step sign-in: off").click()
    page.get_by_role("link", name="Turn it on").click()
    fits(page)
    press(page, "Password", PASSWORD, "Go on")
    fits(page)
    press(page, "Authenticator code", code(page.locator("code.copy").inner_text()), "Turn it on")
    fits(page)
    recovery = page.locator("code.copy").first.inner_text()
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_role("heading", name="It is on")).to_be_visible()
    for link in ("Make new recovery codes", "Turn it off"):
        page.get_by_role("link", name=link).click()
        fits(page)
        page.get_by_role("link", name="Leave").click()

    page.goto("/profile/")
    page.get_by_label("Light or dark").select_option("dark")
    page.get_by_role("button", name="Save the look").click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.get_by_label("Username").fill("alice")
    press(page, "Password", PASSWORD, "Sign in")
    fits(page)
    press(page, "Code", recovery, "Sign in")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
