"""Finding a Chromium and driving it; a pytest plugin, and `python -m tests.browser` prints what was found.

The first of: an installed Chromium or Chrome, Debian's package when run as root, Playwright's own
download. Without any, tests of the browser fail where CI is set and are skipped loudly elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(Exception):
    """No Chromium is installed and none could be installed."""


def _installed() -> str | None:
    return next((found for name in INSTALLED if (found := shutil.which(name))), None)


def _debian_package() -> str | None:
    """Chromium from Debian, when we may install it. Waits for another installation that holds the lock."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for attempt in range(5):
        time.sleep(10 * attempt)
        updated = subprocess.run([*apt, "update"], env=quietly, stdout=sys.stderr, check=False)
        installed = subprocess.run(
            [*apt, "install", "-y", "--no-install-recommends", "chromium"],
            env=quietly,
            stdout=sys.stderr,
            check=False,
        )
        if updated.returncode == installed.returncode == 0:
            break
    return _installed()


def _downloaded() -> str | None:
    """Playwright's own Chromium, fetched when it is not there yet."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, stdout=sys.stderr, check=False, timeout=600)
        except subprocess.TimeoutExpired:
            return None
    return path if os.path.exists(path) else None


def find_browser() -> str:
    """The path of a Chromium, installing one if need be. Raises NoBrowserError."""
    if path := _installed() or _debian_package() or _downloaded():
        return path
    raise NoBrowserError(
        "No Chromium: none is installed, Debian's package could not be installed, "
        "and Playwright could not download its own."
    )


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """One headless Chromium for the whole run."""
    try:
        path = find_browser()
    except NoBrowserError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(f"NOT TESTED IN A BROWSER. {error}")
    # Playwright keeps an event loop in this thread until the end, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, web_address: str) -> Generator[Page]:
    """A fresh page at the console's address. An error that the browser reports fails the test."""
    context = browser.new_context(base_url=web_address)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


if __name__ == "__main__":
    print(find_browser())
