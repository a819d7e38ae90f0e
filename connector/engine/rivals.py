"""Rivals: a payment that its invoice did not take, beside what has paid that invoice already (CH-17).

For the page on which a person decides. Both sides are asked how things stand now; nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from time import monotonic
from typing import Any, Literal

from connector.engine import choices, doors, grounds, leases
from connector.engine.described import plan_json
from connector.engine.known import internal_ids
from connector.engine.source import Source
from connector.engine.sync import open_source
from connector.errors import Verdict
from connector.models import Job, MappedRecord, PayoutLine, StripeAccount
from connector.money import Amount
from connector.netsuite.gateway import Criterion, Snapshot
from connector.netsuite.records import Ref
from connector.stripe.objects import Charge
from connector.stripe.objects import Invoice as Bill
from connector.translation import charge as charges
from connector.translation import duplicate
from connector.translation.due import Due
from connector.translation.plan import Plan

PAYERS: tuple[Literal["customerPayment", "creditMemo"], ...] = ("customerPayment", "creditMemo")
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
    method: str = ""
    """What it was paid with, as far as Stripe tells."""
    same_amount: bool = False
    same_day: bool = False
    same_method: bool = False


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A payment with what Stripe says of it; `invoice` is the one that it belongs to there, if any."""

    charge: Charge
    invoice: Bill | None
    named: tuple[Due, ...] = ()
    """The invoices of NetSuite's that it names, if it belongs to none in Stripe."""


def read(job: Job, charge_id: str) -> Rivals:
    """Ask both sides of one payment. Raises CannotTell."""
    (found,) = read_all(job.account, [(job, charge_id)])
    if isinstance(found, CannotTell):
        raise found
    return found


def read_all(
    account: StripeAccount, pairs: Sequence[tuple[Job, str]], *, until: float = inf
) -> list[Rivals | CannotTell]:
    """The same of several payments of an account, in order: NetSuite is asked about all of them at once.

    Stripe is asked of each, up to the moment `until` (of `time.monotonic`); what is left then says so.
    """
    netsuite = account.netsuite_account
    try:
        source = open_source(account, doors.netsuite_gateway(netsuite, f"preview:{leases.owner()}"))
        asked = [_ask_stripe(job, charge_id, source, until) for job, charge_id in pairs]
        dues = _dues(asked, source)
        settling = _settling({due.internal_id for some in dues for due in some}, source)
    except Verdict as verdict:
        return [CannotTell(verdict.message) for _ in pairs]
    ours = _ours(settling, source)
    paid = _paid(ours.values(), source, until)
    waiting = _payouts(account, [charge_id for _, charge_id in pairs])
    return [
        one
        if isinstance(one, CannotTell)
        else _rivals(one, some, _earlier(one.charge, some, settling, ours, paid, source), waiting, source)
        for one, some in zip(asked, dues, strict=True)
    ]


def _ask_stripe(job: Job, charge_id: str, source: Source, until: float) -> _Asked | CannotTell:
    if monotonic() > until:
        return CannotTell("Stripe takes long to answer.")
    try:
        charge = source.client.fetch_charge(charge_id)
        if job.subject.startswith("in_"):
            return _Asked(charge, source.client.fetch_invoice(job.subject))
        return _Asked(charge, None, grounds.named_by(charge, source))
    except Verdict as verdict:
        return CannotTell(verdict.message)


def _dues(asked: Sequence[_Asked | CannotTell], source: Source) -> list[tuple[Due, ...]]:
    """The invoices that each payment belongs to or names, as NetSuite holds them now."""
    bills = [one.invoice for one in asked if isinstance(one, _Asked) and one.invoice]
    known = internal_ids(source.netsuite, [bill.id for bill in bills])
    numbers = sorted(known.values())
    held = {one.internal_id: one for one in (grounds.dues_of(numbers, source.gateway) if numbers else ())}

    def of(one: _Asked | CannotTell) -> tuple[Due, ...]:
        if isinstance(one, CannotTell):
            return ()
        if one.invoice is None:
            return one.named
        due = held.get(known.get(("invoice", one.invoice.id), ""))
        return (due,) if due else ()

    return [of(one) for one in asked]


@dataclass(frozen=True, slots=True)
class _Settling:
    """A record of NetSuite's, and the invoices that it settles, by internal id."""

    type: str
    held: Snapshot
    invoices: Collection[str]


def _settling(invoices: Collection[str], source: Source) -> list[_Settling]:
    """What is applied to any of these invoices. A search does not say to which, so it is then read whole."""
    if not invoices:
        return []
    settles, gateway = Criterion("appliedToTransaction", "anyOf", tuple(sorted(invoices))), source.gateway
    found = []
    for kind in PAYERS:
        there = list(gateway.search(kind, [settles]))
        if len(invoices) == 1:
            found += [_Settling(kind, one, invoices) for one in there]
        elif there:
            whole = gateway.get_many(kind, [one.internal_id for one in there])
            found += [
                _Settling(kind, one, {each.internal_id for each in one.applied}) for one in whole if one
            ]
    return found


def _earlier(
    charge: Charge,
    dues: Sequence[Due],
    settling: Sequence[_Settling],
    ours: Mapping[tuple[str, str], str],
    paid: Mapping[str, Charge],
    source: Source,
) -> tuple[Payer, ...]:
    """Those that settle these invoices; `ours` has the Stripe ids of what we have written."""
    numbers = {due.internal_id for due in dues}
    made = [
        _with_method(_payer(one.type, one.held, charge, source, stripe_id), charge, paid.get(stripe_id))
        for one in settling
        if not numbers.isdisjoint(one.invoices)
        for stripe_id in [ours.get((one.type, one.held.internal_id), "")]
    ]
    return tuple(sorted(made, key=lambda one: (one.day or date.max, int(one.internal_id))))


def _ours(settling: Sequence[_Settling], source: Source) -> dict[tuple[str, str], str]:
    """The Stripe ids of those that we have written, by type and internal id."""
    numbers = [one.held.internal_id for one in settling]
    rows = MappedRecord.objects.filter(netsuite_account=source.netsuite, internal_id__in=numbers)
    return {(row.record_type, row.internal_id): row.stripe_id for row in rows}


def _rivals(
    one: _Asked,
    dues: Sequence[Due],
    earlier: tuple[Payer, ...],
    waiting: Mapping[str, tuple[str, ...]],
    source: Source,
) -> Rivals:
    charge = one.charge
    currency = charge.amount.currency
    number = one.invoice.number or one.invoice.id if one.invoice else ", ".join(due.number for due in dues)
    return Rivals(
        charge_id=charge.id,
        amount=charge.amount_captured,
        made=charge.created,
        day=source.settings.local_date(charge.created),
        payer=charge.payer_name,
        method=charge.method,
        description=charge.description,
        invoices=tuple(Invoice(due.internal_id, due.number, Amount(due.amount, currency)) for due in dues),
        earlier=earlier,
        booking=_booking(charge, number, dues, source),
        payouts=waiting.get(charge.id, ()),
    )


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


def _paid(stripe_ids: Iterable[str], source: Source, until: float) -> dict[str, Charge]:
    """The charges among these, by id; what Stripe does not tell of now is left out."""
    found: dict[str, Charge] = {}
    for stripe_id in sorted({one for one in stripe_ids if one.startswith(("ch_", "py_"))}):
        if monotonic() > until:
            break
        with suppress(Verdict):
            found[stripe_id] = source.client.fetch_charge(stripe_id)
    return found


def _with_method(payer: Payer, charge: Charge, earlier: Charge | None) -> Payer:
    if earlier is None:
        return payer
    same = bool(charge.fingerprint) and charge.fingerprint == earlier.fingerprint
    return replace(payer, method=earlier.method, same_method=same)


def _payouts(account: StripeAccount, charges: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The payouts that wait for each of these payments."""
    lines = PayoutLine.objects.filter(
        payout__account=account,
        source_id__in=list(charges),
        state__in=(PayoutLine.State.WAITING, PayoutLine.State.REFUSED),
    )
    found: dict[str, dict[str, None]] = {}
    for charge_id, payout_id in lines.order_by("payout__pk").values_list("source_id", "payout__payout_id"):
        found.setdefault(charge_id, {})[payout_id] = None
    return {charge_id: tuple(payouts) for charge_id, payouts in found.items()}
