"""Pause an account, with a reason, and resume it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from connector.engine import pausing, roles
from connector.engine.actions import Stale
from connector.models import StripeAccount
from dashboard import figures
from dashboard.access import allowed
from dashboard.forms import PauseForm
from dashboard.named import account_or_404

CHANGED = "Somebody has paused or resumed {} since you opened the page. This is how it stands now."


@allowed(roles.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """The page `/pause/<name>/`: a GET shows what it means, a POST pauses or resumes."""
    account = account_or_404(name)
    form = PauseForm(request.POST if request.POST.get("do") == "pause" else None)
    wants_resumption = request.POST.get("do") == "resume"
    if request.method == "POST" and (wants_resumption or form.is_valid()):
        return _done(request, account, "" if wants_resumption else form.cleaned_data["why"])
    page = {"here": "today", "account": account, "form": form, "zone": account.zone}
    return render(request, "dashboard/pause.html", page)


def _done(request: HttpRequest, account: StripeAccount, why: str) -> HttpResponse:
    """Pause for `why`, or resume where there is none."""
    written = request.POST.get("seen", "")
    seen = int(written) if written.isdecimal() and len(written) < 10 else -1
    who = request.user.get_username()
    try:
        if why:
            pausing.pause(account, who=who, why=why, seen=seen)
            messages.success(request, f"{account} is paused. Stripe’s messages are kept until it is resumed.")
        else:
            rung = figures.counted(pausing.resume(account, who=who, seen=seen), "record", "records")
            messages.success(request, f"{account} goes on. Work has begun on {rung}.")
    except Stale:
        messages.warning(request, CHANGED.format(account))
        return redirect("dashboard:pause", account.name)
    return redirect("dashboard:overview")
