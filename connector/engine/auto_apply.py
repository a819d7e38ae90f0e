"""Auto-apply: which booked payments wait for an invoice that is being planned (CH-9).

Our own map says so, and both sides are asked of those payments alone; an account without such
payments, and an invoice that Stripe collects by itself, cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import QuerySet

from connector.engine import grounds
from connector.engine.known import internal_ids, naming
from connector.engine.source import Source
from connector.models import MappedRecord
from connector.netsuite.records import Invoice as Bill
from connector.stripe.objects import Invoice, InvoicePayment
from connector.translation import next_invoice
from connector.translation.next_invoice import Waiting
from connector.translation.plan import Plan


def added(plan: Plan, invoice: Invoice, payments: tuple[InvoicePayment, ...], source: Source) -> Plan:
    """The plan with the payments that are applied to the invoice as the customer's next one."""
    if plan.problems or plan.skip:
        return plan
    left = next_invoice.open_for(invoice, payments).value
    rows = _waiting(plan, invoice, source) if left else []
    left -= _already_applied(invoice, source) if rows else Decimal(0)
    if not rows or left <= 0:
        return plan
    left = min(left, _due_in_netsuite(invoice, left, source))
    return next_invoice.added(plan, invoice, left, _read(rows, source))


def _due_in_netsuite(invoice: Invoice, left: Decimal, source: Source) -> Decimal:
    """What NetSuite has open of an invoice that it holds: somebody may have entered a receipt there."""
    known = internal_ids(source.netsuite, [invoice.id]).get(("invoice", invoice.id))
    dues = grounds.dues_of([known], source.gateway) if known else ()
    return sum((one.amount for one in dues), Decimal(0)) if known else left


def _waiting(plan: Plan, invoice: Invoice, source: Source) -> list[MappedRecord]:
    """The payments of the invoice's customer that are marked and not used up, oldest first."""
    customer = _customer(plan, invoice, source)
    rows = _marked(source).filter(account=source.account, customer=customer, currency=invoice.currency)
    return [row for row in rows.order_by("tran_date", "pk") if customer and _left(row)]


def _marked(source: Source) -> QuerySet[MappedRecord]:
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite, record_type="customerPayment", state=MappedRecord.State.MAPPED
    )
    return naming(rows, "rules", next_invoice.RULE)


def _customer(plan: Plan, invoice: Invoice, source: Source) -> str:
    bills = [one.record for one in plan.records if isinstance(one.record, Bill)]
    of_it = next((bill.customer for bill in bills if bill.external_id == invoice.id), None)
    if of_it is None:
        return ""
    known = internal_ids(source.netsuite, [of_it.key])
    return of_it.internal_id or known.get((of_it.type, of_it.key), "")


def _left(row: MappedRecord) -> bool:
    used = sum((Decimal(one["amount"]) for one in row.applied_to), Decimal(0))
    return row.amount is not None and used < row.amount


def _already_applied(invoice: Invoice, source: Source) -> Decimal:
    """What other such payments have settled of the invoice before."""
    rows = naming(_marked(source), "applied_to", invoice.id)
    applied = [one for row in rows for one in row.applied_to if one["external_id"] == invoice.id]
    return sum((Decimal(one["amount"]) for one in applied), Decimal(0))


def _read(rows: Sequence[MappedRecord], source: Source) -> list[Waiting]:
    """The payments, with what NetSuite has free of each now: people may have used it for something else."""
    there = source.gateway.get_many("customerPayment", [row.internal_id for row in rows])
    made = []
    for row, snapshot in zip(rows, there, strict=True):
        free = (snapshot.open_amount if snapshot else None) or Decimal(0)
        if free <= 0:
            continue
        charge = source.client.fetch_charge(row.stripe_id)
        if booked := grounds.as_booked(charge, row, source.settings):
            made.append(Waiting(charge, booked, free))
    return made
