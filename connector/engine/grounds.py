"""Grounds: what is asked of NetSuite, and of our own map, before a charge is planned.

A charge that is booked is planned as it was written, and NetSuite is asked nothing. One that names
records of NetSuite's is planned on what they are at this moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from connector.engine import choices, matches
from connector.engine.known import REF_TYPES, internal_ids
from connector.engine.source import Source
from connector.models import MappedRecord
from connector.money import Amount
from connector.netsuite.gateway import Criterion, Gateway, SearchType, Snapshot
from connector.netsuite.records import (
    AUTHORIZATION_CODE,
    Application,
    CustomerDeposit,
    CustomerPayment,
    Ref,
)
from connector.stripe.objects import Charge
from connector.translation import charge as charges
from connector.translation import due, failed_debit, sales_order
from connector.translation.charge import Ground
from connector.translation.due import Due
from connector.translation.plan import Planned, Problem
from connector.translation.sales_order import Order
from connector.translation.settings import Settings, account_ref, currency_ref

RECEIVED = ("customerPayment", "customerDeposit")
DUPLICATE, ON_AN_ORDER = "CH-18", "CH-20"
"""The rules on a row that say why it is applied to nothing, and is to stay so."""


def of_charge(charge: Charge, source: Source) -> Ground:
    """What a charge without an invoice of Stripe's is planned on. Raises verdicts of the gateway."""
    row = _row(charge, source)
    booked = as_booked(charge, row, source.settings) if row else None
    if charge.status == "failed":
        if not charges.has_failed(charge, Ground(booked)) or _is_given_back(charge, source):
            return Ground(booked)
        return Ground(booked, settled=_settled(charge, None, source), failed_at=_failed_at(charge, source))
    if charges.without_money(charge) or charges.unsettled(charge) or charges.link_of(charge):
        return Ground()
    if row and booked and not _is_to_be_applied(charge, row):
        return Ground(booked)
    return _named(charge, row, source)


def named_by(charge: Charge, source: Source) -> tuple[Due, ...]:
    """The invoices that a charge which is not booked yet names, as NetSuite holds them now."""
    return _named(charge, None, source).dues


def of_payments(paid: Iterable[Charge], source: Source) -> dict[str, Ground]:
    """What the charges of an invoice are planned on, by id: those booked as duplicates stay so (CH-18)."""
    wanted = {charge.id: charge for charge in paid if not charges.without_money(charge)}
    rows = {row.external_id: row for row in _rows(source).filter(external_id__in=wanted)}
    found = {}
    for key, charge in wanted.items():
        row = rows.get(key)
        stays = row is not None and DUPLICATE in row.rules
        booked = as_booked(charge, row, source.settings) if row and stays else None
        found[key] = Ground(booked, settled=_settled(charge, row, source))
    return found


def _rows(source: Source) -> QuerySet[MappedRecord]:
    return MappedRecord.objects.filter(
        netsuite_account=source.netsuite, record_type__in=RECEIVED, state=MappedRecord.State.MAPPED
    )


def _row(charge: Charge, source: Source) -> MappedRecord | None:
    return _rows(source).filter(external_id=charge.id).first()


def _is_to_be_applied(charge: Charge, row: MappedRecord) -> bool:
    """Whether somebody named an invoice for a payment that was booked without one."""
    names = due.invoice_named(charge) or due.numbers_named(charge)
    return (
        bool(names)
        and not row.applied_to
        and row.record_type == "customerPayment"
        and (DUPLICATE not in row.rules)
    )


def as_booked(charge: Charge, row: MappedRecord, settings: Settings) -> Planned | None:
    """The record as it was written; None of one that a person had linked, whose money we never planned."""
    if row.amount is None or row.tran_date is None:
        return None
    customer = charges.customer_of(charge, settings)
    common: dict[str, Any] = {
        "external_id": charge.id,
        "customer": replace(customer, internal_id=row.customer) if row.customer else customer,
        "currency": currency_ref(row.currency),
        "tran_date": row.tran_date,
        "account": account_ref(row.ledger_account or settings.undeposited_funds_account),
        "payment": row.amount.quantize(charge.amount.value),
        "memo": row.memo,
    }
    if row.record_type == "customerDeposit":
        return Planned(CustomerDeposit(**common), charge.id, tuple(row.rules))
    applied = tuple(
        Application(
            Ref(REF_TYPES[one["type"]], one["external_id"], one["internal_id"]), Decimal(one["amount"])
        )
        for one in row.applied_to
    )
    receivables = account_ref(settings.receivables_account)
    record = CustomerPayment(**common, receivables_account=receivables, applied=applied)
    return Planned(record, charge.id, tuple(row.rules))


def _named(charge: Charge, row: MappedRecord | None, source: Source) -> Ground:
    """What the charge names in NetSuite, or what names the charge there."""
    gateway, settled = source.gateway, _settled(charge, row, source)
    if charges.misnamed(charge):
        return Ground()
    if number := due.invoice_named(charge):
        found = gateway.get_many("invoice", [number])
        missing = [] if found[0] else [_missing(due.INVOICE_KEY, number)]
        return Ground(dues=_dues(one for one in found if one), settled=settled, problems=tuple(missing))
    if numbers := due.numbers_named(charge):
        return _by_numbers(numbers, settled, gateway)
    order, problem = _order(charge, source)
    if order and (bills := _bills_of(order, charge, gateway)):
        return Ground(dues=_dues(bills), settled=settled)
    if order or problem:
        return Ground(order=order, settled=settled, problems=(problem,) if problem else ())
    item = matches.of_charge(charge, source.settings, gateway)
    problems = (item,) if isinstance(item, Problem) else ()
    return Ground(item=item if isinstance(item, Ref) else None, settled=settled, problems=problems)


def _by_numbers(numbers: Sequence[str], settled: Amount | None, gateway: Gateway) -> Ground:
    """The invoices of these numbers, each of which must be the only one (CH-16)."""
    bills, problems = [], []
    for number in numbers:
        found = _search(gateway, "invoice", Criterion("tranId", "is", (number,)))
        problems += [] if len(found) == 1 else [_missing(due.LIST_KEY, number)]
        bills += found
    return Ground(dues=_dues(bills), settled=settled, problems=tuple(problems))


def _order(charge: Charge, source: Source) -> tuple[Order | None, Problem | None]:
    """The sales order that the charge names, or that names the charge or its Stripe order (CH-20, K23)."""
    if number := sales_order.order_named(charge):
        found = _search(source.gateway, "salesOrder", Criterion("internalId", "anyOf", (number,)))
        return (_as_order(found[0]), None) if found else (None, _missing(sales_order.ORDER_KEY, number))
    for mark in _marks_of_orders(charge, source.settings):
        if found := _search(source.gateway, "salesOrder", mark):
            return _as_order(found[0]), None
    return None, None


def _marks_of_orders(charge: Charge, settings: Settings) -> Iterable[Criterion]:
    if charge.order_id:
        yield Criterion("externalIdString", "is", (charge.order_id,))
    if settings.find_sales_orders:
        yield Criterion(AUTHORIZATION_CODE, "is", (charge.id,))


def _bills_of(order: Order, charge: Charge, gateway: Gateway) -> list[Snapshot]:
    """The invoices of a billed order that names the charge; the payment goes to them (CH-25)."""
    if order.state != sales_order.BILLED or sales_order.order_named(charge):
        return []
    return _search(gateway, "invoice", Criterion("createdFrom", "anyOf", (order.internal_id,)))


def _search(gateway: Gateway, kind: SearchType, criterion: Criterion) -> list[Snapshot]:
    return sorted(gateway.search(kind, [criterion]), key=lambda one: int(one.internal_id))


def _as_order(found: Snapshot) -> Order:
    return Order(
        internal_id=found.internal_id,
        number=found.number,
        state=found.texts.get("orderStatus", ""),
        customer=found.customer,
        currency=found.currency,
        has_payment_method=bool(found.payment_method),
    )


def _dues(found: Iterable[Snapshot]) -> tuple[Due, ...]:
    return tuple(
        Due(
            internal_id=one.internal_id,
            number=one.number or one.internal_id,
            amount=one.open_amount or Decimal(0),
            customer=one.customer,
            currency=one.currency,
            receivables_account=one.account,
        )
        for one in found
    )


def dues_of(numbers: Sequence[str], gateway: Gateway) -> tuple[Due, ...]:
    """What is due now on NetSuite's invoices, by internal id."""
    return _dues(one for one in gateway.get_many("invoice", numbers) if one)


def _missing(key: str, value: str) -> Problem:
    return Problem("metadata_record_missing", f"Invalid record referenced in metadata key {key} ({value}).")


def _settled(charge: Charge, row: MappedRecord | None, source: Source) -> Amount | None:
    """What the charge is worth on Stripe's balance, where that is in another currency (MC-6).

    Read with the charge, or, of an invoice's charge in another currency than the books', by itself:
    Stripe expands no deeper. Raises NeedsAttention while nobody knows the books' own currency.
    """
    own, base = charge.amount.currency, source.settings.base_currency
    if row or own == base:
        return None
    movement = charge.movement
    if movement is None and charge.balance_transaction_id:
        movement = source.client.fetch_balance_transaction(charge.balance_transaction_id)
    if movement is None or movement.amount.currency == own:
        return None
    choices.need_base_currency(source.settings, charge.id)
    return movement.amount


def _is_given_back(charge: Charge, source: Source) -> bool:
    """Whether the refund of a failed debit is booked."""
    key = failed_debit.external_id(charge.id)
    return ("customerRefund", key) in internal_ids(source.netsuite, [key])


def _failed_at(charge: Charge, source: Source) -> datetime | None:
    """When the bank refused a debit: the moment at which its money left the balance."""
    if not charge.failure_balance_transaction_id:
        return None
    return source.client.fetch_balance_transaction(charge.failure_balance_transaction_id).created
