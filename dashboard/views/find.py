"""From any id, number, amount or e-mail address to its record."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from connector.models import Job, StripeAccount
from dashboard import figures, finding, fragment
from dashboard.access import staff_page
from dashboard.selection import read_amount
from dashboard.standing import standing
from dashboard.zones import shared_zone

LONGEST = 255
UNHEARD = "If Stripe shows it, it may be older than the connection, or Stripe has not told us of it yet."


@staff_page
@require_safe
def find(request: HttpRequest, key: str) -> HttpResponse:
    """Lead `/r/<id>` to the newest job of the document that a Stripe object or NetSuite record belongs to."""
    jobs = finding.by_key(key)
    if not jobs:
        raise Http404(key, UNHEARD)
    return redirect("dashboard:job", pk=jobs[0].pk)


@staff_page
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page `/find/?q=`: one document is opened at once, several are a short list.

    What our tables do not hold is asked of both sides, in a part of the page that comes after it.
    """
    text = request.GET.get("q", "").strip()[:LONGEST]
    if not text:
        return redirect("dashboard:jobs")
    jobs = finding.by_key(text) or finding.by_amount(text)
    if len(jobs) == 1:
        return redirect("dashboard:job", pk=jobs[0].pk)
    page = _page(text, jobs) | {"may_ask": not jobs and read_amount(text) is None}
    return render(request, "dashboard/find.html", page)


@staff_page
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The page `/find/both/?q=`, or its part for htmx: what Stripe and NetSuite say now."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    if not text:
        return redirect("dashboard:jobs")
    jobs, elsewhere, troubles = finding.asked(text)
    is_fragment = fragment.is_asked(request)
    if len(jobs) == 1 and not elsewhere:
        answer = redirect("dashboard:job", pk=jobs[0].pk)
        if not is_fragment:
            return answer
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    page = _page(text, jobs) | {"elsewhere": elsewhere, "troubles": troubles, "was_asked": True}
    return render(request, "dashboard/_found.html" if is_fragment else "dashboard/find.html", page)


def _page(text: str, jobs: list[Job]) -> dict[str, object]:
    now, accounts = timezone.now(), list(StripeAccount.objects.all())
    shown = finding.shortened(jobs)
    return {
        "here": "find",
        "text": text,
        "rows": [(job, standing(job, unconfirmed=False, now=now)) for job in shown],
        "count": figures.counted(len(jobs), "record", "records"),
        "has_more": len(jobs) > len(shown),
        "zone": shared_zone(accounts),
        "records_link": f"{reverse('dashboard:jobs')}?{urlencode({'q': text})}",
        "ask_link": f"{reverse('dashboard:ask')}?{urlencode({'q': text})}",
        "may_preview": bool(accounts),
    }
