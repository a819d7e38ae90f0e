"""Failed debit: a payment that was booked while it was on its way, and that the bank then refused (CH-27).

    py_1 over 500.00 USD, applied to in_1; four days later the bank says no
        py_1 is taken off in_1, which is open again
        Dr  Accounts Receivable    500.00    ns_refund:py_1, applied to py_1: no credit memo,
        Cr  Undeposited Funds              500.00    for the sale still stands

Stripe lists both movements on a payout, so both records go to the bank and come to nothing. A debit
that fails before we had booked it, and that Stripe had on its balance, is booked and refunded at once.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from connector.netsuite import records
from connector.netsuite.records import Application, CustomerDeposit, CustomerPayment, Ref, RefType
from connector.stripe.objects import Charge
from connector.translation.plan import Planned, Problem
from connector.translation.settings import Settings, account_ref

RULES = ("CH-27", "RF-10", "OM-1", "OM-4", "OM-5", "OM-8", "RF-7")


def external_id(charge_id: str) -> str:
    """The refund's name: no object of Stripe's stands behind it but the charge itself (K16)."""
    return f"ns_refund:{charge_id}"


def refund(
    charge: Charge,
    received: CustomerPayment | CustomerDeposit,
    failed_at: datetime | None,
    rate: Decimal | None,
    settings: Settings,
) -> Planned:
    """The customer refund that gives back what never came, on the day the bank said so."""
    is_deposit = isinstance(received, CustomerDeposit)
    kind: RefType = "customerDeposit" if is_deposit else "customerPayment"
    given_back = (Application(Ref(kind, charge.id), received.total),)
    receivables = (
        account_ref(settings.receivables_account)
        if isinstance(received, CustomerDeposit)
        else received.receivables_account
    )
    record = records.CustomerRefund(
        external_id=external_id(charge.id),
        customer=received.customer,
        currency=received.currency,
        tran_date=settings.local_date(failed_at or charge.created),
        account=received.account,
        receivables_account=receivables,
        applied=() if is_deposit else given_back,
        deposits=given_back if is_deposit else (),
        memo=f"Stripe: {charge.id}. The payment failed: {reason(charge)}",
        exchange_rate=rate,
    )
    return Planned(record, charge.id, RULES)


def alert(charge: Charge, given_back: Decimal) -> Problem:
    """That a payment which stood in the books has failed; somebody has to ask the customer again."""
    text = f"{charge.id} over {given_back} {charge.amount.currency} failed: {reason(charge)}"
    return Problem("bank_debit_failed", text)


def reason(charge: Charge) -> str:
    """Stripe's words for why it failed."""
    return charge.failure_message or "Stripe gives no reason."
