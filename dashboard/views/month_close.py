"""Month close: the months of each account, one month's checklist, its tick, and the evidence as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from connector.engine import comparing, roles
from connector.engine import month_close as engine
from connector.engine.months import Month, following, look
from connector.failures import describe
from connector.models import Job, MonthClose, StripeAccount
from dashboard import exports, month_close, month_sheets
from dashboard.access import allowed, staff_page, who_can
from dashboard.named import account_or_404

SHOWN = 20
"""So many records that need somebody are named; the evidence names them all."""
LONGEST_REASON = 500


@staff_page
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """The page `/month-close/`; `until=2025-11` begins the list there."""
    accounts = list(StripeAccount.objects.order_by("name"))
    listed = month_close.months_of(accounts, month_close.read(request.GET.get("until", "")))
    oldest = min(
        (rows[-1].month.first for _, rows in listed if len(rows) == month_close.AT_ONCE), default=None
    )
    page = {
        "here": "month close",
        "listed": listed,
        "older": month_close.before(oldest) if oldest else None,
        "newer": bool(request.GET.get("until")),
    }
    return render(request, "dashboard/months.html", page)


@staff_page
@require_safe
def month(request: HttpRequest, account: str, month: str) -> HttpResponse:
    """The page `/month-close/<account>/<yyyy-mm>/`."""
    one = _month(account, month)
    return render(request, "dashboard/month_close.html", _page(request, one))


@allowed(roles.CLOSE_MONTH)
@require_POST
def tick(request: HttpRequest, account: str, month: str) -> HttpResponse:
    """Tick the month, if it still stands as the page showed it."""
    one = _month(account, month)
    reason = _reason(request)
    try:
        engine.tick(
            one, who=request.user.get_username(), reason=reason, seen_then=request.POST.get("seen", "")
        )
    except engine.ReasonNeeded as error:
        return render(request, "dashboard/month_close.html", _page(request, one) | {"lacks": str(error)})
    except engine.NotTicked as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"{month_close.name_of(one.first)} is ticked, with your name and the time.")
    return redirect("dashboard:month", account, month)


@allowed(roles.CLOSE_MONTH)
@require_POST
def take_back(request: HttpRequest, account: str, month: str) -> HttpResponse:
    """Take the tick back, if it is the one that the page showed."""
    one = _month(account, month)
    try:
        engine.take_back(
            one,
            who=request.user.get_username(),
            reason=_reason(request),
            seen_then=request.POST.get("seen", ""),
        )
    except engine.NotTicked as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "The tick is taken back. The month is open again.")
    return redirect("dashboard:month", account, month)


@allowed(roles.CLOSE_MONTH)
@require_POST
def compare(request: HttpRequest, account: str, month: str) -> HttpResponse:
    """Have the month's payouts, the balances and the records in NetSuite compared now; only reads."""
    one = _month(account, month)
    if comparing.ask(one.account, one.first, one.last, records=True):
        messages.success(request, "We are comparing. Load this page again in a while to see what was found.")
    else:
        messages.info(request, "A comparison was asked for a moment ago. Load this page again in a while.")
    return redirect("dashboard:month", account, month)


@staff_page
@require_safe
def evidence(request: HttpRequest, account: str, month: str) -> HttpResponse:
    """The month as a workbook: checklist, figures, payouts, differences, ticks."""
    one = _month(account, month)
    sheets = month_sheets.of_month(one, look(one), _ticks(one))
    return exports.as_excel(sheets, f"month-close-{one.account.name}-{month}")


def _month(account: str, text: str) -> Month:
    """Raises Http404 where there is no such account, and for a month that has not begun."""
    first = month_close.read(text)
    if first is None:
        raise Http404(f"{account}, {text}")
    found = Month(account_or_404(account), first)
    if not found.has_begun:
        name = month_close.name_of(first)
        raise Http404(f"{account}, {name}", f"{name} has not begun. It can be looked at from its first day.")
    return found


def _ticks(month: Month) -> list[MonthClose]:
    return list(MonthClose.objects.filter(account=month.account, month=month.first).order_by("-pk"))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:LONGEST_REASON]


def _page(request: HttpRequest, month: Month) -> dict[str, Any]:
    found, ticks = look(month), _ticks(month)
    standing = next((one for one in ticks if one.ended_at is None), None)
    changes = engine.changes(standing, found) if standing else []
    after = Month(month.account, following(month.first))
    asking = Job.objects.filter(pk__in=found.asking[:SHOWN]).order_by("created_at", "pk")
    is_changed = bool(standing and (changes or standing.reopened_at))
    return {
        "here": "month close",
        "month": month,
        "name": month_close.name_of(month.first),
        "zone": month.account.zone,
        "standing": month_close.standing_of(standing, found),
        "lines": month_close.lines(month, found.items),
        "complete": found.complete,
        "sums": month_close.sums(found.figures),
        "asking": [(job, describe(job.code).title) for job in asking] if found.asking else [],
        "more_asking": max(found.items[0].count - SHOWN, 0),
        "tick": standing,
        "is_changed": is_changed,
        "changes": month_close.change_sentences(changes),
        "earlier": [one for one in ticks if one.ended_at],
        "may_tick": request.user.has_perm(roles.CLOSE_MONTH),
        "who_can": who_can(roles.CLOSE_MONTH),
        "can_tick": not standing or is_changed,
        "seen": engine.seen(found, standing),
        "reason": request.POST.get("reason", ""),
        "before": month_close.address_of(Month(month.account, month_close.before(month.first))),
        "after": month_close.address_of(after) if after.has_begun else "",
    }
