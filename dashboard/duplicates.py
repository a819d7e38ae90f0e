"""What the pages of duplicate payments show: rows, and the ways to both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from connector.engine import decisions
from connector.engine.known import naming
from connector.engine.rivals import Invoice, Payer
from connector.models import Decision, Job, MappedRecord, NetSuiteAccount, StripeAccount
from dashboard.links import netsuite_link, stripe_link
from dashboard.postings import record_words
from dashboard.selection import current_jobs

CAME_OVER = "CH-18"
"""The rule that a payment carries when it stands unapplied because its invoice did not take it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits, and the payments of it that may be allowed, by Stripe id."""

    job: Job
    charges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameOver:
    """A payment that stands unapplied, and why it was let: a person, or metadata or the account's setting."""

    record: MappedRecord
    decision: Decision | None
    stripe_link: str
    netsuite_link: str


@dataclass(frozen=True, slots=True)
class ShownPayer:
    """What paid the invoice, with the ways to it."""

    payer: Payer
    words: str
    stripe_link: str
    netsuite_link: str


def waiting() -> list[Waiting]:
    """The records that wait for a decision or a mend, the oldest first."""
    jobs = current_jobs().filter(status=Job.Status.NEEDS_ATTENTION, code__in=decisions.ASKED)
    asked = ((job, decisions.asked_of(job)) for job in jobs.select_related("account").order_by("created_at"))
    return [Waiting(job, tuple(charges)) for job, charges in asked if charges]


def came_over() -> QuerySet[MappedRecord]:
    """The payments that came over unapplied, the newest first."""
    rows = MappedRecord.objects.filter(record_type="customerPayment", state=MappedRecord.State.MAPPED)
    found = naming(rows, "rules", CAME_OVER)
    return found.select_related("account__netsuite_account", "netsuite_account", "job").order_by("-pk")


def with_grounds(records: Iterable[MappedRecord]) -> list[CameOver]:
    """The payments, each with who let it over."""
    records = list(records)
    made = Decision.objects.filter(stripe_id__in=[record.stripe_id for record in records])
    by_charge = {(decision.account_id, decision.stripe_id): decision for decision in made}
    return [
        CameOver(
            record,
            by_charge.get((record.account_id, record.stripe_id)),
            stripe_link(record.account, record.stripe_id),
            netsuite_link(record.netsuite_account, record.record_type, record.internal_id),
        )
        for record in records
    ]


def shown(payer: Payer, account: StripeAccount) -> ShownPayer:
    """A payer, with the ways to it on both sides."""
    return ShownPayer(
        payer,
        record_words(payer.record_type),
        stripe_link(account, payer.stripe_id),
        netsuite_link(account.netsuite_account, payer.record_type, payer.internal_id),
    )


def with_links(invoices: Sequence[Invoice], books: NetSuiteAccount) -> list[tuple[Invoice, str]]:
    """Each invoice, with the way to it in NetSuite."""
    return [(one, netsuite_link(books, "invoice", one.internal_id)) for one in invoices]
