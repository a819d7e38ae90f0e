"""Needs you: cards by cause in order, what their buttons do, two people, stale pages, undo, saved views."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connector.engine import causes
from connector.failures import FAILURES, Failure, describe
from connector.models import (
    Action,
    AuditEntry,
    Cause,
    Job,
    Payout,
    PayoutLine,
    Settlement,
    StripeAccount,
)
from dashboard.needs import Card, in_order
from tests.dashboard.needing import CLOSED, page, resolver, states, three_closed
from tests.dashboard.test_job import words
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory, UserFactory

pytestmark = pytest.mark.django_db
S = Job.Status
PAID = "invoice_already_paid"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def alice() -> Client:
    return resolver("alice")


@pytest.fixture
def bob() -> Client:
    return resolver("bob")


@pytest.fixture
def closed(acme: StripeAccount) -> list[Job]:
    return three_closed(acme)


def dialog(slug: str, **query: object) -> str:
    asked = {"account": "acme", "cause": CLOSED} | query
    return f"/needs-you/{slug}/?{urlencode(asked, doseq=True)}"


def press(client: Client, address: str, **fields: str) -> str:
    """Open a dialog, press its button, and read where it leads."""
    shown = client.get(address)
    seen = shown.context["seen"]
    return words(client.post(address, {"seen": seen, **fields}, follow=True).content.decode())


# The order of cards


def card(code: str, sums: dict[str, str], *, day: int = 1) -> Card:
    money = {currency: Decimal(value) for currency, value in sums.items()}
    oldest = datetime(2026, 11, day, tzinfo=UTC)
    return Card(StripeAccount(pk=1, name="acme"), Failure(code, "T", "C.", "N."), 1, 0, money, oldest)


@pytest.mark.parametrize(
    ("cards", "order"),
    [
        ([card("a", {"USD": "5"}), card("b", {"USD": "9"})], "ba"),
        ([card("a", {}), card("b", {"USD": "1"})], "ba"),
        ([card("a", {}, day=2), card("b", {}, day=1)], "ba"),
        ([card("a", {"USD": "5"}, day=2), card("b", {"USD": "5"}, day=1)], "ba"),
        # A million yen does not stand before a thousand dollars: each is the most of its currency.
        ([card("a", {"JPY": "1000000"}, day=2), card("b", {"USD": "1000"}, day=1)], "ba"),
        (
            [card("a", {"USD": "9"}), card("b", {"USD": "5", "EUR": "7"}, day=2), card("c", {"EUR": "6"})],
            "abc",
        ),
    ],
)
def test_cards_stand_by_their_place_in_money_then_by_age(cards: list[Card], order: str) -> None:
    assert "".join(one.failure.code for one in in_order(cards)) == order


# The page


def test_a_card_says_what_why_how_much_how_old_and_which_payouts_wait(
    alice: Client, acme: StripeAccount, closed: list[Job]
) -> None:
    JobFactory.create(
        account=acme, subject="ch_1", status=S.NEEDS_ATTENTION, code=CLOSED, amount=Decimal(7), currency="EUR"
    )
    JobFactory.create(account=acme, status=S.FAILED, code="internal_error", amount=None, currency="")
    JobFactory.create(account=acme, status=S.SUCCESSFUL)
    payout_of(acme, "in_0")
    text = page(alice)
    assert "5 records need you" in text
    assert "€7.00 and US$360.00 are not in NetSuite yet. 1 payout waits for them." in text
    assert describe(CLOSED).title in text
    assert describe(CLOSED).cause in text
    assert "4 records" in text
    assert "1 payout waits" in text
    assert "Try all 4 again…" in text
    assert text.index(describe(CLOSED).title) < text.index(describe("internal_error").title)
    assert "367" not in text


def payout_of(account: StripeAccount, subject: str) -> Payout:
    """A payout that waits for one record."""
    now = timezone.now()
    payout = Payout.objects.create(
        account=account,
        payout_id="po_1",
        amount=Decimal(1),
        currency="USD",
        arrival_date=now.date(),
        status="paid",
        kind="automatic",
        reconciled=True,
        created=now,
        waiting_since=now,
    )
    PayoutLine.objects.create(
        payout=payout,
        transaction_id="txn_1",
        type="charge",
        created=now,
        amount=1,
        fee=0,
        net=1,
        state=PayoutLine.State.WAITING,
        waits_for=subject,
    )
    return payout


def test_each_account_has_its_own_cards(alice: Client, closed: list[Job]) -> None:
    other = StripeAccountFactory.create(name="globex")
    JobFactory.create(account=other, status=S.NEEDS_ATTENTION, code=CLOSED)
    shown = alice.get("/needs-you/").context["cards"]
    assert [(one.account.name, one.count) for one in shown] == [("acme", 3), ("globex", 1)]


def test_a_long_card_folds_out_its_oldest_and_leads_to_all(alice: Client, acme: StripeAccount) -> None:
    JobFactory.create_batch(12, account=acme, status=S.NEEDS_ATTENTION, code=CLOSED)
    html = alice.get("/needs-you/").content.decode()
    assert html.count('name="job"') == 10
    (link,) = [part for part in html.split('"') if part.startswith("/jobs/?state=open&amp;account=acme")]
    assert "12 records" in words(alice.get(link.replace("&amp;", "&")).content.decode())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("account=acme", 3),
        ("account=globex", 1),
        ("kind=payment", 1),
        ("older=7", 1),
        ("amount=500", 1),
        ("assignee=dana", 3),
        ("assignee=nobody", 1),
        ("q=INV-2", 1),
        ("q=500.00", 1),
        ("account=acme&older=7", 1),
        ("account=nowhere", 4),
        ("older=9000", 4),
        ("amount=lots", 4),
        ("assignee=stranger", 4),
    ],
)
def test_filters_narrow_the_cards_and_nonsense_is_left_out(
    alice: Client, closed: list[Job], query: str, found: int
) -> None:
    other = StripeAccountFactory.create(name="globex")
    asks = {"status": S.NEEDS_ATTENTION, "code": PAID, "title": "A lamp"}
    JobFactory.create(account=other, subject="ch_1", amount=Decimal("500.00"), **asks)
    Job.objects.filter(pk=closed[0].pk).update(created_at=timezone.now() - timedelta(days=8))
    dana = UserFactory.create(username="dana")
    Cause.objects.create(account=closed[0].account, code=CLOSED, assignee=dana)
    shown = alice.get(f"/needs-you/?{query}")
    assert sum(one.count for one in shown.context["cards"]) == found


def test_with_nothing_to_do_it_says_when_it_looked_and_what_came_yesterday(
    alice: Client, acme: StripeAccount
) -> None:
    with time_machine.travel(NOON, tick=False):
        JobFactory.create(account=acme, status=S.SUCCESSFUL, updated_at=NOON - timedelta(days=1))
        text = page(alice)
    assert "Nothing needs you" in text
    assert "Last check 07:00" in text
    assert "1 record came into NetSuite yesterday." in text


def test_filters_that_leave_nothing_name_what_to_loosen(alice: Client, closed: list[Job]) -> None:
    assert "Loosen a filter: Type." in page(alice, "kind=price")


def test_the_page_asks_the_database_little_however_much_there_is(
    alice: Client,
    acme: StripeAccount,
    closed: list[Job],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for code in list(FAILURES)[:20]:
        JobFactory.create_batch(2, account=acme, status=S.NEEDS_ATTENTION, code=code)
    Cause.objects.create(account=acme, code=CLOSED)
    payout_of(acme, "in_0")
    with django_assert_max_num_queries(12):
        page(alice)


def test_counts_renew_themselves_and_say_when_the_list_has_changed_since(
    alice: Client, closed: list[Job]
) -> None:
    seen = alice.get("/needs-you/").context["seen"]

    def renewed() -> str:
        html = alice.get(f"/needs-you/?seen={seen}", headers={"HX-Request": "true"}).content.decode()
        assert f'id="blocked-acme-{CLOSED}" hx-swap-oob="true"' in html
        assert "<main" not in html
        return words(html)

    assert "3 records need you" in renewed()
    assert "The list below is older." not in renewed()
    Job.objects.filter(pk=closed[0].pk).update(status=S.SUCCESSFUL)
    assert "2 records need you" in renewed()
    assert "The list below is older." in renewed()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_records_can_be_taken_as_a_file_with_the_filters(
    alice: Client, closed: list[Job], kind: str
) -> None:
    job = JobFactory.create(status=S.NEEDS_ATTENTION, code=PAID, customer_name="=2+2", subject="ch_1")
    for account, note in ((job.account, "Ours."), (closed[0].account, "Theirs.")):
        causes.note(account, PAID, note, seen=0, who="alice")
    answer = alice.get(f"/needs-you/needs-you.{kind}?kind=payment")
    assert (answer.status_code, f"needs-you.{kind}" in answer["Content-Disposition"]) == (200, True)
    if kind == "csv":
        text = answer.content.decode()
        assert "'=2+2" in text
        assert "in_0" not in text
        assert ("Ours." in text, "Theirs." in text) == (True, False)


# Trying again


def test_all_of_a_cause_is_tried_again_after_a_dialog_with_count_and_money(
    alice: Client, closed: list[Job]
) -> None:
    shown = words(alice.get(dialog("try-again")).content.decode())
    assert "Try again: 3 records, US$360.00" in shown
    assert states(closed) == [S.NEEDS_ATTENTION] * 3
    text = press(alice, dialog("try-again"))
    assert "Tried again: 3 records" in text
    assert "Undo" in text
    assert states(closed) == [S.READY] * 3


def test_only_the_chosen_ones_are_tried_again(alice: Client, closed: list[Job]) -> None:
    press(alice, f"/needs-you/try-again/?job={closed[0].pk}&job={closed[2].pk}&job=x")
    assert states(closed) == [S.READY, S.NEEDS_ATTENTION, S.READY]


def test_the_filters_of_the_page_hold_for_its_buttons(alice: Client, closed: list[Job]) -> None:
    press(alice, dialog("try-again", q="INV-1"))
    assert states(closed) == [S.NEEDS_ATTENTION, S.READY, S.NEEDS_ATTENTION]


def test_records_of_another_cause_are_not_swept_along(alice: Client, closed: list[Job]) -> None:
    other = JobFactory.create(account=closed[0].account, status=S.NEEDS_ATTENTION, code=PAID)
    press(alice, f"/needs-you/try-again/?job={closed[0].pk}&job={other.pk}")
    assert states([closed[0], other]) == [S.READY, S.NEEDS_ATTENTION]


def test_undo_in_time_and_too_late(alice: Client, closed: list[Job]) -> None:
    for seconds, after, said in (
        (9, S.NEEDS_ATTENTION, "Undone: 3 records are as they were."),
        (11, S.READY, "The ten seconds are over, so nothing was undone."),
    ):
        with time_machine.travel(NOON, tick=False) as clock:
            press(alice, dialog("try-again"))
            clock.shift(timedelta(seconds=seconds))
            action = Action.objects.latest("pk")
            text = words(alice.post(f"/needs-you/done/{action.pk}/undo/", follow=True).content.decode())
        assert said in text
        assert states(closed) == [after] * 3


def test_the_page_of_what_was_done_follows_it_until_nothing_moves(alice: Client, closed: list[Job]) -> None:
    press(alice, dialog("try-again"))
    address = f"/needs-you/done/{Action.objects.get().pk}/"
    moving = alice.get(address, headers={"HX-Request": "true"})
    assert (moving.status_code, 'hx-trigger="every 1s"' in moving.content.decode()) == (200, True)
    Job.objects.update(status=S.SUCCESSFUL, code="")
    Action.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
    ended = alice.get(address, headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "3 In NetSuite" in words(ended.content.decode())


# Two people, stale pages


@pytest.mark.parametrize("slug", ["try-again", "skip"])
def test_two_people_on_one_card_and_only_the_first_acts(
    alice: Client, bob: Client, closed: list[Job], slug: str
) -> None:
    seen = bob.get(dialog(slug)).context["seen"]
    press(alice, dialog("try-again"))
    text = words(bob.post(dialog(slug), {"seen": seen, "why": "x"}, follow=True).content.decode())
    assert "alice has done this at" in text
    assert "Nothing was done twice." in text
    assert (Action.objects.count(), states(closed)) == (1, [S.READY] * 3)


def test_pressed_twice_it_is_done_once(alice: Client, closed: list[Job]) -> None:
    seen = alice.get(dialog("skip")).context["seen"]
    for _ in range(2):
        alice.post(dialog("skip"), {"seen": seen, "why": "Paid by check."})
    assert (Action.objects.count(), Settlement.objects.count()) == (1, 3)


def test_a_stale_page_is_told_and_shows_what_stands_now(alice: Client, closed: list[Job]) -> None:
    seen = alice.get(dialog("try-again")).context["seen"]
    Job.objects.filter(pk=closed[0].pk).update(fence=9)
    answer = alice.post(dialog("try-again"), {"seen": seen}, follow=True)
    assert "have changed since you opened the page" in words(answer.content.decode())
    assert answer.context["number"] == 3
    assert states(closed) == [S.NEEDS_ATTENTION] * 3


def test_a_dialog_over_nothing_leads_back(alice: Client, closed: list[Job]) -> None:
    answer = alice.get(dialog("skip", account="nowhere"), follow=True)
    assert "None of these records needs anybody any more." in words(answer.content.decode())


# Skipping, and what was entered by hand


def test_before_skipping_it_says_which_payouts_cannot_tie_out(alice: Client, closed: list[Job]) -> None:
    payout_of(closed[0].account, "in_0")
    MappedRecordFactory.create(job=closed[1], state="unconfirmed")
    shown = words(alice.get(dialog("skip")).content.decode())
    assert "Skip: 3 records, US$360.00" in shown
    assert "po_1 holds some of these records and cannot tie out without them." in shown
    assert "Of 1 of them we do not know whether NetSuite saved it" in shown


@pytest.mark.parametrize("why", ["", "   "])
def test_a_reason_is_required(alice: Client, closed: list[Job], why: str) -> None:
    assert "Say why, in a few words." in press(alice, dialog("skip"), why=why)
    assert states(closed) == [S.NEEDS_ATTENTION] * 3


def test_what_is_skipped_leaves_the_page_with_name_and_reason(alice: Client, closed: list[Job]) -> None:
    text = press(alice, dialog("skip"), why="Paid by check.")
    assert "Skipped: 3 records" in text
    assert states(closed) == [S.SKIPPED] * 3
    assert "Nothing needs you" in page(alice)
    entries = AuditEntry.objects.filter(verb="skip", subject="in_1")
    assert list(entries.values_list("who", "reason")) == [("alice", "Paid by check.")]
    record = words(alice.get(f"/jobs/{closed[0].pk}/").content.decode())
    assert "alice skipped it: Paid by check." in record


@pytest.mark.parametrize(
    ("number", "error"), [("4471", ""), ("", ""), ("INV-1", "An internal id is a number"), ("-1", "a number")]
)
def test_one_record_entered_by_hand_can_name_its_netsuite_id(
    alice: Client, closed: list[Job], number: str, error: str
) -> None:
    address = f"/needs-you/by-hand/?job={closed[0].pk}"
    text = press(alice, address, why="Entered in October.", internal_id=number)
    assert error in text
    assert Settlement.objects.filter(internal_id=number).count() == (not error)


def test_an_internal_id_is_not_asked_for_many_records(alice: Client, closed: list[Job]) -> None:
    assert "NetSuite internal id" not in words(alice.get(dialog("by-hand")).content.decode())
    press(alice, dialog("by-hand"), why="All entered.", internal_id="4471")
    assert set(Settlement.objects.values_list("kind", "internal_id")) == {("entered_by_hand", "")}


def test_a_decision_is_taken_back_from_the_record(alice: Client, closed: list[Job]) -> None:
    press(alice, f"/needs-you/by-hand/?job={closed[0].pk}", why="Entered.", internal_id="4471")
    record = alice.get(f"/jobs/{closed[0].pk}/").content.decode()
    address = f"/jobs/{closed[0].pk}/take-back/"
    assert address in record
    shown = words(alice.get(address).content.decode())
    assert "Delete or void in NetSuite what was entered by hand first (internal id 4471)" in shown
    text = press(alice, address, why="It was another invoice.")
    assert "The decision is taken back, and the record is on its way." in text
    assert Job.objects.filter(subject="in_0").latest("pk").status == S.READY
    again = alice.post(address, {"seen": "1", "why": "Again."}, follow=True)
    assert "No decision of a person is in force here any more." in words(again.content.decode())
