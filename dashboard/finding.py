"""Finding: from what somebody pasted to the documents that it belongs to. Only exact matches, by indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connector.engine import finding
from connector.engine.known import REF_TYPES
from connector.models import Job, MappedRecord, StripeAccount
from connector.models.job import PART_OF_ANOTHER
from dashboard.links import netsuite_link, stripe_link
from dashboard.postings import record_words
from dashboard.selection import read_amount, subjects, subjects_with

MOST = 20
"""Documents in the short list; of more, the list of records tells."""
MOST_LOOKED_AT = 200
NUMBERED = ("", "Invoice ", "Credit note ", "Customer ", "Payout ")
"""How titles of jobs begin before their number or name."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that a side holds and no document of ours belongs to."""

    words: str
    link: str
    preview_of: str = ""
    account: str = ""


def by_key(key: str) -> list[Job]:
    """The documents with this number or name, or that an object or record with exactly this id belongs to.

    The newest first.
    """
    titles = [f"{kind}{wording}" for kind in NUMBERED for wording in {key, key.upper()}]
    titled = Job.objects.filter(title__in=titles).order_by().values_list("subject")
    return _documents({key, *(subject for (subject,) in subjects_with(key).union(titled))})


def by_amount(text: str) -> list[Job]:
    """The documents over this amount, or with a record over it."""
    amount = read_amount(text)
    if amount is None:
        return []
    jobs = Job.objects.filter(amount=amount).order_by("-pk").values_list("subject", flat=True)
    rows = MappedRecord.objects.filter(amount=amount, job__isnull=False).order_by("-pk")
    booked = rows.values_list("job__subject", flat=True)
    return _documents({*jobs[:MOST_LOOKED_AT], *booked[:MOST_LOOKED_AT]})


def asked(text: str) -> tuple[list[Job], list[Elsewhere], tuple[str, ...]]:
    """What both sides say of an e-mail address or number: documents, what is not ours, who did not answer."""
    answer = finding.ask(text)
    documents: dict[int, Job] = {}
    elsewhere: list[Elsewhere] = []
    for one in answer.found:
        jobs = _of_found(one)
        documents |= {job.pk: job for job in jobs}
        if not jobs:
            elsewhere.append(_elsewhere(one))
    return sorted(documents.values(), key=lambda job: -job.pk), elsewhere, answer.troubles


def _of_found(one: finding.Found) -> list[Job]:
    """The documents of a record that a side named; of a customer those that were booked under it, too."""
    if one.stripe_id:
        rows = MappedRecord.objects.filter(account=one.account, stripe_id=one.stripe_id)
    else:
        types = [kind for kind, named in REF_TYPES.items() if named == one.record_type]
        rows = MappedRecord.objects.filter(
            netsuite_account=one.netsuite, record_type__in=types, internal_id=one.internal_id
        )
    documents = {subject for (subject,) in subjects(rows.filter(job__isnull=False))}
    customers = (
        rows.filter(record_type="customer").exclude(internal_id="").values_list("internal_id", flat=True)
    )
    billed = MappedRecord.objects.filter(
        netsuite_account=one.netsuite, customer__in=list(customers[:MOST]), job__isnull=False
    )
    newest = billed.order_by("-pk").values_list("job__subject", flat=True)
    return _documents({*documents, *newest[:MOST_LOOKED_AT], one.stripe_id} - {""})


def _elsewhere(one: finding.Found) -> Elsewhere:
    if one.account:
        words = f"Stripe customer {one.name}".strip()
        return Elsewhere(words, stripe_link(one.account, one.stripe_id), one.stripe_id, one.account.name)
    words = f"NetSuite {record_words(one.record_type)} {one.name}".strip()
    return Elsewhere(words, netsuite_link(one.netsuite, one.record_type, one.internal_id))


def _documents(subjects: Iterable[str]) -> list[Job]:
    """The newest job of each document, without those that another one carries along, if any is left."""
    accounts = StripeAccount.objects.all()  # so that the index by account and subject serves
    jobs = Job.objects.filter(account__in=accounts, subject__in=set(subjects)).select_related("account")
    newest: dict[tuple[int, str], Job] = {}
    for job in jobs.order_by("-pk")[:MOST_LOOKED_AT]:
        newest.setdefault((job.account_id, job.subject), job)
    roots = [job for job in newest.values() if job.code != PART_OF_ANOTHER]
    return roots or list(newest.values())


def shortened(jobs: Sequence[Job]) -> list[Job]:
    """As many as the short list shows."""
    return list(jobs[:MOST])
