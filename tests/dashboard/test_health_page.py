"""Health: what an engineer sees of the installation, and the text to hand on, which holds no secret."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Schedule
from django_q.signing import SignedPackage
from django_q.status import Status
from pytest_django import DjangoAssertNumQueries

from connector.engine import pausing, vitals
from connector.models import Job, Lease, NetSuiteAccount, RefusedWebhook, StripeAccount
from dashboard.health import STATES
from dashboard.standing import Standing
from tests.dashboard.test_help import said
from tests.factories import AttemptFactory, JobFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(db: None) -> Client:
    """The browser of somebody who may see Health."""
    client = Client()
    client.force_login(UserFactory.create(username="gus", roles=["engineer"]))
    return client


def text(client: Client) -> str:
    answer = client.get("/health/")
    assert answer.status_code == 200
    return said(answer.content.decode())


def run_of(job: Job, outcome: str, seconds: int, **fields: Any) -> None:
    attempt = AttemptFactory.create(job=job, outcome=outcome, **fields)
    ended = timezone.now()
    type(attempt).objects.filter(pk=attempt.pk).update(
        started_at=ended - timedelta(seconds=seconds), finished_at=ended
    )


def test_an_installation_without_workers_says_so(engineer: Client) -> None:
    page = text(engineer)
    assert "▲ No workers" in page
    assert "nothing is booked until manage.py worker runs" in page


def test_workers_stand_there_with_heartbeat_and_last_task(engineer: Client) -> None:
    spoken = Status(77, "c-1")  # what a cluster says of itself, twice a second
    spoken.host, spoken.status, spoken.workers = "box-1", "Idle", [1, 2, 3, 4]
    spoken.tob = spoken.timestamp = timezone.now()
    get_broker().set_stat(f"{Conf.Q_STAT}:c-1", SignedPackage.dumps(spoken, True), 3)
    cache.set(vitals.beat_key("box-1", 77), time.time() - 60, 60)
    page = text(engineer)
    assert "✓ Work goes on" in page
    assert "box-1 77 Idle 4" in page
    assert "none within a day" not in page


def test_what_waits_what_failed_and_how_long_it_took(engineer: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, run_after=timezone.now() - timedelta(minutes=11))
    job = JobFactory.create(account=acme, status=Job.Status.FAILED, code="internal_error")
    talk = [{"seconds": "0.250"}, {"seconds": "0.750"}]
    run_of(job, "failed", 3, code="internal_error")
    run_of(job, "successful", 1, exchanges=talk)
    books = NetSuiteAccount.objects.get()
    Lease.objects.create(
        netsuite_account=books, key="slot:0", holder="job:1", expires_at=timezone.now() + timedelta(minutes=1)
    )
    Schedule.objects.filter(name="sweep").update(next_run=timezone.now() - timedelta(hours=1))
    RefusedWebhook.objects.create(reason="bad_signature", count=3)
    page = text(engineer)
    for words in (
        "nobody works on it",
        "Due now 1, the oldest since",
        "Needs an engineer ▲ 1",
        "Waiting ○ 1",
        "The last 2 runs Ended badly 1 (50.0 %)",
        "1 time SuiteSync made a mistake internal_error",
        "Ring for what is due, each minute",
        "1 of 4 slots in use, 4 at most",
        "middle 0.25 s, slow 0.75 s, longest 0.75 s",
        "late",
        "The signature does not match 3",
        "Python 3.",
    ):
        assert words in page, words


@pytest.mark.parametrize(("status", "words"), [*STATES.items()])
def test_states_are_told_in_the_words_of_the_console(
    engineer: Client, acme: StripeAccount, status: str, words: Standing
) -> None:
    JobFactory.create(account=acme, status=status)
    page = text(engineer)
    settled = status in (Job.Status.SUCCESSFUL, Job.Status.SKIPPED)
    assert (f"{words.word} {words.shape} 1" in page) is not settled
    assert f"{status} 1" not in page


def test_a_pause_is_no_fault_of_the_workers(engineer: Client, acme: StripeAccount) -> None:
    JobFactory.create(account=acme, run_after=timezone.now() - timedelta(hours=2))
    assert "nobody works on it" in text(engineer)
    pausing.pause(acme, who="alice", why="NetSuite moves.", seen=0)
    page = text(engineer)
    assert "nobody works on it" not in page
    assert "Due now 0" in page


def test_metrics_behind_a_token_are_named_and_not_linked(engineer: Client, settings: Any) -> None:
    assert 'href="/metrics"' in engineer.get("/health/").content.decode()
    settings.METRICS_TOKEN = "hush-hush"
    html = engineer.get("/health/").content.decode()
    assert 'href="/metrics"' not in html
    assert "hush-hush" not in html
    assert "for whoever holds METRICS_TOKEN" in html


def test_diagnostics_name_no_secret_and_no_customer(engineer: Client, acme: StripeAccount) -> None:
    job = JobFactory.create(
        account=acme, status=Job.Status.FAILED, code="internal_error", message="Cobalt GmbH"
    )
    run_of(job, "failed", 3, code="internal_error", message="rk_live_throwaway")
    answer = engineer.get("/health/diagnostics.txt")
    told = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert "attachment" in answer["Content-Disposition"]
    assert "last runs: 1, 100.0 % ended badly" in told
    for hidden in (
        "rk_live",
        "Borealis",
        "Cobalt",
        "acme",
        acme.stripe_api_key.token,
        "1234567",
        "throwaway",
    ):
        assert hidden not in told
        assert hidden not in text(engineer) or hidden == "acme"


@pytest.mark.parametrize("address", ["/health/", "/health/diagnostics.txt"])
def test_health_is_for_engineers(console: Client, client: Client, engineer: Client, address: str) -> None:
    answer = console.get(address)
    assert answer.status_code == 403
    assert "Engineers can do this." in answer.content.decode()
    assert 'href="/health/"' not in console.get("/help/").content.decode()
    assert 'href="/health/"' in engineer.get("/help/").content.decode()
    assert client.get(address).status_code == 302
    assert engineer.post(address).status_code == 405


def test_the_page_asks_few_questions(
    engineer: Client, acme: StripeAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        JobFactory.create(account=acme)
    with django_assert_max_num_queries(12):
        engineer.get("/health/")
