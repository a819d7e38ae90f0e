"""Connections that are lost: accounts whose log-in one of the sides refuses, as the last runs found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from connector.failures import Failure, describe
from connector.models import Job

REFUSED = (
    "stripe_key_missing",
    "stripe_key_refused",
    "netsuite_credentials_missing",
    "netsuite_credentials_refused",
)


@dataclass(frozen=True, slots=True)
class Lost:
    """One account, the refusal, since when, and how many records stand so."""

    account: Any
    failure: Failure
    since: datetime
    count: int


def lost(accounts: Iterable[Any]) -> list[Lost]:
    """The refusals that no record in NetSuite has disproved since; `accounts` are `with_last_signs`."""
    by_key = {account.pk: account for account in accounts}
    rows = (
        Job.objects.filter(account__in=by_key, status__in=Job.OPEN, code__in=REFUSED)
        .order_by("account__name", "code")
        .values_list("account", "account__name", "code")
        .annotate(Count("pk"), Min("finished_at"), Max("finished_at"))
    )
    found = []
    for key, _, code, count, first, last in rows:
        account = by_key[key]
        if first is None or (account.last_record and account.last_record > last):
            continue
        found.append(Lost(account, describe(code), first, count))
    return found
