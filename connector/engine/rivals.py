"""Rivals: a payment that its invoice did not take, beside what has paid that invoice already (CH-17).

For the page on which a person decides. Both sides are asked how things stand now; nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from connector.engine import choices, doors, grounds, leases
from connector.engine.described import plan_json
from connector.engine.known import internal_ids
from connector.engine.sources import Source
from connector.engine.sync import open_source, owner
from connector.errors import Verdict
from connector.models import Job, MappedRecord, PayoutLine
from connector.money import Amount
from connector.netsuite.gateway import Criterion, SearchType, Snapshot
from connector.netsuite.records import Ref
from connector.stripe.objects import Charge
from connector.translation import charge as charges
from connector.translation import duplicate
from connector.translation.due import Due
from connector.translation.plan import Plan

PAYERS: tuple[SearchType, ...] = ("customerPayment", "creditMemo")
"""What can settle an invoice and be found by it; a deposit's application shows only in NetSuite itself."""


class CannotTell(Exception):
    """One side could not be asked; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Payer:
    """A record of NetSuite's that settles the invoice; without a Stripe id it is not ours."""

    record_type: str
    internal_id: str
    number: str
    amount: Amount | None
    day: date | None
    memo: str
    stripe_id: str = ""
    same_amount: bool = False
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """The invoice that did not take the payment, and what is due on it now."""

    internal_id: str
    number: str
    due: Amount


@dataclass(frozen=True, slots=True)
class Rivals:
    """One payment, its invoices, what paid those, and how it would be booked (a plan as it is kept)."""

    charge_id: str
    amount: Amount
    made: datetime
    day: date
    payer: str
    method: str
    description: str
    invoices: tuple[Invoice, ...]
    earlier: tuple[Payer, ...]
    booking: dict[str, Any]
    payouts: tuple[str, ...]
    """The payouts that wait for it."""


def read(job: Job, charge_id: str) -> Rivals:
    """Ask both sides. Raises CannotTell."""
    netsuite = job.account.netsuite_account
    slots = leases.DatabaseSlots(netsuite, holder=f"preview:{owner()}")
    try:
        source = open_source(job.account, doors.netsuite_gateway(netsuite, slots))
        charge = source.client.fetch_charge(charge_id)
        number, dues = _dues(job, charge, source)
        earlier = _earlier(charge, dues, source)
    except Verdict as verdict:
        raise CannotTell(verdict.message) from verdict
    currency = charge.amount.currency
    return Rivals(
        charge_id=charge.id,
        amount=charge.amount_captured,
        made=charge.created,
        day=source.settings.local_date(charge.created),
        payer=charge.payer_name,
        method=charge.method,
        description=charge.description,
        invoices=tuple(Invoice(one.internal_id, one.number, Amount(one.amount, currency)) for one in dues),
        earlier=earlier,
        booking=_booking(charge, number, dues, source),
        payouts=_payouts(job, charge_id),
    )


def _dues(job: Job, charge: Charge, source: Source) -> tuple[str, tuple[Due, ...]]:
    """The invoices that the payment names or belongs to, by the number that its memo will say."""
    if not job.subject.startswith("in_"):
        dues = grounds.of_charge(charge, source).dues
        return ", ".join(one.number for one in dues), dues
    invoice = source.client.fetch_invoice(job.subject)
    known = internal_ids(source.netsuite, [invoice.id]).get(("invoice", invoice.id))
    return invoice.number or invoice.id, grounds.dues_of([known] if known else [], source.gateway)


def _earlier(charge: Charge, dues: Sequence[Due], source: Source) -> tuple[Payer, ...]:
    if not dues:
        return ()
    settles = Criterion("appliedToTransaction", "anyOf", tuple(one.internal_id for one in dues))
    found = {
        (kind, one.internal_id): one for kind in PAYERS for one in source.gateway.search(kind, [settles])
    }
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite, internal_id__in=[number for _, number in found]
    )
    ours = {(row.record_type, row.internal_id): row.stripe_id for row in rows}
    made = [
        _payer(kind, one, charge, source, ours.get((kind, number), ""))
        for (kind, number), one in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.day or date.max, int(one.internal_id))))


def _payer(kind: str, found: Snapshot, charge: Charge, source: Source, stripe_id: str) -> Payer:
    codes = {number: code for code, number in source.settings.currencies.items()}
    code = codes.get(found.currency, charge.amount.currency)
    amount = None if found.total is None else Amount(found.total, code)
    return Payer(
        record_type=kind,
        internal_id=found.internal_id,
        number=found.number,
        amount=amount,
        day=found.tran_date,
        memo=found.memo,
        stripe_id=stripe_id,
        same_amount=amount == charge.amount_captured,
        same_day=found.tran_date == source.settings.local_date(charge.created),
    )


def _booking(charge: Charge, number: str, dues: Sequence[Due], source: Source) -> dict[str, Any]:
    """The payment as it comes over when it is allowed."""
    settings, memo = source.settings, duplicate.MEMO.format(number)
    customer = Ref("customer", internal_id=dues[0].customer) if dues else None
    customer = customer or charges.customer_of(charge, settings)
    made = charges.payment(charge, customer, (), ("CH-7",), settings, memo=memo)
    planned = duplicate.alone(replace(made, alone=memo))
    plan = Plan(charges.summarise(charge), records=(planned,))
    return plan_json(plan, choices.ledger_names(source.account), {}, {})


def _payouts(job: Job, charge_id: str) -> tuple[str, ...]:
    lines = PayoutLine.objects.filter(
        payout__account=job.account,
        source_id=charge_id,
        state__in=(PayoutLine.State.WAITING, PayoutLine.State.REFUSED),
    )
    return tuple(lines.values_list("payout__payout_id", flat=True).order_by("payout__pk").distinct())
