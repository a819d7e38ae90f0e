"""Start-up checks: settings that would lose or repeat work are refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as current
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

REPEATS, RETRIES, INLINE, LEASE, CACHE = (f"suitesync.E00{number}" for number in range(1, 6))


def refused() -> list[str]:
    """The ids of our own complaints."""
    return [str(message.id) for message in run_checks() if str(message.id).startswith("suitesync.")]


def queue(**changes: Any) -> dict[str, Any]:
    """The queue's settings with these changes; None takes a setting away."""
    chosen: dict[str, Any] = {**current.Q_CLUSTER, **changes}
    return {key: value for key, value in chosen.items() if value is not None}


def test_the_settings_that_we_ship_are_good() -> None:
    assert refused() == []


@pytest.mark.parametrize(
    ("timeout", "retry", "workers", "fine"),
    [
        (300, 901, 1, True),  # 300 x (1 + 2 / 1)
        (300, 900, 1, False),
        (300, 601, 2, True),
        (300, 600, 2, False),
        (300, 601, 8, True),
        (300, 301, 8, False),  # above the timeout alone is not enough
    ],
)
def test_the_queue_must_hold_a_task_longer_than_all_before_it_can_last(
    timeout: int, retry: int, workers: int, fine: bool
) -> None:
    changed = queue(timeout=timeout, retry=retry, workers=workers, ALT_CLUSTERS={})
    with override_settings(Q_CLUSTER=changed):
        assert refused() == ([] if fine else [REPEATS])


def test_prefetching_more_needs_a_longer_hold() -> None:
    with override_settings(Q_CLUSTER=queue(queue_limit=50)):
        assert REPEATS in refused()


@pytest.mark.parametrize("setting", ["queue_limit", "bulk", "timeout", "retry", "workers"])
def test_what_the_queue_would_choose_by_itself_is_refused(setting: str) -> None:
    with override_settings(Q_CLUSTER=queue(**{setting: None}, ALT_CLUSTERS={})):
        assert refused() == [REPEATS]
    with override_settings(Q_CLUSTER=queue(**{setting: 0}, ALT_CLUSTERS={})):
        assert refused() == [REPEATS]


@pytest.mark.parametrize("change", [{"max_attempts": 0}, {"max_attempts": 3}, {"ack_failures": False}])
def test_the_queue_may_not_retry_by_itself(change: dict[str, Any]) -> None:
    with override_settings(Q_CLUSTER=queue(**change, ALT_CLUSTERS={})):
        assert refused() == [RETRIES]


@pytest.mark.parametrize("setting", ["max_attempts", "ack_failures"])
def test_a_queue_that_does_not_say_so_retries_by_itself(setting: str) -> None:
    with override_settings(Q_CLUSTER=queue(**{setting: None}, ALT_CLUSTERS={})):
        assert refused() == [RETRIES]


def test_jobs_may_not_run_inside_web_requests() -> None:
    with override_settings(Q_CLUSTER=queue(sync=True, ALT_CLUSTERS={})):
        assert refused() == [INLINE]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"retry": 60}, REPEATS), ({"workers": 1, "bulk": 9}, REPEATS), ({"max_attempts": 2}, RETRIES)],
)
def test_the_second_queue_is_held_to_the_same_rules(change: dict[str, Any], complaint: str) -> None:
    with override_settings(Q_CLUSTER=queue(ALT_CLUSTERS={"backfill": change})):
        assert refused() == [complaint]


@pytest.mark.parametrize("seconds", [300, 299])
def test_a_lease_must_outlive_the_run_of_its_job(seconds: int) -> None:
    with override_settings(JOB_LEASE_SECONDS=seconds, JOB_TIME_LIMIT=300):
        assert refused() == [LEASE]


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_the_cache_must_be_shared_by_all_processes(backend: str) -> None:
    with override_settings(CACHES={"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}):
        assert refused() == [CACHE]


def test_a_command_does_not_start_under_broken_settings() -> None:
    with (
        override_settings(Q_CLUSTER=queue(retry=1)),
        pytest.raises(SystemCheckError, match="tasks run twice"),
    ):
        call_command("check")
