"""Saved views of the lists: keep one, open one, forget one."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from connector.models import SavedView
from dashboard.access import staff_page
from dashboard.named import row_or_404
from dashboard.saved_views import ViewForm
from dashboard.views import jobs, needs

QUERY_OF: dict[str, Callable[[HttpRequest], str]] = {"needs": needs.query_of, "jobs": jobs.query_of}
"""By page, which is its address's name too: what of a request are filters that make sense."""


@staff_page
@require_POST
def save(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the filters of now under a name; the same name is overwritten."""
    query = QUERY_OF[page](request)
    named = ViewForm(request.POST)
    if not named.is_valid():
        messages.warning(request, "Give the view a name of up to 60 letters.")
        return redirect(_with(page, query))
    owner, name = cast(User, request.user), named.cleaned_data["name"]
    kept, _ = SavedView.objects.update_or_create(owner=owner, page=page, name=name, defaults={"query": query})
    messages.success(request, f"The view “{name}” is saved. Its address can be passed on.")
    return redirect(f"dashboard:{page}_view", kept.pk)


@staff_page
@require_safe
def view(request: HttpRequest, page: str, pk: int) -> HttpResponse:
    """The address of a saved view, for whoever is signed in."""
    found = row_or_404(SavedView.objects, f"view {pk}", pk=pk, page=page)
    return redirect(_with(page, found.query))


@staff_page
@require_POST
def remove(request: HttpRequest, page: str, pk: int) -> HttpResponse:
    """Forget one of one's own views; pressed twice nothing more happens."""
    SavedView.objects.filter(pk=pk, page=page, owner=cast(User, request.user)).delete()
    return redirect(f"dashboard:{page}")


def _with(page: str, query: str) -> str:
    return reverse(f"dashboard:{page}") + (f"?{query}" if query else "")
