"""Refunds of charges."""

from .errors import invalid, required
from .forms import merged_metadata, text, whole
from .operations import operation
from .payments import make_transaction
from .store import Row, Store

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


@operation("POST", "/v1/refunds", "amount charge metadata payment_intent reason")
def create_refund(store: Store, params: Row) -> Row:
    """Give back all or part of a charge; Stripe keeps its fee."""
    charge = _charge(store, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = whole(params.get("amount", left), "amount")
    _check(charge, amount, left, text(params.get("reason")))
    refund = store.insert(_refund(store, charge, amount, params))
    transaction = make_transaction(store, refund, kind="refund", amount=-amount, fee=0)
    refund["balance_transaction"] = transaction["id"]
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    changed = {name: old for name, old in before.items() if charge[name] != old}
    store.emit("refund.created", refund)
    store.emit("charge.refunded", charge, changed)
    return refund


def _charge(store: Store, params: Row) -> Row:
    if params.get("charge"):
        return store.get("charge", params["charge"], param="charge")
    if not params.get("payment_intent"):
        raise required("charge")
    intent = store.get("payment_intent", params["payment_intent"], param="payment_intent")
    return store.get("charge", intent["latest_charge"], param="payment_intent")


def _check(charge: Row, amount: int, left: int, reason: str | None) -> None:
    if charge["refunded"] or charge["status"] != "succeeded":
        raise invalid(
            f"Charge {charge['id']} has already been refunded or never succeeded.",
            code="charge_already_refunded",
        )
    if not 0 < amount <= left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    if reason is not None and reason not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")


def _refund(store: Store, charge: Row, amount: int, params: Row) -> Row:
    card = {
        "reference": None,
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {
        "id": store.new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": store.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {"card": card, "type": "card"},
        "failure_balance_transaction": None,
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": None,
        "reason": text(params.get("reason")),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
