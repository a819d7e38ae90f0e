"""Preview: what booking any Stripe object would write in NetSuite now. It never writes.

What Stripe's messages did not tell us of is brought from here: a press hands it to the workers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from connector.engine import now, previews, roles
from connector.failures import describe
from connector.models import Job, MappedRecord, StripeAccount
from dashboard import fragment
from dashboard.access import allowed, staff_page
from dashboard.links import netsuite_link, stripe_link
from dashboard.lookup_forms import PreviewForm
from dashboard.postings import postings, record_words
from dashboard.standing import ENDED, WAITING, Standing, is_moving

WOULD = {
    Job.Status.SUCCESSFUL: Standing("Would be booked", "ok", "✓"),
    Job.Status.READY: Standing("Would wait", WAITING.tone, WAITING.shape),
    Job.Status.SKIPPED: Standing("Would be skipped", "rest", "–"),
    Job.Status.NEEDS_ATTENTION: Standing("Would need you", "bad", "●"),
}

UNCHANGED = Standing("Nothing would change", "rest", "–")


@staff_page
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The page `/preview/?account=&id=`, or only its results for htmx. Both sides are read."""
    accounts = StripeAccount.objects.select_related("netsuite_account").order_by("name")
    asked = bool(request.GET.get("account")) and "id" in request.GET
    initial = {"id": request.GET.get("id", ""), "account": accounts.first()}
    form = PreviewForm(request.GET if asked else None, accounts, initial=initial)
    page: dict[str, Any] = {"here": "preview", "form": form}
    if asked and form.is_valid():
        account, subject = form.cleaned_data["account"], form.cleaned_data["id"]
        shown = previews.read(account, subject)
        documents = [shown_document(account, one, number) for number, one in enumerate(shown, start=1)]
        page |= {
            "account": account,
            "subject": subject,
            "stripe_link": stripe_link(account, subject),
            "zone": account.zone,
            "documents": documents,
            "may_bring": request.user.has_perm(roles.RESOLVE),
            "left_to_bring": {one["subject"] for one in documents if _is_left_to_bring(one)},
        }
    is_fragment = fragment.is_asked(request)
    template = "dashboard/_preview.html" if is_fragment else "dashboard/preview.html"
    answer = render(request, template, page)
    patch_vary_headers(answer, ["HX-Request"])
    if is_fragment:
        answer["HX-Push-Url"] = request.get_full_path()
    return answer


def _is_left_to_bring(document: dict[str, Any]) -> bool:
    """Whether it can be booked, and no record of ours is about to or asks a person about it."""
    job = document["job"]
    would = document["standing"] in (WOULD[Job.Status.SUCCESSFUL], WOULD[Job.Status.READY])
    return would and (job is None or not (is_moving(job) or job.status in Job.OPEN))


@allowed(roles.RESOLVE)
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Have a document brought to NetSuite; pressed twice, or while it is on its way, it is brought once."""
    form = PreviewForm(request.POST, StripeAccount.objects.all())
    subject = form.cleaned_data["id"] if form.is_valid() else ""
    if not now.is_bookable(subject):
        messages.warning(request, "Nothing was brought: that is not the id of something that we book.")
        return redirect("dashboard:preview")
    account = form.cleaned_data["account"]
    job = Job.objects.filter(account=account, subject=subject).order_by("-pk").first()
    if job and is_moving(job):
        messages.info(request, "It is on its way already. There is nothing more to press.")
    else:
        job = now.ask(account, subject, who=request.user.get_username())
        messages.success(request, "It is on its way. This page shows what comes of it.")
    return redirect("dashboard:job", job.pk)


def shown_document(account: StripeAccount, shown: previews.Previewed, number: int) -> dict[str, Any]:
    """What `_preview.html` shows of one document, the `number`th on its page."""
    result, books = shown.result, account.netsuite_account
    records = postings(books, result, prefix=f"document-{number}")
    links = [_link(account, one) for one in result.get("links", ())]
    job = Job.objects.filter(account=account, subject=result["subject"]).order_by("-pk").first()
    return {
        "subject": result["subject"],
        "stripe_link": stripe_link(account, result["subject"]),
        "job": job,
        "standing": _would(shown, links, has_new=any(not one.internal_id for one in records)),
        "failure": describe(result["code"]) if result["code"] else None,
        "message": result["message"],
        "problems": result["problems"],
        "trouble": shown.trouble,
        "links": links,
        "records": [(one, shown.standing.get(one.external_id, ())) for one in records],
        "new": sum(not one.internal_id for one in records),
        "known": sum(bool(one.internal_id) for one in records),
    }


def _would(shown: previews.Previewed, links: Sequence[Mapping[str, Any]], *, has_new: bool) -> Standing:
    """What would become of the document, if anything."""
    status = Job.Status(shown.result["status"])
    changes = any(one.changes for some in shown.standing.values() for one in some)
    has_new = has_new or not all(link["is_there"] for link in links)
    if status == Job.Status.SUCCESSFUL and (shown.result["records"] or links) and not (has_new or changes):
        return UNCHANGED
    return WOULD.get(status, ENDED[Job.Status.FAILED])


def _link(account: StripeAccount, link: dict[str, Any]) -> dict[str, Any]:
    """A record that is not made, and whether it stands for the Stripe object already."""
    rows = MappedRecord.objects.filter(account=account, stripe_id=link["external_id"])
    return {
        "is_there": rows.filter(internal_id=link["internal_id"]).exists(),
        "words": record_words(link["type"]),
        "stripe_id": link["external_id"],
        "internal_id": link["internal_id"],
        "link": netsuite_link(account.netsuite_account, link["type"], link["internal_id"]),
    }
