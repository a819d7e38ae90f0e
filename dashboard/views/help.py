"""Help: what each reason means, why it came, what to do, and who can."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from connector.engine import roles
from connector.failures import describe
from connector.models import StripeAccount
from dashboard import figures, help
from dashboard.access import staff_page
from dashboard.standing import standing
from dashboard.zones import shared_zone


@staff_page
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The page `/help/`; `q` narrows it."""
    sought = request.GET.get("q", "")
    sections = help.found(sought)
    now = help.open_by_code()
    page = {
        "here": "help",
        "q": sought,
        "sections": [
            (
                one,
                [
                    (each, figures.counted(now[each.code], "record", "records") if now[each.code] else "")
                    for each in one.failures
                ],
            )
            for one in sections
        ],
        "count": figures.counted(sum(len(one.failures) for one in sections), "reason", "reasons"),
    }
    return render(request, "dashboard/help.html", page)


@staff_page
@require_safe
def reason(request: HttpRequest, code: str) -> HttpResponse:
    """The page `/help/<code>/`. A code that the catalogue does not have is said to be unknown."""
    accounts = list(StripeAccount.objects.select_related("netsuite_account").order_by("name"))
    failure = describe(code)
    now, stand = timezone.now(), help.standing_so(code)
    page = {
        "here": "help",
        "failure": failure,
        "section": help.section_of(failure),
        "happened": help.happened(failure),
        "buttons": help.buttons(
            failure, accounts, open_now=stand.open, may_set=request.user.has_perm(roles.CHANGE_SETTINGS)
        ),
        "stand": stand,
        "rows": [
            (one, standing(one, unconfirmed=getattr(one, "unconfirmed", False), now=now))
            for one in stand.newest
        ],
        "zone": shared_zone(accounts),
        "several": len(accounts) > 1,
    }
    return render(request, "dashboard/help_reason.html", page, status=200 if help.is_known(code) else 404)
