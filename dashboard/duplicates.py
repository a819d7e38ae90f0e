"""What the pages of duplicate payments show: rows, and the ways to both sides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from django.db.models import QuerySet

from connector.engine import actions, decisions, rivals
from connector.engine.actions import Pair
from connector.engine.known import naming
from connector.engine.rivals import Invoice, Payer
from connector.failures import Failure, describe
from connector.models import Decision, Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.money import Amount
from dashboard.links import netsuite_link, stripe_link
from dashboard.postings import record_words
from dashboard.selection import current_jobs, last_attempts, sums_of

CAME_OVER = "CH-18"
"""The rule that a payment carries when it stands unapplied because its invoice did not take it."""

MOST = 10
"""Pairs on one page: both sides are asked about each."""
LONGEST = 15.0
"""Seconds that a page may ask Stripe for."""
TICK = re.compile(r"([0-9]{1,18})\.([0-9a-f]{64})\.(\w{1,255})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits, and the payments of it that may be allowed, by Stripe id."""

    job: Job
    charges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """A cause in an account of which several payments wait."""

    account: str
    failure: Failure
    count: int


@dataclass(slots=True)
class ShownPair:
    """A payment that waits, and what paid its invoice. `value` is what its tick says to the button."""

    job: Job
    charge_id: str
    value: str
    is_ticked: bool
    found: rivals.Rivals | None = None
    earlier: list[ShownPayer] = field(default_factory=list)
    cannot_tell: str = ""

    @property
    def may_be_ticked(self) -> bool:
        """Whether both payments are seen; if nothing pays the invoice now, trying again is right."""
        return bool(self.found and self.earlier)


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


def asking(account: str = "", code: str = "") -> QuerySet[Job]:
    """The records that may wait for a decision, the oldest first; of one account and cause, if wished."""
    jobs = current_jobs().filter(
        status=Job.Status.NEEDS_ATTENTION, code__in=[code] if code else decisions.ASKED
    )
    jobs = jobs.filter(account__name=account) if account else jobs
    return jobs.select_related("account__netsuite_account").order_by("created_at", "pk")


def waiting(jobs: Collection[Job]) -> list[Waiting]:
    """Those of some records that wait for a decision or a mend; two looks for all of them."""
    asked = decisions.asked_of_all(jobs, last_attempts(jobs))
    return [Waiting(job, tuple(asked[job.pk])) for job in jobs if job.pk in asked]


def several(rows: Iterable[Waiting]) -> list[Several]:
    """The causes of which more than one payment waits, so that they can be decided together."""
    counts = Counter((row.job.account.name, row.job.code) for row in rows for _ in row.charges)
    return [Several(name, describe(code), count) for (name, code), count in counts.items() if count > 1]


def pairs(account: StripeAccount, rows: Iterable[Waiting], ticked: Container[str]) -> list[ShownPair]:
    """Each payment that waits beside what paid its invoice, as both sides tell it now.

    Asking takes a while, so Stripe is asked for `LONGEST` seconds; what was not asked about says so.
    """
    each = [(row.job, charge) for row in rows for charge in row.charges]
    found = rivals.read_all(account, each, until=monotonic() + LONGEST)
    return [_pair(job, charge, ticked, one) for (job, charge), one in zip(each, found, strict=True)]


def _pair(
    job: Job, charge: str, ticked: Container[str], found: rivals.Rivals | rivals.CannotTell
) -> ShownPair:
    value = f"{job.pk}.{actions.version([job])}.{charge}"
    pair = ShownPair(job, charge, value, value in ticked)
    if isinstance(found, rivals.CannotTell):
        pair.cannot_tell = str(found)
    else:
        pair.found, pair.earlier = found, [shown(payer, job.account) for payer in found.earlier]
    return pair


def picked(value: str) -> Pair | None:
    """What a tick of the page stands for."""
    match = TICK.fullmatch(value)
    return Pair(int(match[1]), match[2], match[3]) if match else None


def totals(found: Iterable[ShownPair]) -> tuple[Amount, ...]:
    """What the second payments come to: one sum for each currency."""
    amounts = [pair.found.amount for pair in found if pair.found]
    return sums_of((one.currency, one.value) for one in amounts)


def came_over() -> QuerySet[MappedRecord]:
    """The payments that came over unapplied, the newest first."""
    rows = MappedRecord.objects.filter(record_type="customerPayment", state=MappedRecord.State.MAPPED)
    found = naming(rows, "rules", CAME_OVER)
    return found.select_related("account__netsuite_account", "netsuite_account", "job").order_by("-pk")


def with_grounds(records: Iterable[MappedRecord]) -> list[CameOver]:
    """The payments, each with who let it over."""
    records = list(records)
    charges = [record.stripe_id for record in records]
    made = Decision.objects.filter(kind=decisions.DUPLICATE, stripe_id__in=charges, withdrawn_at=None)
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
