"""Who may see the console and press its buttons: staff who signed in, each by their roles.

Staff may see every page but Health. A page or button that is not for everybody names the permission
that it takes; the page of refusal says which roles hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators.cache import never_cache

from connector.engine import leases, roles
from dashboard import figures
from dashboard.views.errors import wrong_method

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(view: View[P]) -> View[P]:
    """Send strangers to the sign-in page; answer 403 to somebody who signed in but is not staff.

    Staff without a role are as viewers: an admin let them in. Money and names are on these pages,
    so no browser or proxy keeps a copy of them. Whatever a page asks of NetSuite, it asks with one slot.
    What no text can hold is refused here, before any view hands it to the database.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_staff:
            raise PermissionDenied
        if _holds_nul(request):
            raise BadRequest
        with leases.one_slot():
            answer = view(request, *args, **kwargs)
        return wrong_method(request, answer) if isinstance(answer, HttpResponseNotAllowed) else answer

    return never_cache(login_required(guarded))


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a zero byte is in the address or in what was typed: PostgreSQL refuses such a text."""
    typed = [value for sent in (request.GET, request.POST) for _, values in sent.lists() for value in values]
    return any("\x00" in text for text in (request.path, *typed))


def allowed(permission: str) -> Callable[[View[P]], View[P]]:
    """A staff page, or its button, for those alone who hold `permission`; the others are told who does."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            demand(request, permission)
            return view(request, *args, **kwargs)

        return staff_page(guarded)

    return guard


def demand(request: HttpRequest, permission: str) -> None:
    """Raises PermissionDenied with the words of `who_can` when the user does not hold `permission`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied(who_can(permission))


def who_can(permission: str) -> str:
    """The roles that hold a permission, as a sentence: beside a greyed button, or on the page of refusal."""
    people = figures.joined([role.people for role in roles.who_may(permission)])
    return f"{people[:1].upper()}{people[1:]} can do this." if people else "Only an admin can do this."
