"""Payouts: the list, one payout line by line, and both as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from connector.engine import comparing, roles
from connector.models import DriftCheck, Payout, StripeAccount
from dashboard import exports, figures, payout_sheets
from dashboard import payouts as shown
from dashboard.access import allowed, staff_page
from dashboard.forms import PayoutFilterForm
from dashboard.links import stripe_link
from dashboard.named import row_or_404
from dashboard.payout_tables import LineTable, PayoutTable
from dashboard.selection import count_and_money_of, exact
from dashboard.zones import shared_zone

MANUAL = "https://docs.stripe.com/payouts/reconciliation"
"""Stripe's own words on what it does not tell of payouts that a person starts."""
SOON = "Load this page again in a while to see what was found."


@staff_page
@require_safe
def payouts(request: HttpRequest) -> HttpResponse:
    """The page `/payouts/`, as the last comparison left it; nothing is asked of Stripe or NetSuite."""
    form = _asked(request)
    wanted = form.wanted()
    accounts = [wanted.account] if wanted.account else form.accounts
    zone = shared_zone(accounts)
    found = shown.listed(wanted)
    table = PayoutTable(found)
    count, sums = count_and_money_of(found)
    _arrange(table, request, count)
    now = comparing.standing(accounts)
    altered = list(shown.changed_in(accounts)[: shown.MOST_CHANGED + 1])
    page = {
        "here": "payouts",
        "form": form,
        "table": table,
        "zone": zone,
        "query": request.GET.urlencode(),
        "sort": request.GET.get("sort", ""),
        "sums": sums,
        "count": figures.counted(count, "payout", "payouts"),
        "loosen": figures.joined(form.used()),
        "balances": shown.balances_of(accounts),
        "changed": [shown.changed(one) for one in altered[: shown.MOST_CHANGED]],
        "more_changed": len(altered) > shown.MOST_CHANGED,
        "checks": _last_checks(accounts),
        "several": len(accounts) > 1,
        "may_compare": request.user.has_perm(roles.RESOLVE),
        "comparing": [(account, now[account.pk]) for account in accounts],
    }
    return render(request, "dashboard/payouts.html", page)


@staff_page
@require_safe
def payout(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/payouts/<pk>/`: three sides of one payout, each odd line, and all of its parts."""
    one = _payout(pk)
    kinds = shown.kinds_of(one)
    stripe, total = exact(one.amount, one.currency), shown.total_of(kinds, one.currency)
    table = LineTable(shown.lines_of(one), one)
    _arrange(table, request)
    page: dict[str, Any] = {
        "here": "payouts",
        "payout": one,
        "zone": one.account.zone,
        "standing": shown.shape(one),
        "compared": shown.is_compared(one),
        "stripe": stripe,
        "stripe_says": one.status.replace("_", " "),
        "mapped": shown.money_in(one, shown.tie_out(one).mapped) if shown.is_compared(one) else None,
        "netsuite": shown.money_in(one, shown.tie_out(one).netsuite) if shown.is_compared(one) else None,
        "gap": shown.money_in(one, one.gap),
        "deposits": shown.deposits_of(one),
        "odd": shown.odd_lines(one),
        "kinds": kinds,
        "total": total,
        "rest": stripe - total.net,
        "table": table,
        "stripe_page": stripe_link(one.account, one.payout_id),
        "manual": MANUAL,
        "may_compare": request.user.has_perm(roles.RESOLVE),
        "comparing": comparing.standing([one.account])[one.account.pk],
    }
    return render(request, "dashboard/payout.html", page)


@allowed(roles.RESOLVE)
@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Have the payouts of the page that are open compared now, account by account; only reads."""
    form = _asked(request)
    wanted = form.wanted()
    for account in _accounts(wanted):
        days = shown.open_days(account, wanted)
        if days is None:
            messages.info(request, f"{account}: no payout of these filters is open, so nothing is compared.")
        elif comparing.ask(account, *days, records=False):
            first, last = map(figures.day, days)
            messages.success(
                request, f"{account}: we are comparing what arrived from {first} to {last}. {SOON}"
            )
        else:
            messages.info(request, f"{account}: a comparison is under way. {SOON}")
    query = request.GET.urlencode()
    return redirect(reverse("dashboard:payouts") + (f"?{query}" if query else ""))


@allowed(roles.RESOLVE)
@require_POST
def compare_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one payout compared now, with those that arrived on its day; only reads."""
    one = row_or_404(Payout.objects.select_related("account"), f"payout {pk}", pk=pk)
    if comparing.ask(one.account, one.arrival_date, one.arrival_date, records=False):
        messages.success(request, f"We are comparing this payout. {SOON}")
    else:
        messages.info(request, f"A comparison is under way. {SOON}")
    return redirect("dashboard:payout", pk)


@staff_page
@require_safe
def export(request: HttpRequest, file: str) -> HttpResponse:
    """The list as `all.xlsx`, or one of its tables as CSV, with the filters of the page."""
    wanted = _asked(request).wanted()
    found = shown.listed(wanted).order_by("-arrival_date", "-pk")
    sheets = payout_sheets.of_all(found, _accounts(wanted))
    return exports.as_file(sheets, file, "payouts")


@staff_page
@require_safe
def export_one(request: HttpRequest, pk: int, file: str) -> HttpResponse:
    """One payout as `all.xlsx`, or one of its tables as CSV."""
    one = _payout(pk)
    return exports.as_file(payout_sheets.of_one(one), file, one.payout_id)


def _payout(pk: int) -> shown.Listed:
    return row_or_404(shown.listed(shown.Wanted()), f"payout {pk}", pk=pk)


def _asked(request: HttpRequest) -> PayoutFilterForm:
    return PayoutFilterForm(request.GET, StripeAccount.objects.order_by("name"))


def _accounts(wanted: shown.Wanted) -> list[StripeAccount]:
    return [wanted.account] if wanted.account else list(StripeAccount.objects.order_by("name"))


def _arrange(table: PayoutTable | LineTable, request: HttpRequest, count: int | None = None) -> None:
    """Sort by the columns that allow it and cut the page; odd values give the nearest page that exists.

    The key makes every order complete: no row may stand on two pages, or on none. `count` is how many
    rows there are, where they were counted before.
    """
    if sort := request.GET.getlist("sort"):
        table.order_by = sort
    rows = table.data.data
    table.data.data = rows.order_by(*rows.query.order_by, "-pk")
    table.paginator = Paginator(table.rows, table.Meta.per_page)
    if count is not None:
        table.paginator.count = count
    table.page = table.paginator.get_page(request.GET.get("page"))


def _last_checks(accounts: Sequence[StripeAccount]) -> list[DriftCheck]:
    """The newest look at the records of each account."""
    newer = DriftCheck.objects.filter(account=OuterRef("account"), pk__gt=OuterRef("pk"))
    newest = DriftCheck.objects.filter(~Exists(newer), account__in=accounts)
    return list(newest.select_related("account").order_by("account__name"))
