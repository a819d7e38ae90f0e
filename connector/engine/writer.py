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
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.engine import rows, steps
from connector.engine.known import REF_TYPES, Known, internal_ids
from connector.errors import AlreadyThere, AnswerLost, NeedsAttention, RetryLater, UnknownAnswer, Verdict
from connector.models import Job, MappedRecord
from connector.netsuite.gateway import Created, Criterion, Gateway, Outcome, Snapshot
from connector.netsuite.records import (
    CreditMemo,
    CustomerPayment,
    Invoice,
    Record,
    RecordType,
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
        missing = [planned for planned in plan.records if not self._is_known(planned.record)]
        for _, wave in groupby(missing, key=lambda planned: planned.record.WAVE):
            self._prove(plan)
            self._write_wave(self._without_found(list(wave)))
        self._prove(plan)
        for planned in plan.records:
            if self.states[planned.record.external_id] != "written":
                self._apply_late(planned.record)

    def _learn(self, plan: Plan) -> None:
        """What is known of the plan's records and of all that they link to."""
        keys = {ref.key for planned in plan.records for ref in refs(planned.record)}
        keys |= {planned.record.external_id for planned in plan.records} | {link.key for link in plan.links}
        self.known = internal_ids(self.job.account.netsuite_account, keys)
        currencies = self.job.account.netsuite_account.currencies
        self.known |= {("currency", code): internal_id for code, internal_id in currencies.items()}
        for planned in plan.records:
            known = self._is_known(planned.record)
            self.states[planned.record.external_id] = "known" if known else "planned"

    def _link(self, link: Link) -> None:
        """Look at the record that metadata names, and map it as it stands (ME-1, ME-2)."""
        if (link.type, link.key) in self.known:
            return
        snapshot = self._linked(link)
        if snapshot is None:
            text = f"Invalid record referenced in metadata key {link.metadata_key} ({link.internal_id})."
            raise NeedsAttention("metadata_record_missing", text)
        if link.type == "customer" and link.key not in snapshot.memo:
            comments = "\n".join(part for part in (snapshot.memo, link.key) if part)
            self.gateway.update("customer", link.internal_id, {"comments": comments})  # CU-18, K7
        row = rows.row_of(self.job, link.type, link.key)
        row.stripe_id, row.rules = link.key, list(link.rules)
        self._map(row, link.internal_id, found=True)

    def _linked(self, link: Link) -> Snapshot | None:
        if link.type == "item":  # of any item type (PI-6)
            one = Criterion("internalId", "anyOf", (link.internal_id,))
            return next(iter(self.gateway.search("item", [one])), None)
        return self.gateway.get_many(cast(RecordType, link.type), [link.internal_id])[0]

    def _without_found(self, wave: list[Planned]) -> list[Planned]:
        """Those of a wave that are to be sent; what an earlier run may have written is looked up first."""
        there = rows.rows_of(self.job, [planned.record for planned in wave])
        unsure = [
            (planned, row)
            for planned in wave
            if (row := there.get(rows.identity(planned.record))) and row.state in UNSURE
        ]
        for record_type in dict.fromkeys(planned.record.TYPE for planned, _ in unsure):
            self._find([(planned, row) for planned, row in unsure if record_type == planned.record.TYPE])
        for _, row in unsure:
            self._wait_for_quiet(row)
        return [planned for planned in wave if not self._is_known(planned.record)]

    def _find(self, unsure: Sequence[tuple[Planned, MappedRecord]]) -> None:
        """Look records of one type up by external id; map those that are there and agree with ours."""
        record_type = unsure[0][0].record.TYPE
        found = self.gateway.find(record_type, [row.external_id for _, row in unsure])
        there = [(planned, row) for planned, row in unsure if row.external_id in found]
        snapshots = (
            self.gateway.get_many(record_type, [found[row.external_id] for _, row in there]) if there else []
        )
        for (planned, row), snapshot in zip(there, snapshots, strict=True):
            if snapshot:
                self._adopt(planned, row, snapshot)

    def _adopt(self, planned: Planned, row: MappedRecord, snapshot: Snapshot) -> None:
        """Map a record that NetSuite holds already, untouched (K22), unless its money is not ours."""
        record = with_internal_ids(planned.record, self.known)
        if told := rows.difference(record, snapshot):
            rows.mark([row], State.REFUSED)
            text = (
                f"NetSuite holds {row.record_type} {snapshot.internal_id} for {row.external_id} with {told}."
            )
            raise NeedsAttention("found_record_differs", text)
        rows.describe(row, planned, record)
        if isinstance(record, CustomerPayment | CreditMemo):
            applied = {one.internal_id for one in snapshot.applied}
            row.applied_to = [
                rows.applied_json(one) for one in record.applied if one.doc.internal_id in applied
            ]
        row.proven = True  # its total was compared just now
        self._map(row, snapshot.internal_id, found=True)

    def _wait_for_quiet(self, row: MappedRecord) -> None:
        """Hold back while a write that went unanswered may still be saved."""
        if row.state not in UNSURE or row.sent_at is None:
            return
        self._unless_others_write(row)
        left = row.sent_at + timedelta(seconds=settings.QUIET_SECONDS) - timezone.now()
        if left > timedelta():
            text = f"NetSuite may still be saving {row.record_type} {row.external_id}."
            raise RetryLater("unconfirmed", text, delay=min(LOOK_AGAIN, left))

    def _write_wave(self, wave: list[Planned]) -> None:
        """Send one wave in one call: customers, or items, or invoices, or payments, or memos."""
        if not wave:
            return
        if not self.renew():
            raise LeaseLost
        records = [self._ready(planned.record) for planned in wave]
        intents = self._intend(wave, records)
        steps.reach("intent", self.job.pk)
        try:
            outcomes = self.gateway.create_many(records)
        except AnswerLost as lost:
            rows.mark(intents, State.UNCONFIRMED)
            raise RetryLater("unconfirmed", lost.message, delay=LOOK_AGAIN) from lost
        except Verdict:
            rows.mark(intents, State.REFUSED)
            raise
        steps.reach("answered", self.job.pk)
        verdicts = [self._note(*each) for each in zip(wave, intents, outcomes, strict=True)]
        steps.reach("mapped", self.job.pk)
        self.refusals = [verdict for verdict in verdicts if verdict]
        if self.refusals:
            raise max(self.refusals, key=_gravity)

    def _prove(self, plan: Plan) -> None:
        """Hold NetSuite's own total against ours, once, before anything is set against it (IN-H3)."""
        for bill in (planned.record for planned in plan.records):
            if not (isinstance(bill, Invoice) and bill.needs_proof and self._is_known(bill)):
                continue
            row = rows.row_of(self.job, bill.TYPE, bill.external_id)
            if row.proven:
                continue
            there = self.gateway.get(bill.TYPE, row.internal_id).total
            if there != bill.total:
                text = f"NetSuite's invoice {row.internal_id} is over {there} {bill.currency.key}, Stripe's"
                raise NeedsAttention("netsuite_total_differs", f"{text} {row.external_id} over {bill.total}.")
            row.proven = True
            row.save(update_fields=["proven"])

    def _ready(self, record: Record) -> Record:
        """The record with every internal id filled in."""
        filled = with_internal_ids(record, self.known)
        for ref in refs(filled):
            if not ref.internal_id:
                raise NeedsAttention("parent_missing", f"{ref.type} {ref.key} is not in NetSuite.")
        return filled

    def _intend(self, wave: list[Planned], records: list[Record]) -> list[MappedRecord]:
        """Write down what is about to be sent, before it is."""
        intents = []
        try:
            with transaction.atomic():
                for planned, record in zip(wave, records, strict=True):
                    row = rows.row_of(self.job, record.TYPE, record.external_id)
                    if row.state in UNSURE:
                        self._unless_others_write(row)
                    rows.describe(row, planned, record)
                    row.state, row.sent_at, row.job = State.INTENT, timezone.now(), self.job
                    row.proven = not (isinstance(record, Invoice) and record.needs_proof)
                    row.save()
                    intents.append(row)
        except IntegrityError:
            text = "Another job is writing the same record."
            raise RetryLater("being_written", text, delay=BEING_WRITTEN) from None
        return intents

    def _unless_others_write(self, row: MappedRecord) -> None:
        """Make way for a job that is writing the same record at this moment (an item of two invoices)."""
        if row.job and row.job_id != self.job.pk and row.job.status == Job.Status.RUNNING:
            text = f"{row.record_type} {row.external_id} is being written with another document."
            raise RetryLater("being_written", text, delay=BEING_WRITTEN)

    def _note(self, planned: Planned, row: MappedRecord, outcome: Outcome) -> Verdict | None:
        """Keep what became of one record; a verdict when it was refused."""
        if isinstance(outcome, Created):
            self._map(row, outcome.internal_id, warning=outcome.warning)
            return None
        if isinstance(outcome, AnswerLost):
            rows.mark([row], State.UNCONFIRMED)
            return RetryLater("unconfirmed", outcome.message, delay=LOOK_AGAIN)
        if isinstance(outcome, AlreadyThere):
            return self._find_taken(planned, row)
        rows.mark([row], State.REFUSED)
        self.states[row.external_id] = "refused"
        return outcome

    def _find_taken(self, planned: Planned, row: MappedRecord) -> Verdict | None:
        """NetSuite holds the external id already: that record is ours, or somebody must look at it."""
        try:
            self._find([(planned, row)])
        except NeedsAttention as verdict:
            return verdict
        if row.state == State.MAPPED:
            return None
        rows.mark([row], State.REFUSED)
        text = f"The external id {row.external_id} belongs to a record of another type in NetSuite."
        return NeedsAttention("external_id_taken", text)

    def _apply_late(self, record: Record) -> None:
        """Apply a payment or credit memo that NetSuite held before.

        So comes a charge that Stripe linked to its invoice later, and a credit note whose open
        invoice was paid since (K3).
        """
        ready = with_internal_ids(record, self.known)
        if not isinstance(ready, CustomerPayment | CreditMemo) or not ready.applied:
            return
        row = rows.row_of(self.job, ready.TYPE, ready.external_id)
        applied = {one["external_id"] for one in row.applied_to}
        lacking = tuple(one for one in ready.applied if one.doc.key not in applied)
        if lacking:
            self.gateway.update(ready.TYPE, row.internal_id, {"applyList": lacking})
            row.applied_to = [*row.applied_to, *(rows.applied_json(one) for one in lacking)]
            row.save(update_fields=["applied_to"])

    def _map(self, row: MappedRecord, internal_id: str, *, found: bool = False, warning: str = "") -> None:
        row.internal_id, row.state, row.found = internal_id, State.MAPPED, found
        row.mapped_at, row.warning, row.job = timezone.now(), warning, self.job
        row.save()
        self.known[REF_TYPES[row.record_type], row.external_id] = internal_id
        self.states[row.external_id] = "found" if found else "written"

    def _is_known(self, record: Record) -> bool:
        return (REF_TYPES[record.TYPE], record.external_id) in self.known


def _gravity(verdict: Verdict) -> int:
    """Of several refusals in one wave, the one that decides how the job ends."""
    order = (RetryLater, NeedsAttention, UnknownAnswer)
    return next((place for place, kind in enumerate(order) if isinstance(verdict, kind)), len(order))
