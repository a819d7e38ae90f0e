"""Pictures of every page: `make screenshots`, or `python -m tests.dashboard.screenshots FOLDER`.

A demo is started for them, with rows for every page, and ended with them. Each page is taken in light and in
dark, 1280 and 390 pixels wide, as FOLDER/<page>-<look>.png. What an auditor files is laid out on paper too,
as FOLDER/<page>.pdf. The README's picture, docs/today.png, is taken anew.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import QUIET, find_browser
from tests.dashboard.looks import Look, leave, put_on, sign_in, visit
from tests.dashboard.pages import NOT_FOUND, OUTSIDE, PLACES, SIGN_IN, Place

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "docs" / "today.png"
INVITED = re.compile(r"^The console +(\S+?)/? +user (\w+), password (\S+)")
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


@contextmanager
def demo() -> Iterator[tuple[str, str, str]]:
    """A console full of rows: its address, and the name and password of its admin."""
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", "0", "--sandbox-port", "0"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        invited = next((found for line in child.stdout if (found := INVITED.search(line))), None)
        if invited is None:
            sys.exit("The demo did not start; what it said stands above.")
        for line in child.stdout:
            if line.startswith("Ctrl-C"):
                break
        yield invited[1], invited[2], invited[3]
    finally:
        child.send_signal(signal.SIGINT)
        child.wait()


def main(folder: str) -> None:
    """Take the pictures, and name the pages for which there were no rows."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with demo() as (address, username, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        page = browser.new_page(base_url=address, reduced_motion="reduce")
        take(page, SIGN_IN, place)
        sign_in(page, username, password)
        put_on(page, LOOKS["light"])
        page.screenshot(path=README, full_page=True)
        every = (*PLACES, *OUTSIDE, NOT_FOUND)
        missing = [one.name for one in every if not take(page, one, place)]
        browser.close()
    print(f"{len(every) + 1 - len(missing)} pages taken, in {place}.")
    if missing:
        sys.exit(f"No rows for: {', '.join(missing)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
