"""Request ids: each request has a number, on its log lines, in its answer's headers and on error pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
ATTRIBUTE = "request_id"


def with_request_id(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware; the outermost, so that whatever goes wrong further in is logged under the id.

    The id is ours alone: what a caller sends as one is not taken.
    """

    def numbered(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        setattr(request, ATTRIBUTE, number)
        with structlog.contextvars.bound_contextvars(request_id=number):
            response = get_response(request)
        response.headers[HEADER] = number
        return response

    return numbered
