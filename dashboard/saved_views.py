"""Saved views: the filters of a list under a name of one's own, for whichever page has them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict

from connector.models import SavedView


class ViewForm(forms.Form):
    """A name for the filters of now."""

    name = forms.CharField(label="Save this view as", max_length=60)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, label_suffix="")


def of(request: HttpRequest, page: str, query: str) -> dict[str, Any]:
    """What `_views.html` and `_save_view.html` show on `page`, whose filters are `query` now."""
    return {
        "views": list(SavedView.objects.filter(owner=cast(User, request.user), page=page)),
        "view_form": ViewForm(None),
        "view_page": page,
        "query": query,
    }
