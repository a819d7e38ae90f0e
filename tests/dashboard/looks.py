"""How a browser looks at the console: signed in, in light, in dark, on a phone; and what axe says of it."""

from __future__ import annotations

from typing import Literal, TypedDict

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.dashboard.pages import Place, address_of


class Look(TypedDict):
    """How somebody's screen is set."""

    color_scheme: Literal["light", "dark"]
    width: int


LOOKS: dict[str, Look] = {
    "light": {"color_scheme": "light", "width": 1280},
    "dark": {"color_scheme": "dark", "width": 1280},
    "phone": {"color_scheme": "light", "width": 390},
}
ONLY = {
    "dark": ["color-contrast", "link-in-text-block"],
    "phone": ["scrollable-region-focusable", "target-size"],
}
"""The rules of axe that a look can break when the same page in light has not; all of them if not named."""


def sign_in(page: Page, username: str, password: str) -> None:
    """Pass the sign-in page."""
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def put_on(page: Page, look: Look) -> None:
    """Set the screen so."""
    page.set_viewport_size({"width": look["width"], "height": 844})
    page.emulate_media(color_scheme=look["color_scheme"])


def visit(page: Page, place: Place) -> bool:
    """Open a page of the table; False when no link leads to it."""
    address = address_of(place, lambda start: page.request.get(start).text())
    if address is None:
        return False
    page.goto(address)
    for label, value in place.fill:
        page.get_by_label(label, exact=True).fill(value)
    for name in place.press:
        page.get_by_role("button", name=name).first.click()
    expect(page.locator(".htmx-request")).to_have_count(0)
    return True


def unfold(page: Page) -> None:
    """Open all that can be folded out of the page."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")


def leave(page: Page, place: Place) -> None:
    """Take back what was pressed to see the page."""
    for name in place.after:
        page.get_by_role("button", name=name).first.click()


def complaints(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds, as rule and element."""
    options = {
        "resultTypes": ["violations"],
        "preload": False,
        "iframes": False,
        **({"runOnly": rules} if rules else {}),
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
