"""A middleware that counts the queries of a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Queries"


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Say in the answer how many queries it took, from the session's to the last of the template."""

    def counted(request: HttpRequest) -> HttpResponseBase:
        asked: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[HEADER] = str(len(asked))
        return response

    return counted
