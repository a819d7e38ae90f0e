"""Next invoice: earlier payments without an invoice pay what the customer is billed next (CH-9).

    ch_1, 50.00 USD, for no invoice; then in_2 over 80.00 USD is sent
        ch_1 is applied to in_2 with 50.00; 30.00 are left to pay

Only what Stripe does not collect by itself takes such money: an invoice that is sent and waits for the
customer, or the part of one that was paid outside Stripe. An invoice that Stripe charges would be
paid twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.money import Amount
from connector.netsuite.records import Application, CustomerPayment, Ref
from connector.stripe.objects import Charge, Invoice, InvoicePayment
from connector.translation.plan import Plan, Planned

RULE = "CH-9"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payment that waits for the customer's next invoice, as it is booked, and its charge.

    `free` is what NetSuite has unapplied of it now.
    """

    charge: Charge
    booked: Planned
    free: Decimal

    @property
    def left(self) -> Decimal:
        """What of it settles nothing yet; nothing of a charge that was taken back."""
        record, charge = self.booked.record, self.charge
        released = charge.amount - charge.amount_captured
        taken_back = charge.disputed or (charge.amount_refunded or released) > released
        if taken_back or charge.status != "succeeded" or not isinstance(record, CustomerPayment):
            return Decimal(0)
        return min(self.free, record.payment - sum((one.amount for one in record.applied), Decimal(0)))


def open_for(invoice: Invoice, payments: Sequence[InvoicePayment]) -> Amount:
    """What an invoice has left for other money than Stripe collects."""
    if invoice.status == "paid":
        return invoice.amount_paid_off_stripe
    on_its_way = any(one.charge and one.charge.status == "pending" for one in payments)
    if invoice.status != "open" or invoice.collection_method != "send_invoice" or on_its_way:
        return Amount.zero(invoice.currency)
    return invoice.amount_remaining


def added(plan: Plan, invoice: Invoice, left: Decimal, waiting: Sequence[Waiting]) -> Plan:
    """The plan with what the waiting payments, oldest first, settle of the invoice; `left` is open on it."""
    made = []
    for one in waiting:
        taken = min(left, one.left)
        record = one.booked.record
        if taken <= 0 or not isinstance(record, CustomerPayment):
            continue
        left -= taken
        applied = (*record.applied, Application(Ref("invoice", invoice.id), taken))
        made.append(replace(one.booked, record=replace(record, applied=applied)))
    records = sorted((*plan.records, *made), key=lambda planned: planned.record.WAVE)
    return replace(plan, records=tuple(records))
