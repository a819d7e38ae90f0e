"""Pausing an account: its messages are kept, nothing of it begins, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from connector import tasks
from connector.engine import backfill_hold, jobs, pausing, sync, vitals
from connector.engine.actions import Stale
from connector.models import Attempt, AuditEntry, Backfill, Event, Job, MappedRecord, StripeAccount
from tests.crowd import at_once
from tests.engine.turns import leased, news
from tests.factories import JobFactory, StripeAccountFactory
from tests.rings import rings, silence
from tests.stories.stage import Stage

pytestmark = [pytest.mark.django_db]
WHY = "NetSuite moves to another company."
S = Job.Status


@pytest.fixture
def acme() -> StripeAccount:
    return StripeAccountFactory.create(name="acme")


def paused(account: StripeAccount) -> StripeAccount:
    account.refresh_from_db()
    pausing.pause(account, who="alice", why=WHY, seen=account.pause_version)
    account.refresh_from_db()
    return account


def resumed(account: StripeAccount) -> StripeAccount:
    account.refresh_from_db()
    pausing.resume(account, who="bob", seen=account.pause_version)
    account.refresh_from_db()
    return account


@pytest.mark.sqlite
def test_nothing_of_a_paused_account_begins_and_the_others_go_on(acme: StripeAccount) -> None:
    globex = StripeAccountFactory.create()
    waiting, theirs = news(acme), news(globex)
    crashed = JobFactory.create(
        account=acme, status=S.RUNNING, lease_expires_at=timezone.now() - timedelta(minutes=1)
    )
    paused(acme)
    assert jobs.lease(waiting.pk, "host:1") is None
    assert jobs.lease(crashed.pk, "host:1") is None
    assert jobs.lease(theirs.pk, "host:1") is not None
    assert sync.run(waiting.pk) == "not due"
    waiting.refresh_from_db()
    assert (waiting.status, waiting.fence, waiting.attempts.count()) == (S.READY, 0, 0)


@pytest.mark.sqlite
def test_the_clock_does_not_ring_in_vain_and_paused_work_keeps_nobody_out(
    acme: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SWEEP_BATCH", 2)
    long_ago = timezone.now() - timedelta(hours=3)
    JobFactory.create_batch(5, account=acme, run_after=long_ago)
    theirs = JobFactory.create()
    paused(acme)
    assert jobs.sweep() == 1
    assert rings() == [theirs.pk]
    assert jobs.sweep() == 0
    assert dict(vitals.conditions())["workers"], "a pause is no fault of the workers"
    assert vitals.backlog().oldest == theirs.run_after


@pytest.mark.sqlite
def test_what_is_in_hand_ends_and_what_it_wakes_waits_until_the_account_is_resumed(
    acme: StripeAccount,
) -> None:
    first = leased(news(acme))
    second = news(acme)
    paused(acme)
    assert jobs.finish(first, jobs.Ending(S.SUCCESSFUL))
    assert jobs.lease(second.pk, "host:1") is None
    silence()  # the rings of the pause were heard, in vain
    resumed(acme)
    assert rings() == [second.pk]
    assert jobs.lease(second.pk, "host:1") is not None


@pytest.mark.sqlite
def test_whose_worker_died_in_the_pause_is_rung_for_at_its_end_and_nobody_elses_work_is_rung_twice(
    acme: StripeAccount,
) -> None:
    now = timezone.now()
    rung = {"enqueued_at": now, "run_after": now - timedelta(minutes=1)}
    died = JobFactory.create(account=acme, status=S.RUNNING, lease_expires_at=rung["run_after"], **rung)
    JobFactory.create(**rung)  # of another account, and about to begin
    paused(acme)
    resumed(acme)
    assert rings() == [died.pk]


@pytest.mark.sqlite
def test_pausing_and_resuming_are_written_down_and_pressed_twice_do_nothing_more(acme: StripeAccount) -> None:
    pausing.pause(acme, who="alice", why=WHY, seen=0)
    with pytest.raises(Stale):
        pausing.pause(acme, who="mallory", why="Pressed twice.", seen=0)
    with pytest.raises(Stale):
        pausing.resume(acme, who="mallory", seen=0)
    with pytest.raises(Stale):  # the other button, by a page of now
        pausing.pause(acme, who="mallory", why="Again.", seen=1)
    acme.refresh_from_db()
    assert (acme.paused_by, acme.pause_reason) == ("alice", WHY)
    pausing.resume(acme, who="bob", seen=1)
    with pytest.raises(Stale):
        pausing.resume(acme, who="bob", seen=1)
    with pytest.raises(Stale):
        pausing.resume(acme, who="mallory", seen=2)
    with pytest.raises(Stale):  # an old page, from before all of it
        pausing.pause(acme, who="mallory", why="Old page.", seen=0)
    acme.refresh_from_db()
    assert (acme.paused_at, acme.pause_version) == (None, 2)
    entries = AuditEntry.objects.order_by("pk").values_list("who", "verb", "subject", "reason")
    assert list(entries) == [("alice", "pause", "acme", WHY), ("bob", "resume", "acme", "")]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_pause_at_once_one_does(acme: StripeAccount) -> None:
    def press(who: str) -> bool:
        try:
            pausing.pause(acme, who=who, why=WHY, seen=0)
        except Stale:
            return False
        return True

    assert sorted(at_once(partial(press, "alice"), partial(press, "bob"))) == [False, True]
    assert AuditEntry.objects.count() == 1


def test_past_records_of_a_paused_account_wait_for_its_resumption(acme: StripeAccount) -> None:
    row = Backfill.objects.create(
        account=acme,
        date_from=date(2026, 10, 1),
        kinds=["invoices"],
        in_background=True,
        holder="background:0:abcd",
        started_at=timezone.now(),
        lease_expires_at=timezone.now() - timedelta(minutes=5),
    )
    paused(acme)
    silence()
    assert tasks.bring_past(row.pk) == "not due"
    tasks.sweep()
    assert rings() == []
    with pytest.raises(backfill_hold.Paused):
        backfill_hold.begin(acme, date(2026, 9, 1), None, ["invoices"], who="alice")
    Backfill.objects.create(  # another account's goes on as it did
        account=StripeAccountFactory.create(),
        date_from=date(2026, 10, 1),
        kinds=["invoices"],
        in_background=True,
        started_at=timezone.now(),
        lease_expires_at=timezone.now() + timedelta(minutes=5),
    )
    resumed(acme)
    (rung,) = [one.task for one in OrmQ.objects.all()]
    assert (rung["func"], rung["args"]) == ("connector.tasks.bring_past", (row.pk,))
    row.refresh_from_db()
    assert row.state == Backfill.State.RUNNING
    assert backfill_hold.take(row.pk) is not None


def test_with_real_books_a_pause_keeps_the_messages_and_its_end_books_them(stage: Stage) -> None:
    paused(stage.account)
    stage.play("metadata_for_fields")
    kept = Event.objects.count()
    assert kept
    assert (stage.world.netsuite.writes, Attempt.objects.count()) == (0, 0)
    resumed(stage.account)
    stage.settle()
    assert not Job.objects.exclude(status__in=(S.SUCCESSFUL, S.SKIPPED)).exists()
    assert stage.world.netsuite.writes == MappedRecord.objects.count() > 0
