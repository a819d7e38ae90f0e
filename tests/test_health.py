"""Health: what a machine is told about this installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from connector.models import Attempt, Job, Lease, RefusedWebhook
from tests.factories import (
    EventFactory,
    JobFactory,
    MappedRecordFactory,
    NetSuiteAccountFactory,
    StripeAccountFactory,
)

Status = Job.Status
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def ago(**time: float) -> Any:
    return timezone.now() - timedelta(**time)


def readiness(client: Client) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    assert answer.json()["ready"] == (answer.status_code == 200)
    return answer.status_code, answer.json()["faults"]


def measured(client: Client, **headers: str) -> dict[str, float]:
    """Every sample of the metrics page, by its name and labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    samples = [sample for family in families for sample in family.samples]
    return {" ".join([sample.name, *sorted(sample.labels.values())]): sample.value for sample in samples}


# Alive


def test_a_living_process_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_addresses_for_machines_only_answer_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_machine_that_asks_without_tls_is_not_sent_elsewhere(
    client: Client, path: str, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == 200


# Ready


def test_an_idle_installation_is_ready(client: Client) -> None:
    assert readiness(client) == (200, [])


def test_jobs_that_are_taken_in_time_are_no_fault(client: Client) -> None:
    JobFactory.create(run_after=ago(minutes=9))
    JobFactory.create(run_after=timezone.now() + timedelta(hours=1))
    JobFactory.create(status=Status.RUNNING, run_after=ago(hours=1), lease_expires_at=ago(minutes=-5))
    JobFactory.create(status=Status.NEEDS_ATTENTION, run_after=ago(days=9))
    assert readiness(client) == (200, [])


def test_a_due_job_that_nobody_takes_means_that_no_worker_works(client: Client) -> None:
    JobFactory.create(run_after=ago(minutes=11))
    assert readiness(client) == (503, ["workers"])


def test_a_long_queue_that_is_being_worked_off_is_no_fault(client: Client) -> None:
    """A balancer that asks here must not turn Stripe's messages away because there are many of them."""
    JobFactory.create(run_after=ago(hours=3))
    taken = JobFactory.create(status=Status.RUNNING, lease_expires_at=ago(minutes=-5))
    Attempt.objects.create(job=taken, fence=1, worker="host:1")
    assert readiness(client) == (200, [])
    Attempt.objects.update(started_at=ago(minutes=11))
    assert readiness(client) == (503, ["workers"])


def test_a_lease_that_ran_out_long_ago_means_so_too(client: Client) -> None:
    JobFactory.create(status=Status.RUNNING, lease_expires_at=ago(minutes=11))
    assert readiness(client) == (503, ["workers"])


def test_a_database_that_is_behind_the_code_is_a_fault(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'connector'")
    assert readiness(client) == (503, ["migrations"])


def test_a_cache_that_keeps_nothing_is_a_fault(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert readiness(client) == (503, ["cache"])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_well_is_a_fault(client: Client) -> None:
    table = Job._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO out_of_reach")
    try:
        assert readiness(client) == (503, ["database"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE out_of_reach RENAME TO {table}")


# Metrics


def test_an_empty_installation_has_metrics_too(client: Client) -> None:
    assert measured(client) == {
        "suitesync_oldest_due_seconds": 0,
        "suitesync_netsuite_slots_in_use": 0,
        "suitesync_events_total new": 0,
        "suitesync_events_total duplicate": 0,
    }


def test_metrics_count_what_the_tables_hold(client: Client) -> None:
    acme = StripeAccountFactory.create(name="acme")
    globex = StripeAccountFactory.create(name="globex")
    for status, times in {Status.READY: 2, Status.SUCCESSFUL: 3, Status.FAILED: 1}.items():
        JobFactory.create_batch(times, account=acme, status=status)
    waiting = JobFactory.create(account=globex, run_after=ago(seconds=90))
    EventFactory.create(job=waiting, duplicates=3)
    EventFactory.create(job=waiting, duplicates=1)
    MappedRecordFactory.create(job=waiting, mapped_at=ago(hours=2))
    MappedRecordFactory.create(job=waiting, stripe_id="ch_1", mapped_at=ago(hours=3))
    MappedRecordFactory.create(job=waiting, stripe_id="ch_2", mapped_at=None)
    RefusedWebhook.objects.create(reason="bad_signature", count=7)
    books = NetSuiteAccountFactory.create()
    for key, holder, age in [("slot:0", "job:1", -60), ("slot:1", "", -60), ("slot:2", "job:2", 60)]:
        Lease.objects.create(netsuite_account=books, key=key, holder=holder, expires_at=ago(seconds=age))
    Lease.objects.create(
        netsuite_account=books, key="customer:1", holder="job:1", expires_at=ago(seconds=-60)
    )

    seen = measured(client)
    assert seen["suitesync_jobs acme ready"] == 2
    assert seen["suitesync_jobs acme successful"] == 3
    assert seen["suitesync_jobs acme failed"] == 1
    assert seen["suitesync_jobs globex ready"] == 1
    assert 90 <= seen["suitesync_oldest_due_seconds"] < 120
    assert seen["suitesync_netsuite_slots_in_use"] == 1
    assert seen["suitesync_last_booked_timestamp_seconds globex"] == pytest.approx(
        (timezone.now() - timedelta(hours=2)).timestamp(), abs=60
    )
    assert (seen["suitesync_events_total new"], seen["suitesync_events_total duplicate"]) == (2, 4)
    assert seen["suitesync_refused_webhooks_total bad_signature"] == 7


def test_with_a_token_metrics_are_for_its_bearer_only(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "throwaway-metrics-token"
    for wrong in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer é"},
        {"Authorization": "Bearer "},
    ):
        answer = client.get("/metrics", headers=wrong)
        assert answer.status_code == 403
        assert b"suitesync_" not in answer.content
        assert b"throwaway" not in answer.content
    assert measured(client, Authorization="Bearer throwaway-metrics-token")
