"""History: the page of who did what, and its files."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connector.models import StripeAccount
from dashboard import exports, figures
from dashboard import history as shown
from dashboard.access import staff_page
from dashboard.forms import HistoryFilterForm
from dashboard.zones import shared_zone

MOST_NAMES = 200
"""Names that the field of the person offers."""


@staff_page
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """The page `/history/`, the newest first; `older` is the entry that the page before ended with."""
    form = HistoryFilterForm(request.GET, StripeAccount.objects.order_by("name"))
    wanted = form.wanted()
    zone = shared_zone([wanted.account] if wanted.account else form.accounts)
    older = request.GET.get("older", "")
    entries, more = shown.page_of(
        shown.listed(wanted, zone), int(older) if older.isdecimal() and len(older) < 19 else None
    )
    query = request.GET.copy()
    query.pop("older", None)
    staff = get_user_model().objects.filter(is_staff=True).order_by("username")
    page = {
        "here": "history",
        "form": form,
        "names": list(staff.values_list("username", flat=True)[:MOST_NAMES]),
        "rows": shown.page(entries, zone),
        "last": entries[-1].pk if more else None,
        "is_older": bool(older),
        "query": query.urlencode(),
        "loosen": figures.joined(form.used()),
        "zone": zone,
        "several": len(form.accounts) > 1,
    }
    return render(request, "dashboard/history.html", page)


@staff_page
@require_safe
def export(request: HttpRequest, file: str) -> HttpResponse:
    """The entries that fit the page's filters, as `history.csv` or `history.xlsx`."""
    form = HistoryFilterForm(request.GET, StripeAccount.objects.order_by("name"))
    wanted = form.wanted()
    zone = shared_zone([wanted.account] if wanted.account else StripeAccount.objects.all())
    return exports.as_file({"history": shown.sheet(shown.listed(wanted, zone))}, file, "history")
