"""Pages for what went wrong before or after a view; each says what was not changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For what cannot be read: too long, too many fields, no form at all."""
    return render(request, "400.html", status=400)


def wrong_method(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """For a button's address that was opened, or a page that was posted to; `Allow` stays as it was."""
    told = render(request, "405.html", status=405)
    told["Allow"] = answer["Allow"]
    return told


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """For our own mistakes, with the number under which the log has it.

    It asks the database nothing: that may be what is broken.
    """
    number = getattr(request, "request_id", "")
    return HttpResponseServerError(render_to_string("500.html", {"request_id": number}))
