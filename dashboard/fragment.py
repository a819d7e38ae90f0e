"""Fragments: the part of a page that htmx asks for and swaps, instead of the whole page."""

from __future__ import annotations

from django.http import HttpRequest


def is_asked(request: HttpRequest) -> bool:
    """Whether only a part is asked for; going back, htmx names itself too, and wants the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
