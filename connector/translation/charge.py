"""Charge -> customer payment.

A charge is money that the customer has parted with and the bank has not yet seen:
gross, in the customer's currency, without Stripe's fees (CH-2). It lands in
Undeposited Funds and waits there for its payout (CH-3):

    ch_1, 120.00 USD, for in_1
        Dr  Undeposited Funds      120.00
        Cr  Accounts Receivable            120.00    applied to in_1

    ch_2, 50.00 USD, for no invoice: the same entry, unapplied, under the
    charge's customer (CH-7), or under "Stripe Unallocated Charges" (CH-10)
"""

from __future__ import annotations

from connector.netsuite import records
from connector.netsuite.records import Application, Ref
from connector.stripe.objects import Charge
from connector.translation.customer import LINK_KEY, customer_ref, missing_currency, not_an_internal_id
from connector.translation.gate import held
from connector.translation.plan import Link, Plan, Planned, Problem, Skip, Summary
from connector.translation.settings import Settings, account_ref, currency_ref

PAYMENT_KEY = "netsuite_customer_payment_id"
UNBOOKED_KEYS = (
    "apply_to_invoices",
    "netsuite_auto_apply",
    "netsuite_cash_sale_id",
    "netsuite_customer_deposit_id",
    "netsuite_invoice_id",
    "netsuite_sales_order_id",
)
"""Wishes that we cannot fulfil; booking the charge as if they were not there would be wrong."""


def translate(charge: Charge, settings: Settings) -> Plan:
    """Plan the customer payment of a charge without an invoice."""
    summary = summarise(charge)
    day = settings.local_date(charge.created)
    skip = held(charge.id, day, charge.metadata, settings) or without_money(charge)
    if skip:
        return Plan(summary, skip=skip)
    problems = _problems(charge, settings)
    later = unsettled(charge)
    if problems or later:
        return Plan(summary, problems=problems, later=later)
    if link := link_of(charge):
        return Plan(summary, links=(link,))
    customer = customer_of(charge, settings)
    rules = ("CH-7", "CU-17" if customer.internal_id else _rule_of_customer(charge, settings))
    return Plan(summary, records=(payment(charge, customer, (), rules, settings),))


def link_of(charge: Charge) -> Link | None:
    """The payment that NetSuite holds already, when the charge's metadata names it (ME-1, PO-14)."""
    internal_id = charge.metadata.get(PAYMENT_KEY, "").strip()
    return (
        Link("customerPayment", charge.id, internal_id, PAYMENT_KEY, ("ME-1", "PO-14"))
        if internal_id
        else None
    )


def customer_of(charge: Charge, settings: Settings) -> Ref:
    """Whose payment it is: the customer that its metadata names (CU-17), or Stripe's (CH-7, CH-10)."""
    linked = charge.metadata.get(LINK_KEY, "").strip()
    return Ref("customer", internal_id=linked) if linked else customer_ref(charge.customer_id, settings)


def payment(
    charge: Charge,
    customer: Ref,
    applied: tuple[Application, ...],
    rules: tuple[str, ...],
    settings: Settings,
    *,
    memo: str = "",
) -> Planned:
    """The customer payment of a charge that holds money. OM-8: dated on the charge's own day."""
    record = records.CustomerPayment(
        external_id=charge.id,
        customer=customer,
        currency=currency_ref(charge.amount.currency),
        tran_date=settings.local_date(charge.created),
        account=account_ref(settings.undeposited_funds_account),
        receivables_account=account_ref(settings.receivables_account),
        payment=charge.amount_captured.value,
        memo=memo or (f"Stripe: {charge.id}" if applied else _memo_of_standalone(charge)),
        applied=applied,
    )
    return Planned(record, charge.id, ("OM-1", "OM-4", "OM-5", "OM-8", "CH-2", "CH-3", *rules))


def summarise(charge: Charge) -> Summary:
    """Payment, its payer and its gross amount."""
    return Summary(f"Payment {charge.id}", charge.payer_name, charge.amount)


def without_money(charge: Charge) -> Skip | None:
    """Why a charge never held money, or does not yet: failed, not captured, pending (CH-28, CH-29, K4)."""
    if charge.status == "failed":
        return Skip("charge_failed", f"The payment failed: {charge.failure_message or 'no reason given'}.")
    if not charge.captured:
        return Skip("charge_not_captured", "The payment is authorised and not yet captured.")
    if charge.status != "succeeded":
        return Skip("charge_pending", "The bank has not confirmed the payment yet.")
    return None


def unsettled(charge: Charge) -> Problem | None:
    """Stripe has taken the money but not yet booked it on its own balance (CH-5)."""
    if charge.balance_transaction_id:
        return None
    return Problem("payment_not_settled", f"Stripe has not yet made the balance transaction of {charge.id}.")


def missing_accounts(settings: Settings) -> tuple[Problem, ...]:
    """The ledger accounts that a payment needs and that nobody has chosen."""
    return tuple(
        Problem(code, f"No {name} account is chosen.")
        for code, name, account in (
            ("undeposited_funds_account_missing", "Undeposited Funds", settings.undeposited_funds_account),
            ("receivables_account_missing", "Accounts Receivable", settings.receivables_account),
        )
        if not account
    )


def unfulfilled(charge: Charge) -> list[Problem]:
    """The wishes in a charge's metadata that we cannot follow, each by its key."""
    problems = [
        Problem("metadata_not_supported", f"{charge.id} carries {key}, which we cannot follow.")
        for key in sorted(set(UNBOOKED_KEYS) & set(charge.metadata))
    ]
    link = link_of(charge)
    if link and not link.internal_id.isdigit():
        problems.append(not_an_internal_id(charge.id, PAYMENT_KEY, link.internal_id))
    return problems


def _rule_of_customer(charge: Charge, settings: Settings) -> str:
    if not charge.customer_id:
        return "CH-10"
    return "CU-4" if settings.global_customer_workflow else "CU-1"


def _problems(charge: Charge, settings: Settings) -> tuple[Problem, ...]:
    problems = list(missing_accounts(settings))
    if charge.amount.currency not in settings.currencies:
        problems.append(missing_currency(charge.amount.currency))
    problems += unfulfilled(charge)
    linked = charge.metadata.get(LINK_KEY, "").strip()
    if linked and not linked.isdigit():
        problems.append(not_an_internal_id(charge.id, LINK_KEY, linked))
    for name, wanted in (
        ("make invoices for payments", settings.create_invoices_for_payments),
        ("apply standalone payments to later invoices", settings.auto_apply_standalone_charges),
    ):
        if wanted:
            problems.append(
                Problem("setting_not_supported", f"The setting “{name}” is on, and we cannot follow it.")
            )
    return tuple(problems)


def _memo_of_standalone(charge: Charge) -> str:
    """OM-5 and CH-7: the Stripe id first, then the charge's own description."""
    if not charge.description:
        return f"Stripe: {charge.id}"
    return f"Stripe: {charge.id}. Stripe description: {charge.description}"
