"""Start-up checks: what would lose or repeat work is refused before it runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

NO_LONGER = "Run no task for longer than the queue holds it: see Q_CLUSTER in settings."


@register()
def queue_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """django-q2 must neither repeat a task that still runs, nor retry one that has ended (stack.md 1.4)."""
    return [message for name, cluster in _clusters() for message in _complaints(name, cluster)]


@register()
def leases(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A job's lease must outlive the time limit of the task that runs it."""
    if settings.JOB_LEASE_SECONDS > settings.JOB_TIME_LIMIT:
        return []
    lease, limit = settings.JOB_LEASE_SECONDS, settings.JOB_TIME_LIMIT
    text = f"JOB_LEASE_SECONDS ({lease}) is not above JOB_TIME_LIMIT ({limit})."
    return [Error(text, hint="Two workers could then run one job at once.", id="suitesync.E004")]


@register()
def shared_cache(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The watchdog sees its workers through the cache, so all processes must share it."""
    backend = settings.CACHES["default"]["BACKEND"]
    if not backend.endswith(("LocMemCache", "DummyCache")):
        return []
    return [Error("The default cache is not shared between processes.", id="suitesync.E005")]


def _clusters() -> Iterator[tuple[str, dict[str, Any]]]:
    chosen: dict[str, Any] = settings.Q_CLUSTER
    main = {key: value for key, value in chosen.items() if key != "ALT_CLUSTERS"}
    yield chosen["name"], main
    for name, own in chosen.get("ALT_CLUSTERS", {}).items():
        yield name, {**main, **own}


def _complaints(name: str, cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    unset = [key for key in ("workers", "timeout", "retry", "queue_limit", "bulk") if not cluster.get(key)]
    if unset:
        text = f"Queue {name}: {', '.join(unset)} must be set; what django-q2 takes instead repeats tasks."
        yield Error(text, hint=NO_LONGER, id="suitesync.E001")
        return
    prefetched = cluster["queue_limit"] + cluster["bulk"]
    needed = cluster["timeout"] * (1 + math.ceil(prefetched / cluster["workers"]))
    if cluster["retry"] <= needed:
        text = (
            f"Queue {name}: retry is {cluster['retry']} s and must be above {needed} s, or tasks run twice."
        )
        yield Error(text, hint=NO_LONGER, id="suitesync.E001")
    if cluster.get("max_attempts") != 1 or not cluster.get("ack_failures"):
        text = f"Queue {name}: max_attempts must be 1 and ack_failures on; retries are ours alone."
        yield Error(text, id="suitesync.E002")
    if cluster.get("sync"):
        yield Error(f"Queue {name}: sync would run jobs inside web requests.", id="suitesync.E003")
