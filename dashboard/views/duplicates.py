"""Duplicate payments: those that wait for a decision, those that came over unapplied, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from connector.engine import decisions, rivals, roles
from connector.models import Decision, Job, StripeAccount
from dashboard import duplicates
from dashboard.access import allowed, staff_page
from dashboard.forms import DecisionForm
from dashboard.links import stripe_link
from dashboard.postings import postings
from dashboard.standing import is_moving, seen
from dashboard.views.find import not_found
from dashboard.zones import shared_zone

PER_PAGE = 50
CHANGED = "This record has changed since you opened the page. Look at it as it stands now, then decide."


@staff_page
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The page `/duplicates/`."""
    came_over = Paginator(duplicates.came_over(), PER_PAGE).get_page(request.GET.get("page"))
    page = {
        "here": "duplicates",
        "waiting": duplicates.waiting(),
        "came_over": duplicates.with_grounds(came_over.object_list),
        "page": came_over,
        "zone": shared_zone(StripeAccount.objects.all()),
        "may_decide": request.user.has_perm(roles.DECIDE),
    }
    return render(request, "dashboard/duplicates.html", page)


@allowed(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, charge_id: str) -> HttpResponse:
    """Both payments side by side, and the button; a GET only shows, a POST decides."""
    job = Job.objects.select_related("account__netsuite_account").filter(pk=pk).first()
    if job is None:
        return not_found(request, f"record {pk}")
    if known := Decision.objects.filter(account=job.account, stripe_id=charge_id).first():
        messages.info(request, f"{known.who} has allowed it already. There is nothing more to press.")
        return redirect("dashboard:job", pk=pk)
    is_stale = request.method == "POST" and request.POST.get("seen") != seen(job)
    if is_moving(job) or is_stale or charge_id not in decisions.asked_of(job):
        messages.warning(request, CHANGED)
        return redirect("dashboard:job", pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "dashboard/decide.html", _page(job, charge_id, form))
    try:
        who = request.user.get_username()
        decisions.allow_duplicate(job, charge_id, who=who, why=form.cleaned_data["why"])
    except decisions.NotAsked:
        messages.warning(request, CHANGED)
    else:
        messages.success(request, "It is allowed. The payment comes over unapplied; this page shows it.")
    return redirect("dashboard:job", pk=pk)


def _page(job: Job, charge_id: str, form: DecisionForm) -> dict[str, Any]:
    page = {"here": "duplicates", "job": job, "charge_id": charge_id, "form": form, "seen": seen(job)}
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
