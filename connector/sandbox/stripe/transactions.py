"""Balance transactions: every movement of the money that Stripe holds for the account."""

from decimal import Decimal
from typing import Any, NamedTuple

from .amounts import CONVERSION_RATE, converted, rounded
from .periods import DAY
from .store import Row, Store

SETTLEMENT_DAYS = 2

CATEGORIES = {
    "adjustment": "other_adjustment",
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "payment": "charge",
    "payment_failure_refund": "charge_failure",
    "payment_refund": "refund",
    "payment_reversal": "charge_failure",
    "payment_unreconciled": "unreconciled_customer_funds",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "reserve_hold": "risk_reserved_funds",
    "reserve_release": "risk_reserved_funds",
    "reserve_transaction": "connect_reserved_funds",
    "reserved_funds": "risk_reserved_funds",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "tax",
    "transfer_cancel": "transfer_reversal",
    "transfer_failure": "transfer_reversal",
    "transfer_refund": "transfer_reversal",
}
"""The reporting category of a type; one that is not named here is its own category."""


class Fee(NamedTuple):
    """A part of what a transaction costs, in minor units of its currency; negative when it comes back."""

    amount: int
    description: str
    type: str = "stripe_fee"
    application: str | None = None


class Worth(NamedTuple):
    """An amount in the currency that it is settled in, with the rate if it was converted."""

    amount: int
    currency: str
    rate: Decimal | None = None


def settled(store: Store, amount: int, currency: str, like: Row | None = None) -> Worth:
    """What an amount is worth on the balance; `like` is an earlier transaction of the same money."""
    agreed = store.terms.settles.get(currency)
    if agreed:
        return Worth(converted(amount, currency, *agreed), *agreed)
    if like and like["exchange_rate"] is not None:
        rate = Decimal(str(like["exchange_rate"]))
        return Worth(converted(amount, currency, like["currency"], rate), like["currency"], rate)
    return Worth(amount, currency)


def conversion_fee(worth: Worth) -> list[Fee]:
    """What the conversion of a payment costs, if there was one."""
    if worth.rate is None:
        return []
    return [Fee(rounded(CONVERSION_RATE * worth.amount), "Stripe currency conversion fee")]


def record(
    store: Store,
    kind: str,
    worth: Worth,
    *,
    source: str | None = None,
    fees: list[Fee] | None = None,
    description: str | None = None,
    category: str | None = None,
    available_on: int | None = None,
) -> Row:
    """Keep a balance transaction; amounts are negative when money leaves the balance.

    Money that comes in is available two days later, money that goes out at once, unless told otherwise.
    """
    charged = [fee for fee in fees or [] if fee.amount]
    fee = sum(one.amount for one in charged)
    later = SETTLEMENT_DAYS * DAY if worth.amount > 0 else 0
    row = {
        "id": store.new_id("balance_transaction"),
        "object": "balance_transaction",
        "amount": worth.amount,
        "available_on": store.now() + later if available_on is None else available_on,
        "balance_type": "payments",
        "created": store.now(),
        "currency": worth.currency,
        "description": description,
        "exchange_rate": None if worth.rate is None else float(worth.rate),
        "fee": fee,
        "fee_details": [_detail(one, worth.currency) for one in charged],
        "net": worth.amount - fee,
        "reporting_category": category or CATEGORIES.get(kind, kind),
        "source": source,
        "type": kind,
    }
    row["status"] = status(store, row)
    return store.insert(row)


def _detail(fee: Fee, currency: str) -> Row:
    return {**fee._asdict(), "currency": currency}


def status(store: Store, transaction: Row) -> str:
    """Pending until its money is available."""
    return "available" if transaction["available_on"] <= store.now() else "pending"


def transaction_view(store: Store, transaction: Row) -> Row:
    """A balance transaction with the status that it has now."""
    return {**transaction, "status": status(store, transaction)}


def transaction_of(store: Store, row: Row) -> Row | None:
    """The balance transaction that put an object's money on the balance, or took it off."""
    identity: Any = row["balance_transaction"]
    return store.get("balance_transaction", identity) if identity else None


def worth_of(transaction: Row, sign: int = 1) -> Worth:
    """The worth of a transaction, or with -1 of its reversal."""
    rate = transaction["exchange_rate"]
    amount = sign * transaction["amount"]
    return Worth(amount, transaction["currency"], None if rate is None else Decimal(str(rate)))
