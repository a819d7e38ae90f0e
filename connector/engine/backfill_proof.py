"""The proof of a backfill: all that Stripe lists of the period beside what our map says of it.

Stripe is listed anew for it, so that nothing that the run itself believed it had done is trusted.
Each object is exactly one of these:

    netsuite          our map names its record
    skipped           nothing is to be booked, for a reason that is counted
    needs_attention   its document waits for a person
    failed            its document waits for an engineer
    waiting           its document is not at its end
    different         its records do not add up to it
    missing           none of these: nobody can say what became of it

The books are complete when only the first two are left. What Stripe lists and `adjusted` are
together the sum of all the others, in each currency, to the minor unit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from connector.engine import payout_children
from connector.engine.backfill_period import amount_of, booked_amount
from connector.engine.described import problem_json
from connector.models import Job, MappedRecord, StripeAccount
from connector.money import Amount
from connector.stripe.credit_note import CreditNote
from connector.stripe.listing import Listed
from connector.translation import credit_note as credit_notes
from connector.translation.plan import Problem
from connector.translation.settings import Settings
from connector.translation.unbooked import reason

Json = dict[str, Any]
COLUMNS = (
    "netsuite",
    "skipped",
    "needs_attention",
    "failed",
    "waiting",
    "different",
    "missing",
)
FINE = ("netsuite", "skipped")
MOST_NAMED = 100
"""Documents that are named; all of them are counted."""
ITEMS = ("serviceSaleItem", "nonInventorySaleItem", "otherChargeSaleItem", "discountItem", "item")
RECORDS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer",),
    "prices": ITEMS,
    "invoices": ("invoice",),
    "charges": ("customerPayment", "customerDeposit", "cashSale"),
    "refunds": ("customerRefund", "cashRefund"),
    "disputes": ("customerRefund", "cashRefund"),
    "credit_notes": ("creditMemo",),
    "payouts": ("deposit", "journalEntry"),
}
"""The NetSuite records that stand for an object of each kind."""
OVERTAKEN = ("superseded", "lease_lost", "part_of_another")
"""Ways in which a job ends that say nothing about its document."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for an object in NetSuite. No `amount` where a record was linked: that is not read.

    `subject` is the document that it was booked with.
    """

    subject: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How the work on a document ended."""

    subject: str
    status: str
    code: str
    message: str


class Evidence(Protocol):
    """What is known of objects and documents: by our map and jobs, or, in a dry run, by the plans."""

    def standing(self, word: str, things: Sequence[Listed]) -> dict[str, Standing]:
        """What stands for these objects, by Stripe id."""

    def ends(self, subjects: Sequence[str]) -> dict[str, End]:
        """How the work on each subject ended, wherever it was handed on to; without those never begun."""

    def open(self, subjects: AbstractSet[str]) -> Iterable[End]:
        """Of these documents, those that are not settled."""


@dataclass(slots=True)
class Sums:
    """How many, and how much of one currency."""

    count: int = 0
    value: Decimal = Decimal(0)

    def add(self, amount: Amount | None) -> None:
        """One more, over this amount."""
        self.count += 1
        self.value += amount.value if amount else 0

    def told(self, currency: str) -> Json:
        """As JSON; no sum where there is no currency."""
        return {"count": self.count, "sum": Amount(self.value, currency).text if currency else ""}

    @classmethod
    def of(cls, told: Json) -> Sums:
        """What `told` said."""
        return cls(told["count"], Decimal(told["sum"] or 0))


@dataclass(slots=True)
class Row:
    """One kind in one currency."""

    kind: str
    currency: str
    stripe: Sums = field(default_factory=Sums)
    adjusted: Decimal = Decimal(0)
    columns: dict[str, Sums] = field(default_factory=lambda: {name: Sums() for name in COLUMNS})
    reasons: dict[str, Sums] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every object is in NetSuite, or skipped for a reason."""
        return not any(self.columns[name].count for name in COLUMNS if name not in FINE)

    def told(self) -> Json:
        """As JSON; money is text with the currency's decimals."""
        adjusted = Amount(self.adjusted, self.currency).text if self.currency else ""
        return {
            "kind": self.kind,
            "currency": self.currency,
            "stripe": self.stripe.told(self.currency),
            "adjusted": adjusted,
            **{name: sums.told(self.currency) for name, sums in self.columns.items()},
            "reasons": {code: sums.told(self.currency) for code, sums in sorted(self.reasons.items())},
        }

    @classmethod
    def of(cls, told: Json) -> Row:
        """What `told` said."""
        return cls(
            told["kind"],
            told["currency"],
            Sums.of(told["stripe"]),
            Decimal(told["adjusted"] or 0),
            {name: Sums.of(told[name]) for name in COLUMNS},
            {code: Sums.of(sums) for code, sums in told["reasons"].items()},
        )


class Proof:
    """Counts objects as they are listed. Holds no more of them than are named, or open.

    `kept` is what an earlier turn had come to.
    """

    def __init__(self, evidence: Evidence, settings: Settings, kept: Json | None = None) -> None:
        kept = kept or {"kinds": [], "problems": [], "open": {}, "asking": []}
        self._evidence, self._settings = evidence, settings
        self._rows = {(told["kind"], told["currency"]): Row.of(told) for told in kept["kinds"]}
        self._named: list[Json] = list(kept["problems"])
        self._open: dict[str, int] = dict(kept["open"])
        self._asking: list[str] = list(kept["asking"])
        self._seen = Seen()
        self._seen.unseen(self._asking)

    @property
    def complete(self) -> bool:
        """Whether every object is accounted for, and no document of theirs is left open."""
        return all(row.complete for row in self._rows.values()) and not self._open

    def add(self, word: str, things: Sequence[Listed]) -> None:
        """Count a page of objects of a kind."""
        there = self._evidence.standing(word, things)
        lacking = {one.id: subject_of(one) for one in things if one.id not in there}
        ends = self._evidence.ends(sorted(set(lacking.values())))
        for one in things:
            self._count(word, one, there.get(one.id), ends.get(lacking.get(one.id, "")))
        subjects = {one.subject for one in there.values()} | {end.subject for end in ends.values()}
        for end in self._evidence.open(self._seen.unseen(subjects)):
            self._open[end.code] = self._open.get(end.code, 0) + 1
            self._asking.append(end.subject)
            self._name(end.subject, end.status, Problem(end.code, end.message))

    def told(self) -> Json:
        """The whole proof as JSON."""
        return {
            "complete": self.complete,
            "kinds": [row.told() for row in self._rows.values()],
            "open": dict(sorted(self._open.items())),
            "problems": self._named,
        }

    def kept(self) -> Json:
        """As JSON for another turn to go on with; `asking` are the documents of which `open` tells."""
        return self.told() | {"problems": list(self._named), "asking": list(self._asking)}

    def _count(self, word: str, thing: Listed, there: Standing | None, end: End | None) -> None:
        own, owed = amount_of(thing), booked_amount(thing)
        row = self._row(word, own.currency if own else "")
        row.stripe.add(own)
        if own is not None and owed is not None:
            row.adjusted += (owed - own).value
        if there:
            column = self._compared(thing, owed, there)
        else:
            column, code = self._unbooked(thing, end)
            if column == "skipped":
                row.reasons.setdefault(code, Sums()).add(owed)
        row.columns[column].add(owed)

    def _row(self, word: str, currency: str) -> Row:
        return self._rows.setdefault((word, currency), Row(word, currency))

    def _compared(self, thing: Listed, owed: Amount | None, there: Standing) -> str:
        if owed is None or there.amount is None or there.amount == owed.value:
            return "netsuite"
        text = (
            f"{thing.id} is over {owed}, its records in NetSuite over {Amount(there.amount, owed.currency)}."
        )
        self._name(thing.id, "different", Problem("booked_amount_differs", text))
        return "different"

    def _unbooked(self, thing: Listed, end: End | None) -> tuple[str, str]:
        """Where an object without a record stands, and why."""
        if end and end.status in (Job.Status.NEEDS_ATTENTION, Job.Status.FAILED):
            return str(end.status), end.code
        if end and end.status in (Job.Status.READY, Job.Status.RUNNING):
            return "waiting", end.code
        if end and end.status == Job.Status.SKIPPED and end.code not in OVERTAKEN:
            return "skipped", end.code
        if skip := reason(thing, self._settings):
            return "skipped", skip.code
        text = f"{thing.id} is in Stripe, and nothing says what became of it."
        self._name(thing.id, "missing", Problem("not_accounted_for", text))
        return "missing", ""

    def _name(self, subject: str, status: str, problem: Problem) -> None:
        if len(self._named) < MOST_NAMED:
            self._named.append({"subject": subject, "status": str(status), **problem_json(problem)})


def subject_of(thing: Listed) -> str:
    """The document to be looked at for an object, as for news of it: a credit note's is its invoice."""
    return thing.invoice_id if isinstance(thing, CreditNote) else thing.id


class Seen:
    """Which documents were met before, on disk: there may be millions."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")  # a temporary file, gone with the connection
        self._table.execute("CREATE TABLE seen (subject TEXT PRIMARY KEY)")

    def unseen(self, subjects: Iterable[str]) -> set[str]:
        """Those that are met for the first time; they are kept."""
        insert = "INSERT OR IGNORE INTO seen VALUES (?)"
        return {one for one in subjects if self._table.execute(insert, (one,)).rowcount}


class Booked:
    """What our map and our jobs say."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account

    def standing(self, word: str, things: Sequence[Listed]) -> dict[str, Standing]:
        """By the records of the kind."""
        found: dict[str, Standing] = {}
        for row in self._rows(word, [one.id for one in things]):
            found[row.stripe_id] = _with(found.get(row.stripe_id), row)
        return found | self._shared_memos(things, found)

    def ends(self, subjects: Sequence[str]) -> dict[str, End]:
        """The newest job of each."""
        children = payout_children.of(self._account, subjects)
        return {
            one.key: End(one.subject, one.status, one.code, one.message) for one in children if one.status
        }

    def open(self, subjects: AbstractSet[str]) -> Iterable[End]:
        """Jobs that ask a person something, or that were put off."""
        asking = Job.objects.filter(account=self._account, subject__in=subjects)
        late = asking.filter(status=Job.Status.READY).exclude(code="")
        rows = asking.filter(status__in=Job.OPEN) | late
        fields = ("subject", "status", "code", "message")
        return [End(*row) for row in rows.order_by("pk").values_list(*fields)]

    def _rows(self, word: str, ids: Sequence[str]) -> Iterable[MappedRecord]:
        rows = MappedRecord.objects.filter(
            netsuite_account=self._account.netsuite_account,
            stripe_id__in=ids,
            record_type__in=RECORDS[word],
            state=MappedRecord.State.MAPPED,
        )
        return rows.select_related("job").order_by("pk")

    def _shared_memos(self, things: Sequence[Listed], found: Mapping[str, Standing]) -> dict[str, Standing]:
        """Credit notes whose memo was made for the refund that they name (K24)."""
        notes = [one for one in things if isinstance(one, CreditNote) and one.id not in found]
        keys = {
            key: one.id
            for one in notes
            for key in (credit_notes.external_id(one), *(f"ns_memo:{refund}" for refund in one.refunds))
        }
        rows = MappedRecord.objects.filter(
            netsuite_account=self._account.netsuite_account,
            record_type="creditMemo",
            external_id__in=keys,
            state=MappedRecord.State.MAPPED,
        )
        return {keys[row.external_id]: Standing(_subject(row)) for row in rows.select_related("job")}


def _with(before: Standing | None, row: MappedRecord) -> Standing:
    """The standing with one record more.

    The parts of a large payout add up (PO-10). A further withdrawal of a dispute does not, nor the return
    of a payout; and of a journal entry we know the sum of its debits only, which is no payout's amount.
    """
    if before is None:
        return Standing(_subject(row), None if row.record_type == "journalEntry" else row.amount)
    if row.record_type != "deposit" or before.amount is None or row.amount is None:
        return before
    return Standing(before.subject, before.amount + row.amount)


def _subject(row: MappedRecord) -> str:
    return row.job.subject if row.job else row.stripe_id
