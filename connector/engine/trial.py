"""The trial of settings: how documents would be booked as the settings stand, and as they are to be.

Both plans are made from what Stripe says now, and neither is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.engine import choices, lookups, now
from connector.models import Job, MappedRecord, StripeAccount

Json = dict[str, Any]
MOST = 3
PAGE = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """One document under both settings, in the format of `now.preview`."""

    subject: str
    title: str
    before: tuple[Json, ...]
    after: tuple[Json, ...]


def newest(account: StripeAccount) -> list[str]:
    """The invoices that were booked last, at most three."""
    rows = MappedRecord.objects.filter(account=account).order_by("-mapped_at")
    recent = rows.values_list("record_type", "stripe_id")[:PAGE]
    found = dict.fromkeys(stripe_id for kind, stripe_id in recent if kind == "invoice")
    return [stripe_id for stripe_id in found if stripe_id.startswith("in_")][:MOST]


def compare(account: StripeAccount, draft: StripeAccount, subject: str) -> Trial:
    """Plan a document twice, under the account's settings and under the draft's. Writes nothing."""
    job = Job.objects.filter(account=account, subject=subject).order_by("-pk").first()
    plans = [tuple(now.preview(one, subject, _names(one))) for one in (account, draft)]
    return Trial(subject, job.title if job else "", *plans)


def _names(account: StripeAccount) -> Mapping[str, str]:
    """What a ledger account is called: what it is chosen for and which it is, to tell two apart."""
    known = lookups.remembered(account.netsuite_account)["account"]
    return {
        number: f"{role} ({known.get(number, number)})"
        for number, role in choices.ledger_names(account).items()
    }
