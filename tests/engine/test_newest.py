"""Which job of a subject is the newest: kept by the database, whoever makes jobs and however many at once."""

from __future__ import annotations

from functools import partial

import pytest
from django.db.models import Max

from connector.engine import jobs
from connector.models import Job, StripeAccount
from tests.crowd import at_once
from tests.engine.turns import ASKS, BOOKED, later, leased, news
from tests.factories import JobFactory, StripeAccountFactory

pytestmark = pytest.mark.sqlite
Status = Job.Status


def told_apart() -> bool:
    """Whether of each subject the last job alone is called the newest."""
    last = Job.objects.order_by().values("account", "subject").annotate(last=Max("pk"))
    return set(last.values_list("last", flat=True)) == set(
        Job.objects.filter(newest=True).values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_the_newest_job_of_a_subject_is_known_through_all_of_its_turns() -> None:
    acme, other = StripeAccountFactory.create_batch(2)
    first = news(acme)
    assert news(acme).pk == first.pk
    running = leased(first)
    second = news(acme)
    assert told_apart()
    first.refresh_from_db()
    assert not first.newest
    jobs.finish(running, ASKS)
    jobs.finish(leased(second), ASKS)
    assert jobs.retry(second)
    jobs.finish(leased(second), later())
    news(acme)
    news(other)
    assert told_apart()
    assert Job.objects.filter(newest=True).count() == 2


@pytest.mark.django_db
def test_an_older_job_that_is_tried_again_stays_the_older_one() -> None:
    acme = StripeAccountFactory.create()
    old = JobFactory.create(account=acme, subject="in_1", status=Status.NEEDS_ATTENTION)
    new = JobFactory.create(account=acme, subject="in_1", status=Status.RUNNING)
    assert jobs.retry(old)
    assert news(acme, "in_1").pk == old.pk
    assert list(Job.objects.filter(newest=True)) == [new]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [BOOKED, ASKS, later(0)], ids=["booked", "asks", "put-back"])
def test_in_a_crowd_no_subject_has_two_newest_jobs_or_none(ending: jobs.Ending) -> None:
    acme = StripeAccountFactory.create()

    def work(pk: int) -> None:
        if job := jobs.lease(pk, "host:1"):
            jobs.finish(job, ending)

    def press(account: StripeAccount, subject: str) -> None:
        for job in Job.objects.filter(account=account, subject=subject, status__in=Job.OPEN):
            jobs.retry(job)

    for number in range(15):
        subject = f"in_{number}"
        pk = news(acme, subject).pk
        at_once(
            partial(work, pk),
            partial(news, acme, subject),
            partial(press, acme, subject),
            partial(news, acme, subject),
        )
        pk = Job.objects.filter(subject=subject).latest("pk").pk
        at_once(partial(work, pk), partial(news, acme, subject), partial(press, acme, subject))
    assert told_apart()
