"""Buttons of Needs you: a dialog with count and money, the deed, ten seconds to undo, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from connector.engine import actions, decisions, roles, settlements
from connector.failures import describe
from connector.models import Action, Job, MappedRecord, Settlement, StripeAccount
from connector.models.audit import Verb
from dashboard import figures, fragment, needs, open_periods, selection
from dashboard.access import allowed, demand, staff_page, who_can
from dashboard.forms import ReasonForm
from dashboard.links import netsuite_periods
from dashboard.named import job_or_404, row_or_404
from dashboard.needs import Wanted
from dashboard.needs_forms import ByHandForm, NeedsFilterForm
from dashboard.standing import WAITING, Standing, is_moving, standing
from dashboard.views.job import STOP_POLLING

SHOWN, SHOWN_DONE = 10, 50
MOST_CHOSEN = 1000
CHANGED = "These records have changed since you opened the page. Look at them as they stand now, then decide."
NOTHING_LEFT = "None of these records needs anybody any more."


@dataclass(frozen=True, slots=True)
class Deed:
    """A button of the page, in words; `kind` is how it settles a record outside, if it does."""

    slug: str
    title: str
    button: str
    kind: Settlement.Kind | None = None
    permission: str = roles.RESOLVE


TRY_AGAIN = Deed("try-again", "Try again", "Try again")
OPEN_PERIOD = Deed("open-period", "Use the next open period", "Date in the open period", None, roles.DECIDE)
DEEDS = {
    deed.slug: deed
    for deed in (
        TRY_AGAIN,
        OPEN_PERIOD,
        Deed("skip", "Skip", "Skip", Settlement.Kind.SKIPPED),
        Deed(
            "by-hand",
            "Entered by hand in NetSuite",
            "Leave to what was entered by hand",
            Settlement.Kind.BY_HAND,
        ),
    )
}


@allowed(roles.RESOLVE)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """The dialog of a button over the records that the address names; a POST does it."""
    deed = DEEDS[slug]
    demand(request, deed.permission)
    chosen = _chosen(request)
    if deed is OPEN_PERIOD:
        chosen = [job for job in chosen if job.code == decisions.PERIOD_CLOSED]
    version = actions.version(chosen)
    form = _form(deed, request, len(chosen))
    is_same = request.POST.get("seen") == version
    if request.method == "POST" and (not is_same or form is None or form.is_valid()):
        return _do(request, deed, chosen, form)
    if not chosen:
        messages.info(request, NOTHING_LEFT)
        return redirect("dashboard:needs")
    return render(request, "dashboard/needs_dialog.html", _page(deed, chosen, version, form))


def _chosen(request: HttpRequest) -> list[Job]:
    """The records that the address names, which still need somebody and share their cause."""
    picked = [one for one in request.GET.getlist("job") if one.isdecimal() and len(one) < 19][:MOST_CHOSEN]
    accounts = list(StripeAccount.objects.filter(name=request.GET.get("account", "")))
    if picked:
        jobs = needs.open_jobs(Wanted()).filter(pk__in=picked)
    elif accounts and request.GET.get("cause"):
        form = NeedsFilterForm(request.GET, accounts, [request.GET.get("assignee", "")])
        wanted = form.wanted()
        jobs = needs.open_jobs(wanted).filter(account=accounts[0], code=request.GET["cause"])
    else:
        return []
    chosen = list(
        jobs.select_related("account__netsuite_account")
        .defer("problems", "message")
        .order_by("created_at", "pk")
    )
    return [job for job in chosen if (job.account_id, job.code) == (chosen[0].account_id, chosen[0].code)]


def _form(deed: Deed, request: HttpRequest, count: int) -> ReasonForm | None:
    """The reason; with an internal id only for one record, since an id is one record's."""
    data = request.POST if request.method == "POST" else None
    if deed is TRY_AGAIN:
        return None
    return ByHandForm(data) if deed.kind == Settlement.Kind.BY_HAND and count == 1 else ReasonForm(data)


def _do(request: HttpRequest, deed: Deed, chosen: Sequence[Job], form: ReasonForm | None) -> HttpResponse:
    who, version = request.user.get_username(), request.POST.get("seen", "")
    pks = [job.pk for job in chosen]
    try:
        if form is None:
            action = actions.try_again(pks, version, who=who)
        else:
            clean = form.cleaned_data if form.is_valid() else {"why": ""}
            if deed.kind:
                action = actions.settle(pks, version, deed.kind, who=who, **clean)
            else:
                action = actions.date_anew(pks, version, who=who, **clean)
    except actions.Stale:
        return _told_stale(request, version)
    return redirect("dashboard:needs_done", action.pk)


def _told_stale(request: HttpRequest, version: str) -> HttpResponse:
    done = actions.already(version)
    if done is None:
        messages.warning(request, CHANGED)
        return redirect(request.get_full_path())
    at = figures.clock(done.made_at, done.account.zone)
    deed = Verb(done.verb).label.lower()
    messages.info(request, f"{done.who} has done this at {at} already: {deed}. Nothing was done twice.")
    return redirect("dashboard:needs_done", done.pk)


def _page(deed: Deed, chosen: Sequence[Job], version: str, form: ReasonForm | None) -> dict[str, Any]:
    first = chosen[0]
    waiting = needs.payouts_waiting([job.subject for job in chosen]).get(
        (first.account_id, first.code), set()
    )
    unsure = MappedRecord.objects.filter(
        job__in=[job.pk for job in chosen], state=MappedRecord.State.UNCONFIRMED
    )
    rows = chosen[:SHOWN]
    moves = open_periods.moves(first.account, rows) if deed is OPEN_PERIOD else None
    return {
        "here": "open",
        "deed": deed,
        "form": form,
        "seen": version,
        "failure": describe(first.code),
        "account": first.account,
        "zone": first.account.zone,
        "count": figures.counted(len(chosen), "record", "records"),
        "number": len(chosen),
        "money": selection.sums_of((job.currency, job.amount) for job in chosen),
        "rows": [(job, moves.by_job.get(job.pk) if moves else None) for job in rows],
        "moves": moves,
        "periods_link": netsuite_periods(first.account.netsuite_account) if moves else "",
        "more": max(len(chosen) - SHOWN, 0),
        "payouts": sorted(waiting)[:SHOWN],
        "more_payouts": max(len(waiting) - SHOWN, 0),
        "unsure": unsure.values("job").distinct().count() if deed.kind else 0,
    }


# What came of it

FINAL = "The ten seconds to undo are over: this is final."
REVERSIBLE = (
    "The ten seconds to undo are over. "
    "What is written can be reversed in Stripe: a refund or a credit note there comes over too."
)
AFTERWARDS = {
    Verb.TRY_AGAIN: REVERSIBLE,
    Verb.NEXT_OPEN_PERIOD: REVERSIBLE,
    Verb.SKIP: f"{FINAL} To have a record brought after all, take the decision back on its page.",
    Verb.BY_HAND: f"{FINAL} To have a record brought from Stripe after all, delete or void in NetSuite what "
    "was entered by hand, then take the decision back on the record’s page.",
    Verb.ALLOW_DUPLICATE: f"{FINAL} The payment stands in NetSuite as a credit of the customer. To reverse "
    "it, refund it in Stripe, and the refund comes over too; or apply it to another invoice in NetSuite. Do "
    "not delete it there: its payout holds it.",
}
"""What can be done when the ten seconds to undo are over."""


@staff_page
@require_safe
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, with Undo while there is time, and how the records fare; htmx asks for that part."""
    action = row_or_404(Action.objects.select_related("account"), f"action {pk}", pk=pk)
    takes = _takes(action)
    page = _done_page(action) | {"who_can": "" if request.user.has_perm(takes) else who_can(takes)}
    if not fragment.is_asked(request):
        return render(request, "dashboard/needs_done.html", page)
    status = 200 if page["is_moving"] else STOP_POLLING
    return render(request, "dashboard/_needs_done.html", page | {"is_update": True}, status=status)


def _takes(action: Action | None) -> str:
    """The permission that undoing takes: who may do a thing may undo it."""
    return roles.DECIDE if action is not None and action.verb in actions.DECIDED else roles.RESOLVE


def _done_page(action: Action) -> dict[str, Any]:
    now = timezone.now()
    jobs = selection.with_signs(Job.objects.filter(pk__in=[one["job"] for one in action.jobs])).order_by("pk")
    counts: Counter[str] = Counter()
    rows: list[tuple[Job, Standing]] = []
    moving = False
    for job in jobs:
        stands = standing(job, unconfirmed=getattr(job, "unconfirmed", False), now=now)
        counts[WAITING.word if stands.until else stands.word] += 1
        moving = moving or (action.verb in actions.BEGINS_LATER and is_moving(job))
        if len(rows) < SHOWN_DONE:
            rows.append((job, stands))
    may_be_undone = action.undone_at is None and now <= action.undo_until
    return {
        "here": "duplicates" if action.verb == Verb.ALLOW_DUPLICATE else "open",
        "action": action,
        "failure": describe(action.code),
        "zone": action.account.zone,
        "count": figures.counted(len(action.jobs), "record", "records"),
        "counts": counts.most_common(),
        "rows": rows,
        "more": max(len(action.jobs) - SHOWN_DONE, 0),
        "may_be_undone": may_be_undone,
        "now": now,
        "seconds": max(ceil((action.undo_until - now).total_seconds()), 0),
        "is_moving": may_be_undone or (moving and action.undone_at is None),
        "begins_later": action.verb in actions.BEGINS_LATER,
        "afterwards": AFTERWARDS[Verb(action.verb)],
    }


@staff_page
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back within the ten seconds; later the page says that it is final, and what can be done."""
    action = Action.objects.filter(pk=pk).first()
    demand(request, _takes(action))
    return _undo(request, action, pk)


@require_POST
def _undo(request: HttpRequest, action: Action | None, pk: int) -> HttpResponse:
    if action is None:
        raise Http404(f"action {pk}")
    try:
        undone = actions.undo(action.pk, who=request.user.get_username())
    except actions.TooLate:
        messages.warning(request, "The ten seconds are over, so nothing was undone.")
    else:
        _tell_undone(request, undone, was_decided=action.verb in actions.DECIDED)
    return redirect("dashboard:needs_done", action.pk)


def _tell_undone(request: HttpRequest, undone: actions.Undone, *, was_decided: bool) -> None:
    if undone.back:
        back = figures.counted(undone.back, "record is as it was", "records are as they were")
        messages.success(request, f"Undone: {back}.")
    if undone.begun:
        begun = figures.counted(undone.begun, "record had", "records had")
        after = " It is looked at again without the decision." if was_decided else ""
        messages.warning(request, f"{begun} begun already, because Stripe told something new.{after}")


# A decision taken back, later


@allowed(roles.RESOLVE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a document brought that a person settled outside; a GET says what that means."""
    job = job_or_404(pk)
    settled = settlements.in_force(job.account, [job.subject]).get(job.subject)
    if settled is None or (request.method == "POST" and request.POST.get("seen") != f"{settled.pk}"):
        messages.info(request, "No decision of a person is in force here any more.")
        return redirect("dashboard:job", pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"here": "records", "job": job, "settled": settled, "seen": settled.pk, "form": form}
        page["zone"] = job.account.zone
        return render(request, "dashboard/needs_take_back.html", page)
    try:
        new = settlements.take_back(job, who=request.user.get_username(), why=form.cleaned_data["why"])
    except settlements.NotSettled:
        messages.info(request, "No decision of a person is in force here any more.")
        return redirect("dashboard:job", pk=pk)
    messages.success(request, "The decision is taken back, and the record is on its way.")
    return redirect("dashboard:job", pk=new.pk)
