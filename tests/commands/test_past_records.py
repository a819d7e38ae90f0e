"""Past records in the background: turns of any length bring the same as one long run, and can be stopped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from connector import tasks
from connector.engine import backfill_hold, past_records
from connector.models import AuditEntry, Backfill, BackfillLook, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.server import Server
from tests.commands.backfilled import START, backfill, ties, when
from tests.commands.numberless import numberless
from tests.stories.expected import BOOKS

pytestmark = pytest.mark.usefixtures("later")
FIRST = date.fromisoformat(START)
State = Backfill.State


@pytest.fixture(autouse=True)
def _soon(settings: Any) -> None:
    settings.QUIET_SECONDS = 0


def turns(row: Backfill, *, most: int = 400) -> list[str]:
    """Turns as short as they can be, until the run has ended; what each returned."""
    told: list[str] = []
    while not told or told[-1] == "goes on":
        assert len(told) < most
        told.append(past_records.turn(row.pk, seconds=0))
    row.refresh_from_db()
    return told


def all_kinds(account: StripeAccount, **who: str) -> Backfill:
    return past_records.start(account, FIRST, None, past_records.kinds_of(()), who=who.get("who", "ada"))


def test_many_short_turns_bring_and_prove_what_one_run_does(sandbox: Server, account: StripeAccount) -> None:
    stories.play(sandbox.world, "daily_payout")
    row = all_kinds(account)
    told = turns(row)
    assert told[-1] == "complete"
    assert len(told) > 10
    live = (BOOKS / "daily_payout.txt").read_text()
    assert numberless(sandbox.world.netsuite.books_text()) == numberless(live)
    ties(row.proof, sandbox.world)
    assert row.done == row.total
    again, status = backfill()
    assert (status, again["kinds"]) == (0, row.proof["kinds"])


def test_what_is_open_is_counted_once_however_often_the_proof_rests(
    sandbox: Server, account: StripeAccount
) -> None:
    stories.play(sandbox.world, "daily_payout")
    StripeAccount.objects.update(receivables_account="")
    account.refresh_from_db()
    kinds = ["invoices", "charges"]
    row = past_records.start(account, FIRST, None, kinds, who="ada")
    assert turns(row)[-1] == "incomplete"
    in_one, _ = backfill("--kind", *kinds)
    assert row.proof["open"]
    assert (row.proof["open"], row.proof["kinds"]) == (in_one["open"], in_one["kinds"])


def test_a_run_is_stopped_between_two_turns_or_within_one_and_goes_on(
    sandbox: Server, account: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.engine.past_records.LOOK_EVERY", 0)
    stories.play(sandbox.world, "daily_payout")
    row = all_kinds(account)
    OrmQ.objects.all().delete()
    assert past_records.turn(row.pk, seconds=0) == "goes on"
    assert [one.task["args"] for one in OrmQ.objects.all()] == [(row.pk,)], "its next turn is rung for"
    assert past_records.stop(row, who="bob")
    assert not past_records.stop(row, who="bob")  # pressed twice
    assert past_records.turn(row.pk) == "not due"
    row.refresh_from_db()
    assert row.state == State.INTERRUPTED

    assert all_kinds(account, who="eve").pk == row.pk

    def press() -> None:
        past_records.stop(row, who="bob")
        assert not past_records.stop(row, who="bob")

    with when("planned", press):
        assert past_records.turn(row.pk) == "interrupted"
    assert not MappedRecord.objects.exclude(state=MappedRecord.State.MAPPED).exists()

    all_kinds(account, who="eve")
    assert past_records.turn(row.pk) == "complete"
    verbs = AuditEntry.objects.exclude(verb="add_account").order_by("pk").values_list("who", "verb")
    begun, stopped = "start_backfill", "stop_backfill"
    assert list(verbs) == [
        ("ada", begun),
        ("bob", stopped),
        ("eve", begun),
        ("bob", stopped),
        ("eve", begun),
    ]


def test_an_account_has_one_run_in_the_background_or_at_a_terminal(account: StripeAccount) -> None:
    row = all_kinds(account)
    with pytest.raises(backfill_hold.NotBegun, match=r"in the background.*on the page Past records"):
        all_kinds(account, who="eve")
    assert past_records.turn(row.pk) == "complete"
    Backfill.objects.update(state=State.RUNNING, in_background=False)
    assert not past_records.stop(row, who="bob")  # that one is stopped where it runs
    assert past_records.turn(row.pk) == "not due"


def test_a_turn_that_broke_off_is_rung_for_once_its_lease_is_over(account: StripeAccount) -> None:
    row = all_kinds(account)
    OrmQ.objects.all().delete()
    assert backfill_hold.take(row.pk)  # and its worker dies
    assert (past_records.turn(row.pk), past_records.sweep()) == ("not due", 0)
    Backfill.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert (tasks.sweep() >= 0, OrmQ.objects.count()) == (True, 1)
    assert past_records.turn(row.pk) == "complete"


def test_what_breaks_a_run_off_stands_in_its_message(account: StripeAccount) -> None:
    StripeAccount.objects.update(stripe_api_key="")
    account.refresh_from_db()
    row = all_kinds(account)
    assert tasks.bring_past(row.pk) == "interrupted"
    row.refresh_from_db()
    assert "key" in row.message
    assert "settings" in row.message


# Looking


def test_a_look_tells_what_would_be_written_and_writes_nothing(
    sandbox: Server, account: StripeAccount
) -> None:
    stories.play(sandbox.world, "daily_payout")
    look, is_new = past_records.ask(account, FIRST, None, past_records.kinds_of(()), who="ada")
    assert is_new
    assert past_records.ask(account, FIRST, None, past_records.kinds_of(()), who="eve") == (look, False)
    assert OrmQ.objects.count() == 1
    assert tasks.look_at_past(look.pk) == "done"
    assert tasks.look_at_past(look.pk) == "not due"
    look.refresh_from_db()
    assert {one["type"] for one in look.told["to_book"]} >= {"invoice", "customerPayment"}
    assert not MappedRecord.objects.exists()
    assert sandbox.world.netsuite.writes == 0


def test_a_look_that_nobody_came_to_holds_up_no_other(account: StripeAccount, settings: Any) -> None:
    look, _ = past_records.ask(account, FIRST, None, ["invoices"], who="ada")
    BackfillLook.objects.update(touched_at=timezone.now() - timedelta(seconds=settings.JOB_TIME_LIMIT + 1))
    another, is_new = past_records.ask(account, FIRST, None, ["invoices"], who="eve")
    assert is_new
    assert another != look


def test_a_look_that_takes_too_long_or_breaks_off_says_so(sandbox: Server, account: StripeAccount) -> None:
    stories.play(sandbox.world, "daily_payout")
    look, _ = past_records.ask(account, FIRST, None, ["invoices"], who="ada")
    assert past_records.look(look.pk, seconds=0) == BackfillLook.State.TOO_LONG
    StripeAccount.objects.update(stripe_api_key="")
    broken, _ = past_records.ask(account, FIRST, None, ["invoices"], who="ada")
    assert past_records.look(broken.pk) == BackfillLook.State.BROKEN_OFF
    broken.refresh_from_db()
    assert "key" in broken.message
