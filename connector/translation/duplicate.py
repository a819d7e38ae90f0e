"""Duplicate: a payment of an invoice that has nothing left to pay, where that may come over (CH-17 to CH-19).

    in_1 over 275.00 USD was paid by ch_1; then ch_2 pays 275.00 once more
        not allowed     ch_2 is refused, and its payout waits
        allowed         Dr  Undeposited Funds   275.00    unapplied, "Stripe Payment Error:
                        Cr  Accounts Receivable     275.00     could not apply to invoice ACME-0001"

It can then be applied to another invoice or order, or given back in Stripe (K10).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from connector.money import Amount
from connector.netsuite.records import CustomerDeposit, CustomerPayment, refs
from connector.stripe.objects import Charge
from connector.translation.due import Due
from connector.translation.plan import Plan, Planned, Problem
from connector.translation.settings import Settings

ALLOW_KEY = "netsuite_allow_duplicate"
MEMO = "Stripe Payment Error: could not apply to invoice {}"
RULES = ("CH-17", "CH-18", "CH-19")


def memo(charge: Charge, invoice: str, settings: Settings) -> str:
    """The memo under which a payment may come over unapplied; empty where it may not (CH-19)."""
    marked = charge.metadata.get(ALLOW_KEY, "").strip().lower() == "true"
    return MEMO.format(invoice) if marked or settings.allow_duplicate_payments else ""


def alone(planned: Planned) -> Planned:
    """The same money, set against nothing: a duplicate unapplied, a deposit off its order (CH-18, CH-22)."""
    record = planned.record
    if isinstance(record, CustomerPayment):
        kept = tuple(rule for rule in planned.rules if rule not in ("CH-6", "IN-4", "IN-9"))
        return replace(
            planned, record=replace(record, applied=(), memo=planned.alone), rules=(*kept, *RULES), alone=""
        )
    if isinstance(record, CustomerDeposit):
        return replace(planned, record=replace(record, sales_order=None, memo=planned.alone), alone="")
    raise TypeError(f"{record.TYPE} {record.external_id} cannot stand alone.")


def refusal(charge_id: str, amount: Amount, dues: tuple[Due, ...]) -> Problem:
    """Why a payment cannot be applied to the invoices that it names: they are paid, or owe less (ER-5)."""
    due = sum((one.amount for one in dues), Decimal(0))
    named = ", ".join(f"{one.number} (ID {one.internal_id})" for one in dues)
    if due <= 0:
        text = f"{charge_id} over {amount} would pay invoice {named} again. Nothing is due on it."
        return Problem("invoice_already_paid", text)
    left = Amount(due, amount.currency).text
    text = f"Charge amount {amount.text} is different than the amount due on the corresponding invoice."
    return Problem("amount_differs", f"{charge_id}: {text} Transaction ID:{named} amount due: {left}.")


def without(plan: Plan, keys: set[str]) -> Plan:
    """The plan without these records and all that rests on them, by external id."""
    dropped = keys | resting_on(plan, keys)
    return replace(plan, records=tuple(one for one in plan.records if one.record.external_id not in dropped))


def resting_on(plan: Plan, keys: set[str]) -> set[str]:
    """What was planned upon these records, or upon something that was, by external id."""
    found: set[str] = set()
    for planned in plan.records:
        beneath = {planned.rests_on} | {ref.key for ref in refs(planned.record)}
        if beneath & (keys | found) - {""}:
            found.add(planned.record.external_id)
    return found
