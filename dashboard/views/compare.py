"""Stripe and NetSuite side by side, as both are at this moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from connector.engine import sides
from connector.models import Job
from dashboard import figures, fragment
from dashboard.access import staff_page
from dashboard.links import netsuite_link, stripe_link
from dashboard.named import job_or_404


@staff_page
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/jobs/<pk>/compare/`, or its part for htmx. Both sides are asked; nothing is kept."""
    job = job_or_404(pk)
    account, found = job.account, sides.read(job)
    page = {
        "here": "open" if job.status in Job.OPEN else "records",
        "job": job,
        "zone": account.zone,
        "compared": found,
        "pairs": [
            (
                pair,
                stripe_link(account, pair.stripe_id),
                netsuite_link(account.netsuite_account, pair.record_type, pair.internal_id),
            )
            for pair in found.pairs
        ],
        "differing": figures.counted(found.differing, "difference", "differences"),
        "now": timezone.now(),
    }
    is_fragment = fragment.is_asked(request)
    answer = render(request, "dashboard/_sides.html" if is_fragment else "dashboard/compare.html", page)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
