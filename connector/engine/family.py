"""Family: the records that belong to one document, from our own tables.

A document's payments, memos and refunds are written by its jobs; its customer may have come with an
earlier one, and its payouts with their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, Subquery

from connector.engine.known import REF_TYPES
from connector.models import Job, MappedRecord, PayoutLine, StripeAccount

MOST = 40
"""Records that a page shows; of a document with more it shows the first."""
MOST_PAYOUT_LINES = 100
MOST_JOBS = 100


def jobs_of(job: Job) -> list[Job]:
    """The jobs of the document, or of those that it is booked with, the newest first."""
    subjects = {job.subject, *job.part_of}
    return list(Job.objects.filter(account=job.account, subject__in=subjects).order_by("-pk")[:MOST_JOBS])


def alike(pk: int) -> list[Job]:
    """The jobs of the document of this job, itself among them, the newest first; in one question."""
    one = Job.objects.filter(pk=pk)
    same = Job.objects.filter(
        account=Subquery(one.values("account")), subject=Subquery(one.values("subject"))
    )
    return list(same.select_related("account__netsuite_account").order_by("-pk")[:MOST_JOBS])


def members(
    job: Job, jobs: Sequence[Job], keys: Iterable[str] = (), stripe_ids: Iterable[str] = ()
) -> list[MappedRecord]:
    """The records that these jobs of a document wrote, or that stand for it, oldest first.

    `keys` are external ids that the document's plan names, `stripe_ids` what its messages are about.
    At most one more than MOST.
    """
    ours = Q(job__in=[one.pk for one in jobs])
    ours |= Q(account=job.account, stripe_id__in={job.subject, *job.part_of, *stripe_ids})
    ours |= Q(
        netsuite_account=job.account.netsuite_account,
        record_type__in=list(REF_TYPES),  # so that the unique index serves
        external_id__in=set(keys),
    )
    rows = MappedRecord.objects.filter(ours).order_by("pk")
    return list(rows.select_related("account__netsuite_account", "netsuite_account")[: MOST + 1])


def customers(job: Job, rows: Sequence[MappedRecord]) -> list[MappedRecord]:
    """The customers of these transactions, those of the job's own account if any."""
    known = MappedRecord.objects.filter(
        internal_id__in={row.customer for row in rows if row.customer},
        netsuite_account=job.account.netsuite_account,
        record_type="customer",
    )
    found = list(known.select_related("account__netsuite_account", "netsuite_account").order_by("pk")[:MOST])
    own = [row for row in found if row.account_id == job.account_id]
    return list({row.internal_id: row for row in own or found}.values())


def payout_lines(account: StripeAccount, rows: Sequence[MappedRecord]) -> list[PayoutLine]:
    """Where the money of these records was paid out, or waits to be."""
    keys = [row.external_id for row in rows]
    lines = PayoutLine.objects.filter(external_id__in=keys, payout__account=account)
    return list(lines.select_related("payout").order_by("payout__arrival_date", "pk")[:MOST_PAYOUT_LINES])
