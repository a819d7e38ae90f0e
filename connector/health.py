"""Health: three addresses for machines. `/healthz` lives, `/readyz` works, `/metrics` counts."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from connector import metrics as counted
from connector.engine import vitals


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. No database, no network."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, is migrated, and due jobs are taken; else 503 and what is not so."""
    try:
        faults = [name for name, fine in vitals.conditions() if not fine]
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
