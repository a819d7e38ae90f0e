"""Who reads the page now: the marks of their numbers and the zone of their moments.

Set for each request by `with_reader`, and asked by `figures`. Outside a request, as in a mail or a file,
nobody in particular reads. Only pages follow it: what is booked and what is exported does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from connector.models import Preferences

_reads: ContextVar[HttpRequest | Preferences | None] = ContextVar("reads", default=None)


def with_reader(get_response: Callable[[HttpRequest], HttpResponseBase]) -> object:
    """Middleware: a request writes for its user, who is looked up only when a figure is written."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = _reads.set(request)
        try:
            return get_response(request)
        finally:
            _reads.reset(token)

    return middleware


@contextmanager
def nobody() -> Iterator[None]:
    """Write for nobody in particular."""
    with written_for(None):
        yield


@contextmanager
def written_for(preferences: Preferences | None) -> Iterator[None]:
    """Write as somebody wants it who is not the one that asks, as in a mail to them."""
    token = _reads.set(preferences)
    try:
        yield
    finally:
        _reads.reset(token)


def numbers() -> str:
    """The Babel locale whose marks the reader's numbers take."""
    preferences = _preferences()
    return preferences.numbers if preferences else Preferences.Numbers.ENGLISH.value


def zone(of_page: ZoneInfo) -> ZoneInfo:
    """The zone in which moments are told: the reader's own, or that of the page."""
    preferences = _preferences()
    return (preferences.zone if preferences else None) or of_page


def preferences_of(user: User | AnonymousUser) -> Preferences | None:
    """A person's row, if they have said anything."""
    return getattr(user, "preferences", None)


def _preferences() -> Preferences | None:
    reads = _reads.get()
    return preferences_of(reads.user) if isinstance(reads, HttpRequest) else reads
