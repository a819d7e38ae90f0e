"""Single keys in a real browser: over the rows of a list, and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from connector.models import Job, Preferences
from tests.dashboard.looks import complaints
from tests.dashboard.needing import three_closed
from tests.dashboard.test_browser import sign_in
from tests.factories import StripeAccountFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def closed(transactional_db: None) -> list[Job]:
    UserFactory.create(username="alice", is_superuser=True)
    return three_closed(StripeAccountFactory.create(name="acme"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_move_choose_open_and_press_what_is_on_the_page(page: Page, closed: list[Job]) -> None:
    sign_in(page)
    page.goto("/needs-you/")
    links = [page.get_by_role("link", name=f"Invoice INV-{place}") for place in range(3)]
    press(page, "j", "j")  # the card, then its first row
    expect(links[0]).to_be_focused()
    press(page, "j", "k", "k", "o")  # the card is folded in
    expect(links[0]).to_be_hidden()
    press(page, "o", "j", "x", "j", "x")
    expect(links[1]).to_be_focused()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    press(page, "r")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Try again: 2 records")
    page.go_back()
    page.reload()
    press(page, "j", "j", "s")  # nothing is chosen: the row itself
    expect(page.get_by_role("heading", level=1)).to_contain_text("Skip: 1 record")

    page.goto("/jobs/")
    press(page, "j", "o")
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    press(page, "s")
    expect(page).to_have_url(re.compile("/needs-you/skip/"))

    press(page, "/", "j", "?")
    box = page.get_by_role("searchbox", name="Find an id, number, amount or e-mail")
    expect(box).to_be_focused()
    expect(box).to_have_value("j?")


def test_the_list_of_keys_opens_and_closes_by_key_and_all_can_be_turned_off(
    page: Page, closed: list[Job]
) -> None:
    sign_in(page)
    page.goto("/needs-you/")
    press(page, "Control+j", "Alt+j", "?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert complaints(page) == []
    press(page, "j", "Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")

    Preferences.objects.create(user=User.objects.get(username="alice"), shortcuts=False)
    page.reload()
    press(page, "j", "?", "/")
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
