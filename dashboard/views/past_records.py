"""Past records: look at what would be brought, bring it, watch it, stop it, and read the comparison."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from connector.engine import past_records as engine
from connector.engine import roles
from connector.engine.backfill_hold import NotBegun, Paused
from connector.models import Backfill, BackfillLook, StripeAccount
from dashboard import exports, fragment, past_records
from dashboard.access import allowed, demand, staff_page, who_can
from dashboard.named import row_or_404
from dashboard.past_records import PastForm
from dashboard.views.job import STOP_POLLING
from dashboard.zones import shared_zone

PER_PAGE = 20
LOOKS_SHOWN = 5


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """The page `/past-records/`: a GET shows runs and looks, a POST asks for a look, which writes nothing."""
    accounts = StripeAccount.objects.order_by("name")
    if request.method == "POST":
        demand(request, roles.RUN_BACKFILL)
    given = request.POST if request.method == "POST" else request.GET
    form = PastForm(given if "account" in given else None, accounts)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        kinds = engine.kinds_of(clean["kinds"])
        wanted = (clean["account"], clean["first_day"], clean["last_day"], kinds)
        asked, is_new = engine.ask(*wanted, who=request.user.get_username())
        if not is_new:
            messages.info(
                request, "Past records of this account are being looked at already. This is how it stands."
            )
        return redirect("dashboard:past_look", asked.pk)
    rows = Backfill.objects.select_related("account").order_by("-started_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    looks = BackfillLook.objects.select_related("account").defer("told")[:LOOKS_SHOWN]
    shown = {
        "here": "past records",
        "form": form,
        "page": page,
        "runs": [(row, past_records.run_standing(row), past_records.days(row)) for row in page],
        "looks": [(row, past_records.look_standing(row), past_records.days(row)) for row in looks],
        "zone": shared_zone(accounts),
        "has_accounts": bool(accounts),
        **_rights(request),
    }
    return render(request, "dashboard/past_records.html", shown)


@staff_page
@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/past-records/looks/<pk>/`; htmx asks it for its changing part."""
    row = _look(pk)
    shown = _page(request, row, row.told, is_moving=row.is_moving) | {
        "standing": past_records.look_standing(row),
        "proofs": past_records.proofs(row.told, dry=True),
        "to_book": past_records.to_book(row.told),
        "estimate": past_records.estimate(row.told),
        "can_bring": row.state in (BackfillLook.State.DONE, BackfillLook.State.TOO_LONG),
    }
    return _answer(request, "look", shown)


@allowed(roles.RUN_BACKFILL)
@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring what a look was about."""
    row = _look(pk)
    if row.state not in (BackfillLook.State.DONE, BackfillLook.State.TOO_LONG):
        messages.warning(request, "Wait until it was looked at, then decide.")
        return redirect("dashboard:past_look", pk)
    return _start(request, row)


@staff_page
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/past-records/<pk>/`; htmx asks it for its changing part."""
    row = _run(pk)
    shown = _page(request, row, row.proof, is_moving=row.state == Backfill.State.RUNNING) | {
        "standing": past_records.run_standing(row),
        "causes": past_records.causes(row) if not row.proof else [],
        "steps": past_records.steps(row),
        "proofs": past_records.proofs(row.proof, dry=False),
    }
    return _answer(request, "run", shown)


@allowed(roles.RUN_BACKFILL)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run after the document in hand."""
    row = _run(pk)
    if engine.stop(row, who=request.user.get_username()):
        messages.success(request, "It stops after the document in hand. What is in NetSuite stays there.")
    else:
        messages.info(request, "There is nothing to stop here: it has ended, or it stops already.")
    return redirect("dashboard:past_run", pk)


@allowed(roles.RUN_BACKFILL)
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a run that was stopped or broke off."""
    row = _run(pk)
    if row.state != Backfill.State.INTERRUPTED:
        messages.info(request, "It does not stand still. There is nothing more to press.")
        return redirect("dashboard:past_run", pk)
    return _start(request, row)


@staff_page
@require_safe
def export(request: HttpRequest, pk: int, file: str) -> HttpResponse:
    """The comparison of a run as `all.xlsx`, or one of its tables as CSV."""
    row = _run(pk)
    return exports.as_file(past_records.sheets(row), file, f"past-records-{row.account.name}-{pk}")


def _look(pk: int) -> BackfillLook:
    return row_or_404(BackfillLook.objects.select_related("account"), f"look {pk}", pk=pk)


def _run(pk: int) -> Backfill:
    return row_or_404(Backfill.objects.select_related("account"), f"run {pk}", pk=pk)


def _start(request: HttpRequest, wanted: Backfill | BackfillLook) -> HttpResponse:
    try:
        row = engine.start(
            wanted.account, wanted.date_from, wanted.date_to, wanted.kinds, who=request.user.get_username()
        )
    except Paused as why:
        messages.warning(request, str(why))
        return redirect("dashboard:past_records")
    except NotBegun:
        messages.info(
            request, "Past records of this account are being brought already. This is how it stands."
        )
        row = Backfill.objects.get(account=wanted.account, state=Backfill.State.RUNNING)
    else:
        messages.success(request, "They are being brought. You may leave this page.")
    return redirect("dashboard:past_run", row.pk)


def _rights(request: HttpRequest) -> dict[str, Any]:
    return {"may_run": request.user.has_perm(roles.RUN_BACKFILL), "who_can": who_can(roles.RUN_BACKFILL)}


def _page(
    request: HttpRequest, row: Backfill | BackfillLook, told: past_records.Json, *, is_moving: bool
) -> dict[str, Any]:
    """What the page of a look and that of a run both show."""
    return {
        "here": "past records",
        "row": row,
        "days": past_records.days(row),
        "kinds": past_records.kinds_words(row.kinds),
        "doing": past_records.doing(row.now) if is_moving else "",
        "pace": past_records.pace(row.now) if is_moving else "",
        "open": past_records.open_words(told),
        "left": past_records.left(told),
        "again": past_records.address_of(row.account, row.date_from, row.date_to, row.kinds),
        "zone": row.account.zone,
        "is_moving": is_moving,
        **_rights(request),
    }


def _answer(request: HttpRequest, what: str, shown: dict[str, Any]) -> HttpResponse:
    """The page, or its changing part when htmx asks, for the last time once nothing moves any more."""
    if not fragment.is_asked(request):
        return render(request, f"dashboard/past_{what}.html", shown)
    status = 200 if shown["is_moving"] else STOP_POLLING
    return render(request, f"dashboard/_past_{what}.html", shown, status=status)
