"""Health: three addresses for machines. `/healthz` lives, `/readyz` works, `/metrics` counts."""

from __future__ import annotations

import hmac
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from connector import metrics as counted
from connector.models import Job

OLDEST_DUE = timedelta(minutes=10)
"""A due job that nobody has taken for so long means that no worker works."""


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. No database, no network."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, is migrated, and due jobs are taken; else 503 and what is not so."""
    try:
        faults = [name for name, fine in _conditions() if not fine]
    except DatabaseError:
        faults = ["database"]
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, counted from the tables now. With METRICS_TOKEN set, for its bearer only."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponseForbidden("Send the metrics token as a bearer token.\n", content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(counted.Tables())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _conditions() -> list[tuple[str, bool]]:
    executor = MigrationExecutor(connection)
    long_ago = timezone.now() - OLDEST_DUE
    waiting = Q(status=Job.Status.READY, run_after__lt=long_ago)
    abandoned = Q(status=Job.Status.RUNNING, lease_expires_at__lt=long_ago)
    late = Job.objects.filter(waiting | abandoned)
    cache.set("readyz", 1, 10)
    return [
        ("migrations", not executor.migration_plan(executor.loader.graph.leaf_nodes())),
        ("cache", cache.get("readyz") == 1),
        ("workers", not late.exists()),
    ]
