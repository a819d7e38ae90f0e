"""Health: how the installation is, for engineers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connector.engine import roles
from dashboard import health
from dashboard.access import allowed
from dashboard.zones import UTC


@allowed(roles.SEE_HEALTH)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page `/health/`, as it is this moment."""
    now = health.read()
    shown = {
        "here": "health",
        "now": now,
        "diagnostics": health.diagnostics(now),
        "zone": UTC,
        "has_token": bool(settings.METRICS_TOKEN),
    }
    return render(request, "dashboard/health.html", shown)


@allowed(roles.SEE_HEALTH)
@require_safe
def diagnostics(request: HttpRequest) -> HttpResponse:
    """The same as a text file."""
    return HttpResponse(
        health.diagnostics(health.read()),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="diagnostics.txt"'},
    )
