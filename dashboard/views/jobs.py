"""Records: every job, to filter, search and sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from connector.models import Job, StripeAccount
from dashboard import figures, selection
from dashboard.access import staff_page
from dashboard.forms import JobFilterForm
from dashboard.tables import JobTable
from dashboard.zones import shared_zone


@staff_page
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The page `/jobs/`, or only its results when htmx asks; both from the same address."""
    accounts = StripeAccount.objects.order_by("name")
    form = JobFilterForm(request.GET, accounts)
    wanted = form.selection()
    zone = shared_zone([wanted.account] if wanted.account else accounts)
    found = selection.select(selection.listed_jobs(), wanted, zone)
    table = JobTable(found, zone, timezone.now())
    _arrange(table, request, open_first=bool(form.cleaned_data.get("open_first")))
    page = {
        "form": form,
        "table": table,
        "zone": zone,
        "sort": request.GET.get("sort", ""),
        "money": selection.money_of(found),
        "count": figures.counted(table.paginator.count, "record", "records"),
        "loosen": figures.joined(form.used()),
        "only_open": (
            only_open := wanted == selection.Selection(account=wanted.account, state=selection.OPEN)
        ),
        "here": "open" if only_open else "records",
        "has_jobs": bool(table.paginator.count) or Job.objects.exists(),
    }
    return _answer(request, page)


def _arrange(table: JobTable, request: HttpRequest, *, open_first: bool) -> None:
    """Sort by the columns that allow it and cut the page; odd values give the nearest page that exists."""
    if sort := request.GET.getlist("sort"):
        table.order_by = sort
    table.data.data = selection.in_order(table.data.data, open_first=open_first)
    table.paginate(paginator_class=Paginator)
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
    is_fragment = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    template = "dashboard/_results.html" if is_fragment else "dashboard/jobs.html"
    response = render(request, template, page)
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        response["HX-Push-Url"] = _short_address(request)
    return response


def _short_address(request: HttpRequest) -> str:
    """The address without the filters that were left empty."""
    filled = [(name, value) for name, values in request.GET.lists() for value in values if value]
    return request.path + (f"?{urlencode(filled)}" if filled else "")
