"""Reversals: the refunds and disputes of a document's charges, read where there are any, and planned.

A charge says by itself whether something was taken back of it; where it says nothing, Stripe is not
asked, and where all of it is booked, NetSuite is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import QuerySet

from connector.engine import choices, writing_back
from connector.engine.known import REF_TYPES
from connector.engine.standing import Ledger
from connector.models import MappedRecord, NetSuiteAccount
from connector.netsuite.gateway import Gateway
from connector.netsuite.records import Application, CreditMemo, CustomerPayment, Ref
from connector.stripe.balance import BalanceTransaction
from connector.stripe.client import Client
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge
from connector.stripe.reversals import Dispute, Refund
from connector.translation import credit_note as credit_notes
from connector.translation import reversals as translation
from connector.translation.plan import Plan, Problem
from connector.translation.reversals import Booked, Reversals
from connector.translation.settings import Settings
from connector.translation.takeback import Takeback

State = MappedRecord.State
UNSURE = (State.INTENT, State.UNCONFIRMED)
GIVEN_BACK = ("customerRefund", "cashRefund")
NEVER = float("inf")
OF_REFUNDS = ("re_", "pyr_")
"""How the ids of Stripe's refunds begin."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Where refunds and disputes are read from, and how they are to be booked.

    `told` are charges of which Stripe has told us a refund that they do not count: one that came back.
    """

    client: Client
    account: NetSuiteAccount
    gateway: Gateway
    settings: Settings
    told: Collection[str] = ()
    seen: dict[str, object] = field(default_factory=dict)

    def added(
        self,
        plan: Plan,
        charges: Iterable[Charge],
        notes: Sequence[CreditNote] = (),
        *,
        subject: str,
        of_invoice: bool = False,
    ) -> Plan:
        """The plan with what was taken back of these charges. Raises NeedsAttention, and verdicts."""
        if plan.problems or plan.skip:
            return plan
        counted = list(charges)
        again = self._has_refunds(subject) if counted else False
        for charge in counted:
            found = self._read(charge, again=again)
            if found.refunds or found.disputes:
                kept = tuple(note for note in notes if _has_memo(note, plan))
                plan = self._planned(plan, replace(found, notes=kept, of_invoice=of_invoice), subject)
        return plan

    def beside_own_memos(self, notes: Sequence[CreditNote]) -> tuple[CreditNote, ...]:
        """The notes without what refunds took back by memos of their own before a note had its memo (K24)."""
        refunds = {one for note in notes for one in note.refunds}
        if not refunds:
            return tuple(notes)
        rows = MappedRecord.objects.filter(
            netsuite_account=self.account,
            record_type="creditMemo",
            state=State.MAPPED,
            stripe_id__in=refunds | {note.id for note in notes},
        )
        first = {row.stripe_id: row.pk for row in rows.order_by("-pk")}
        return tuple(
            credit_notes.without(
                note,
                {one for one in note.refunds if one in first and first[one] < first.get(note.id, NEVER)},
            )
            for note in notes
        )

    def _read(self, charge: Charge, *, again: bool) -> Reversals:
        refunds: tuple[Refund, ...] = ()
        disputes: tuple[Dispute, ...] = ()
        released = charge.amount - charge.amount_captured
        counted = charge.amount_refunded is not None and charge.amount_refunded > released
        if counted or again or charge.id in self.told:
            refunds = tuple(
                writing_back.refund_without_our_ids(one, self.account, self.gateway)
                for one in self.client.fetch_refunds_of_charge(charge.id)
            )
        if charge.disputed:
            disputes = tuple(
                writing_back.dispute_without_our_ids(one, self.account, self.gateway)
                for one in self.client.fetch_disputes_of_charge(charge.id)
            )
        self.seen.update({one.id: one for one in refunds})
        self.seen.update({one.id: one for one in disputes})
        return Reversals(charge, refunds, disputes)

    def _has_refunds(self, subject: str) -> bool:
        """Whether we have written refunds of this document; one that came back is not counted any more."""
        rows = MappedRecord.objects.filter(
            netsuite_account=self.account, record_type="customerRefund", job__subject=subject
        )
        return any(key.startswith(OF_REFUNDS) for key in rows.values_list("external_id", flat=True))

    def _planned(self, plan: Plan, found: Reversals, subject: str) -> Plan:
        booked = self._booked(found)
        left = translation.pending(found, booked, self.settings)
        if not left:
            return translation.added(plan, found, None, booked, self.settings)
        if waits := self._waits_for_others(plan, found.charge, subject):
            return replace(plan, later=plan.later or waits)
        self._need_base_currency(found, left)
        standing = Ledger(self.account, self.gateway, self.settings, plan).standing_of(found.charge)
        return translation.added(plan, found, standing, booked, self.settings)

    def _booked(self, found: Reversals) -> Booked:
        """What our map has of the charge's takebacks."""
        wanted = found.takebacks(self.settings)
        rows = list(self._rows([one.external_id for one in wanted], any_state=True))
        refunds = {row.external_id: _by_memos(row) for row in rows if _stands(row)}
        sent = {row.external_id: _applications(row) for row in rows if row.state in UNSURE}
        used = {one.doc.key for row in rows if _stands(row) for one in _applications(row)}
        left = [one for one in wanted if one.external_id not in refunds]
        return Booked(refunds, self._memos_left(left, used) if left else {}, sent)

    def _memos_left(
        self, left: Sequence[Takeback], used: Collection[str]
    ) -> dict[str, tuple[Application, ...]]:
        """Memos that were written before the run was cut off, each by the takeback that it is of."""
        found: dict[str, tuple[Application, ...]] = {}
        rows = MappedRecord.objects.filter(
            netsuite_account=self.account,
            record_type="creditMemo",
            state=State.MAPPED,
            stripe_id__in={one.stripe_id for one in left},
        )
        for row in rows.exclude(external_id__in=used).order_by("pk"):
            mine = [one for one in left if f"{row.external_id}:".startswith(f"{one.memo_id}:")]
            if mine and row.amount is not None:
                key = max((one.external_id for one in mine), key=len)
                memo = Application(Ref("creditMemo", row.external_id), row.amount)
                found[key] = (*found.get(key, ()), memo)
        return found

    def _waits_for_others(self, plan: Plan, charge: Charge, subject: str) -> Problem | None:
        """Whether the charge pays other invoices too, and its payment has yet to be applied to them."""
        paid = [
            record
            for record in (planned.record for planned in plan.records)
            if isinstance(record, CustomerPayment) and record.external_id == charge.id and record.applied
        ]
        if not paid or sum((one.amount for one in paid[0].applied), Decimal(0)) == paid[0].payment:
            return None
        applied = {one["external_id"] for row in self._rows([charge.id]) for one in row.applied_to}
        others = [one for one in self.client.fetch_invoice_ids_of_charge(charge) if one != subject]
        lacking = [one for one in others if one not in applied]
        if not lacking:
            return None
        text = f"{charge.id} also pays {', '.join(lacking)}, and is not applied to it yet."
        return Problem("payment_not_applied_yet", text)

    def _need_base_currency(self, found: Reversals, left: Sequence[Takeback]) -> None:
        """What Stripe converted is booked at Stripe's own rate, into the currency of the books (MC-H2)."""
        ids = {one.stripe_id for one in left}
        if any(one.amount.currency != found.charge.amount.currency for one in _movements(found, ids)):
            choices.need_base_currency(self.settings, found.charge.id)

    def _rows(self, keys: Collection[str], *, any_state: bool = False) -> QuerySet[MappedRecord]:
        rows = MappedRecord.objects.filter(netsuite_account=self.account, external_id__in=keys)
        return rows if any_state else rows.filter(state=State.MAPPED)


def _movements(found: Reversals, ids: Collection[str]) -> list[BalanceTransaction]:
    of_refunds = [one.movement for one in found.refunds if one.movement and one.id in ids]
    return of_refunds + [each for one in found.disputes if one.id in ids for each in one.movements]


def _has_memo(note: CreditNote, plan: Plan) -> bool:
    """Whether the plan has the note's memo, which then stands for its refunds as well (K24)."""
    keys = {planned.record.external_id for planned in plan.records if isinstance(planned.record, CreditMemo)}
    return note.status == "issued" and credit_notes.external_id(note) in keys


def _stands(row: MappedRecord) -> bool:
    return row.record_type in GIVEN_BACK and row.state == State.MAPPED


def _applications(row: MappedRecord) -> tuple[Application, ...]:
    """What a row says that its record was set against."""
    return tuple(
        Application(
            Ref(REF_TYPES[one["type"]], one["external_id"], one["internal_id"]), Decimal(one["amount"])
        )
        for one in row.applied_to
    )


def _by_memos(row: MappedRecord) -> Decimal:
    memos = [one.amount for one in _applications(row) if one.doc.type == "creditMemo"]
    return sum(memos, Decimal(0))
