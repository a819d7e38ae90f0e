"""One record: what it is, where it stands, what was sent, and the button that tries again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from connector.engine import decisions, roles
from connector.engine import jobs as engine
from connector.engine.family import alike, jobs_of
from connector.failures import describe
from connector.models import Attempt, Event, Job, MappedRecord
from dashboard import awaited, payouts
from dashboard.access import allowed, staff_page, who_can
from dashboard.family import family_of
from dashboard.links import netsuite_periods, stripe_link
from dashboard.named import job_or_404
from dashboard.postings import Posting, latest_plan, postings
from dashboard.standing import altered_shape, is_moving, seen, speaks, standing
from dashboard.story import story
from dashboard.timeline import shown_attempt, shown_event

STOP_POLLING = 286
"""htmx's own status: swap this in and ask no more."""


@staff_page
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/jobs/<pk>/`."""
    jobs = alike(pk)
    record = next((one for one in jobs if one.pk == pk), None) or job_or_404(pk)
    return render(request, "dashboard/job.html", _page(record, jobs))


@staff_page
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The changing part of the page: 204 while nothing changed, 286 once nothing will change by itself."""
    record = job_or_404(pk)
    if is_moving(record) and request.GET.get("seen") == seen(record):
        return HttpResponse(status=204)
    status = 200 if is_moving(record) else STOP_POLLING
    page = _page(record, alike(pk)) | {"is_update": True}
    return render(request, "dashboard/_job.html", page, status=status)


@allowed(roles.RESOLVE)
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the job back to ready, if it still stands as the page with the button showed it."""
    record = job_or_404(pk)
    if is_moving(record):
        messages.info(request, "It is already on its way. There is nothing more to press.")
    elif request.POST.get("seen") != seen(record):
        messages.warning(
            request,
            "This record has changed since you opened the page. Look at it as it stands now, then decide.",
        )
    elif engine.retry(record, who=request.user.get_username()):
        messages.success(request, "We are trying again. This page shows what comes of it.")
    else:
        messages.info(request, "It is already on its way. There is nothing more to press.")
    return redirect("dashboard:job", pk=pk)


def _page(job: Job, same: Sequence[Job]) -> dict[str, Any]:
    account, now = job.account, timezone.now()
    attempts = list(job.attempts.order_by("pk"))
    planned = postings(account.netsuite_account, latest_plan(attempts))
    jobs = jobs_of(job) if job.part_of else same
    events = _events(job, jobs, planned)
    family = family_of(job, jobs, planned, {event.object_id for event in events})
    payout = _payout(job)
    related = [one for one in jobs if one.subject == job.subject and one.pk != job.pk]
    lost = any(record.state == MappedRecord.State.UNCONFIRMED for record in family.records)
    return {
        "here": "open" if job.status in Job.OPEN else "records",
        "job": job,
        "problems": job.problems if len(job.problems) > 1 else [],
        "zone": account.zone,
        "happened_at": min((event.created for event in events), default=job.created_at),
        "standing": standing(job, unconfirmed=lost, now=now),
        "failure": describe(job.code) if speaks(job, now) else None,
        "is_open": job.status in Job.OPEN,
        "setting": awaited.button(account, job.code) if "settings" in describe(job.code).actions else None,
        "is_moving": is_moving(job),
        "seen": seen(job),
        "parent": _parent(job),
        "allowable": decisions.asked_of_all([job], attempts[-1:]).get(job.pk, []),
        "is_being_allowed": job.code in decisions.ASKED and is_moving(job),
        "just_allowed": decisions.still_undoable(job) if job.status == Job.Status.READY else None,
        "stripe_link": stripe_link(account, job.subject),
        "periods_link": netsuite_periods(account.netsuite_account),
        "altered": [payouts.changed(one) for one in family.altered],
        "alteration": altered_shape(family.altered[0]) if family.altered else None,
        "payout": payout,
        "tie_out": payouts.shape(payout) if payout and payouts.is_compared(payout) else None,
        "story": story(job, events, attempts, family.records),
        "postings": planned,
        "family": family,
        "who_can_link": who_can(roles.RESOLVE),
        "events": [shown_event(event) for event in events],
        "attempts": _shown_attempts(attempts),
        "related": [(one, describe(one.code).title if speaks(one, now) else "") for one in related[:20]],
    }


def _shown_attempts(attempts: Sequence[Attempt]) -> list[Any]:
    return [shown_attempt(number, attempt) for number, attempt in enumerate(attempts, start=1)]


def _events(job: Job, jobs: Sequence[Job], planned: Sequence[Posting]) -> list[Event]:
    """Every message about the document or its payments, whichever of its jobs it rang for."""
    documents = {job.subject, *(posting.external_id for posting in planned if posting.external_id)}
    own = [one.pk for one in jobs if one.subject == job.subject]
    about = Q(job__in=own) | Q(object_id__in=documents, job__isnull=False)
    return list(Event.objects.filter(about, account=job.account).select_related("account").order_by("pk"))


def _payout(job: Job) -> payouts.Listed | None:
    """The payout that the job books, whose own page has it line by line."""
    if not job.subject.startswith("po_"):
        return None
    return payouts.listed(payouts.Wanted(job.account)).filter(payout_id=job.subject).first()


def _parent(job: Job) -> Job | None:
    """The newest job of what this one waits for."""
    if not job.waiting_for:
        return None
    return Job.objects.filter(account=job.account, subject=job.waiting_for).order_by("-pk").first()
