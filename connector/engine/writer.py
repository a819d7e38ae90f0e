"""The writer: a plan becomes NetSuite records, each of them once.

    intent row -> NetSuite call -> mapped record

Never inside a database transaction. A row that is still an intent, or unconfirmed,
when we come by means that a write may have been saved without our knowing. Then
the record is looked up by its external id, and only when NetSuite has been quiet
about it for QUIET_SECONDS (it finishes a request that its client has given up,
netsuite.md 2.2) is it sent again; NetSuite refuses the second of two records with
one external id, and that refusal leads to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.engine import steps
from connector.engine.known import REF_TYPES, Known, internal_ids
from connector.errors import AlreadyThere, AnswerLost, NeedsAttention, RetryLater, UnknownAnswer, Verdict
from connector.models import Job, MappedRecord
from connector.netsuite.gateway import Created, Gateway, Outcome
from connector.netsuite.records import (
    CreditMemo,
    CustomerPayment,
    Record,
    RecordType,
    Transaction,
    refs,
    with_internal_ids,
)
from connector.translation.plan import Link, Plan, Planned

State = MappedRecord.State
UNSURE = (State.INTENT, State.UNCONFIRMED)
LOOK_AGAIN = timedelta(seconds=30)
BEING_WRITTEN = timedelta(seconds=1)


class LeaseLost(Exception):
    """Somebody else has the job now; whatever they do is right, and we stop."""


@dataclass(slots=True)
class Writer:
    """Writes the plans of one leased job. `states` tells afterwards what became of each external id."""

    job: Job
    gateway: Gateway
    renew: Callable[[], bool]
    known: Known = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    refusals: list[Verdict] = field(default_factory=list)

    def write(self, plan: Plan) -> None:
        """Bring every record of `plan` into NetSuite, or raise a verdict; what was written stays mapped."""
        self._learn(plan)
        for link in plan.links:
            self._link(link)
        missing = [planned for planned in plan.records if self._key(planned.record) not in self.known]
        missing = self._without_found(missing)
        for _, wave in groupby(missing, key=lambda planned: planned.record.WAVE):
            self._write_wave(list(wave))

    def _learn(self, plan: Plan) -> None:
        """What is known of the plan's records and of all that they link to."""
        keys = {ref.key for planned in plan.records for ref in refs(planned.record)}
        keys |= {planned.record.external_id for planned in plan.records} | {link.key for link in plan.links}
        self.known = internal_ids(self.job.account.netsuite_account, keys)
        currencies = self.job.account.netsuite_account.currencies
        self.known |= {("currency", code): internal_id for code, internal_id in currencies.items()}
        for planned in plan.records:
            known = self._key(planned.record) in self.known
            self.states[planned.record.external_id] = "known" if known else "planned"

    def _link(self, link: Link) -> None:
        """Look at the record that metadata names, and map it as it stands (ME-1, ME-2)."""
        if (link.type, link.key) in self.known:
            return
        record_type: RecordType | str = "serviceSaleItem" if link.type == "item" else link.type
        snapshot = self.gateway.get_many(record_type, [link.internal_id])[0]  # type: ignore[arg-type]
        if snapshot is None:
            text = f"Invalid record referenced in metadata key {link.metadata_key} ({link.internal_id})."
            raise NeedsAttention("metadata_record_missing", text)
        if link.type == "customer" and link.key not in snapshot.memo:
            comments = "\n".join(part for part in (snapshot.memo, link.key) if part)
            self.gateway.update("customer", link.internal_id, {"comments": comments})  # CU-18, K7
        row = self._row(record_type, link.key)
        row.stripe_id, row.rules = link.key, list(link.rules)
        self._map(row, link.internal_id, found=True)

    def _without_found(self, missing: list[Planned]) -> list[Planned]:
        """Those of `missing` that are to be sent; what an earlier run may have written is looked up first."""
        rows = self._rows(missing)
        unsure = [
            planned for planned in missing if getattr(rows.get(self._id(planned)), "state", "") in UNSURE
        ]
        for record_type, same in groupby(unsure, key=lambda planned: planned.record.TYPE):
            external_ids = [planned.record.external_id for planned in same]
            self._find(record_type, [rows[record_type, external_id] for external_id in external_ids])
        still = [planned for planned in missing if self._key(planned.record) not in self.known]
        self._wait_for_quiet([rows[self._id(planned)] for planned in still if self._id(planned) in rows])
        return still

    def _find(self, record_type: RecordType, rows: Sequence[MappedRecord]) -> None:
        found = self.gateway.find(record_type, [row.external_id for row in rows])
        for row in rows:
            if internal_id := found.get(row.external_id):
                self._map(row, internal_id, found=True)

    def _wait_for_quiet(self, rows: Sequence[MappedRecord]) -> None:
        """Hold back while a write that went unanswered may still be saved."""
        now = timezone.now()
        for row in rows:
            if row.state not in UNSURE or row.sent_at is None:
                continue
            self._unless_others_write(row)
            quiet_at = row.sent_at + timedelta(seconds=settings.QUIET_SECONDS)
            if quiet_at > now:
                text = f"NetSuite may still be saving {row.record_type} {row.external_id}."
                raise RetryLater("unconfirmed", text, delay=min(LOOK_AGAIN, quiet_at - now))

    def _write_wave(self, wave: list[Planned]) -> None:
        """Send one wave in one call: customers, or items, or invoices, or payments, or memos."""
        if not self.renew():
            raise LeaseLost
        records = [self._ready(planned.record) for planned in wave]
        rows = self._intend(wave, records)
        steps.reach("intent", self.job.pk)
        try:
            outcomes = self.gateway.create_many(records)
        except AnswerLost as lost:
            self._unconfirmed(rows)
            raise RetryLater("unconfirmed", lost.message, delay=LOOK_AGAIN) from lost
        except Verdict:
            self._forget(rows)
            raise
        steps.reach("answered", self.job.pk)
        verdicts = [self._note(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]
        steps.reach("mapped", self.job.pk)
        self.refusals = [verdict for verdict in verdicts if verdict]
        if self.refusals:
            raise max(self.refusals, key=_gravity)

    def _ready(self, record: Record) -> Record:
        """The record with every internal id filled in."""
        filled = with_internal_ids(record, self.known)
        for ref in refs(filled):
            if not ref.internal_id:
                raise NeedsAttention("parent_missing", f"{ref.type} {ref.key} is not in NetSuite.")
        return filled

    def _intend(self, wave: list[Planned], records: list[Record]) -> list[MappedRecord]:
        """Write down what is about to be sent, before it is."""
        rows = []
        try:
            with transaction.atomic():
                for planned, record in zip(wave, records, strict=True):
                    row = self._row(record.TYPE, record.external_id)
                    if row.state in UNSURE:
                        self._unless_others_write(row)
                    _describe(row, planned, record)
                    row.state, row.sent_at, row.job = State.INTENT, timezone.now(), self.job
                    row.save()
                    rows.append(row)
        except IntegrityError:
            raise RetryLater(
                "being_written", "Another job is writing the same record.", delay=BEING_WRITTEN
            ) from None
        return rows

    def _unless_others_write(self, row: MappedRecord) -> None:
        """Make way for a job that is writing the same record at this moment (an item of two invoices)."""
        if row.job and row.job_id != self.job.pk and row.job.status == Job.Status.RUNNING:
            text = f"{row.record_type} {row.external_id} is being written with another document."
            raise RetryLater("being_written", text, delay=BEING_WRITTEN)

    def _note(self, row: MappedRecord, outcome: Outcome) -> Verdict | None:
        """Keep what became of one record; a verdict when it was refused."""
        if isinstance(outcome, Created):
            self._map(row, outcome.internal_id, warning=outcome.warning)
            return None
        if isinstance(outcome, AlreadyThere):
            return self._adopt(row)
        if isinstance(outcome, AnswerLost):
            self._unconfirmed([row])
            return RetryLater("unconfirmed", outcome.message, delay=LOOK_AGAIN)
        self._forget([row])
        self.states[row.external_id] = "refused"
        return outcome

    def _adopt(self, row: MappedRecord) -> Verdict | None:
        """NetSuite holds the external id already: find that record and map it, untouched (K22)."""
        self._find(row.record_type, [row])  # type: ignore[arg-type]
        if row.state == State.MAPPED:
            return None
        self._forget([row])
        text = f"The external id {row.external_id} belongs to a record of another type in NetSuite."
        return NeedsAttention("external_id_taken", text)

    def _map(self, row: MappedRecord, internal_id: str, *, found: bool = False, warning: str = "") -> None:
        row.internal_id, row.state, row.found = internal_id, State.MAPPED, found
        row.mapped_at, row.warning, row.job = timezone.now(), warning, self.job
        row.save()
        self.known[REF_TYPES[row.record_type], row.external_id] = internal_id
        self.states[row.external_id] = "found" if found else "written"

    def _unconfirmed(self, rows: Sequence[MappedRecord]) -> None:
        MappedRecord.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.UNCONFIRMED)

    def _forget(self, rows: Sequence[MappedRecord]) -> None:
        """NetSuite certainly did not save these."""
        MappedRecord.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.REFUSED, sent_at=None)

    def _row(self, record_type: str, external_id: str) -> MappedRecord:
        account = self.job.account
        key = {
            "netsuite_account": account.netsuite_account,
            "record_type": record_type,
            "external_id": external_id,
        }
        return MappedRecord.objects.filter(**key).first() or MappedRecord(
            **key, account=account, state=State.REFUSED
        )

    def _rows(self, planned: Sequence[Planned]) -> dict[tuple[str, str], MappedRecord]:
        ids = [self._id(one) for one in planned]
        rows = MappedRecord.objects.filter(
            netsuite_account=self.job.account.netsuite_account, external_id__in=[key for _, key in ids]
        )
        return {(row.record_type, row.external_id): row for row in rows}

    @staticmethod
    def _id(planned: Planned) -> tuple[RecordType, str]:
        return planned.record.TYPE, planned.record.external_id

    @staticmethod
    def _key(record: Record) -> tuple[str, str]:
        return REF_TYPES[record.TYPE], record.external_id


def _gravity(verdict: Verdict) -> int:
    """Of several refusals in one wave, the one that decides how the job ends."""
    order = (RetryLater, NeedsAttention, UnknownAnswer)
    return next((place for place, kind in enumerate(order) if isinstance(verdict, kind)), len(order))


def _describe(row: MappedRecord, planned: Planned, record: Record) -> None:
    """What the row says of its record, for pages and search."""
    row.stripe_id, row.rules = planned.stripe_id, list(planned.rules)
    if isinstance(record, Transaction):
        row.amount, row.currency = record.total, record.currency.key
        row.tran_date, row.memo = record.tran_date, record.memo
    if isinstance(record, CustomerPayment | CreditMemo):
        row.applied_to = [
            {
                "type": application.doc.type,
                "external_id": application.doc.key,
                "internal_id": application.doc.internal_id,
                "amount": str(application.amount),
            }
            for application in record.applied
        ]
