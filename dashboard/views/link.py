"""Link to an existing NetSuite record: type its internal id, see it beside the Stripe object, confirm."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from connector.engine import hand_links, roles
from connector.engine import jobs as engine
from connector.engine.family import jobs_of, members
from connector.models import Job
from dashboard.access import allowed
from dashboard.links import netsuite_link, stripe_link
from dashboard.lookup_forms import LinkForm, LookForm
from dashboard.named import job_or_404
from dashboard.postings import latest_plan, postings, record_words

NAMED = re.compile(r"\b(?:cus|price|in|ch|py)_\w+")
"""Stripe objects that a job's message names: what is gone, as a rule, and is to be linked anew."""
LINKABLE = ("cus_", "price_", "in_", "ch_", "py_")
CHANGED = "One of the two has changed since you looked. Look at both as they stand now, then decide."


@allowed(roles.RESOLVE)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The page `/jobs/<pk>/link/`; a GET only looks, a POST links what was looked at."""
    job = job_or_404(pk)
    if request.method == "POST":
        return _confirm(request, job)
    asked = request.GET.get("internal_id") is not None
    candidates = _candidates(job)
    form = LookForm(request.GET) if asked else LookForm(None, initial=_first(request, candidates))
    page = _page(job, form, candidates)
    if asked and form.is_valid():
        page |= _looked(job, form.cleaned_data)
    return render(request, "dashboard/link.html", page)


def _confirm(request: HttpRequest, job: Job) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        page = _page(job, LookForm(request.POST), _candidates(job))
        shown = _looked(job, form.cleaned_data) if {"key", "internal_id"} <= set(form.cleaned_data) else {}
        return render(request, "dashboard/link.html", page | shown | {"confirm": form})
    said, who = form.cleaned_data, request.user.get_username()
    try:
        done = hand_links.link(
            job.account,
            said["key"],
            said["internal_id"].strip(),
            said["kind"],
            version=said["version"],
            who=who,
            why=said["why"],
        )
    except hand_links.NotLinked as reason:
        messages.warning(request, f"Nothing was linked. {reason}")
        return redirect("dashboard:job", pk=job.pk)
    if done is None:
        messages.warning(request, CHANGED)
        page = _page(job, LookForm(request.POST), _candidates(job)) | _looked(job, said)
        return render(request, "dashboard/link.html", page)
    target = done.target
    name = " ".join(dict.fromkeys(part for part in (target.number, target.name) if part))
    words = f"{said['key']} is now NetSuite’s {record_words(target.type)} {target.internal_id} {name}".strip()
    messages.success(request, " ".join((f"{words}.", *done.told)))
    if said["again"] and engine.retry(job, who=who):
        messages.success(request, "We are trying again. This page shows what comes of it.")
    return redirect("dashboard:job", pk=job.pk)


def _page(job: Job, form: LookForm, candidates: list[str]) -> dict[str, Any]:
    return {
        "here": "open" if job.status in Job.OPEN else "records",
        "job": job,
        "is_open": job.status in Job.OPEN,
        "form": form,
        "candidates": candidates,
    }


def _looked(job: Job, said: dict[str, Any]) -> dict[str, Any]:
    """Both sides, and the form that confirms; or why they cannot be linked."""
    account, key = job.account, said["key"]
    try:
        look = hand_links.look(account, key, said["internal_id"].strip(), said.get("kind", ""))
    except hand_links.NotLinked as reason:
        return {"refusal": str(reason)}
    linking = look.linking
    initial = {**said, "again": True}
    return {
        "look": look,
        "pair": look.pair,
        "words": record_words(linking.target.type),
        "before": linking.before,
        "stripe_link": stripe_link(account, linking.row.stripe_id),
        "netsuite_link": netsuite_link(
            account.netsuite_account, linking.row.record_type, linking.target.internal_id
        ),
        "confirm": LinkForm(None, initial=initial),
    }


def _candidates(job: Job) -> list[str]:
    """The objects of this document that can be linked, those first that its message names."""
    named = NAMED.findall(job.message)
    plan = latest_plan(list(job.attempts.order_by("-pk")[:5])[::-1])
    planned = [one.stripe_id for one in postings(None, plan)]
    booked = [row.stripe_id for row in members(job, jobs_of(job))]
    every = dict.fromkeys([*named, job.subject, *planned, *booked])
    return [one for one in every if one.startswith(LINKABLE)]


def _first(request: HttpRequest, candidates: list[str]) -> dict[str, str]:
    return {"key": request.GET.get("key") or next(iter(candidates), "")}
