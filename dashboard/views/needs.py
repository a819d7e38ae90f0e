"""Needs you: the cards, what is done with their causes, saved views, and the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from connector.engine import causes as engine
from connector.engine import roles
from connector.engine.actions import Stale
from connector.failures import FAILURES
from connector.models import Cause, StripeAccount
from dashboard import exports, figures, fragment, needs, saved_views
from dashboard.access import allowed, staff_page, who_can
from dashboard.exports import Cell, Sheet
from dashboard.links import console_link
from dashboard.named import account_or_404
from dashboard.needs_forms import AsideForm, AssignForm, NeedsFilterForm, NoteForm
from dashboard.selection import exact
from dashboard.zones import shared_zone

PAGE = "needs"
CHANGED = "Somebody has changed this since you opened the page. Look at it as it stands now, then decide."


@staff_page
@require_safe
def needs_you(request: HttpRequest) -> HttpResponse:
    """The page `/needs-you/`; htmx asks for its counts alone, since a list must not move under a hand."""
    form, accounts, causes = _asked(request)
    jobs = needs.open_jobs(form.wanted())
    shown = needs.cards(jobs, accounts, causes)
    top = needs.headline(shown)
    zone, now = shared_zone(accounts), timezone.now()
    seen = needs.version(shown)
    here = [card for card in shown if not card.is_aside]
    pages = Paginator(here, needs.CARDS).get_page(request.GET.get("page"))
    aside = [card for card in shown if card.is_aside] if not pages.has_next() else []
    page = {
        "here": "open",
        "form": form,
        "seen": request.GET.get("seen", seen),
        "has_changed": request.GET.get("seen", seen) != seen,
        "loosen": figures.joined(form.used()),
        "pages": pages,
        "cards": pages.object_list,
        "aside": aside,
        "top": top,
        "several": len(accounts) > 1,
        "zone": zone,
        "now": now,
        **saved_views.of(request, PAGE, form.query()),
        "may_resolve": request.user.has_perm(roles.RESOLVE),
        "may_decide": request.user.has_perm(roles.DECIDE),
        "who_can": who_can(roles.RESOLVE),
    }
    if fragment.is_asked(request):
        return render(request, "dashboard/_needs_top.html", page | {"is_update": True})
    needs.fold_in([*pages.object_list, *aside], jobs)
    if not shown:
        yesterday = now.astimezone(zone).date() - timedelta(days=1)
        page["yesterday"] = needs.booked_on(yesterday, zone)
    return render(request, "dashboard/needs.html", page)


def _asked(request: HttpRequest) -> tuple[NeedsFilterForm, list[StripeAccount], list[Cause]]:
    accounts = list(StripeAccount.objects.select_related("netsuite_account").order_by("name"))
    causes = list(Cause.objects.select_related("assignee"))
    people = sorted({cause.assignee.get_username() for cause in causes if cause.assignee})
    return NeedsFilterForm(request.GET, accounts, people), accounts, causes


def query_of(request: HttpRequest) -> str:
    """The filters of the page that make sense, as part of an address."""
    form, _, _ = _asked(request)
    form.wanted()
    return form.query()


@staff_page
@require_safe
def export(request: HttpRequest, file: str) -> HttpResponse:
    """The records of the page, with its filters, as `needs-you.csv` or `needs-you.xlsx`."""
    form, accounts, causes = _asked(request)
    return exports.as_file({"needs-you": _sheet(form, accounts, causes)}, file, "needs-you")


HEADS = ("Why", "Account", "What", "Customer", "Amount", "Currency", "Stripe id", "Looked after by", "Note")


def _sheet(form: NeedsFilterForm, accounts: list[StripeAccount], causes: list[Cause]) -> Sheet:
    zone, by_key = shared_zone(accounts), {(cause.account_id, cause.code): cause for cause in causes}

    def row(job: Any) -> Sequence[Cell]:
        cause = by_key.get((job.account_id, job.code))
        failure = FAILURES.get(job.code)
        return (
            failure.title if failure else job.code,
            job.account.name,
            str(job),
            job.customer_name,
            exact(job.amount, job.currency) if job.currency and job.amount is not None else None,
            job.currency,
            job.subject,
            cause.assignee.get_username() if cause and cause.assignee else "",
            cause.note if cause else "",
            job.created_at.astimezone(zone),
            job.message,
            console_link(job.subject),
        )

    found = needs.open_jobs(form.wanted()).select_related("account").order_by("account", "code", "created_at")
    return Sheet(
        "Needs you", (*HEADS, f"Since ({zone.key})", "Particulars", "Page"), map(row, found.iterator())
    )


# A cause


@allowed(roles.RESOLVE)
@require_http_methods(["GET", "HEAD", "POST"])
def cause(request: HttpRequest, account: str, code: str) -> HttpResponse:
    """Who looks after a cause, its note, and until when it is put aside; a POST changes one of them."""
    owner = account_or_404(account)
    row = Cause.objects.select_related("assignee").filter(account=owner, code=code).first()
    row = row or Cause(account=owner, code=code)
    count = needs.open_jobs(needs.Wanted(account=owner, code=code)).count()
    if code not in FAILURES or not (row.pk or count):
        return redirect("dashboard:needs")
    deed = request.POST.get("do", "")
    data = request.POST if request.method == "POST" else None
    forms = {
        "assign": AssignForm(data if deed == "assign" else None, row.assignee),
        "note": NoteForm(data if deed == "note" else None, row.note),
        "aside": AsideForm(data if deed == "aside" else None, owner.zone),
    }
    if data is not None and (deed == "take_up" or (deed in forms and forms[deed].is_valid())):
        return _changed(request, owner, code, deed, forms, count)
    page = {
        "here": "open",
        "account": owner,
        "cause": row,
        "failure": FAILURES[code],
        "count": count,
        "forms": forms,
        "is_aside": row.is_aside(count),
        "zone": owner.zone,
    }
    return render(request, "dashboard/needs_cause.html", page)


def _changed(
    request: HttpRequest, account: StripeAccount, code: str, deed: str, forms: dict[str, Any], count: int
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    same: dict[str, Any] = {
        "seen": int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
        "who": request.user.get_username(),
    }
    clean = forms[deed].cleaned_data if deed in forms else {}
    try:
        if deed == "assign":
            engine.assign(account, code, clean["person"], **same)
        elif deed == "note":
            engine.note(account, code, clean["note"], **same)
        elif deed == "aside":
            more = count + engine.MORE if clean["more"] else None
            engine.put_aside(account, code, until=forms[deed].moment(), count=more, **same)
        else:
            engine.take_up(account, code, **same)
    except Stale:
        messages.warning(request, CHANGED)
        return redirect("dashboard:needs_cause", account.name, code)
    messages.success(request, DONE[deed])
    return redirect("dashboard:needs")


DONE = {
    "assign": "It is noted who looks after it.",
    "note": "The note is kept.",
    "aside": "It is put aside. It stands at the end of this page until then.",
    "take_up": "It is taken up again.",
}
