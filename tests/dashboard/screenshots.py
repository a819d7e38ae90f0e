"""Pictures of a running console: `python -m tests.dashboard.screenshots ADDRESS USERNAME PASSWORD FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import QUIET, find_browser

WIDTH, HEIGHT = 1280, 800


def sign_in(page: Page, username: str, password: str) -> None:
    """Pass the sign-in page."""
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def take(page: Page, folder: Path) -> None:
    """Save each page; of the records the newest that needs somebody, or just the newest."""
    page.goto("/")
    page.screenshot(path=folder / "today.png", full_page=True)
    page.goto("/jobs/?first=on")
    page.screenshot(path=folder / "records.png")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.screenshot(path=folder / "record.png", full_page=True)
    page.get_by_role("link", name="Compare now").click()
    page.get_by_text("Nothing was changed.").wait_for()
    page.screenshot(path=folder / "record-compared.png", full_page=True)
    page.goto(f"/preview/?account=acme&id={page.locator('main .sub code').first.inner_text()}")
    page.screenshot(path=folder / "preview.png", full_page=True)
    page.goto("/payouts/")
    page.screenshot(path=folder / "payouts.png", full_page=True)
    for tab in ("connections", "accounts"):
        page.goto(f"/settings/acme/{tab}/")
        page.screenshot(path=folder / f"settings-{tab}.png", full_page=True)
    for name in ("month-close", "past-records", "help", "health", "profile"):
        page.goto(f"/{name}/")
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    page.goto("/month-close/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.screenshot(path=folder / "month.png", full_page=True)
    page.goto("/help/invoice_already_paid/")
    page.screenshot(path=folder / "help-reason.png", full_page=True)
    page.goto("/rulebook/?q=balance")
    page.screenshot(path=folder / "rulebook.png")


def main(address: str, username: str, password: str, folder: str) -> None:
    """Take the pictures of the console at `address` and put them into `folder`."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        page = browser.new_page(
            base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
        )
        sign_in(page, username, password)
        take(page, place)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
