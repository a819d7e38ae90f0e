"""Preview: what booking any Stripe object would write in NetSuite now. It never writes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from connector.engine import previews
from connector.failures import describe
from connector.models import Job, StripeAccount
from dashboard import fragment
from dashboard.access import staff_page
from dashboard.links import netsuite_link, stripe_link
from dashboard.lookup_forms import PreviewForm
from dashboard.postings import postings, record_words
from dashboard.standing import ENDED, WAITING, Standing

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
        page |= {
            "account": account,
            "subject": subject,
            "stripe_link": stripe_link(account, subject),
            "zone": account.zone,
            "documents": [shown_document(account, one, number) for number, one in enumerate(shown, start=1)],
        }
    is_fragment = fragment.is_asked(request)
    template = "dashboard/_preview.html" if is_fragment else "dashboard/preview.html"
    answer = render(request, template, page)
    patch_vary_headers(answer, ["HX-Request"])
    if is_fragment:
        answer["HX-Push-Url"] = request.get_full_path()
    return answer


def shown_document(account: StripeAccount, shown: previews.Previewed, number: int) -> dict[str, Any]:
    """What `_preview.html` shows of one document, the `number`th on its page."""
    result, books = shown.result, account.netsuite_account
    records = postings(books, result, prefix=f"document-{number}")
    job = Job.objects.filter(account=account, subject=result["subject"]).order_by("-pk").first()
    return {
        "subject": result["subject"],
        "stripe_link": stripe_link(account, result["subject"]),
        "job": job,
        "standing": _would(shown, has_new=any(not one.internal_id for one in records)),
        "failure": describe(result["code"]) if result["code"] else None,
        "message": result["message"],
        "problems": result["problems"],
        "trouble": shown.trouble,
        "links": [_link(account, one) for one in result.get("links", ())],
        "records": [(one, shown.standing.get(one.external_id, ())) for one in records],
        "new": sum(not one.internal_id for one in records),
        "known": sum(bool(one.internal_id) for one in records),
    }


def _would(shown: previews.Previewed, *, has_new: bool) -> Standing:
    """What would become of the document, if anything."""
    status = Job.Status(shown.result["status"])
    changes = any(one.changes for some in shown.standing.values() for one in some)
    if status == Job.Status.SUCCESSFUL and shown.result["records"] and not (has_new or changes):
        return UNCHANGED
    return WOULD.get(status, ENDED[Job.Status.FAILED])


def _link(account: StripeAccount, link: dict[str, Any]) -> dict[str, str]:
    return {
        "words": record_words(link["type"]),
        "stripe_id": link["external_id"],
        "internal_id": link["internal_id"],
        "link": netsuite_link(account.netsuite_account, link["type"], link["internal_id"]),
    }
