"""Two-step sign-in of one's own: on, off, recovery codes. django-allauth does it; the audit is ours."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connector.engine import audit, sign_in
from connector.models.audit import Verb
from dashboard.access import staff_page


@staff_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page `/profile/two-step/`."""
    codes = Authenticator.objects.filter(user=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "here": "profile",
        "is_on": sign_in.has(request.user),
        "must": sign_in.must_have(request.user),
        "left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }
    return render(request, "mfa/index.html", context)


class TurnOn(ActivateTOTPView):  # type: ignore[misc] # django-allauth ships no types
    """The page `/profile/two-step/on/`: the square to scan, and the first code."""

    extra_context = {"here": "profile"}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Turn it on, and write that down."""
        answer: HttpResponse = super().form_valid(form)
        _record(self.request, Verb.TWO_STEP, {"two-step sign-in": "off"}, {"two-step sign-in": "on"})
        return answer


class TurnOff(DeactivateTOTPView):  # type: ignore[misc]
    """The page `/profile/two-step/off/`."""

    extra_context = {"here": "profile"}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Turn it off, and write that down."""
        answer: HttpResponse = super().form_valid(form)
        _record(self.request, Verb.TWO_STEP, {"two-step sign-in": "on"}, {"two-step sign-in": "off"})
        return answer


class Codes(ViewRecoveryCodesView):  # type: ignore[misc]
    """The page `/profile/two-step/codes/`, which shows recovery codes once."""

    extra_context = {"here": "profile"}

    @transaction.atomic
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The codes, if they were not shown before; that they are is written down."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            _record(self.request, Verb.SHOW_CODES, {}, {})
        return context


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """The page `/profile/two-step/codes/new/`."""

    extra_context = {"here": "profile"}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Make new codes in place of the old ones, and write that down."""
        answer: HttpResponse = super().form_valid(form)
        _record(self.request, Verb.TWO_STEP, {}, {"recovery codes": "replaced"})
        return answer


turn_on = staff_page(TurnOn.as_view())
turn_off = staff_page(TurnOff.as_view())
codes = staff_page(Codes.as_view())
new_codes = staff_page(NewCodes.as_view())


def _record(request: HttpRequest, verb: Verb, before: dict[str, str], after: dict[str, str]) -> None:
    name = request.user.get_username()
    audit.record(name, verb, subject=name, before=before, after=after)
