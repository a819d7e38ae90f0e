"""A document's records as a tree: its customer, what it billed, what paid that, and what took it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from connector.engine import family
from connector.engine.known import REF_TYPES
from connector.models import Drift, Job, MappedRecord, PayoutLine
from dashboard import figures, payouts
from dashboard.links import netsuite_link, stripe_link
from dashboard.postings import Posting, record_words
from dashboard.standing import RECORD_SHAPES, Standing, altered_shape

Identity = tuple[str, str]
"""How links name a record's type, and its external id."""

KINDS = {
    "cus": "Customer",
    "in": "Invoice",
    "ch": "Payment",
    "py": "Payment",
    "re": "Refund",
    "pyr": "Refund",
    "du": "Dispute",
    "dp": "Dispute",
    "cn": "Credit note",
    "po": "Payout",
    "price": "Price",
}
"""What Stripe calls an object, by how its id begins."""

PAID_OUT = {
    PayoutLine.State.RECORD: Standing("On the bank deposit", "ok", "✓"),
    PayoutLine.State.LINE: Standing("On the bank deposit", "ok", "✓"),
    PayoutLine.State.BEFORE_START: Standing("From before the start", "rest", "–"),
    PayoutLine.State.WAITING: Standing("The payout waits", "wait", "○"),
    PayoutLine.State.REFUSED: Standing("Cannot be deposited", "bad", "●"),
}


@dataclass(slots=True)
class Member:
    """One record, or the payout that holds it. `page` is its own page on the console, if it has one."""

    kind: str
    name: str
    netsuite_link: str
    stripe_id: str
    stripe_link: str
    amount: str
    standing: Standing | None
    notes: tuple[str, ...] = ()
    is_here: bool = False
    page: str = ""
    children: list[Member] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Family:
    """The roots of the tree; `has_more` when the document has more records than are shown.

    `altered` is what somebody changed in NetSuite of the document's own records and did not put right.
    """

    roots: tuple[Member, ...]
    records: tuple[MappedRecord, ...]
    altered: tuple[Drift, ...] = ()
    has_more: bool = False


def family_of(job: Job, jobs: Sequence[Job], planned: Sequence[Posting], stripe_ids: Iterable[str]) -> Family:
    """The tree of a job's document, from our own tables and its newest plan."""
    keys = [one.external_id for one in planned if one.external_id]
    rows = family.members(job, jobs, keys, stripe_ids)
    shown, has_more = rows[: family.MOST], len(rows) > family.MOST
    there = {row.pk: row for row in (*family.customers(job, shown), *shown)}
    rows = list(there.values())
    altered = {one.record_id: one for one in payouts.changed_in([job.account]).filter(record__in=rows)}
    members = {_identity(row): _of_row(row, job, altered.get(row.pk)) for row in rows}
    settles = {_identity(row): [one["external_id"] for one in row.applied_to] for row in rows}
    for line in family.payout_lines(job.account, rows):
        if member := members.get(_identity(line)):
            member.children.append(_of_payout(line))
    for posting in planned:
        members.setdefault(_identity(posting), _of_posting(posting, job))
        settles.setdefault(_identity(posting), [one.external_id for one in posting.applications])
    return Family(_tree(members, settles), tuple(rows), tuple(altered.values()), has_more)


def _identity(one: MappedRecord | PayoutLine | Posting) -> Identity:
    return REF_TYPES.get(one.record_type, one.record_type), one.external_id


def _tree(
    members: Mapping[Identity, Member], settles: Mapping[Identity, Sequence[str]]
) -> tuple[Member, ...]:
    """Each record below the one that it settles; all below the customer, if there is one only."""
    by_key: dict[str, Identity] = {}
    for identity in members:
        by_key.setdefault(identity[1], identity)
    customers = [identity for identity in members if identity[0] == "customer"]
    root = members[customers[0]] if len(customers) == 1 else None
    roots: list[Member] = []
    for identity, member in members.items():
        wanted = (by_key.get(key) for key in settles[identity] if key)
        parent = next((one for one in wanted if one and one != identity), None)
        if parent:
            members[parent].children.append(member)
        elif root and identity[0] not in ("customer", "item"):
            root.children.append(member)
        else:
            roots.append(member)
    return tuple(roots)


def _of_row(row: MappedRecord, job: Job, altered: Drift | None) -> Member:
    notes = [f"posts on {figures.day(row.tran_date)}"] if row.tran_date else []
    notes += ["was there already; linked"] if row.found else []
    number = f" {row.internal_id}" if row.internal_id else ""
    return Member(
        kind=KINDS.get(row.stripe_id.partition("_")[0], ""),
        name=f"{record_words(row.record_type)}{number}",
        netsuite_link=netsuite_link(row.netsuite_account, row.record_type, row.internal_id),
        stripe_id=row.stripe_id or row.external_id,
        stripe_link=stripe_link(row.account, row.stripe_id),
        amount=figures.written_money(row.amount, row.currency),
        standing=altered_shape(altered) if altered else RECORD_SHAPES[MappedRecord.State(row.state)],
        notes=tuple(notes),
        is_here=row.stripe_id == job.subject,
    )


def _of_posting(posting: Posting, job: Job) -> Member:
    """A record of the plan that was not sent yet."""
    return Member(
        kind=KINDS.get(posting.stripe_id.partition("_")[0], ""),
        name=posting.words,
        netsuite_link=posting.link,
        stripe_id=posting.stripe_id or posting.external_id,
        stripe_link=stripe_link(job.account, posting.stripe_id),
        amount=posting.amount,
        standing=posting.standing,
        is_here=bool(posting.stripe_id) and posting.stripe_id == job.subject,
    )


def _of_payout(line: PayoutLine) -> Member:
    payout = line.payout
    return Member(
        kind="Payout",
        name="",
        netsuite_link="",
        stripe_id=payout.payout_id,
        stripe_link="",
        amount=figures.money(payout.amount, payout.currency),
        standing=PAID_OUT[PayoutLine.State(line.state)],
        notes=(f"arrives on {figures.day(payout.arrival_date)}",),
        page=reverse("dashboard:payout", args=[payout.pk]),
    )
