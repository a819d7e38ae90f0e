"""Records: every job, to filter, search and sort, to keep as a view and to take along as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from connector.failures import describe
from connector.models import Job, StripeAccount
from dashboard import exports, figures, fragment, saved_views, selection
from dashboard.access import staff_page
from dashboard.exports import Cell, Sheet
from dashboard.forms import JobFilterForm
from dashboard.links import console_link
from dashboard.standing import speaks, standing
from dashboard.tables import USUAL, JobTable, kind_words
from dashboard.zones import shared_zone

PAGE = "jobs"
MOST_EXPORTED = 50_000
"""Rows of a file; a person who needs more takes it in parts."""
HEADS = (
    "What",
    "Type",
    "Customer",
    "Amount",
    "Currency",
    "State",
    "Why",
    "Particulars",
    "Account",
    "Stripe id",
)


@staff_page
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The page `/jobs/`, or only its results when htmx asks; both from the same address."""
    form, wanted, zone = _asked(request)
    jobs = selection.narrow(selection.current_jobs(), wanted, zone)
    looked_up = selection.look_up(wanted.find) if wanted.find else None
    found = selection.found(jobs, looked_up) if looked_up else selection.counted(jobs)
    table = JobTable(found.jobs, zone, timezone.now(), form.shown_columns())
    open_first = bool(form.cleaned_data.get("open_first"))
    _arrange(table, request, found, open_first=open_first)
    page = {
        "form": form,
        "table": table,
        "zone": zone,
        "sort": request.GET.get("sort", ""),
        "money": found.money,
        "count": figures.counted(table.paginator.count, "record", "records"),
        "is_more": found.is_more,
        "needing_first": open_first and not found.are_last,
        "is_oldest_first": not found.are_last and request.GET.getlist("sort") == ["updated_at"],
        "is_common_amount": looked_up is not None and looked_up.is_common_amount,
        "loosen": figures.joined(form.used()),
        "only_open": (
            only_open := wanted == selection.Selection(account=wanted.account, state=selection.OPEN)
        ),
        "here": "open" if only_open else "records",
        "has_jobs": bool(table.paginator.count) or Job.objects.exists(),
        **saved_views.of(request, PAGE, form.query()),
    }
    return _answer(request, page)


def _asked(request: HttpRequest) -> tuple[JobFilterForm, selection.Selection, ZoneInfo]:
    """The filters, what they ask for, and the zone in which days are meant."""
    accounts = StripeAccount.objects.order_by("name")
    form = JobFilterForm(request.GET, accounts)
    wanted = form.selection()
    return form, wanted, shared_zone([wanted.account] if wanted.account else accounts)


def query_of(request: HttpRequest) -> str:
    """The filters of the page that make sense, as part of an address."""
    form, _, _ = _asked(request)
    return form.query()


@staff_page
@require_safe
def export(request: HttpRequest, file: str) -> HttpResponse:
    """The records of the page, with its filters, as `records.csv` or `records.xlsx`."""
    form, wanted, zone = _asked(request)
    found = selection.select(selection.listed_jobs(), wanted, zone).order_by("-updated_at", "-pk")
    rows = list(found[: MOST_EXPORTED + 1])
    if len(rows) > MOST_EXPORTED:
        most = figures.counted(MOST_EXPORTED, "record", "records")
        messages.warning(request, f"A file holds up to {most}. Choose fewer days, one account or one kind.")
        return redirect(f"{reverse('dashboard:jobs')}?{form.query()}")
    sheet = Sheet(
        "Records", (*HEADS, f"Since ({zone.key})", f"Updated ({zone.key})", "Page"), _rows(rows, zone)
    )
    return exports.as_file({"records": sheet}, file, "records")


def _rows(jobs: Sequence[Job], zone: ZoneInfo) -> Iterator[Sequence[Cell]]:
    now = timezone.now()
    for job in jobs:
        stands = standing(job, unconfirmed=getattr(job, "unconfirmed", False), now=now)
        yield (
            str(job),
            kind_words(job.subject),
            job.customer_name,
            selection.exact(job.amount, job.currency) if job.currency and job.amount is not None else None,
            job.currency,
            stands.word + (f" {figures.clock(stands.until, zone)}" if stands.until else ""),
            describe(job.code).title if speaks(job, now) else "",
            job.message if speaks(job, now) else "",
            job.account.name,
            job.subject,
            job.created_at.astimezone(zone),
            job.updated_at.astimezone(zone),
            console_link(job.subject),
        )


def _arrange(table: JobTable, request: HttpRequest, found: selection.Counted, *, open_first: bool) -> None:
    """Sort by the columns that allow it and cut the page; odd values give the nearest page that exists.

    Of very many only the order of their last change is quick.
    """
    sort = request.GET.getlist("sort")
    if sort and (sort == ["updated_at"] or found.are_last or not found.is_more):
        table.order_by = sort
    table.data.data = selection.Listing(table.data.data, found.count, open_first=open_first)
    table.paginator = Paginator(table.rows, table.Meta.per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    table.parents = _parents([row.record for row in table.page])


def _parents(rows: Sequence[Job]) -> Mapping[tuple[int, str], str]:
    """What the waiting ones among `rows` wait for, in words."""
    waiting = [job for job in rows if job.waiting_for]
    if not waiting:
        return {}
    parents = Job.objects.filter(
        account__in={job.account_id for job in waiting}, subject__in={job.waiting_for for job in waiting}
    )
    return {(job.account_id, job.subject): str(job) for job in parents.order_by("pk")}


def _answer(request: HttpRequest, page: dict[str, object]) -> HttpResponse:
    is_fragment = fragment.is_asked(request)
    template = "dashboard/_results.html" if is_fragment else "dashboard/jobs.html"
    response = render(request, template, page)
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        response["HX-Push-Url"] = _short_address(request)
    return response


def _short_address(request: HttpRequest) -> str:
    """The address without the filters that were left empty."""
    filled = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and not (name == "column" and tuple(values) == USUAL)
    ]
    return request.path + (f"?{urlencode(filled)}" if filled else "")
