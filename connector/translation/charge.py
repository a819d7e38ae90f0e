"""Charge -> customer payment, or customer deposit.

A charge is money that the customer has parted with and the bank has not yet seen:
gross, in the customer's currency, without Stripe's fees (CH-2). It lands in
Undeposited Funds and waits there for its payout (CH-3):

    ch_1, 120.00 USD, for in_1
        Dr  Undeposited Funds      120.00
        Cr  Accounts Receivable            120.00    applied to in_1

    ch_2, 50.00 USD, for no invoice: the same entry, unapplied, under the
    charge's customer (CH-7), or under "Stripe Unallocated Charges" (CH-10)

A charge may name what it pays in NetSuite: an invoice that is only there (`due`), or a sales
order (`sales_order`). A bank debit is booked while it is on its way (K4), so NetSuite shows its
invoice as paid while Stripe's is still open; if it fails, that is undone (`failed_debit`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import (
    Application,
    CustomerDeposit,
    CustomerPayment,
    Ref,
    RefType,
    is_internal_id,
)
from connector.stripe.objects import Charge
from connector.translation import due, duplicate, failed_debit, payment_invoice, payment_memo, sales_order
from connector.translation.customer import LINK_KEY, customer_ref, missing_currency, not_an_internal_id
from connector.translation.due import Due
from connector.translation.gate import held
from connector.translation.plan import Link, Plan, Planned, Problem, Skip, Summary
from connector.translation.rate import exchange_rate
from connector.translation.sales_order import Order
from connector.translation.settings import Settings, account_ref, currency_ref

LINKS: dict[str, RefType] = {
    "netsuite_customer_payment_id": "customerPayment",
    "netsuite_customer_deposit_id": "customerDeposit",
    "netsuite_cash_sale_id": "cashSale",
}
"""The keys that name a record which stands for the charge already, and its type (PO-14, CH-24, K11)."""
OTHER_KEYS = (due.LIST_KEY, due.INVOICE_KEY, sales_order.ORDER_KEY)
"""Keys that name what a charge pays in NetSuite."""
AUTO_APPLY_KEY = "netsuite_auto_apply"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the plan of a charge rests on beside Stripe: NetSuite's records as they are, and our own map.

    `booked` is the record that stands for the charge already, as it was written; it is planned no
    other way again (CH-23). `dues` and `order` are what the charge names, `item` what its invoice
    sells by comparison (CH-12). `settled` is what it is worth on Stripe's balance, where that is in
    another currency; `failed_at` when a debit failed. `problems` stand against what the charge names.
    """

    booked: Planned | None = None
    dues: tuple[Due, ...] = ()
    order: Order | None = None
    item: Ref | None = None
    settled: Amount | None = None
    failed_at: datetime | None = None
    problems: tuple[Problem, ...] = ()

    def rate(self, charge: Charge, settings: Settings) -> Decimal | None:
        """The exchange rate at which the record posts what Stripe settled (MC-6, MC-H1)."""
        return exchange_rate(charge.amount, self.settled, settings.base_currency) if self.settled else None


NOTHING = Ground()


def translate(charge: Charge, settings: Settings, ground: Ground = NOTHING) -> Plan:
    """Plan a charge that pays no invoice of Stripe's, or that failed after it was on Stripe's balance."""
    summary = summarise(charge)
    failed = has_failed(charge, ground)
    skip = held(charge.id, settings.local_date(charge.created), charge.metadata, settings)
    skip = skip or (None if failed else without_money(charge) or not_wanted(charge, settings))
    if skip:
        return Plan(summary, skip=skip)
    if ground.booked and not failed:
        return Plan(summary, records=(ground.booked,))
    problems, link = _problems(charge, settings, ground), link_of(charge)
    later = None if failed else unsettled(charge)
    if problems or later:
        return Plan(summary, problems=problems, later=later)
    links = (link,) if link else ()
    if failed:
        return _failed(charge, settings, ground, Plan(summary, links=links))
    if link:
        return Plan(summary, links=links)
    if ground.order and (waiting := sales_order.waiting(charge, ground.order)):
        return Plan(summary, waiting=waiting)
    return Plan(summary, records=_records(charge, settings, ground))


def _records(charge: Charge, settings: Settings, ground: Ground) -> tuple[Planned, ...]:
    """What the charge is in NetSuite: a deposit on an order, or a payment with or without invoices."""
    rate = ground.rate(charge, settings)
    if ground.order:
        return (_rated(sales_order.deposit(charge, ground.order, settings, rate), rate),)
    if ground.dues:
        return (_of_dues(charge, settings, ground),)
    customer = customer_of(charge, settings)
    rules: tuple[str, ...] = (
        "CH-7",
        "CU-17" if customer.internal_id else _rule_of_customer(charge, settings),
    )
    if not settings.create_invoices_for_payments:
        rules += ("CH-9",) if is_auto_applied(charge, settings) else ()
        return (payment(charge, customer, (), rules, settings, ground=ground),)
    item = payment_invoice.item_of(ground.item, settings)
    bill = payment_invoice.invoice(charge, customer, item, settings)
    own = Application(Ref("invoice", bill.record.external_id), charge.amount_captured.value)
    return bill, payment(charge, customer, (own,), ("CH-11", *rules[1:]), settings, ground=ground)


def _of_dues(charge: Charge, settings: Settings, ground: Ground) -> Planned:
    """The payment of invoices that only NetSuite has, under their customer and their receivables account."""
    first, applied = ground.dues[0], due.applications(charge, ground.dues)
    numbers = ", ".join(one.number for one in ground.dues)
    rules = ("CH-13" if due.invoice_named(charge) else "CH-16", "CH-14")
    rules = ("CH-25", "CH-14") if not set(OTHER_KEYS) & set(charge.metadata) else rules
    made = payment(
        charge, Ref("customer", internal_id=first.customer), applied, rules, settings, ground=ground
    )
    record = made.record
    if isinstance(record, CustomerPayment) and first.receivables_account:
        made = replace(
            made, record=replace(record, receivables_account=account_ref(first.receivables_account))
        )
    made = replace(made, alone=duplicate.memo(charge, numbers, settings))
    return made if applied else duplicate.alone(made)


def _failed(charge: Charge, settings: Settings, ground: Ground, plan: Plan) -> Plan:
    """A debit that failed: its payment settles nothing any more, and is given back (CH-27)."""
    received = ground.booked or payment(
        charge, customer_of(charge, settings), (), ("CH-7",), settings, ground=ground
    )
    record = received.record
    if not isinstance(record, CustomerPayment | CustomerDeposit):
        raise TypeError(f"{record.TYPE} {record.external_id} is no money received.")
    kept = replace(received, rules=tuple(dict.fromkeys((*received.rules, "CH-27"))), alone="", taken_off=True)
    back = failed_debit.refund(charge, record, ground.failed_at, ground.rate(charge, settings), settings)
    own = () if plan.links else (kept,)
    return replace(plan, records=(*own, back), alert=failed_debit.alert(charge, record.total))


def link_of(charge: Charge) -> Link | None:
    """The record that NetSuite holds already, when the charge's metadata names it (ME-1, PO-14)."""
    for key, kind in LINKS.items():
        if internal_id := charge.metadata.get(key, "").strip():
            more = {"customerDeposit": ("CH-24",), "cashSale": ("K11",)}.get(kind, ())
            return Link(kind, charge.id, internal_id, key, ("ME-1", "PO-14", *more))
    return None


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
    ground: Ground = NOTHING,
) -> Planned:
    """The customer payment of a charge that holds money. OM-8: dated on the charge's own day.

    Of a charge that was captured in part, that part is the payment (CH-H1).
    """
    rate = ground.rate(charge, settings)
    record = records.CustomerPayment(
        external_id=charge.id,
        customer=customer,
        currency=currency_ref(charge.amount.currency),
        tran_date=settings.local_date(charge.created),
        account=account_ref(settings.undeposited_funds_account),
        receivables_account=account_ref(settings.receivables_account),
        payment=charge.amount_captured.value,
        memo=memo or payment_memo.of(charge, described=not applied),
        applied=applied,
        exchange_rate=rate,
    )
    rules = ("OM-1", "OM-4", "OM-5", "OM-8", "CH-2", "CH-3", *rules)
    rules += ("CH-26", "K4") if charge.status == "pending" else ()
    rules += ("CH-H1",) if charge.amount_captured < charge.amount else ()
    rules += () if memo else payment_memo.rules(charge)
    return _rated(Planned(record, charge.id, rules), rate)


def _rated(planned: Planned, rate: Decimal | None) -> Planned:
    return replace(planned, rules=(*planned.rules, "MC-6", "MC-H1")) if rate else planned


def summarise(charge: Charge) -> Summary:
    """Payment, its payer and its gross amount."""
    return Summary(f"Payment {charge.id}", charge.payer_name, charge.amount)


def has_failed(charge: Charge, ground: Ground = NOTHING) -> bool:
    """Whether a payment failed that was on Stripe's balance, or in our books, before (CH-27)."""
    held_money = bool(charge.balance_transaction_id or charge.failure_balance_transaction_id)
    return charge.status == "failed" and (held_money or ground.booked is not None)


def without_money(charge: Charge) -> Skip | None:
    """Why a charge holds no money, or does not yet: failed, not captured, not yet taken (CH-28, CH-29)."""
    if charge.status == "failed":
        return Skip("charge_failed", f"The payment failed: {charge.failure_message or 'no reason given'}.")
    if not charge.captured:
        return Skip("charge_not_captured", "The payment is authorised and not yet captured.")
    if charge.status != "succeeded" and not charge.balance_transaction_id:
        return Skip("charge_pending", "The bank has not confirmed the payment yet.")
    return None


def not_wanted(charge: Charge, settings: Settings) -> Skip | None:
    """A debit that is on its way, where the account waits for it to arrive (K4, CH-26)."""
    if charge.status != "pending" or settings.sync_pending_payments:
        return None
    return Skip("charge_pending", "The bank has not confirmed the payment yet.")


def unsettled(charge: Charge) -> Problem | None:
    """Stripe has taken the money but not yet booked it on its own balance (CH-5)."""
    if charge.balance_transaction_id:
        return None
    return Problem("payment_not_settled", f"Stripe has not yet made the balance transaction of {charge.id}.")


def is_auto_applied(charge: Charge, settings: Settings) -> bool:
    """Whether the payment is to be applied to the customer's next invoice (CH-9)."""
    mark = charge.metadata.get(AUTO_APPLY_KEY, "").strip().lower()
    return settings.auto_apply_standalone_charges or mark not in ("", "false", "no")


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


def misnamed(charge: Charge) -> list[Problem]:
    """The keys in a charge's metadata that should hold an internal id of NetSuite, and do not."""
    keys = (*LINKS, due.INVOICE_KEY, sales_order.ORDER_KEY, LINK_KEY)
    named = ((key, charge.metadata.get(key, "").strip()) for key in keys)
    return [
        not_an_internal_id(charge.id, key, value)
        for key, value in named
        if value and not is_internal_id(value)
    ]


def contrary(charge: Charge, linked: str = "") -> list[Problem]:
    """The wishes of a charge that pays an invoice of Stripe's, and so can pay nothing else.

    `linked` is the NetSuite invoice that the Stripe invoice itself is linked to.
    """
    return [
        Problem("metadata_not_supported", f"{charge.id} pays an invoice of Stripe's and carries {key}.")
        for key in OTHER_KEYS
        if charge.metadata.get(key, "").strip() not in ("", linked)
    ]


def _rule_of_customer(charge: Charge, settings: Settings) -> str:
    if not charge.customer_id:
        return "CH-10"
    return "CU-4" if settings.global_customer_workflow else "CU-1"


def _problems(charge: Charge, settings: Settings, ground: Ground) -> tuple[Problem, ...]:
    problems = list(missing_accounts(settings))
    if charge.amount.currency not in settings.currencies:
        problems.append(missing_currency(charge.amount.currency))
    problems += [*misnamed(charge), *ground.problems]
    if ground.dues and not problems:
        problems += due.problems(charge, ground.dues, settings)
        if not (due.applications(charge, ground.dues) or duplicate.memo(charge, "", settings)):
            problems.append(duplicate.refusal(charge.id, charge.amount_captured, ground.dues))
    if ground.order and not problems:
        problems += sales_order.problems(charge, ground.order, settings)
    return tuple(problems)
