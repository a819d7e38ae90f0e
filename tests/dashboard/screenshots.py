"""Pictures of every page: `python -m tests.dashboard.screenshots ADDRESS USERNAME PASSWORD FOLDER`.

ADDRESS is a console with rows in it, as `make demo` starts one; the user is an admin. Each page is taken in
light and in dark, 1280 and 390 pixels wide, as FOLDER/<page>-<look>.png. What an auditor files is laid out
on paper too, as FOLDER/<page>.pdf. The README's picture, docs/today.png, is taken anew.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import QUIET, find_browser
from tests.dashboard.looks import Look, leave, put_on, sign_in, visit
from tests.dashboard.pages import NOT_FOUND, OUTSIDE, PLACES, SIGN_IN, Place

README = Path(__file__).resolve().parents[2] / "docs" / "today.png"
LOOKS: dict[str, Look] = {
    "light": {"color_scheme": "light", "width": 1280},
    "dark": {"color_scheme": "dark", "width": 1280},
    "phone": {"color_scheme": "light", "width": 390},
    "phone-dark": {"color_scheme": "dark", "width": 390},
}


def take(page: Page, place: Place, folder: Path) -> bool:
    """Take a page in every look; False when there are no rows for it."""
    put_on(page, LOOKS["light"])
    if not visit(page, place):
        return False
    for name, look in LOOKS.items():
        put_on(page, look)
        page.screenshot(path=folder / f"{place.name}-{name}.png", full_page=True)
    if place.prints:
        page.pdf(path=folder / f"{place.name}.pdf", format="A4")
    leave(page, place)
    return True


def main(address: str, username: str, password: str, folder: str) -> None:
    """Take the pictures of the console at `address`, and name the pages that it has no rows for."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        page = browser.new_page(base_url=address, reduced_motion="reduce")
        take(page, SIGN_IN, place)
        sign_in(page, username, password)
        every = (*PLACES, *OUTSIDE, NOT_FOUND)
        missing = [one.name for one in every if not take(page, one, place)]
        put_on(page, LOOKS["light"])
        page.goto("/")
        page.screenshot(path=README, full_page=True)
        browser.close()
    print(
        f"{len(every) + 1 - len(missing)} pages taken.",
        *(f"No rows for: {name}" for name in missing),
    )


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
