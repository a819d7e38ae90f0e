"""Two-step sign-in where the installation wants it: nothing else opens until it is on."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from connector.engine import sign_in

OPEN = {
    "logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
}
"""Addresses, by name, that are needed to turn it on, or to leave."""

Answer = Callable[[HttpRequest], HttpResponseBase]


def demanded(get_response: Answer) -> Answer:
    """Middleware: who must have two steps and has not is led to the page that turns them on."""
    if not settings.REQUIRE_TWO_STEP:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if sign_in.must_have(user) and not sign_in.has(user) and not _is_open(request.path_info):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _is_open(path: str) -> bool:
    try:
        return resolve(path).view_name in OPEN
    except Resolver404:
        return False
