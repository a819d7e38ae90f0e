"""Profile, and the error pages: what they say was not changed, and the number under which the log has it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.signals import pre_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from structlog.stdlib import ProcessorFormatter

from connector.models import AuditEntry, Job, Preferences, StripeAccount
from tests.dashboard.test_help import said
from tests.factories import PASSWORD, JobFactory, UserFactory

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[Any]]
NEW = "a much better horse battery"


def typed(**changes: str) -> dict[str, str]:
    return {"first_name": "Alice", "last_name": "Moreau", "email": "alice@example.com"} | changes


def test_name_and_email_are_kept_and_told_to_the_audit(console: Client, alice: User) -> None:
    page = said(console.post("/profile/", typed(), follow=True).content.decode())
    assert "Your profile is saved." in page
    assert "Signed in as alice." in page
    assert "Try again, skip, enter by hand" in page
    alice.refresh_from_db()
    assert (alice.get_full_name(), alice.email) == ("Alice Moreau", "alice@example.com")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.subject) == ("change_person", "alice", "alice")
    assert entry.after == typed()
    console.post("/profile/", typed())
    assert AuditEntry.objects.count() == 1


def test_nobody_makes_themselves_an_admin(console: Client, alice: User) -> None:
    console.post("/profile/", typed(is_superuser="on", username="root", is_staff="on"))
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.username) == (False, "alice")


def test_an_address_that_is_none_is_named_and_nothing_is_kept(console: Client, alice: User) -> None:
    assert "Enter a valid email address." in said(
        console.post("/profile/", typed(email="alice at home")).content.decode()
    )
    alice.refresh_from_db()
    assert alice.first_name == ""


def test_the_password_is_changed_and_this_browser_stays_signed_in(console: Client, alice: User) -> None:
    other = Client()
    other.force_login(alice)
    asked = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert "Your password is changed." in said(
        console.post("/profile/password/", asked, follow=True).content.decode()
    )
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert other.get("/profile/").status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.after) == ("alice", {"password": "replaced"})


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/profile/", typed()),
        ("/profile/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}),
    ],
)
def test_what_an_admin_changes_at_the_same_moment_stays_as_the_admin_wants_it(
    console: Client, alice: User, address: str, asked: dict[str, str]
) -> None:
    def admin(**_: Any) -> None:
        User.objects.update(is_staff=False, is_active=False, username="gone")

    pre_save.connect(admin, sender=User)
    try:
        console.post(address, asked)
    finally:
        pre_save.disconnect(admin, sender=User)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_active, alice.username) == (False, False, "gone")
    assert alice.first_name == "Alice" or alice.check_password(NEW)


def test_the_admin_has_no_password_page_of_its_own(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    asked = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", asked)["Location"] == "/profile/password/"
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"old_password": "guess"}, "Your old password was entered incorrectly."),
        ({"new_password2": "another"}, "password fields didn’t match"),
        ({"new_password1": "12345678", "new_password2": "12345678"}, "too common"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    console: Client, alice: User, change: dict[str, str], words: str
) -> None:
    asked = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW} | change
    page = console.post("/profile/password/", asked).content.decode()
    assert words in said(page)
    assert "12345678" not in page
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


LOOK = {"theme": "dark", "time_zone": "Asia/Tokyo", "numbers": "de", "shortcuts": ""}


def test_a_page_looks_as_its_reader_wants_it_without_another_query(
    console: Client, acme: StripeAccount, django_assert_num_queries: Queries
) -> None:
    made = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
    job = JobFactory.create(account=acme, amount=Decimal("1234.50"), updated_at=made)
    console.get("/jobs/")  # the accounts of the band are kept for a while
    with CaptureQueriesContext(connection) as before:
        page = console.get("/jobs/").content.decode()
    queries = len(before)
    assert '<html lang="en" data-theme="auto">' in page
    assert 'data-keys="on"' in page
    assert "US$1,234.50" in page
    assert "18 Nov 2026, 15:30" in page
    assert "Updated (New York)" in page
    console.post("/profile/look/", LOOK)
    with django_assert_num_queries(queries):
        page = console.get("/jobs/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    assert 'data-keys="off"' in page
    assert "US$1.234,50" in page
    assert "19 Nov 2026, 05:30" in page
    assert "Updated (Tokyo)" in page
    assert str(job) in page


def test_a_look_is_ones_own_and_never_in_a_file(console: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, amount=Decimal("1234.50"), status=Job.Status.FAILED)
    plain = console.get("/needs-you/needs-you.csv").content
    console.post("/profile/look/", LOOK)
    assert console.get("/needs-you/needs-you.csv").content == plain
    other = Client()
    other.force_login(UserFactory.create())
    assert 'data-theme="auto"' in other.get("/jobs/").content.decode()


def test_a_look_that_is_none_is_refused_and_nothing_is_kept(console: Client) -> None:
    page = said(console.post("/profile/look/", LOOK | {"time_zone": "Mars/Base"}).content.decode())
    assert "Mars/Base is not one of the available choices" in page
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("address", ["/profile/", "/profile/password/"])
def test_the_profile_is_for_staff_who_signed_in(client: Client, address: str) -> None:
    assert client.post(address, typed()).status_code == 302
    client.force_login(UserFactory.create(is_staff=False))
    assert client.get(address).status_code == 403
    assert client.delete(address).status_code == 403


# Error pages


def test_every_error_page_keeps_the_navigation_and_carries_the_number(
    console: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    job = JobFactory.create(status=Job.Status.FAILED)
    monkeypatch.setattr("dashboard.views.overview.summarise", None)
    answers = {
        404: console.get("/nowhere/"),
        403: console.get("/health/"),
        500: console.get("/"),
        "csrf": strict.post(f"/jobs/{job.pk}/retry/", {"seen": "failed.0"}),
        "unknown": console.get("/jobs/999999/"),
    }
    numbers = set()
    for name, answer in answers.items():
        html = answer.content.decode()
        number = answer["X-Request-ID"]
        assert answer.status_code in (name, 403, 404), name
        assert f'<code class="copy">{number}</code>' in html, name
        assert "Nothing was changed in NetSuite" in html, name
        assert 'aria-label="Main"' in html, name
        numbers.add(number)
    assert len(numbers) == len(answers)


@pytest.mark.usefixtures("acme")
def test_the_number_is_on_the_log_line_of_a_mistake(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    console.raise_request_exception = False
    monkeypatch.setattr("dashboard.views.overview.summarise", None)
    root, lines = logging.getLogger(), StringIO()
    handler = logging.StreamHandler(lines)
    ours = [one.formatter for one in root.handlers if isinstance(one.formatter, ProcessorFormatter)]
    handler.setFormatter(ours[0])
    root.addHandler(handler)
    try:
        number = console.get("/")["X-Request-ID"]
    finally:
        root.removeHandler(handler)
    assert "Internal Server Error" in lines.getvalue()
    assert number in lines.getvalue()


def test_a_number_that_a_caller_brings_is_not_taken(console: Client) -> None:
    answer = console.get("/help/", headers={"X-Request-ID": "<script>"})
    assert "<script>" not in answer["X-Request-ID"]
