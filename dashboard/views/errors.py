"""Pages for what went wrong before or after a view; each says what was not changed."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

MISTYPED = "The address may be old or mistyped."


@never_cache
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is not here, by the words of a view's Http404, and why that may be, where it says so too."""
    what, why = exception.args if len(exception.args) > 1 else (exception, MISTYPED)
    return render(request, "404.html", {"what": what, "why": why}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For what cannot be read: too long, too many fields, no form at all."""
    return render(request, "400.html", status=400)


def wrong_method(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """For a button's address that was opened, or a page that was posted to; `Allow` stays as it was."""
    told = render(request, "405.html", status=405)
    told["Allow"] = answer["Allow"]
    return told


def server_error(request: HttpRequest) -> HttpResponse:
    """For our own mistakes, and for a database that does not answer; with the number that the log has.

    It asks the database nothing: that may be what is broken.
    """
    is_away = isinstance(sys.exception(), OperationalError | InterfaceError)
    told = {"request_id": getattr(request, "request_id", "")}
    page = render_to_string("503.html" if is_away else "500.html", told)
    return (
        HttpResponse(page, status=503, headers={"Retry-After": 60})
        if is_away
        else HttpResponseServerError(page)
    )
