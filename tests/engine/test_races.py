"""Jobs in a crowd: news and workers meet at the same moment, in threads with connections of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from connector.engine import account_settings, actions, inbox, jobs, past_records, pausing, settlements
from connector.engine.jobs import Ending
from connector.models import BackfillLook, Event, Job, MappedRecord, Settlement, StripeAccount
from tests.crowd import at_once
from tests.engine.turns import ASKS, BOOKED, INVOICE, later, leased, news
from tests.factories import JobFactory, MappedRecordFactory, StripeAccountFactory
from tests.rings import rings, silence

Status = Job.Status

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_of_eight_workers_that_are_rung_for_one_job_one_gets_it() -> None:
    acme = StripeAccountFactory.create()
    for number in range(10):
        job = news(acme, f"in_{number}")
        won = at_once(*[partial(jobs.lease, job.pk, f"host:{worker}") for worker in range(8)])
        winner = [taken for taken in won if taken]
        assert len(winner) == 1
        job.refresh_from_db()
        assert (job.fence, job.lease_owner) == (1, winner[0].lease_owner)
        assert job.attempts.count() == 1


def test_of_two_jobs_of_a_subject_that_are_leased_at_once_one_runs() -> None:
    acme = StripeAccountFactory.create()
    for number in range(10):
        old = JobFactory.create(
            account=acme,
            subject=f"in_{number}",
            status=Status.RUNNING,
            fence=1,
            lease_expires_at=timezone.now() - timedelta(minutes=1),
        )
        new = JobFactory.create(account=acme, subject=f"in_{number}")
        at_once(partial(jobs.lease, old.pk, "host:1"), partial(jobs.lease, new.pk, "host:2"))
        assert Job.objects.filter(subject=f"in_{number}", status=Status.RUNNING).count() == 1


def test_a_worker_that_takes_the_next_job_while_the_last_one_ends_stops_neither() -> None:
    """Each waits for a row of the other's, unless they take their rows in one order."""
    acme = StripeAccountFactory.create()
    ending, next_up = leased(news(acme)), news(acme)
    asking = JobFactory.create(account=acme, subject=INVOICE, status=Status.NEEDS_ATTENTION)

    ended, taken = _while_held(asking, partial(jobs.finish, ending, BOOKED), partial(_take, next_up))

    assert ended
    assert taken is not None or next_up.pk in rings()


def test_a_document_that_ends_while_a_payout_asks_for_it_and_for_what_waits_for_it_stops_neither() -> None:
    acme = StripeAccountFactory.create()
    ending = leased(news(acme))
    asking = JobFactory.create(account=acme, subject=INVOICE, status=Status.NEEDS_ATTENTION)
    waiting = JobFactory.create(account=acme, subject="ch_1", waiting_for=INVOICE, run_after=_in_a_while())

    bring = partial(jobs.enqueue_all, acme, [INVOICE, "ch_1"])
    ended, brought = _while_held(asking, partial(jobs.finish, ending, BOOKED), bring)

    assert ended
    assert isinstance(brought, list)
    assert brought[0].pk == waiting.pk
    assert waiting.pk in rings()


def test_two_records_tried_again_by_a_person_while_a_payout_asks_for_both_stop_neither() -> None:
    """The page has them in the order in which they came, the payout by their names."""
    acme = StripeAccountFactory.create()
    first, last = (
        JobFactory.create(account=acme, subject=subject, status=Status.FAILED, code="gave_up_waiting")
        for subject in ("ch_2", "ch_1")
    )
    seen = actions.version([first, last])

    def press() -> None:
        with transaction.atomic(), suppress(actions.Stale):
            Job.objects.select_for_update().get(pk=first.pk)
            time.sleep(0.3)
            actions.try_again([first.pk, last.pk], seen, who="alice")

    def bring() -> int:
        time.sleep(0.1)
        return len(jobs.enqueue_all(acme, ["ch_1", "ch_2"]))

    calls: list[Callable[[], object]] = [press, bring]
    _, brought = at_once(*calls)
    assert brought == 2
    assert Job.objects.filter(status=Status.READY).count() == 2


def test_a_decision_taken_back_while_somebody_settles_its_document_anew_stops_neither() -> None:
    job = JobFactory.create(status=Status.NEEDS_ATTENTION, code="settled_outside_has_news")
    kind, before = Settlement.Kind.SKIPPED, timezone.now() - timedelta(days=1)
    Settlement.objects.create(
        account=job.account, subject=job.subject, job=job, kind=kind, who="a", why="b", decided_at=before
    )
    seen = actions.version([job])

    def skip() -> object:
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=job.pk)
            time.sleep(0.3)
            try:
                return actions.settle([job.pk], seen, kind, who="alice", why="Paid by check.")
            except actions.Stale:
                return None

    def take_back() -> object:
        time.sleep(0.1)
        try:
            return settlements.take_back(job, who="bob", why="It is to come.")
        except settlements.NotSettled:
            return None

    calls: list[Callable[[], object]] = [skip, take_back]
    skipped, taken_back = at_once(*calls)
    assert skipped
    assert taken_back
    assert not Settlement.objects.filter(ended_at=None).exists()
    assert Job.objects.filter(status=Status.READY).count() == 1


def test_an_account_that_is_resumed_while_news_comes_in_loses_neither() -> None:
    acme = StripeAccountFactory.create()
    pausing.pause(acme, who="alice", why="Books are closed.", seen=0)
    job = news(acme)
    event = {"id": "evt_1", "type": "invoice.paid", "created": 1, "data": {"object": {"id": INVOICE}}}

    def hear() -> object:
        with transaction.atomic():
            heard = inbox.receive(acme, event)
            time.sleep(0.3)
        return heard

    def resume() -> int:
        time.sleep(0.1)
        return pausing.resume(acme, who="alice", seen=1)

    calls: list[Callable[[], object]] = [hear, resume]
    at_once(*calls)
    assert Event.objects.count() == 1
    assert job.pk in rings()


def test_settings_that_are_saved_while_a_record_is_about_to_be_sent_stop_neither() -> None:
    acme = StripeAccountFactory.create()
    job, seen = news(acme), account_settings.version(acme)
    wanted = {"time_zone": "Asia/Tokyo"}

    save = partial(account_settings.save, acme, wanted, who="alice", reason="", seen=seen)
    _while_held(acme.netsuite_account, save, partial(MappedRecordFactory.create, account=acme, job=job))

    acme.refresh_from_db()
    assert acme.time_zone == "Asia/Tokyo"
    assert MappedRecord.objects.count() == 1


def test_of_two_looks_at_past_records_that_are_asked_for_at_once_one_is_taken() -> None:
    acme = StripeAccountFactory.create()
    first_days = [date(2026, 10, day) for day in range(1, 5)]
    asked = at_once(
        *[partial(past_records.ask, acme, day, None, ["invoices"], who="alice") for day in first_days]
    )
    assert BackfillLook.objects.count() == 1
    assert sorted(is_new for _, is_new in asked) == [False, False, False, True]


def _in_a_while() -> datetime:
    return timezone.now() + timedelta(minutes=15)


def _take(job: Job) -> Job | None:
    return jobs.lease(job.pk, "host:2")


def _while_held(held: Model, *calls: Callable[[], object]) -> list[object]:
    """What the calls return, begun one after another while somebody has the row of `held`."""

    def hold() -> None:
        with transaction.atomic():
            type(held)._default_manager.select_for_update(no_key=True).get(pk=held.pk)
            time.sleep(0.2 * len(calls) + 0.1)

    def begun(place: int) -> object:
        time.sleep(0.2 * place + 0.1)
        return calls[place]()

    _, *answers = at_once(hold, *[partial(begun, place) for place in range(len(calls))])
    return answers


def test_retry_pressed_by_four_people_at_once_opens_the_job_once() -> None:
    job = JobFactory.create(status=Status.NEEDS_ATTENTION)
    assert sorted(at_once(*[partial(jobs.retry, job)] * 4)) == [False, False, False, True]
    assert rings() == [job.pk]


def _told(account: StripeAccount, subject: str) -> datetime:
    """News as the inbox takes it in, tried again when another job of the subject was made meanwhile."""
    for _ in range(5):
        try:
            with transaction.atomic():
                jobs.enqueue(account, subject)
                said = timezone.now()
            return said
        except IntegrityError:
            continue
    raise AssertionError("the news could not be kept")


def _looked(pk: int, ending: Callable[[], Ending]) -> datetime | None:
    """A worker's run; returns when it read Stripe, or None when the job was not its to take."""
    job = jobs.lease(pk, "host:1")
    if job is None:
        return None
    read = timezone.now()
    assert jobs.finish(job, ending())
    return read


@pytest.mark.parametrize("ending", [BOOKED, ASKS, later(0)], ids=["booked", "asks", "put-back"])
def test_news_that_comes_while_a_worker_takes_the_job_is_never_lost(ending: Ending) -> None:
    acme = StripeAccountFactory.create()
    for number in range(40):
        subject = f"in_{number}"
        job = news(acme, subject)
        silence()
        seen, said, _ = at_once(
            lambda pk=job.pk: _looked(pk, lambda: ending),  # type: ignore[misc]
            partial(_told, acme, subject),
            partial(_told, acme, subject),
        )
        served = seen is not None and said is not None and seen > said
        waits = Job.objects.filter(subject=subject, status=Status.READY)
        assert served or waits.exists(), "nobody will look again"
        for waiting in waits:
            assert waiting.pk in rings() or waiting.enqueued_at is None, (
                "only the sweep's next-but-four turn would"
            )


def test_under_a_crowd_of_news_and_workers_every_subject_is_read_after_its_last_news() -> None:
    acme = StripeAccountFactory.create()
    read: dict[int, list[datetime]] = {}
    told: list[datetime] = []
    for _ in range(12):

        def tell() -> None:
            told.append(_told(acme, INVOICE))

        def work() -> None:
            for pk in set(rings()):
                moment = _looked(pk, lambda: BOOKED)
                if moment:
                    read.setdefault(pk, []).append(moment)

        at_once(tell, work, tell, work)
    for _ in range(3):  # what is rung for by the last of them
        work()
    assert not Job.objects.exclude(status=Status.SUCCESSFUL).exists()
    assert max(max(moments) for moments in read.values()) > max(told)
