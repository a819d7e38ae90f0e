"""The life of a job: one turn for each subject, one holder for each turn, and no news is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from connector import tasks
from connector.engine import jobs
from connector.engine.jobs import Ending
from connector.models import Attempt, Job, StripeAccount
from tests.engine.turns import ASKS, BOOKED, INVOICE, later, leased, news
from tests.factories import JobFactory, StripeAccountFactory
from tests.rings import rings, silence

Status = Job.Status
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def acme() -> StripeAccount:
    return StripeAccountFactory.create()


def stands(job: Job) -> str:
    job.refresh_from_db()
    return job.status


# One turn for each subject


def test_ten_events_of_a_subject_make_one_job_and_one_ring(acme: StripeAccount) -> None:
    made = {news(acme).pk for _ in range(10)}
    assert len(made) == 1
    assert Job.objects.count() == 1
    assert rings() == [made.pop()]


def test_an_event_in_mid_run_makes_one_more_job_which_is_rung_when_the_first_ends(
    acme: StripeAccount,
) -> None:
    first = leased(news(acme))
    second = news(acme)
    assert news(acme).pk == second.pk != first.pk
    assert jobs.lease(second.pk, "host:2") is None
    assert stands(second) == Status.READY
    silence()
    assert jobs.finish(first, BOOKED)
    assert rings() == [second.pk]
    assert jobs.lease(second.pk, "host:2") is not None


def test_subjects_and_accounts_do_not_hold_each_other_up(acme: StripeAccount) -> None:
    globex = StripeAccountFactory.create()
    made = [news(acme), news(acme, "in_2"), news(globex)]
    assert len({job.pk for job in made}) == 3
    assert all(jobs.lease(job.pk, "host:1") for job in made)


@pytest.mark.parametrize("status", [Status.READY, Status.RUNNING])
def test_the_database_refuses_a_second_open_turn_of_a_subject(acme: StripeAccount, status: str) -> None:
    JobFactory.create(account=acme, subject=INVOICE, status=status)
    JobFactory.create(account=acme, subject="in_2", status=status)
    with pytest.raises(IntegrityError), transaction.atomic():
        JobFactory.create(account=acme, subject=INVOICE, status=status)


@pytest.mark.parametrize("status", [Status.SUCCESSFUL, Status.SKIPPED, Status.NEEDS_ATTENTION, Status.FAILED])
def test_ended_jobs_of_a_subject_may_be_many(acme: StripeAccount, status: str) -> None:
    for _ in range(3):
        JobFactory.create(account=acme, subject=INVOICE, status=status)
    assert Job.objects.filter(subject=INVOICE).count() == 3


def test_a_command_that_runs_the_job_itself_wakes_nobody(acme: StripeAccount) -> None:
    with transaction.atomic():
        job = jobs.enqueue(acme, INVOICE, wake=False)
    assert rings() == []
    assert jobs.lease(job.pk, "shell") is not None


def test_news_brings_a_job_that_was_put_back_forward(acme: StripeAccount) -> None:
    job = leased(news(acme))
    jobs.finish(job, later(3600))
    silence()
    assert news(acme).pk == job.pk
    assert rings() == [job.pk]
    assert jobs.lease(job.pk, "host:1") is not None


@pytest.mark.parametrize("asks", [ASKS, Ending(Status.FAILED, "internal_error", "ValueError")])
def test_news_of_a_job_that_asks_a_person_makes_a_new_job_which_settles_it(
    acme: StripeAccount, asks: Ending
) -> None:
    job = leased(news(acme))
    jobs.finish(job, asks)
    silence()
    later_job = news(acme)
    assert rings() == [later_job.pk]
    jobs.finish(leased(later_job), BOOKED)
    assert stands(job) == Status.SKIPPED


@pytest.mark.parametrize("status", [Status.SUCCESSFUL, Status.SKIPPED])
def test_news_of_a_settled_subject_makes_a_new_job(acme: StripeAccount, status: Status) -> None:
    job = leased(news(acme))
    jobs.finish(job, Ending(status))
    assert news(acme).pk != job.pk
    assert stands(job) == status


# One holder for each turn


def test_a_leased_job_cannot_be_leased_again_while_the_lease_lasts(acme: StripeAccount) -> None:
    job = news(acme)
    assert jobs.lease(job.pk, "host:1") is not None
    assert jobs.lease(job.pk, "host:2") is None


def test_a_job_is_not_leased_before_it_is_due(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        job = leased(news(acme))
        jobs.finish(job, later(60))
        assert jobs.lease(job.pk, "host:1") is None
        clock.shift(50)
        assert jobs.lease(job.pk, "host:1") is None
        clock.shift(10)
        assert jobs.lease(job.pk, "host:1") is not None


def test_an_ended_job_cannot_be_leased(acme: StripeAccount) -> None:
    job = leased(news(acme))
    jobs.finish(job, BOOKED)
    assert jobs.lease(job.pk, "host:1") is None


def test_a_worker_that_lost_its_lease_can_neither_finish_nor_hold_on(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        slow = leased(news(acme), "slow:1")
        clock.shift(timedelta(seconds=601))
        quick = leased(slow, "quick:1")
        assert quick.fence == slow.fence + 1
        assert not jobs.renew(slow)
        assert not jobs.finish(slow, ASKS)
        assert stands(slow) == Status.RUNNING
        assert jobs.renew(quick)
        assert jobs.finish(quick, BOOKED)
        assert not jobs.finish(slow, ASKS)
        assert stands(slow) == Status.SUCCESSFUL
    cut_off, whole = Attempt.objects.filter(job=slow)
    assert (cut_off.worker, cut_off.outcome, cut_off.finished_at) == ("slow:1", "", None)
    assert (whole.worker, whole.outcome) == ("quick:1", "successful")


def test_a_lease_that_is_renewed_does_not_run_out(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        job = leased(news(acme))
        for _ in range(5):
            clock.shift(timedelta(seconds=500))
            assert jobs.renew(job)
            assert jobs.lease(job.pk, "host:2") is None
            assert jobs.sweep() == 0


def test_a_job_is_finished_once(acme: StripeAccount) -> None:
    job = leased(news(acme))
    assert jobs.finish(job, BOOKED)
    assert not jobs.finish(job, ASKS)
    assert stands(job) == Status.SUCCESSFUL


# How a run ends


def test_a_job_that_is_put_back_counts_its_tries_and_an_end_forgets_them(acme: StripeAccount) -> None:
    job = news(acme)
    for turn in range(1, 4):
        jobs.finish(leased(job), later(0))
        job.refresh_from_db()
        assert (job.tries, job.status, job.code, job.finished_at) == (turn, "ready", "netsuite_busy", None)
    jobs.finish(leased(job), BOOKED)
    job.refresh_from_db()
    assert (job.tries, job.code, job.message) == (0, "", "")
    assert job.finished_at is not None


def test_waiting_for_a_parent_uses_no_try_up_and_raises_no_alarm(acme: StripeAccount) -> None:
    job = leased(news(acme))
    waits = Ending(
        Status.READY, "parent", "", delay=timedelta(hours=1), waiting_for="in_parent", uses_try=False
    )
    jobs.finish(job, waits)
    job.refresh_from_db()
    assert (job.status, job.tries, job.waiting_for) == ("ready", 0, "in_parent")


def _child_and_parent(account: StripeAccount) -> tuple[Job, Job]:
    child, parent = leased(news(account, "re_child")), leased(news(account, "in_parent"))
    waits = Ending(
        Status.READY, "parent", "", delay=timedelta(hours=1), waiting_for="in_parent", uses_try=False
    )
    jobs.finish(child, waits)
    silence()
    return child, parent


@pytest.mark.parametrize("status", [Status.SUCCESSFUL, Status.SKIPPED])
def test_who_waits_for_a_parent_is_woken_when_it_is_settled(acme: StripeAccount, status: Status) -> None:
    child, parent = _child_and_parent(acme)
    assert jobs.lease(child.pk, "host:1") is None
    jobs.finish(parent, Ending(status))
    assert rings() == [child.pk]
    assert jobs.lease(child.pk, "host:1") is not None


@pytest.mark.parametrize("ending", [ASKS, later(30)])
def test_who_waits_for_a_parent_sleeps_on_while_it_is_not_settled(
    acme: StripeAccount, ending: Ending
) -> None:
    child, parent = _child_and_parent(acme)
    jobs.finish(parent, ending)
    assert rings() == []
    assert jobs.lease(child.pk, "host:1") is None


def test_two_that_wait_for_each_other_do_not_keep_the_workers_busy(acme: StripeAccount) -> None:
    hour = timedelta(hours=1)
    one, other = leased(news(acme, "in_1")), leased(news(acme, "in_2"))
    silence()
    jobs.finish(one, Ending(Status.READY, "parent", delay=hour, waiting_for="in_2", uses_try=False))
    jobs.finish(other, Ending(Status.READY, "parent", delay=hour, waiting_for="in_1", uses_try=False))
    assert rings() == []


def test_who_waits_in_another_account_is_left_alone(acme: StripeAccount) -> None:
    child, _ = _child_and_parent(acme)
    jobs.finish(leased(news(StripeAccountFactory.create(), "in_parent")), BOOKED)
    assert child.pk not in rings()


def test_a_job_that_would_be_put_back_gives_way_to_newer_news(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = news(acme)
    silence()
    assert jobs.finish(first, later())
    first.refresh_from_db()
    assert (first.status, first.code) == ("skipped", "superseded")
    assert Attempt.objects.get(job=first).outcome == "ready"
    assert rings() == [second.pk]


def test_a_success_settles_what_an_earlier_job_of_the_subject_asked(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = news(acme)
    jobs.finish(first, ASKS)
    jobs.finish(leased(second), BOOKED)
    first.refresh_from_db()
    assert (first.status, first.code) == ("skipped", "superseded")


def test_a_success_settles_what_a_later_job_of_the_subject_asked_too(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = JobFactory.create(account=acme, subject=INVOICE, status=Status.NEEDS_ATTENTION)
    jobs.finish(first, BOOKED)
    assert stands(second) == Status.SKIPPED


def test_a_success_settles_nothing_of_other_subjects_and_accounts(acme: StripeAccount) -> None:
    others = [news(acme, "in_2"), news(StripeAccountFactory.create())]
    for other in others:
        jobs.finish(leased(other), ASKS)
    jobs.finish(leased(news(acme)), BOOKED)
    assert [stands(other) for other in others] == [Status.NEEDS_ATTENTION] * 2


def test_a_person_is_asked_once_for_each_subject(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = news(acme)
    jobs.finish(first, ASKS)
    jobs.finish(leased(second), ASKS)
    assert (stands(first), stands(second)) == (Status.SKIPPED, Status.NEEDS_ATTENTION)


def test_a_question_to_a_person_stays_while_the_next_run_is_put_back(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = news(acme)
    jobs.finish(first, ASKS)
    jobs.finish(leased(second), later())
    assert (stands(first), stands(second)) == (Status.NEEDS_ATTENTION, Status.READY)


def test_every_run_is_kept_with_what_it_planned_and_heard(acme: StripeAccount) -> None:
    job = news(acme)
    jobs.finish(leased(job), later(0), plan={"records": []}, exchanges=[{"operation": "addList"}])
    jobs.finish(leased(job), ASKS, plan={"records": [1]}, exchanges=[])
    assert jobs.retry(job)
    jobs.finish(leased(job), BOOKED)
    kept = list(Attempt.objects.filter(job=job).values_list("fence", "outcome", "code"))
    assert kept == [
        (1, "ready", "netsuite_busy"),
        (2, "needs_attention", "required_field_missing"),
        (3, "successful", ""),
    ]
    assert Attempt.objects.get(job=job, fence=1).exchanges == [{"operation": "addList"}]


# A person's retry


@pytest.mark.parametrize("asks", [ASKS, Ending(Status.FAILED, "internal_error")])
def test_a_person_retries_a_job_that_waits_for_them(acme: StripeAccount, asks: Ending) -> None:
    job = leased(news(acme))
    jobs.finish(job, asks)
    silence()
    assert jobs.retry(job)
    assert stands(job) == Status.READY
    assert rings() == [job.pk]


def test_retry_pressed_twice_is_harmless(acme: StripeAccount) -> None:
    job = leased(news(acme))
    jobs.finish(job, ASKS)
    silence()
    assert [jobs.retry(job), jobs.retry(job)] == [True, False]
    leased(job)
    assert not jobs.retry(job)
    assert stands(job) == Status.RUNNING
    assert rings() == [job.pk]


@pytest.mark.parametrize("ending", [BOOKED, Ending(Status.SKIPPED)])
def test_a_settled_job_is_not_retried(acme: StripeAccount, ending: Ending) -> None:
    job = leased(news(acme))
    jobs.finish(job, ending)
    assert not jobs.retry(job)
    assert stands(job) == ending.status


def test_a_retry_gives_way_to_a_job_that_news_has_made(acme: StripeAccount) -> None:
    first = leased(news(acme))
    second = news(acme)
    jobs.finish(first, ASKS)
    assert not jobs.retry(first)
    assert (stands(first), stands(second)) == ("needs_attention", "ready")


# The sweep


def test_the_sweep_rings_once_for_what_is_due_and_was_not_heard(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        job = news(acme)
        silence()
        clock.shift(timedelta(minutes=6))
        assert (jobs.sweep(), jobs.sweep()) == (1, 0)
        assert rings() == [job.pk]


def test_the_sweep_leaves_alone_what_was_rung_lately_is_not_due_or_has_ended(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        news(acme, "in_lately")
        clock.shift(timedelta(minutes=4))
        leased(news(acme, "in_running"))
        jobs.finish(leased(news(acme, "in_put_back")), later(600))
        jobs.finish(leased(news(acme, "in_booked")), BOOKED)
        jobs.finish(leased(news(acme, "in_asks")), ASKS)
        assert jobs.sweep() == 0


def test_the_sweep_rings_for_a_job_that_was_put_back_once_it_is_due(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        job = leased(news(acme))
        jobs.finish(job, later(60))
        silence()
        assert jobs.sweep() == 0
        clock.shift(timedelta(seconds=61))
        assert jobs.sweep() == 1
        assert rings() == [job.pk]


def test_the_sweep_takes_back_a_lease_whose_holder_is_gone(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        job = leased(news(acme), "dead:1")
        silence()
        clock.shift(timedelta(seconds=599))
        assert jobs.sweep() == 0
        clock.shift(timedelta(seconds=2))
        assert (jobs.sweep(), jobs.sweep()) == (1, 0)
        assert rings() == [job.pk]
        assert leased(job, "alive:1").lease_owner == "alive:1"


def test_news_behind_a_dead_holder_is_brought_in_after_it(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = leased(news(acme), "dead:1")
        second = news(acme)
        clock.shift(timedelta(seconds=601))
        assert jobs.lease(second.pk, "alive:1") is None
        silence()
        jobs.sweep()
        assert first.pk in rings()
        silence()
        jobs.finish(leased(first), BOOKED)
        assert rings() == [second.pk]


def test_while_many_rings_wait_only_who_was_never_rung_is_rung(acme: StripeAccount) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        rung, never = news(acme), leased(news(acme, "in_2"))
        jobs.finish(never, later(0))
        OrmQ.objects.bulk_create([OrmQ(key="suitesync", payload="", lock=NOON)] * jobs.SWEEP_BATCH)
        clock.shift(timedelta(minutes=6))
        assert jobs.sweep() == 1
        never.refresh_from_db()
        rung.refresh_from_db()
        assert (rung.enqueued_at, never.enqueued_at) == (NOON, timezone.now())
        clock.shift(timedelta(minutes=61))
        assert jobs.sweep() == 2


@pytest.mark.django_db(transaction=True)
def test_no_fault_of_the_rest_of_the_sweep_keeps_due_work_back(acme: StripeAccount) -> None:
    job = JobFactory.create(account=acme, run_after=timezone.now() - timedelta(minutes=5))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE connector_mappedrecord RENAME TO away")
        try:
            with pytest.raises(DatabaseError):
                tasks.sweep()
        finally:
            cursor.execute("ALTER TABLE away RENAME TO connector_mappedrecord")
    assert rings() == [job.pk]
