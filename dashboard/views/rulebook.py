"""The rulebook: what becomes of each Stripe object, which setting decides it, and how it posts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connector.models import StripeAccount
from connector.rulebook import RULES
from dashboard import figures
from dashboard.access import staff_page
from dashboard.forms import RuleFilterForm
from dashboard.rulebook import sections


@staff_page
@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """The page `/rulebook/`; `q` searches, `state` and `account` choose. Each rule has its id as anchor."""
    form = RuleFilterForm(request.GET, StripeAccount.objects.order_by("name"))
    form.is_valid()
    chosen = form.cleaned_data
    account = chosen.get("account")
    shown = sections(chosen.get("q", "").strip(), chosen.get("state", ""), account)
    found = sum(len(section.rules) for section in shown)
    page = {
        "here": "rulebook",
        "form": form,
        "account": account,
        "sections": shown,
        "count": figures.counted(found, "rule", "rules"),
        "built": sum(section.built for section in shown),
        "narrowed": found < len(RULES),
    }
    return render(request, "dashboard/rulebook.html", page)
