"""From any id to its record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from connector.models import Job
from dashboard.access import staff_page
from dashboard.selection import by_id, current_jobs


def not_found(request: HttpRequest, what: str) -> HttpResponse:
    """Say that `what` is not here, and where to look for it."""
    return render(request, "dashboard/not_found.html", {"what": what}, status=404)


@staff_page
@require_safe
def find(request: HttpRequest, key: str) -> HttpResponse:
    """Lead `/r/<id>` to the newest job of the document that a Stripe object or NetSuite record belongs to."""
    job = None
    if "\x00" not in key:  # PostgreSQL refuses such a text
        documents = current_jobs().filter(by_id(key)).order_by("-pk")
        job = documents.first() or Job.objects.filter(subject=key).order_by("-pk").first()
    return redirect("dashboard:job", pk=job.pk) if job else not_found(request, key)
