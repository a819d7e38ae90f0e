"""Capture of authorized charges, in full or in part, and the release of what is not captured."""

from .charges import processing_fee, receipt_url, settle
from .errors import invalid
from .forms import text, whole
from .operations import operation
from .refunds import count, keep_refund
from .store import Row, Store
from .transactions import Fee, record, settled


@operation("POST", "/v1/payment_intents/{id}/capture", "amount_to_capture metadata")
def capture_payment_intent(store: Store, params: Row, identity: str) -> Row:
    """Take an authorized amount, or a part of it; the rest is released."""
    intent = store.get("payment_intent", identity)
    if intent["status"] != "requires_capture":
        raise invalid(
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    charge = store.get("charge", intent["latest_charge"])
    amount = whole(params.get("amount_to_capture", charge["amount"]), "amount_to_capture")
    _capture(store, charge, amount)
    return intent


@operation("POST", "/v1/charges/{id}/capture", "amount receipt_email")
def capture_charge(store: Store, params: Row, identity: str) -> Row:
    """Likewise for a charge without a payment intent."""
    charge = store.get("charge", identity)
    if charge["captured"] or charge["refunded"]:
        raise invalid(f"Charge {identity} has already been captured.", code="charge_already_captured")
    if "receipt_email" in params:
        charge["receipt_email"] = text(params["receipt_email"])
    _capture(store, charge, whole(params.get("amount", charge["amount"]), "amount"))
    return charge


def _capture(store: Store, charge: Row, amount: int) -> None:
    if not 0 < amount <= charge["amount"]:
        raise invalid(f"You cannot capture {amount} of {charge['amount']}.", code="amount_too_large")
    charge.update(captured=True, amount_captured=amount, receipt_url=receipt_url(charge["id"]))
    store.emit("charge.captured", charge, {"captured": False})
    if charge["payment_intent"]:
        intent = store.get("payment_intent", charge["payment_intent"])
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        store.emit("payment_intent.succeeded", intent)
    settle(store, charge)
    if amount < charge["amount"]:
        refund = _give_up(store, charge, charge["amount"] - amount)
        _reverse(store, charge, refund)
        _tell(store, charge, refund)


def release(store: Store, charge: Row, *, expired: bool = False) -> None:
    """Give up an authorization that was never captured; no money ever moved."""
    refund = _give_up(store, charge, charge["amount"])
    if expired:
        refund["reason"] = "expired_uncaptured_charge"
        store.emit("charge.expired", charge)
    _tell(store, charge, refund)


def _give_up(store: Store, charge: Row, amount: int) -> Row:
    """The refund by which Stripe shows that a part of an authorization was not taken."""
    refund = keep_refund(store, charge, amount, {})
    refund.update(status="succeeded", pending_reason=None)
    return refund


def _tell(store: Store, charge: Row, refund: Row) -> None:
    changed = count(store, charge, refund["amount"])
    store.emit("refund.created", refund)
    store.emit("charge.refunded", charge, changed)


def _reverse(store: Store, charge: Row, refund: Row) -> None:
    """Take the part that was not captured off the balance, with its share of the fee.

    Stripe books the whole authorization, then this (docs.stripe.com/reports/reporting-categories).
    """
    worth = settled(store, -refund["amount"], refund["currency"])
    transaction = record(
        store,
        "refund",
        worth,
        source=refund["id"],
        fees=[Fee(-_fee_share(store, charge), "Stripe processing fees")],
        category="partial_capture_reversal",
        description=charge["description"],
    )
    refund["balance_transaction"] = transaction["id"]


def _fee_share(store: Store, charge: Row) -> int:
    """How much less the fee is than it would be for the whole authorization."""
    kind = charge["payment_method_details"]["type"]
    whole_fee, fee = (
        processing_fee(store, settled(store, charge[name], charge["currency"]), kind)
        for name in ("amount", "amount_captured")
    )
    return whole_fee - fee
