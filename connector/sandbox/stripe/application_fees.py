"""Application fees: what this account, as a platform, takes of a connected account's charge."""

from .amounts import currency_of
from .errors import invalid
from .forms import merged_metadata, whole
from .lists import CURSORS, page
from .operations import operation
from .store import Row, Store
from .transactions import Worth, record

REFUNDS = "/v1/application_fees/{id}/refunds"
APPLICATION = "ca_SBX000002"


def application_fee_view(store: Store, fee: Row) -> Row:
    """An application fee with its refunds, newest first, as Stripe sends it."""
    rows = store.where("fee_refund", fee=fee["id"])[::-1]
    return {**fee, "refunds": page(rows, {}, REFUNDS.replace("{id}", fee["id"]))}


def take_fee(store: Store, amount: int, currency: str, account: str) -> Row:
    """Earn a fee of minor units on a charge of a connected account."""
    charge = store.new_id("payment")
    row = store.insert(
        {
            "id": store.new_id("application_fee"),
            "object": "application_fee",
            "account": account,
            "amount": amount,
            "amount_refunded": 0,
            "application": APPLICATION,
            "balance_transaction": None,
            "charge": charge,
            "created": store.now(),
            "currency": currency_of(currency),
            "fee_source": {"charge": charge, "payout": None, "type": "charge"},
            "livemode": False,
            "originating_transaction": None,
            "refunded": False,
        }
    )
    made = record(store, "application_fee", Worth(amount, currency), source=row["id"])
    row["balance_transaction"] = made["id"]
    store.emit("application_fee.created", application_fee_view(store, row))
    return row


@operation("POST", REFUNDS, "amount metadata")
def refund_fee(store: Store, params: Row, identity: str) -> Row:
    """Give back all or part of an application fee."""
    fee = store.get("application_fee", identity)
    left = fee["amount"] - fee["amount_refunded"]
    amount = whole(params.get("amount", left), "amount")
    if not 0 < amount <= left:
        raise invalid(f"You cannot refund {amount}; {left} of the fee is left.", param="amount")
    row = store.insert(
        {
            "id": store.new_id("fee_refund"),
            "object": "fee_refund",
            "amount": amount,
            "balance_transaction": None,
            "created": store.now(),
            "currency": fee["currency"],
            "fee": identity,
            "metadata": merged_metadata({}, params.get("metadata")),
        }
    )
    made = record(store, "application_fee_refund", Worth(-amount, fee["currency"]), source=row["id"])
    row["balance_transaction"] = made["id"]
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    store.emit("application_fee.refunded", application_fee_view(store, fee))
    return row


@operation("GET", REFUNDS, CURSORS)
def fee_refunds(store: Store, params: Row, identity: str) -> Row:
    """The refunds of an application fee, newest first."""
    store.get("application_fee", identity)
    rows = store.where("fee_refund", fee=identity)[::-1]
    return page(rows, params, REFUNDS.replace("{id}", identity))
