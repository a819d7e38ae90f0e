"""Standing: how the record of a charge stands in NetSuite now (RF-1, RF-2).

People move payments from one invoice to another, and unapply them. So what our map says does not
count: NetSuite is asked, when something was taken back of the charge that is not booked yet. A
payment that is still to be written stands as it is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from connector.engine.known import internal_ids
from connector.errors import NeedsAttention
from connector.models import MappedRecord, NetSuiteAccount
from connector.netsuite.gateway import Applied, Gateway, ItemLine, Snapshot
from connector.netsuite.records import (
    Application,
    CustomerDeposit,
    CustomerPayment,
    Invoice,
    Line,
    RecordType,
    Ref,
    RefType,
)
from connector.stripe.objects import Charge
from connector.translation import items
from connector.translation.plan import Plan
from connector.translation.settings import Settings, account_ref
from connector.translation.takeback import Settled, Standing
from connector.translation.tax import RATE_PREFIX

Received = CustomerPayment | CustomerDeposit
MOVED: tuple[RefType, ...] = ("customerPayment", "customerDeposit", "cashSale")
"""What may stand for a charge."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """NetSuite, and what our map knows of it, for one document's plan."""

    account: NetSuiteAccount
    gateway: Gateway
    settings: Settings
    plan: Plan

    def standing_of(self, charge: Charge) -> Standing | None:
        """How its record stands; None when the plan holds none. Raises NeedsAttention when it is gone."""
        planned = next((one for one in self._received() if one.external_id == charge.id), None)
        record = self._record_of(charge, planned)
        if record is None:
            return None
        if record.type == "cashSale":
            return Standing(record, charge.amount_captured.value, Ref("customer"), Decimal(0))
        if not record.internal_id:
            return self._as_planned(record, planned) if planned else None
        return self._as_held(record, planned)

    def _received(self) -> list[Received]:
        records = [planned.record for planned in self.plan.records]
        return [record for record in records if isinstance(record, Received)]

    def _record_of(self, charge: Charge, planned: Received | None) -> Ref | None:
        """The link of the charge's record, with its internal id if NetSuite has it."""
        named = next((one for one in self.plan.links if one.key == charge.id and one.type in MOVED), None)
        known = internal_ids(self.account, [charge.id])
        if named:
            return Ref(named.type, charge.id, known.get((named.type, charge.id), named.internal_id))
        if planned is None:
            return None
        kind: RefType = "customerPayment" if isinstance(planned, CustomerPayment) else "customerDeposit"
        return Ref(kind, charge.id, known.get((kind, charge.id), ""))

    def _as_planned(self, record: Ref, planned: Received) -> Standing:
        settled = self._settled(_applied(planned))
        unapplied = planned.payment - sum((one.amount for one in settled), Decimal(0))
        return Standing(record, planned.payment, planned.customer, unapplied, settled)

    def _as_held(self, record: Ref, planned: Received | None) -> Standing:
        """As NetSuite shows it, with what is about to be applied besides (a link that Stripe made later)."""
        there = self._read(record.type, [record.internal_id])[0]
        if there is None or there.total is None:
            text = (
                f"NetSuite has no {record.type} {record.internal_id} any more, which stands for {record.key}."
            )
            raise NeedsAttention("payment_gone", text)
        applied = self._applied_there(record, there)
        used = sum((one.amount for one in there.applied), Decimal(0))
        unapplied = there.total - used if there.open_amount is None else there.open_amount
        late = self._still_to_apply(planned)
        settled = self._settled((*applied, *late))
        unapplied -= sum((one.amount for one in late), Decimal(0))
        customer = Ref("customer", internal_id=there.customer)
        return Standing(record, there.total, customer, max(unapplied, Decimal(0)), settled)

    def _applied_there(self, record: Ref, there: Snapshot) -> list[Application]:
        """What it settles, in NetSuite's order; a deposit settles invoices by its applications (RF-H8)."""
        applied: Sequence[Applied] = there.applied
        if record.type == "customerDeposit":
            made = self._read("depositApplication", [one.internal_id for one in there.applied])
            applied = [one for application in made if application for one in application.applied]
        return [Application(Ref("invoice", internal_id=one.internal_id), one.amount) for one in applied]

    def _still_to_apply(self, planned: Received | None) -> list[Application]:
        if planned is None or not _applied(planned):
            return []
        rows = MappedRecord.objects.filter(
            netsuite_account=self.account, record_type=planned.TYPE, external_id=planned.external_id
        )
        done = {one["external_id"] for row in rows for one in row.applied_to}
        return [one for one in _applied(planned) if one.doc.key not in done]

    def _settled(self, applied: Sequence[Application]) -> tuple[Settled, ...]:
        """The invoices with what they sold: of the plan itself where it holds them, else read."""
        bills = {one.external_id: one for one in self._bills()}
        known = internal_ids(self.account, bills)
        numbers = {number: key for (kind, key), number in known.items() if kind == "invoice"}
        named = [self._named(one, numbers) for one in applied]
        others = [one.doc for one in named if one.doc.key not in bills]
        read = dict(zip(others, self._sold(others), strict=True)) if others else {}
        return tuple(
            Settled(one.doc, one.amount, bills[one.doc.key].lines)
            if one.doc.key in bills
            else Settled(one.doc, one.amount, *read[one.doc])
            for one in named
        )

    def _bills(self) -> list[Invoice]:
        records = [planned.record for planned in self.plan.records]
        return [record for record in records if isinstance(record, Invoice)]

    def _named(self, one: Application, numbers: dict[str, str]) -> Application:
        """The application with the invoice's external id, where our map has one for its number."""
        number = one.doc.internal_id
        if one.doc.key or not number:
            return one
        rows = MappedRecord.objects.filter(
            netsuite_account=self.account,
            record_type="invoice",
            internal_id=number,
            state=MappedRecord.State.MAPPED,
        )
        key = numbers.get(number) or next(iter(rows.values_list("external_id", flat=True)), "")
        return replace(one, doc=replace(one.doc, key=key))

    def _sold(self, invoices: Sequence[Ref]) -> list[tuple[tuple[Line, ...], str]]:
        """What NetSuite's invoices sold, and their numbers."""
        known = internal_ids(self.account, [ref.key for ref in invoices if ref.key])
        numbers = [ref.internal_id or known[ref.type, ref.key] for ref in invoices]
        kinds = self._kinds_of_items()
        read = self._read("invoice", numbers)
        return [(self._lines(one, kinds), one.number) if one else ((), "") for one in read]

    def _lines(self, invoice: Snapshot, kinds: dict[str, str]) -> tuple[Line, ...]:
        """NetSuite's lines; none when they are not its total, because NetSuite adds taxes by itself."""
        if sum((line.amount for line in invoice.lines), Decimal(0)) != invoice.total:
            return ()
        made: list[Line] = []
        source = ""
        for place, line in enumerate(invoice.lines):
            kind = kinds.get(line.item, "")
            source = source if kind == "discountItem" else f"line {place}"
            made.append(self._line(line, source, is_tax=kind == "tax"))
        return tuple(made)

    def _line(self, line: ItemLine, source: str, *, is_tax: bool) -> Line:
        return Line(
            item=Ref("item", internal_id=line.item),
            amount=line.amount,
            quantity=line.quantity,
            description=line.description,
            start_date=line.start_date,
            end_date=line.end_date,
            account=account_ref(self.settings.tax_account) if is_tax else None,
            source=source,
        )

    def _kinds_of_items(self) -> dict[str, str]:
        """Which items of NetSuite stand for taxes and discounts of ours, by internal id."""
        rows = MappedRecord.objects.filter(netsuite_account=self.account, state=MappedRecord.State.MAPPED)
        kept = rows.filter(record_type__in=("discountItem", "otherChargeSaleItem"))
        return {
            number: "tax" if key.startswith(RATE_PREFIX) or key == items.TAX_KEY else kind
            for number, key, kind in kept.values_list("internal_id", "external_id", "record_type")
        }

    def _read(self, kind: str, internal_ids: Sequence[str]) -> list[Snapshot | None]:
        return self.gateway.get_many(cast(RecordType, kind), internal_ids) if internal_ids else []


def _applied(planned: Received) -> tuple[Application, ...]:
    return planned.applied if isinstance(planned, CustomerPayment) else ()
