"""Past records: looked at, brought, stopped and compared from the console."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from connector import tasks
from connector.engine import backfill_estimate, past_records, pausing
from connector.models import Attempt, Backfill, BackfillLook, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from dashboard import past_records as shown
from tests.dashboard.test_help import said
from tests.factories import AttemptFactory, JobFactory, UserFactory

pytestmark = pytest.mark.django_db
ASKED = {"account": "acme", "from": "2026-10-01", "kind": ["invoices", "charges"]}
State = Backfill.State


@pytest.fixture
def setter(db: None) -> Client:
    """Eve's browser: she may bring past records."""
    client = Client()
    client.force_login(UserFactory.create(username="eve", roles=["settings"]))
    return client


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return said(answer.content.decode())


def press(client: Client, address: str, typed: dict[str, Any] | None = None) -> str:
    return said(client.post(address, typed or {}, follow=True).content.decode())


def run_of(account: StripeAccount, **fields: Any) -> Backfill:
    given = {
        "date_from": date(2026, 10, 1),
        "kinds": ["invoices"],
        "state": State.RUNNING,
        "in_background": True,
        "holder": "background:0:abcd",
        "started_at": timezone.now(),
        "started_by": "eve",
        "lease_expires_at": timezone.now() + timedelta(minutes=5),
    }
    return Backfill.objects.create(account=account, **(given | fields))


def test_a_past_is_looked_at_then_brought_and_stands_beside_stripes(
    setter: Client, sandbox: Server, account: StripeAccount, settings: Any
) -> None:
    settings.QUIET_SECONDS = 0
    stories.play(sandbox.world, "daily_payout")
    page = press(setter, "/past-records/", ASKED)
    assert "1 Oct 2026 to now, acme" in page
    assert "What would be brought: invoices and charges. Asked by eve" in page
    assert "○ Waiting" in page
    told = "Past records of this account are being looked at already."
    assert told in press(setter, "/past-records/", ASKED | {"from": "2026-11-01"})
    (look,) = BackfillLook.objects.all()
    tasks.look_at_past(look.pk)
    page = text(setter, f"/past-records/looks/{look.pk}/")
    assert "✓ Looked at" in page
    assert "Customer payment" in page
    assert sandbox.world.netsuite.writes == 0

    assert "They are being brought." in press(setter, f"/past-records/looks/{look.pk}/bring/")
    (row,) = Backfill.objects.all()
    assert "Past records of this account are being brought already." in press(
        setter, f"/past-records/looks/{look.pk}/bring/"
    )
    assert Backfill.objects.count() == 1
    assert tasks.bring_past(row.pk) == "complete"
    page = text(setter, f"/past-records/{row.pk}/")
    assert "Every object of these days is in NetSuite, or skipped for a reason." in page
    assert "Invoices ✓ accounted for" in page
    row.refresh_from_db()
    (invoices,) = [one for one in row.proof["kinds"] if one["kind"] == "invoices"]
    book = load_workbook(BytesIO(setter.get(f"/past-records/{row.pk}/all.xlsx").content))
    lines = list(book["Comparison"].iter_rows(min_row=2, values_only=True))
    assert lines[0][:4] == ("Invoices", "USD", "Stripe", invoices["stripe"]["count"])
    assert f"{lines[0][4]:.2f}" == invoices["stripe"]["sum"]
    csv = setter.get(f"/past-records/{row.pk}/comparison.csv").content.decode()
    assert f"Invoices,USD,In NetSuite,{invoices['netsuite']['count']},{invoices['netsuite']['sum']}" in csv
    assert "✓ Complete" in text(setter, "/past-records/")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"from": ""}, "Say from which day on."),
        ({"from": "soon"}, "Write the day like 2026-11-21."),
        ({"from": "2099-01-01"}, "That day is not there yet"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The period ends before it begins."),
        ({"account": "nobody"}, "There is no such account."),
        ({"kind": ["moods"]}, "There is no such kind."),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_in_words(
    setter: Client, acme: StripeAccount, typed: dict[str, Any], words: str
) -> None:
    assert words in press(setter, "/past-records/", ASKED | typed)
    assert not BackfillLook.objects.exists()


def test_a_run_says_what_it_is_doing_and_is_stopped_and_goes_on(setter: Client, acme: StripeAccount) -> None:
    row = run_of(
        acme,
        cursors={"invoices": {"done": 120, "total": 400}},
        now={"doing": "booking", "kind": "invoices", "done": 120, "total": 400},
    )
    page = text(setter, f"/past-records/{row.pk}/")
    assert "↻ Under way Booking invoices, 120 of 400" in page
    assert "It stops after the document in hand." in press(setter, f"/past-records/{row.pk}/stop/")
    assert "There is nothing to stop here" in press(setter, f"/past-records/{row.pk}/stop/")
    assert "○ Stopped" in text(setter, f"/past-records/{row.pk}/")
    assert "They are being brought." in press(setter, f"/past-records/{row.pk}/go-on/")
    assert "There is nothing more to press." in press(setter, f"/past-records/{row.pk}/go-on/")
    assert Backfill.objects.get().state == State.RUNNING
    assert OrmQ.objects.count() == 1


def test_a_run_at_a_terminal_is_watched_and_not_stopped_here(setter: Client, acme: StripeAccount) -> None:
    row = run_of(acme, in_background=False, holder="another:77:abcd")
    page = text(setter, f"/past-records/{row.pk}/")
    assert "It runs at a terminal, and is stopped there." in page
    assert "There is nothing to stop here" in press(setter, f"/past-records/{row.pk}/stop/")
    assert Backfill.objects.get().state == State.RUNNING


def test_what_is_left_is_named_with_why_and_what_to_do(setter: Client, acme: StripeAccount) -> None:
    sums = {"count": 0, "sum": "0.00"}
    names = ("netsuite", "skipped", "needs_attention", "failed", "waiting", "different", "missing")
    kind = {"kind": "invoices", "currency": "USD", "stripe": {"count": 4, "sum": "30.00"}, "adjusted": "5.00"}
    kind |= dict.fromkeys(names, sums) | {"reasons": {"trial_invoice": {"count": 1, "sum": "0.00"}}}
    kind |= {"netsuite": {"count": 1, "sum": "20.00"}, "skipped": {"count": 1, "sum": "0.00"}}
    kind |= {"waiting": {"count": 1, "sum": "5.00"}}
    (looked,), (brought,) = (shown.proofs({"kinds": [kind]}, dry=dry) for dry in (True, False))
    assert (looked.complete, brought.complete) == (True, False)
    kind |= {"needs_attention": {"count": 1, "sum": "10.00"}}
    problem = {
        "subject": "in_9",
        "status": "needs_attention",
        "code": "tax_account_missing",
        "message": "<b>No tax account.</b>",
        "next_step": "Choose it.",
    }
    proof = {"complete": False, "kinds": [kind], "open": {"tax_account_missing": 1}, "problems": [problem]}
    row = run_of(acme, state=State.INCOMPLETE, proof=proof)
    html = setter.get(f"/past-records/{row.pk}/").content.decode()
    page = said(html)
    for words in (
        "Not everything of these days is accounted for.",
        "Needs you: 1, US$10.00",
        "Nothing to pay on this invoice: 1, US$0.00",
        "Choose the tax account: 1",
        "in_9",
        "Choose it.",
    ):
        assert words in page
    assert "<b>No tax" not in html
    assert 'href="/help/tax_account_missing/"' in html
    assert "account=acme&amp;from=2026-10-01&amp;kind=invoices" in html
    table = setter.get(f"/past-records/{row.pk}/comparison.csv").content.decode()
    assert table.splitlines()[1:] == [
        "Invoices,USD,Stripe,4,30.00",
        "Invoices,USD,Difference that the rules make,,5.00",
        "Invoices,USD,In NetSuite,1,20.00",
        "Invoices,USD,Skipped,1,0.00",
        "Invoices,USD,Needs you,1,10.00",
        "Invoices,USD,On its way,1,5.00",
        "Invoices,USD,Skipped: Nothing to pay on this invoice,1,0.00",
    ]


def test_only_the_changing_part_is_sent_while_it_moves(setter: Client, acme: StripeAccount) -> None:
    row = run_of(acme)
    answer = setter.get(f"/past-records/{row.pk}/", headers={"HX-Request": "true"})
    assert (answer.status_code, b"<nav" in answer.content) == (200, False)
    Backfill.objects.update(state=State.COMPLETE)
    assert setter.get(f"/past-records/{row.pk}/", headers={"HX-Request": "true"}).status_code == 286


@pytest.mark.parametrize("button", ["", "looks/{look}/bring/", "{run}/stop/", "{run}/go-on/"])
def test_every_button_is_for_the_role_settings(
    console: Client, setter: Client, client: Client, acme: StripeAccount, button: str
) -> None:
    row = run_of(acme)
    look = BackfillLook.objects.create(
        account=acme, date_from=date(2026, 10, 1), kinds=["invoices"], asked_by="eve", state="done"
    )
    address = "/past-records/" + button.format(look=look.pk, run=row.pk)
    answer = console.post(address, ASKED)
    assert answer.status_code == 403
    assert "People with the role settings can do this." in answer.content.decode()
    assert client.post(address).status_code == 302
    if button:
        assert setter.get(address).status_code == 405
        assert setter.post("/past-records/" + button.format(look=999, run=999)).status_code == 404
    assert "can do this." in text(console, "/past-records/")
    row.refresh_from_db()
    assert (row.stop_asked_by, BackfillLook.objects.count(), Backfill.objects.count()) == ("", 1, 1)


@pytest.mark.parametrize("address", ["99/", "looks/99/", "99/all.xlsx", "{run}/secrets.csv", "{run}/all.exe"])
def test_what_is_not_there_is_said_to_be_unknown(console: Client, acme: StripeAccount, address: str) -> None:
    row = run_of(acme)
    assert console.get("/past-records/" + address.format(run=row.pk)).status_code == 404


def test_the_pages_ask_few_questions(
    setter: Client, acme: StripeAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [run_of(acme, state=State.COMPLETE) for _ in range(25)]
    for address in ("/past-records/", f"/past-records/{rows[0].pk}/"):
        with django_assert_max_num_queries(12):
            setter.get(address)


# What it takes, how fast it goes, what goes wrong


@pytest.mark.parametrize(
    ("runs", "to_write", "to_look_at", "records", "expected"),
    [
        # nothing booked yet: each document 1 read (1 s) and its records (2 s each), published figures
        (0, {"invoices": 60}, 0, 180, (240, 7.0, [], ["invoices"])),
        # measured: 4 calls and 3 s each
        (6, {"invoices": 60}, 0, 180, (240, 3.0, ["invoices"], [])),
        # refunds were never booked; 240 more are only looked at again, half a second each
        (6, {"invoices": 60, "refunds": 20}, 240, 80, (280, 6.0, ["invoices"], ["refunds"])),
        (4, {"invoices": 60}, 0, 60, (120, 3.0, [], ["invoices"])),
        (6, {}, 0, 0, (0, 0.0, [], [])),
    ],
)
def test_an_estimate_rests_on_the_last_runs_or_says_what_else(
    acme: StripeAccount,
    runs: int,
    to_write: dict[str, int],
    to_look_at: int,
    records: int,
    expected: tuple[int, float, list[str], list[str]],
) -> None:
    for _ in range(runs):
        job = JobFactory.create(account=acme)
        attempt = AttemptFactory.create(job=job, outcome="successful", exchanges=[{"seconds": "0.5"}] * 4)
        began = timezone.now()
        Attempt.objects.filter(pk=attempt.pk).update(
            started_at=began, finished_at=began + timedelta(seconds=3)
        )
    AttemptFactory.create(job=JobFactory.create(account=acme), outcome="failed", exchanges=[{}] * 90)
    AttemptFactory.create(job=JobFactory.create(), outcome="successful", exchanges=[{}] * 90)
    found = backfill_estimate.estimate(acme, to_write, to_look_at, records)
    assert (found["calls"], found["minutes"], found["measured"], found["assumed"]) == expected
    assert found["at_once"] == 1


def test_a_look_says_how_long_it_takes_and_what_that_rests_on(setter: Client, acme: StripeAccount) -> None:
    estimate = {
        "calls": 1240,
        "minutes": 12.4,
        "at_once": 4,
        "measured": ["invoices"],
        "assumed": ["refunds"],
    }
    sums = {"count": 1, "sum": "1.00"}
    names = ("stripe", "netsuite", "skipped", "needs_attention", "failed", "waiting", "different", "missing")
    kind = {
        "kind": "invoices",
        "currency": "USD",
        "adjusted": "0.00",
        "reasons": {},
        **dict.fromkeys(names, sums),
    }
    look = BackfillLook.objects.create(
        account=acme,
        date_from=date(2026, 10, 1),
        kinds=["invoices"],
        asked_by="eve",
        state="done",
        told={"kinds": [kind], "open": {}, "problems": [], "to_book": [], "estimate": estimate},
    )
    page = text(setter, f"/past-records/looks/{look.pk}/")
    assert "About 12 minutes, about 1,240 calls to NetSuite." in page
    assert "Invoices: as this account’s last ones took. Refunds: by published measurements" in page
    assert "4 documents are worked on at once." in page


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (40.0, "Booking invoices, 120 of 400: 40 objects a minute, about 7 minutes left"),
        (0.5, "less than 1 a minute, about 9 hours left"),
        (600.0, "600 objects a minute, less than a minute left"),
        (None, "Booking invoices, 120 of 400"),
    ],
)
def test_a_run_says_how_fast_it_goes(
    setter: Client, acme: StripeAccount, rate: float | None, words: str
) -> None:
    now = {"doing": "booking", "kind": "invoices", "done": 120, "total": 400} | (
        {"rate": rate} if rate else {}
    )
    page = text(setter, f"/past-records/{run_of(acme, now=now).pk}/")
    assert words in page
    assert (" left" in page) is bool(rate)


def test_the_rate_is_that_of_this_turn(acme: StripeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    row, watch, rates = run_of(acme), past_records.Watch(100), []
    for seconds, done in ((1000, 200), (1002, 210), (1010, 230)):
        monkeypatch.setattr("connector.engine.past_records.time.monotonic", lambda now=seconds: float(now))
        watch.note(row, "booking", "invoices", done, 400)
        row.refresh_from_db()
        rates.append(row.now.get("rate"))
    assert rates == [None, None, 180.0]  # thirty in ten seconds; the 200 were an earlier turn's


def test_a_run_under_way_tells_what_needs_somebody_by_cause(setter: Client, acme: StripeAccount) -> None:
    row = run_of(acme, started_at=timezone.now() - timedelta(hours=1))
    for code, hours in (
        ("period_closed", 0),
        ("period_closed", 0),
        ("tax_account_missing", 0),
        ("internal_error", 9),
    ):
        at = timezone.now() - timedelta(hours=hours)
        JobFactory.create(account=acme, status="needs_attention", code=code, created_at=at)
    html = setter.get(f"/past-records/{row.pk}/").content.decode()
    assert 'href="/needs-you/?account=acme#acme-period_closed"' in html
    page = said(html)
    assert re.search(r"What has needed somebody since it began .*: 2 .*: 1", page)
    assert "internal_error" not in html


def test_the_past_of_a_paused_account_is_not_brought(setter: Client, acme: StripeAccount) -> None:
    look = BackfillLook.objects.create(
        account=acme, date_from=date(2026, 10, 1), kinds=["invoices"], asked_by="eve", state="done"
    )
    pausing.pause(acme, who="alice", why="NetSuite moves.", seen=0)
    assert "acme is paused, so nothing of it is brought." in press(
        setter, f"/past-records/looks/{look.pk}/bring/"
    )
    assert not Backfill.objects.exists()
