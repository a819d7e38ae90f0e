"""The sample company: a practice Stripe and NetSuite that run beside a console on one's own machine.

It is offered where SANDBOX_URL says where it runs, and only with LOCAL: never by an installation that
others can reach.
"""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings

from connector.engine import accounts

SECONDS = 20
STORIES = ("subscription_invoice_paid", "standalone_invoice_paid", "invoice_left_open")
"""The documents that a sample company without any is given: two paid invoices and an open one."""


class Away(Exception):
    """No practice world answers there."""


def address() -> str:
    """Where the sample company runs; empty where it is not offered."""
    return str(settings.SANDBOX_URL).rstrip("/") if settings.LOCAL else ""


def why_not() -> str:
    """Why it is not offered; empty where it is."""
    if not settings.LOCAL:
        return "Only a console on one’s own machine (LOCAL=true) offers it: this one keeps real books."
    if not settings.SANDBOX_URL:
        return (
            "This console does not know where a sample company runs. Start both with “make demo”, or start "
            "“manage.py sandbox --port 8001” and set SANDBOX_URL=http://127.0.0.1:8001."
        )
    return ""


def settings_at(url: str) -> dict[str, Any]:
    """All that the sample company at `url` knows, by the names of settings. Raises Away."""
    known = _asked("GET", f"{url.rstrip('/')}/credentials.json")
    return {key: value for key, value in known.items() if key in accounts.field_names()}


def make_documents(url: str) -> None:
    """Have a few invoices come to be in its Stripe. Raises Away."""
    for name in STORIES:
        _asked("POST", f"{url.rstrip('/')}/stories/{name}")


def _asked(method: str, url: str) -> dict[str, Any]:
    try:
        answer = requests.request(method, url, timeout=SECONDS, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return dict(answer.json())
    except (requests.RequestException, ValueError) as error:
        raise Away(f"No practice world answers at {url} ({type(error).__name__}).") from None
