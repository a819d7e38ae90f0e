"""Error pages: what was not changed, the way back, and the number under which the log has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from connector.models import AuditEntry, Job, StripeAccount
from tests.factories import JobFactory, UserFactory

pytestmark = pytest.mark.django_db
Visit = Callable[[Client], Any]


def press(client: Client, **more: str) -> Any:
    """Try the only record again."""
    return client.post(f"/jobs/{Job.objects.get().pk}/retry/", {"seen": "failed.0", **more})


ERRORS: dict[str, tuple[int, str, Visit]] = {
    "an unknown address": (404, "There is no such page", lambda client: client.get("/nowhere/")),
    "an unknown record": (404, "“record 987654”", lambda client: client.get("/jobs/987654/")),
    "an unknown file": (404, "“none.csv”", lambda client: client.get("/payouts/none.csv")),
    "a role that lacks it": (403, "Your role does not allow this", lambda client: client.get("/health/")),
    "a button's address": (405, "not a page to open", lambda client: client.get("/jobs/1/retry/")),
    "a page that only shows": (405, "not a page to open", lambda client: client.post("/jobs/")),
    "an old form": (403, "too old to act on", press),
    "too many fields": (
        400,
        "could not be read",
        lambda client: press(client, **{f"field{number}": "" for number in range(3000)}),
    ),
    "too long a text": (400, "could not be read", lambda client: press(client, why="x" * 3_000_000)),
    "our own mistake": (500, "This page broke", lambda client: client.get("/")),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_what_was_not_changed_and_keeps_the_way_back(
    alice: User, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    status, words, visit = ERRORS[name]
    job = JobFactory.create(status=Job.Status.FAILED)
    client = Client(raise_request_exception=False, enforce_csrf_checks=name == "an old form")
    client.force_login(alice)
    monkeypatch.setattr("dashboard.views.overview.summarise", None)
    answer = visit(client)
    html = answer.content.decode()
    assert (answer.status_code, words in html) == (status, True)
    assert 'aria-label="Main"' in html
    assert "Nothing was changed in NetSuite" in html
    assert answer["X-Request-ID"] in html
    job.refresh_from_db()
    assert (job.status, AuditEntry.objects.count()) == (Job.Status.FAILED, 0)


def test_while_the_database_is_away_the_page_says_that_nothing_is_lost(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database ends a question that takes too long, as it does when it is overrun or goes down."""

    def asked_for_long(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")

    JobFactory.create()
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    monkeypatch.setattr("dashboard.views.overview.summarise", asked_for_long)
    answer = client.get("/")
    html = answer.content.decode()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "60")
    assert "nothing from Stripe is lost" in html
    assert answer["X-Request-ID"] in html


@pytest.mark.parametrize(
    "address",
    [
        "/r/%00/",
        "/find/?q=%00",
        "/jobs/?q=%00",
        "/help/%00/",
        "/needs-you/cause/acme/%00/",
        "/needs-you/skip/?account=%00&cause=a",
        "/needs-you/skip/?account=acme&cause=%00",
        "/month-close/%00/2026-10/",
        "/preview/?account=acme&id=in_%00",
    ],
)
def test_an_address_that_no_text_can_hold_is_refused(
    console: Client, acme: StripeAccount, address: str
) -> None:
    console.raise_request_exception = False
    answer = console.get(address)
    assert (answer.status_code, "could not be read" in answer.content.decode()) == (400, True)


def test_somebody_who_is_not_staff_is_told_so_and_can_sign_out(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=False))
    html = client.get("/").content.decode()
    assert "The console is for staff" in html
    assert "Sign out" in html


def test_a_refused_method_names_the_lawful_one(console: Client) -> None:
    assert console.get("/jobs/1/retry/")["Allow"] == "POST"
