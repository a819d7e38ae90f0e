"""What an address names: its row, or Http404 with the words by which the page tells what is not here."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Manager, Model, QuerySet
from django.http import Http404

from connector.models import Job, StripeAccount

Row = TypeVar("Row", bound=Model)


def row_or_404(rows: Manager[Row] | QuerySet[Row], what: str, **by: Any) -> Row:
    """The row that `by` names. Raises Http404 with `what`: `payout 7`."""
    found = rows.filter(**by).first()
    if found is None:
        raise Http404(what)
    return found


def account_or_404(name: str) -> StripeAccount:
    """An account, with the NetSuite account behind it."""
    return row_or_404(StripeAccount.objects.select_related("netsuite_account"), f"account {name}", name=name)


def job_or_404(pk: int) -> Job:
    """A record, with both of its accounts."""
    return row_or_404(Job.objects.select_related("account__netsuite_account"), f"record {pk}", pk=pk)
