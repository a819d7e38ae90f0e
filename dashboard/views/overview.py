"""Today: how the books stand, in one look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from connector.engine import roles
from connector.models import StripeAccount
from dashboard import chart, connection, figures, grid, this_month
from dashboard.access import staff_page, who_can
from dashboard.needs import count_for_navigation
from dashboard.summary import headline, summarise, with_last_signs
from dashboard.zones import shared_zone


@staff_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The page `/`; `?account=NAME` looks at one account alone."""
    accounts = list(with_last_signs(StripeAccount.objects.order_by("name")))
    wanted = request.GET.get("account", "")
    chosen = next((account for account in accounts if account.name == wanted), None)
    page: dict[str, Any] = {
        "here": "today",
        "accounts": accounts,
        "chosen": chosen,
        "unknown": wanted if wanted and not chosen else "",
        "title": "Connect your first account",
        "webhook_host": request.build_absolute_uri("/webhooks/stripe/"),
        "may_pause": request.user.has_perm(roles.CHANGE_SETTINGS),
        "who_can": who_can(roles.CHANGE_SETTINGS),
    }
    if accounts:
        shown = [chosen] if chosen else accounts
        zone, now = shared_zone(shown), timezone.now()
        summary = summarise(shown, zone, now)
        messages = [account.last_message for account in shown if account.last_message]
        title, subtitle = headline(summary, max(messages, default=None), zone)
        page["open_count"] = count_for_navigation()
        if not chosen and (aside := summary.open.count - page["open_count"]):
            subtitle += f" {figures.counted(aside, 'of them is', 'of them are')} put aside."
        page |= {
            "shown": shown,
            "zone": zone,
            "summary": summary,
            "chart": chart.draw(summary.days),
            "grid": grid.draw(
                summary.counts, [day.date for day in summary.days], chosen.name if chosen else ""
            ),
            "money": this_month.look(shown, chosen, now.astimezone(zone).date()),
            "lost": connection.lost(shown),
            "title": title,
            "subtitle": subtitle,
        }
    return render(request, "dashboard/overview.html", page)
