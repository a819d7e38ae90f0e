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
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.engine import links, rows, steps, writing_back
from connector.engine.known import REF_TYPES, Known, internal_ids
from connector.errors import AlreadyThere, AnswerLost, NeedsAttention, RetryLater, UnknownAnswer, Verdict
from connector.models import Job, MappedRecord
from connector.netsuite.gateway import (
    MOST_CREATED_AT_ONCE,
    Created,
    Criterion,
    Gateway,
    Outcome,
    Snapshot,
)
from connector.netsuite.records import (
    AUTHORIZATION_CODE,
    Application,
    CreditMemo,
    CustomerPayment,
    CustomerRefund,
    Deposit,
    Invoice,
    Record,
    Ref,
    authorization_code,
    refs,
    with_internal_ids,
)
from connector.translation import duplicate
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
        missing = [planned for planned in plan.records if not self._is_known(planned.record)]
        lacking = [link for link in plan.links if (link.type, link.key) not in self.known]
        named = [(link, self._named(link)) for link in lacking]
        self._look_for_items(missing)
        for link, snapshot in named:
            self._link(link, snapshot)
        self._write_waves(plan, [one for one in missing if one.record.WAVE < CustomerRefund.WAVE])
        self._prove(plan)
        for planned in plan.records:
            if self.states[planned.record.external_id] != "written":
                self._take_off(planned, plan)
                self._apply_late(planned)
                self._name_charge_late(planned.record)
        self._write_waves(plan, [one for one in missing if one.record.WAVE >= CustomerRefund.WAVE])
        self._prove_deposits(plan)

    def _write_waves(self, plan: Plan, missing: Sequence[Planned]) -> None:
        """Write wave by wave. What gives money back comes after all is applied that takes it in."""
        for _, wave in groupby(missing, key=lambda planned: planned.record.WAVE):
            self._prove(plan)
            self._write_wave(self._without_found(list(wave)))

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

    def _named(self, link: Link) -> Snapshot:
        """The record that metadata names or a comparison found, as it stands (ME-2)."""
        snapshot = links.read(link.type, link.internal_id, self.gateway)
        if snapshot is None and not link.metadata_key:
            raise RetryLater("record_changed", f"The {link.type} {link.internal_id} was there a moment ago.")
        if snapshot is None:
            text = f"Invalid record referenced in metadata key {link.metadata_key} ({link.internal_id})."
            raise NeedsAttention("metadata_record_missing", text)
        netsuite = self.job.account.netsuite_account
        if other := links.taken_by(netsuite, link.type, snapshot, link.key):
            text = (
                f"{link.metadata_key} of {link.key} is {link.internal_id}, and that record stands for {other}"
            )
            raise NeedsAttention("metadata_record_taken", f"{text} already.")
        return snapshot

    def _look_for_items(self, missing: Sequence[Planned]) -> None:
        """See that NetSuite holds every item that a line names by internal id, before anything is written."""
        wanted = (ref for planned in missing for ref in refs(planned.record))
        named = {ref.internal_id for ref in wanted if ref.type == "item" and ref.internal_id and not ref.key}
        if not named:
            return
        any_of = Criterion("internalId", "anyOf", tuple(sorted(named)))
        gone = named - {snapshot.internal_id for snapshot in self.gateway.search("item", [any_of])}
        if gone:
            text = f"Invalid record referenced: NetSuite has no item {', '.join(sorted(gone))}."
            raise NeedsAttention("metadata_record_missing", text)

    def _link(self, link: Link, snapshot: Snapshot) -> None:
        """Map a record that was there before us (ME-1, CU-15)."""
        row = rows.row_of(self.job, link.type, link.key)
        self._wait_for_quiet(row)
        links.sign(link.type, link.key, snapshot, self.gateway)
        row.stripe_id, row.rules = link.key, list(link.rules)
        self._map(row, snapshot.internal_id, found=True, given=bool(link.metadata_key), warning=link.note)

    def _without_found(self, wave: list[Planned]) -> list[Planned]:
        """Those of a wave that are to be sent; what an earlier run may have written is looked up first.

        A deposit that we know nothing of is looked for too: NetSuite takes offence at its records, which
        are deposited then, before it sees the external id twice.
        """
        there = rows.rows_of(self.job, [planned.record for planned in wave])
        unsure = [
            (planned, row)
            for planned in wave
            if (row := there.get(rows.identity(planned.record))) and row.state in UNSURE
        ]
        unsure += [
            (planned, rows.row_of(self.job, *rows.identity(planned.record)))
            for planned in wave
            if isinstance(planned.record, Deposit) and rows.identity(planned.record) not in there
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
        """Map a record that NetSuite holds already, untouched (K22), unless its id or money is not ours."""
        if snapshot.external_id not in ("", row.external_id):
            rows.mark([row], State.REFUSED)
            text = (
                f"NetSuite's {row.record_type} {snapshot.internal_id} stands for {snapshot.external_id}, "
                f"and NetSuite takes {row.external_id} for the same id."
            )
            raise NeedsAttention("id_differs_in_case", text)
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
        """Send one wave: customers, or items, or invoices, or payments, or memos.

        What is more than NetSuite takes in one call goes in several; a refusal in one keeps none of the
        others back, as it keeps back no record of its own call.
        """
        verdicts: list[Verdict] = []
        for start in range(0, len(wave), MOST_CREATED_AT_ONCE):
            verdicts += self._send(wave[start : start + MOST_CREATED_AT_ONCE])
        self.refusals = verdicts
        if self.refusals:
            raise max(self.refusals, key=_gravity)

    def _send(self, part: list[Planned]) -> list[Verdict]:
        """Send in one call as much of a wave as that takes; what was refused of it."""
        if not self.renew():
            raise LeaseLost
        records = [self._ready(planned.record) for planned in part]
        intents = self._intend(part, records)
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
        verdicts = [self._note(*each) for each in zip(part, intents, outcomes, strict=True)]
        steps.reach("mapped", self.job.pk)
        return [verdict for verdict in verdicts if verdict]

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

    def _prove_deposits(self, plan: Plan) -> None:
        """Hold NetSuite's total of a deposit against the bank statement's, once (PO-3, PO-H7).

        By a search, which leaves its thousands of lines out.
        """
        for planned in plan.records:
            if not (isinstance(planned.record, Deposit) and self._is_known(planned.record)):
                continue
            row = rows.row_of(self.job, planned.record.TYPE, planned.record.external_id)
            if row.proven:
                continue
            one = Criterion("internalId", "anyOf", (row.internal_id,))
            there = next(iter(self.gateway.search("deposit", [one])), None)
            if there is None or there.total != planned.record.total:
                found = f"is over {there.total}" if there else "is gone"
                text = f"NetSuite's deposit {row.internal_id} {found}, {row.external_id}"
                raise NeedsAttention("deposit_total_differs", f"{text} over {planned.record.total}.")
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
        """Write down what is about to be sent, before it is.

        Rows are taken in one order by all jobs: two that bring the same two items would block each
        other for good if each held the one that the other waits for.
        """
        intents: dict[rows.Id, MappedRecord] = {}
        pairs = sorted(zip(wave, records, strict=True), key=lambda pair: rows.identity(pair[1]))
        try:
            with transaction.atomic():
                for planned, record in pairs:
                    intents[rows.identity(record)] = self._intent(planned, record)
        except IntegrityError:
            raise self._being_written() from None
        return [intents[rows.identity(record)] for record in records]

    def _intent(self, planned: Planned, record: Record) -> MappedRecord:
        """The row of a record that is ours to send; another job may have brought it since we looked."""
        row = rows.row_of(self.job, *rows.identity(record), lock=True)
        if row.state == State.MAPPED:
            raise self._being_written()
        self._wait_for_quiet(row)
        rows.describe(row, planned, record)
        row.state, row.sent_at, row.job = State.INTENT, timezone.now(), self.job
        row.proven = not (isinstance(record, Deposit) or (isinstance(record, Invoice) and record.needs_proof))
        row.save()
        return row

    def _being_written(self) -> RetryLater:
        return RetryLater("being_written", "Another job is writing the same record.", delay=BEING_WRITTEN)

    def _unless_others_write(self, row: MappedRecord) -> None:
        """Make way for a job that is writing the same record at this moment (an item of two invoices)."""
        if row.job and row.job_id != self.job.pk and row.job.status == Job.Status.RUNNING:
            text = f"{row.record_type} {row.external_id} is being written with another document."
            raise RetryLater("being_written", text, delay=BEING_WRITTEN)

    def _note(self, planned: Planned, row: MappedRecord, outcome: Outcome) -> Verdict | None:
        """Keep what became of one record; a verdict when it was refused.

        A record that takes others up may be refused because it is there already: after a restore of our
        database its invoice is paid, by itself, before NetSuite sees the external id twice; so it is with
        a deposit whose payments it holds.
        """
        if isinstance(outcome, Created):
            row.authorization_code = authorization_code(planned.record)
            self._map(row, outcome.internal_id, warning=outcome.warning)
            return None
        if isinstance(outcome, AnswerLost):
            rows.mark([row], State.UNCONFIRMED)
            return RetryLater("unconfirmed", outcome.message, delay=LOOK_AGAIN)
        if isinstance(outcome, AlreadyThere):
            text = f"The external id {row.external_id} belongs to a record of another type in NetSuite."
            return self._find_taken(planned, row, NeedsAttention("external_id_taken", text))
        self.states[row.external_id] = "refused"
        if isinstance(planned.record, Deposit) or bool(getattr(planned.record, "applied", ())):
            return self._find_taken(planned, row, outcome)
        rows.mark([row], State.REFUSED)
        return outcome

    def _find_taken(self, planned: Planned, row: MappedRecord, otherwise: Verdict) -> Verdict | None:
        """The record that NetSuite holds already is ours, or somebody must look at it; else `otherwise`."""
        try:
            self._find([(planned, row)])
        except NeedsAttention as verdict:
            return verdict
        if row.state == State.MAPPED:
            return None
        rows.mark([row], State.REFUSED)
        return otherwise

    def _take_off(self, planned: Planned, plan: Plan) -> None:
        """Take a failed payment off all that it settles, before its refund is written (CH-27).

        NetSuite says what that is now; people may have moved it.
        """
        record = planned.record
        rests = [one.record for one in plan.records if not self._is_known(one.record)]
        mine = any(ref.key == record.external_id for one in rests for ref in refs(one))
        if not (planned.taken_off and mine and isinstance(record, CustomerPayment)):
            return
        row = rows.row_of(self.job, record.TYPE, record.external_id)
        applied = self.gateway.get(record.TYPE, row.internal_id).applied
        if applied:
            nothing = tuple(
                Application(Ref("invoice", internal_id=one.internal_id), Decimal(0)) for one in applied
            )
            self.gateway.update(record.TYPE, row.internal_id, {"applyList": nothing})
        row.applied_to, row.rules = [], list(planned.rules)
        row.save(update_fields=["applied_to", "rules"])

    def _apply_late(self, planned: Planned) -> None:
        """Apply a payment or credit memo that NetSuite held before.

        So comes a charge that Stripe linked to its invoice later, a credit note whose open invoice
        was paid since (K3), and a payment that waited for the customer's next invoice (CH-9).
        """
        ready = with_internal_ids(planned.record, self.known)
        if not isinstance(ready, CustomerPayment | CreditMemo) or not ready.applied or planned.taken_off:
            return
        row = rows.row_of(self.job, ready.TYPE, ready.external_id)
        lacking = tuple(one for one in ready.applied if not _is_applied(one, row))
        if not lacking:
            return
        try:
            self.gateway.update(ready.TYPE, row.internal_id, {"applyList": lacking})
        except NeedsAttention:
            self.states[ready.external_id] = "refused"
            if not planned.alone:
                raise
            self._leave_alone(row, planned)
            return
        row.applied_to = [*row.applied_to, *(rows.applied_json(one) for one in lacking)]
        row.save(update_fields=["applied_to"])

    def _leave_alone(self, row: MappedRecord, planned: Planned) -> None:
        """Say on a payment that stands unapplied that its invoice did not take it (CH-18)."""
        alone = duplicate.alone(planned)
        self.gateway.update(alone.record.TYPE, row.internal_id, {"memo": planned.alone})
        row.memo, row.rules = planned.alone, list(alone.rules)
        row.save(update_fields=["memo", "rules"])
        self.states[row.external_id] = "known"

    def _name_charge_late(self, record: Record) -> None:
        """Write the charge into the field of an invoice that stood before it was paid (IN-14).

        Words for people to find it by: where NetSuite refuses them, in a closed period or for want
        of the field, the booking stands and the record's row says so.
        """
        code = authorization_code(record)
        if not (code and isinstance(record, Invoice)):
            return
        row = rows.row_of(self.job, record.TYPE, record.external_id)
        if row.authorization_code:
            return
        try:
            self.gateway.update(record.TYPE, row.internal_id, {AUTHORIZATION_CODE: code})
        except (NeedsAttention, UnknownAnswer) as refusal:
            row.warning = f"{AUTHORIZATION_CODE} could not be set to {code}: {refusal.message}"
        row.authorization_code = code
        row.save(update_fields=["authorization_code", "warning"])

    def _map(
        self,
        row: MappedRecord,
        internal_id: str,
        *,
        found: bool = False,
        given: bool = False,
        warning: str = "",
    ) -> None:
        """Keep which record stands for a row. Of two that find one at once the later looks again.

        So does a run that was overtaken while NetSuite was slow: what was mapped since stays as it is.
        """
        row.internal_id, row.state, row.found = internal_id, State.MAPPED, found
        row.mapped_at, row.warning, row.job = timezone.now(), warning, self.job
        writing_back.intend(row, given=given)
        if not rows.keep(row):
            raise self._being_written()
        self.known[REF_TYPES[row.record_type], row.external_id] = internal_id
        self.states[row.external_id] = "found" if found else "written"

    def _is_known(self, record: Record) -> bool:
        return (REF_TYPES[record.TYPE], record.external_id) in self.known


def _is_applied(application: Application, row: MappedRecord) -> bool:
    """Whether our map says so, by the invoice's external id or, where it has none, by NetSuite's."""
    doc = application.doc
    return any(
        one["external_id"] == doc.key if doc.key else one["internal_id"] == doc.internal_id
        for one in row.applied_to
    )


def _gravity(verdict: Verdict) -> int:
    """Of several refusals in one wave, the one that decides how the job ends."""
    order = (RetryLater, NeedsAttention, UnknownAnswer)
    return next((place for place, kind in enumerate(order) if isinstance(verdict, kind)), len(order))
