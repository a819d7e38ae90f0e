"""Every page of the console in a real browser: axe, every screen, every control by keyboard, on paper.

One world is shared by all of them. What a browser reports on its console, as a breach of the content
security policy, fails the test (`tests.browser.page`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from playwright.sync_api import Page

from connector.models import StripeAccount
from connector.sandbox.server import Server
from dashboard.urls import urlpatterns
from tests.dashboard.full_world import fill
from tests.dashboard.looks import LOOKS, ONLY, complaints, leave, put_on, sign_in, unfold, visit
from tests.dashboard.pages import NO_PAGE, OUTSIDE, PLACES, SIGN_IN, Place
from tests.dashboard.test_access import TAKES, WRONG
from tests.factories import PASSWORD
from tests.stories.stage import Stage

EVERY = (*PLACES, *OUTSIDE)
HALVES = {"first half": EVERY[::2], "second half": EVERY[1::2]}
UNREACHABLE = """() => {
  const shown = one => one.checkVisibility() && !one.disabled && one.type !== "hidden";
  const every = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  const told = [];
  for (const one of [...every].filter(shown)) {
    one.focus();
    const style = getComputedStyle(one);
    const fault = one.tabIndex > 0 ? "out of order"
      : one.tabIndex < 0 ? (one.id === "main" ? "" : "not by Tab")
      : document.activeElement !== one ? "takes no focus"
      : style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? "focus unseen" : "";
    if (fault) told.push(`${fault}: ${one.outerHTML.slice(0, 120)}`);
  }
  return told;
}"""
"""What cannot be reached by Tab in the order of the page, or not be seen when it is."""


def test_every_page_is_in_the_table_or_is_none() -> None:
    opened = {url.name for url in urlpatterns if TAKES[str(url.name)][0] != WRONG}
    known = {place.url for place in PLACES}
    assert opened - known - set(NO_PAGE) == set()
    assert known & set(NO_PAGE) == set()
    assert known | set(NO_PAGE) <= opened | {"settings_test"}
    names = [place.name for place in (*EVERY, SIGN_IN)]
    assert len(names) == len(set(names))


def look_at(page: Page, place: Place, only: Mapping[str, list[str]] = ONLY) -> list[str]:
    """All that is wrong with a page, in whichever look; of axe's rules `only` these in a look, or all."""
    told = []
    unfold(page)
    for name, look in LOOKS.items():
        put_on(page, look)
        told += [f"{name}: {one}" for one in complaints(page, only.get(name))]
        width = page.evaluate("document.documentElement.scrollWidth")
        told += [f"{name}: {width} pixels wide"] if width > look["width"] else []
    put_on(page, LOOKS["light"])
    page.keyboard.press("Tab")
    told += page.evaluate(UNREACHABLE)
    return [f"{place.name}, {one}" for one in told]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("half", HALVES)
def test_every_page_is_good_for_every_eye_screen_and_keyboard(
    page: Page, sandbox: Server, account: StripeAccount, half: str
) -> None:
    fill(Stage(sandbox.world, account))
    assert walk(page, HALVES[half]) == ([], [])


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_by_any_of_its_rules_in_any_look(
    page: Page, sandbox: Server, account: StripeAccount
) -> None:
    fill(Stage(sandbox.world, account))
    assert walk(page, EVERY, only={}) == ([], [])


def walk(
    page: Page, places: Iterable[Place], only: Mapping[str, list[str]] = ONLY
) -> tuple[list[str], list[str]]:
    """Sign in and open each place: all that is wrong, and the places to which no link leads."""
    page.emulate_media(reduced_motion="reduce")
    visit(page, SIGN_IN)
    told, unseen = look_at(page, SIGN_IN, only), []
    sign_in(page, "alice", PASSWORD)
    for place in places:
        if not visit(page, place):
            unseen.append(place.name)
            continue
        told += look_at(page, place, only)
        leave(page, place)
    return told, unseen
