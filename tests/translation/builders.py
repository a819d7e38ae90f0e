"""Stripe objects and settings as values, lawful as they stand; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from connector.money import Amount, total
from connector.netsuite import records
from connector.stripe.objects import Charge, Customer, Invoice, InvoiceLine, InvoicePayment, Price
from connector.translation.plan import Plan
from connector.translation.settings import Settings

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
RecordT = TypeVar("RecordT", bound=records.Record)

SETTINGS = Settings(
    undeposited_funds_account="122",
    receivables_account="119",
    income_account="54",
    tax_account="57",
    currencies={"USD": "1", "EUR": "2", "JPY": "4", "KWD": "5"},
)


def settings(**changes: Any) -> Settings:
    """An account that has chosen all it needs, with other choices."""
    return replace(SETTINGS, **changes)


def usd(text: str) -> Amount:
    """US dollars."""
    return Amount(Decimal(text), "USD")


def customer(**changes: Any) -> Customer:
    """A company with a name, an email and nothing else."""
    given = {"name": "Acme Inc.", "email": "ap@acme.example", "currency": "USD", **changes}
    return Customer(**{"id": "cus_1", "created": NOON, **given})


def price(**changes: Any) -> Price:
    """A recurring price of the product Team plan."""
    return Price(
        **{"id": "price_1", "created": NOON, "product_id": "prod_1", "product_name": "Team plan", **changes}
    )


def line(amount: Amount | str = "120.00", **changes: Any) -> InvoiceLine:
    """One line that sells one of price_1."""
    money = usd(amount) if isinstance(amount, str) else amount
    given = {"id": "il_1", "description": "Team plan", "quantity": Decimal(1), "price_id": "price_1"}
    return InvoiceLine(amount=money, **{**given, **changes})


def invoice(lines: Iterable[InvoiceLine] | None = None, **changes: Any) -> Invoice:
    """A paid invoice over 120.00 USD; its totals follow its lines unless a test says otherwise."""
    kept = (line(),) if lines is None else tuple(lines)
    currency = changes.get("currency") or (kept[0].amount.currency if kept else "USD")
    owed, nothing = total([each.amount for each in kept], currency), Amount.zero(currency)
    given: dict[str, Any] = {
        "id": "in_1",
        "status": "paid",
        "currency": currency,
        "created": NOON,
        "total": owed,
        "amount_due": owed,
        "amount_paid": owed,
        "ending_balance": nothing,
        "lines": kept,
        "number": "ACME-0001",
        "customer_id": "cus_1",
        "customer_name": "Acme Inc.",
        "finalized_at": NOON,
        "effective_at": NOON,
        "paid_at": NOON,
    }
    none = "amount_remaining starting_balance amount_paid_off_stripe credit_notes"
    return Invoice(**{**dict.fromkeys(none.split(), nothing), **given, **changes})


def charge(amount: Amount | str = "120.00", **changes: Any) -> Charge:
    """A card payment that succeeded and is on Stripe's balance."""
    money = usd(amount) if isinstance(amount, str) else amount
    given: dict[str, Any] = {
        "id": "ch_1",
        "amount": money,
        "amount_captured": money,
        "status": "succeeded",
        "captured": True,
        "paid": True,
        "created": NOON,
        "customer_id": "cus_1",
        "payment_intent_id": "pi_1",
        "balance_transaction_id": "txn_1",
        "method": "card",
        "payer_name": "Acme Inc.",
    }
    return Charge(**{**given, **changes})


def paid_by(one: Charge | None, amount: Amount | str | None = "120.00", **changes: Any) -> InvoicePayment:
    """The payment of in_1 with a charge."""
    money = usd(amount) if isinstance(amount, str) else amount
    given = {"id": "inpay_1", "invoice_id": "in_1", "status": "paid", **changes}
    return InvoicePayment(amount=money, charge=one, **given)


def records_of(plan: Plan, kind: type[RecordT]) -> list[RecordT]:
    """The planned records of one kind; nothing may speak against the plan."""
    assert (plan.problems, plan.skip) == ((), None)
    return [planned.record for planned in plan.records if isinstance(planned.record, kind)]


def only(plan: Plan, kind: type[RecordT]) -> RecordT:
    """The one planned record of its kind."""
    (record,) = records_of(plan, kind)
    return record


def rules_of(plan: Plan) -> set[str]:
    """Every rule id on the plan's records and links."""
    made = {rule for planned in plan.records for rule in planned.rules}
    return made | {rule for link in plan.links for rule in link.rules}


def codes(plan: Plan) -> list[str]:
    """What speaks against the plan; then it must hold no record."""
    assert plan.records == ()
    return [problem.code for problem in plan.problems]
