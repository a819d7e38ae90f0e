"""Jobs in a crowd: news and workers meet at the same moment, in threads with connections of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.engine import jobs
from connector.engine.jobs import Ending
from connector.models import Job, StripeAccount
from tests.crowd import at_once
from tests.engine.turns import ASKS, BOOKED, INVOICE, later, leased, news
from tests.factories import JobFactory, StripeAccountFactory
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

    def hold_it_up() -> None:
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=asking.pk)
            time.sleep(0.5)

    def end() -> bool:
        time.sleep(0.1)
        return jobs.finish(ending, BOOKED)

    def take() -> Job | None:
        time.sleep(0.3)
        return jobs.lease(next_up.pk, "host:2")

    calls: list[Callable[[], object]] = [hold_it_up, end, take]
    _, ended, taken = at_once(*calls)
    assert ended
    assert taken is not None or next_up.pk in rings()


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
