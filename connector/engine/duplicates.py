"""Duplicates: what is left to do when NetSuite does not take money on what it names (CH-17 to CH-19, CH-22).

NetSuite decides whether an invoice has something left to pay: people apply and unapply there. So a
payment is sent applied, and only when NetSuite refuses that is it sent once more by itself, where
that is allowed. A payment that is not allowed keeps nothing of its document out but what rests on it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from connector.engine import grounds
from connector.engine.writer import Writer
from connector.errors import NeedsAttention
from connector.money import Amount
from connector.netsuite.records import CustomerDeposit, CustomerPayment
from connector.translation import duplicate
from connector.translation.plan import Plan, Planned

OF_PAYMENTS = ("invoice_already_paid", "applied_too_much")
OF_DEPOSITS = ("invalid_reference",)


def refused(code: str, plan: Plan, writer: Writer) -> list[Planned]:
    """The payments and deposits of the plan that NetSuite refused for what they name."""
    return [
        planned
        for planned in plan.records
        if writer.states.get(planned.record.external_id) == "refused" and _is_named(code, planned)
    ]


def _is_named(code: str, planned: Planned) -> bool:
    record = planned.record
    if isinstance(record, CustomerDeposit):
        return code in OF_DEPOSITS and record.sales_order is not None
    return code in OF_PAYMENTS and isinstance(record, CustomerPayment) and bool(record.applied)


def verdict(planned: Planned, refusal: NeedsAttention, writer: Writer) -> NeedsAttention | None:
    """What a person is asked of one of them; None when it may come by itself.

    A payment that its invoices have room for was refused for something else, and is no duplicate.
    """
    record = planned.record
    if not isinstance(record, CustomerPayment):
        return None
    docs = [one.doc for one in record.applied]
    numbers = [doc.internal_id or writer.known.get((doc.type, doc.key), "") for doc in docs]
    dues = grounds.dues_of([number for number in numbers if number], writer.gateway)
    amount = sum((one.amount for one in record.applied), Decimal(0))
    if sum((one.amount for one in dues), Decimal(0)) >= amount:
        return refusal
    if planned.alone:
        return None
    problem = duplicate.refusal(record.external_id, Amount(amount, record.currency.key), dues)
    return NeedsAttention(problem.code, problem.message)


def standing_alone(plan: Plan, keys: set[str]) -> Plan:
    """The plan with these records by themselves, and without what was planned upon them as they were.

    What they gave back has to be planned anew: it comes of the money itself, not of an invoice (RF-2).
    """
    dropped = duplicate.resting_on(plan, keys)
    records = (
        duplicate.alone(one) if one.record.external_id in keys else one
        for one in plan.records
        if one.record.external_id not in dropped
    )
    return replace(plan, records=tuple(records))
