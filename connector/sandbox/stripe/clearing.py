"""Pending charges, such as bank debits: days later their money comes, or does not."""

from .charges import receipt_url, settle
from .collection import payment_failed, receive
from .errors import invalid
from .payments import fail_intent
from .refunds import cancel_waiting, finish
from .store import Row, Store
from .transactions import Fee, record, transaction_of, worth_of

FAILURES = {
    "account_closed": "The customer's bank account has been closed.",
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
    "insufficient_funds": "The customer's bank account has insufficient funds to cover this payment.",
    "no_account": "The bank account could not be located.",
}
"""Why a bank refuses a debit, by Stripe's code."""


def clear(store: Store, charge: Row) -> None:
    """The money of a pending charge has come."""
    _check(charge)
    charge.update(status="succeeded", paid=True, receipt_url=receipt_url(charge["id"]))
    intent = store.lookup(charge["payment_intent"] or "")
    if intent:
        intent.update(status="succeeded", amount_received=charge["amount"])
        store.emit("payment_intent.succeeded", intent)
    store.emit("charge.succeeded", charge, {"paid": False, "status": "pending"})
    if charge["balance_transaction"] is None:
        settle(store, charge)
    for payment in _payments(store, intent):
        receive(store, store.get("invoice", payment["invoice"]), payment, payment["amount_requested"])
    for refund in store.where("refund", charge=charge["id"], pending_reason="charge_pending"):
        finish(store, refund)


def bounce(store: Store, charge: Row, code: str) -> None:
    """The bank refuses a pending charge; money that was on the balance already leaves it again."""
    _check(charge)
    charge.update(status="failed", failure_code=code, failure_message=FAILURES[code])
    charge["outcome"] = {**charge["outcome"], "network_status": "declined_by_network", "reason": code}
    taken = transaction_of(store, charge)
    if taken:
        charge["failure_balance_transaction"] = _reverse(store, charge, taken)["id"]
    store.emit("charge.failed", charge)
    intent = store.lookup(charge["payment_intent"] or "")
    if intent:
        fail_intent(store, intent, charge)
    for payment in _payments(store, intent):
        if payment["is_default"]:
            payment_failed(store, store.get("invoice", payment["invoice"]), {})
    for refund in store.where("refund", charge=charge["id"], pending_reason="charge_pending"):
        cancel_waiting(store, refund)


def _check(charge: Row) -> None:
    if charge["status"] != "pending":
        raise invalid(f"Charge {charge['id']} is {charge['status']}, not pending.")


def _payments(store: Store, intent: Row | None) -> list[Row]:
    """The open invoice payments that an intent makes."""
    if intent is None:
        return []
    rows = store.where("invoice_payment", status="open")
    return [row for row in rows if row["payment"].get("payment_intent") == intent["id"]]


def _reverse(store: Store, charge: Row, taken: Row) -> Row:
    """The money goes back to the bank, and the fees to us."""
    back = [
        Fee(-one["amount"], one["description"], one["type"], one["application"])
        for one in taken["fee_details"]
    ]
    return record(
        store,
        "payment_failure_refund",
        worth_of(taken, -1),
        source=charge["id"],
        fees=back,
        description=f"Payment failure refund of {charge['id']}",
        available_on=taken["available_on"],
    )
