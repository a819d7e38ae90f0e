"""Today: how the books stand, in one look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from connector.models import StripeAccount
from dashboard import chart
from dashboard.access import staff_page
from dashboard.summary import headline, summarise, with_last_signs
from dashboard.zones import shared_zone


@staff_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The page `/`; `?account=NAME` looks at one account alone."""
    accounts = list(with_last_signs(StripeAccount.objects.order_by("name")))
    wanted = request.GET.get("account", "")
    chosen = next((account for account in accounts if account.name == wanted), None)
    shown = [chosen] if chosen else accounts
    zone = shared_zone(shown)
    summary = summarise(shown, zone, timezone.now())
    messages = [account.last_message for account in shown if account.last_message]
    title, subtitle = headline(summary, max(messages, default=None), zone)
    page = {
        "here": "today",
        "accounts": accounts,
        "shown": shown,
        "chosen": chosen,
        "unknown": wanted if wanted and not chosen else "",
        "zone": zone,
        "summary": summary,
        "chart": chart.draw(summary.days),
        "title": title if accounts else "Connect your first account",
        "subtitle": subtitle if accounts else "",
        "webhook_host": request.build_absolute_uri("/webhooks/stripe/"),
    }
    return render(request, "dashboard/overview.html", page)
