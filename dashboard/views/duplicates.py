"""Duplicate payments: those that wait for a decision, those that came over unapplied, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from connector.engine import actions, decisions, rivals, roles
from connector.engine.actions import Pair
from connector.failures import describe
from connector.models import Decision, Job, StripeAccount
from dashboard import duplicates, figures
from dashboard.access import allowed, staff_page
from dashboard.forms import ReasonForm
from dashboard.links import stripe_link
from dashboard.named import account_or_404, job_or_404
from dashboard.postings import postings
from dashboard.standing import is_moving
from dashboard.zones import shared_zone

PER_PAGE = 50
MOST_WAITING = 100
CHANGED = "The invoice has changed since you opened this page: reload, and look at both payments as they are."
WORKED_ON = "Already being worked on."
NOT_ASKED = "Nothing is to be allowed here any more."


@staff_page
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The page `/duplicates/`."""
    came_over = Paginator(duplicates.came_over(), PER_PAGE).get_page(request.GET.get("page"))
    waiting = duplicates.waiting(duplicates.asking()[: MOST_WAITING + 1])
    may_decide = request.user.has_perm(roles.DECIDE)
    page = {
        "here": "duplicates",
        "waiting": waiting[:MOST_WAITING],
        "is_more": len(waiting) > MOST_WAITING,
        "several": duplicates.several(waiting) if may_decide else [],
        "came_over": duplicates.with_grounds(came_over.object_list),
        "page": came_over,
        "zone": shared_zone(StripeAccount.objects.all()),
        "may_decide": may_decide,
    }
    return render(request, "dashboard/duplicates.html", page)


@allowed(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, charge_id: str) -> HttpResponse:
    """Both payments side by side, and the button; a GET only shows, a POST decides.

    A button that cannot be pressed is grey and says why.
    """
    job = job_or_404(pk)
    if known := decisions.of_charge(job.account, charge_id):
        return _told(request, known, job)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    blocked = _blocked(request, job, charge_id)
    if blocked or not form.is_valid():
        return render(request, "dashboard/decide.html", _page(job, charge_id, form, blocked))
    pair = Pair(job.pk, request.POST["seen"], charge_id)
    try:
        action, _ = actions.allow([pair], who=request.user.get_username(), why=form.cleaned_data["why"])
    except actions.Stale:
        messages.warning(request, CHANGED)
        return redirect("dashboard:decide", pk, charge_id)
    return redirect("dashboard:needs_done", action.pk)


def _blocked(request: HttpRequest, job: Job, charge_id: str) -> str:
    """Why the button cannot be pressed."""
    if is_moving(job):
        return WORKED_ON
    if charge_id not in decisions.asked_of(job):
        return NOT_ASKED
    is_stale = request.method == "POST" and request.POST.get("seen") != actions.version([job])
    return CHANGED if is_stale else ""


def _told(request: HttpRequest, known: Decision, job: Job) -> HttpResponse:
    """Somebody was first: what they did, and how it fares."""
    messages.info(request, f"{known.who} has allowed it already. There is nothing more to press.")
    if known.action is None:
        return redirect("dashboard:job", pk=job.pk)
    return redirect("dashboard:needs_done", known.action.pk)


def _page(job: Job, charge_id: str, form: ReasonForm, blocked: str) -> dict[str, Any]:
    page = {
        "here": "duplicates",
        "job": job,
        "charge_id": charge_id,
        "form": form,
        "blocked": blocked,
        "may_reload": blocked == CHANGED,
        "seen": actions.version([job]),
    }
    try:
        found = rivals.read(job, charge_id)
    except rivals.CannotTell as reason:
        return page | {"cannot_tell": str(reason)}
    books = job.account.netsuite_account
    return page | {
        "found": found,
        "zone": job.account.zone,
        "earlier": [duplicates.shown(payer, job.account) for payer in found.earlier],
        "invoices": duplicates.with_links(found.invoices, books),
        "stripe_link": stripe_link(job.account, charge_id),
        "booking": postings(books, found.booking),
    }


# Several at once


@allowed(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide_several(request: HttpRequest, account: str, code: str) -> HttpResponse:
    """Pairs of payments of one cause, each with a tick of its own; a POST decides those that are ticked."""
    ticked = request.POST.getlist("pair")[: duplicates.MOST]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if ticked and form.is_valid():
        chosen = [pair for pair in map(duplicates.picked, ticked) if pair]
        owner = account_or_404(account)
        return _decide_all(request, owner, code, chosen, form.cleaned_data["why"])
    asking = list(duplicates.asking(account, code)[:MOST_WAITING]) if code in decisions.ASKED else []
    waiting = duplicates.waiting(asking)
    if not waiting:
        account_or_404(account)
        messages.info(request, "None of these payments waits for a decision any more.")
        return redirect("dashboard:duplicates")
    owner = waiting[0].job.account
    shown = duplicates.pairs(owner, waiting[: duplicates.MOST], ticked)
    page = {
        "here": "duplicates",
        "account": owner,
        "zone": owner.zone,
        "failure": describe(code),
        "pairs": shown,
        "totals": duplicates.totals(shown),
        "more": len(waiting) - len(waiting[: duplicates.MOST]),
        "form": form,
        "lacks_tick": request.method == "POST" and not ticked,
    }
    return render(request, "dashboard/decide_several.html", page)


def _decide_all(
    request: HttpRequest, account: StripeAccount, code: str, chosen: list[Pair], why: str
) -> HttpResponse:
    try:
        action, left = actions.allow(chosen, who=request.user.get_username(), why=why)
    except actions.Stale:
        known = decisions.of_charge(account, chosen[0].charge) if chosen else None
        if known and known.action:
            return _told(request, known, known.job)
        messages.warning(request, "They have changed since you opened the page. Nothing was decided.")
        return redirect("dashboard:decide_several", account.name, code)
    if left:
        jobs = Job.objects.in_bulk([pair.job for pair in left])
        names = figures.joined([f"{jobs.get(pair.job, '')} {pair.charge}".strip() for pair in left])
        messages.warning(request, f"Left out, because changed since you opened the page: {names}.")
    return redirect("dashboard:needs_done", action.pk)
