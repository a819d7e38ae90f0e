"""What people do with a cause on Needs you: assign, note, put aside; saved views; who may press what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from connector.engine import actions
from connector.failures import FAILURES
from connector.models import AuditEntry, Cause, Job, SavedView, StripeAccount
from dashboard.needs import CARDS
from tests.dashboard.needing import CLOSED, page, resolver, states, three_closed
from tests.dashboard.test_job import words
from tests.factories import JobFactory, UserFactory

pytestmark = pytest.mark.django_db
S = Job.Status


@pytest.fixture
def alice() -> Client:
    return resolver("alice")


@pytest.fixture
def bob() -> Client:
    return resolver("bob")


@pytest.fixture
def closed(acme: StripeAccount) -> list[Job]:
    return three_closed(acme)


# Causes


def change(client: Client, **fields: str) -> str:
    return words(client.post(f"/needs-you/cause/acme/{CLOSED}/", fields, follow=True).content.decode())


def test_a_cause_is_assigned_noted_and_the_page_says_so(alice: Client, closed: list[Job]) -> None:
    assert "It is noted who looks after it." in change(alice, do="assign", person="alice", seen="0")
    assert "The note is kept." in change(alice, do="note", note="Dana opens October.", seen="1")
    text = page(alice)
    assert "alice looks after it" in text
    assert "Dana opens October." in text
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["assign", "note"]


def test_only_people_who_may_settle_records_can_be_assigned(alice: Client, closed: list[Job]) -> None:
    UserFactory.create(username="viewer")
    assert "There is no such person any more." in change(alice, do="assign", person="viewer", seen="0")


def test_a_stale_page_changes_no_cause(alice: Client, bob: Client, closed: list[Job]) -> None:
    change(alice, do="note", note="Mine.", seen="0")
    assert "Somebody has changed this since you opened the page." in change(
        bob, do="note", note="No.", seen="0"
    )
    assert Cause.objects.get().note == "Mine."


@pytest.mark.parametrize(
    ("fields", "aside"),
    [
        ({"until": (timezone.now() + timedelta(days=3)).date().isoformat()}, True),
        ({"more": "on"}, True),
        ({}, False),
        ({"until": "2020-01-01"}, False),
        ({"until": "soon"}, False),
        ({"until": (timezone.now() + timedelta(days=3)).date().isoformat(), "more": "on"}, False),
    ],
)
def test_a_cause_put_aside_is_not_counted_and_stands_below(
    alice: Client, closed: list[Job], fields: dict[str, str], aside: bool
) -> None:
    change(alice, do="aside", seen="0", **fields)
    shown = alice.get("/needs-you/")
    assert [len(shown.context[name]) for name in ("cards", "aside")] == [not aside, aside]
    assert ('class="count"' in shown.content.decode()) is not aside


@pytest.mark.parametrize(
    ("zone", "hour", "until", "told"),
    [
        ("Pacific/Auckland", 12, "2026-11-23", "Choose a day from tomorrow on"),  # the 23rd has begun there
        ("Pacific/Auckland", 12, "2026-11-24", "It is put aside."),
        ("America/New_York", 3, "2026-11-21", "Choose a day from tomorrow on"),
        ("America/New_York", 3, "2026-11-22", "It is put aside."),  # there it is the 21st yet
    ],
)
def test_tomorrow_is_that_of_the_account(
    alice: Client, closed: list[Job], zone: str, hour: int, until: str, told: str
) -> None:
    StripeAccount.objects.update(time_zone=zone)
    with time_machine.travel(datetime(2026, 11, 22, hour, tzinfo=UTC)):
        assert told in change(alice, do="aside", seen="0", until=until)


def test_the_second_page_renews_its_own_cards(alice: Client, acme: StripeAccount) -> None:
    for code in list(FAILURES)[: CARDS + 1]:
        JobFactory.create(account=acme, status=S.NEEDS_ATTENTION, code=code)
    (at,) = re.findall(r'hx-get="([^"]+)"', alice.get("/needs-you/?page=2").content.decode())
    (card,) = alice.get("/needs-you/?page=2").context["cards"]
    part = alice.get(unescape(at), headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'id="blocked-([^"]+)"', part) == [card.anchor]


def test_until_ten_more_come(alice: Client, closed: list[Job]) -> None:
    change(alice, do="aside", seen="0", more="on")
    JobFactory.create_batch(9, account=closed[0].account, status=S.NEEDS_ATTENTION, code=CLOSED)
    assert len(alice.get("/needs-you/").context["aside"]) == 1
    JobFactory.create(account=closed[0].account, status=S.NEEDS_ATTENTION, code=CLOSED)
    assert len(alice.get("/needs-you/").context["cards"]) == 1


def test_taken_up_again_it_is_back(alice: Client, closed: list[Job]) -> None:
    change(alice, do="aside", seen="0", more="on")
    assert "It is taken up again." in change(alice, do="take_up", seen="1")
    assert len(alice.get("/needs-you/").context["cards"]) == 1


def test_what_was_settled_and_returns_says_so(alice: Client, closed: list[Job]) -> None:
    assert "Came back" not in page(alice)
    Cause.objects.create(account=closed[0].account, code=CLOSED, came_back_at=timezone.now())
    assert "Came back" in page(alice)


# Saved views


def test_a_view_is_saved_for_its_owner_and_opened_by_others(
    alice: Client, bob: Client, closed: list[Job]
) -> None:
    answer = alice.post("/needs-you/views/?account=acme&kind=invoice&q=", {"name": "Invoices"}, follow=True)
    assert answer.request["QUERY_STRING"] == "account=acme&kind=invoice"
    view = SavedView.objects.get()
    assert f"/needs-you/views/{view.pk}/" in answer.content.decode()
    assert bob.get(f"/needs-you/views/{view.pk}/")["Location"] == "/needs-you/?account=acme&kind=invoice"
    assert "Invoices" not in bob.get("/needs-you/").content.decode().replace(">Invoices</option>", "")
    bob.post(f"/needs-you/views/{view.pk}/remove/")
    assert SavedView.objects.exists()
    alice.post("/needs-you/views/?account=acme", {"name": "Invoices"})
    assert SavedView.objects.get().query == "account=acme"
    for _ in range(2):
        alice.post(f"/needs-you/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


# Who may


BUTTONS = [
    "/needs-you/try-again/",
    "/needs-you/skip/",
    "/needs-you/by-hand/",
    f"/needs-you/cause/acme/{CLOSED}/",
]


@pytest.mark.parametrize("address", [*BUTTONS, "/jobs/1/take-back/", "/needs-you/done/1/undo/"])
def test_who_may_not_settle_records_is_told_who_can(closed: list[Job], address: str) -> None:
    viewer = Client()
    viewer.force_login(UserFactory.create())
    answer = viewer.post(address, {"seen": actions.version(closed), "why": "x"})
    assert answer.status_code == 403
    assert "can do this." in words(answer.content.decode())
    assert states(closed) == [S.NEEDS_ATTENTION] * 3
    assert "Skip…" not in page(viewer)
    assert "can do this." in page(viewer)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("post", "/needs-you/", 405),
        ("post", "/needs-you/done/1/", 405),
        ("get", "/needs-you/done/1/undo/", 405),
        ("get", "/needs-you/views/", 405),
        ("get", "/needs-you/views/1/remove/", 405),
        ("put", "/needs-you/skip/", 405),
        ("post", "/needs-you/needs-you.csv", 405),
        ("get", "/needs-you/done/1/", 404),
        ("post", "/needs-you/done/1/undo/", 404),
        ("get", "/needs-you/views/1/", 404),
        ("get", "/needs-you/explode/", 404),
        ("get", "/needs-you/cause/nowhere/period_closed/", 404),
        ("get", "/jobs/1/take-back/", 404),
        ("get", "/needs-you/needs-you.pdf", 404),
    ],
)
def test_wrong_methods_and_addresses_are_refused(
    alice: Client, method: str, address: str, status: int
) -> None:
    assert getattr(alice, method)(address).status_code == status
