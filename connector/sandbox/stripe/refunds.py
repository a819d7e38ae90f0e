"""Refunds of charges: some are done at once, some wait for a bank, some come back."""

from .charges import processing_fee
from .errors import invalid, required
from .forms import merged_metadata, text, whole
from .methods import way_of
from .operations import operation
from .periods import DAY
from .store import Row, Store
from .transactions import Fee, record, settled, transaction_of, worth_of

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
FAILURES = (
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
)
"""Why a refund may fail, in Stripe's words."""

TRANSFERS = {
    "bacs_debit": "gb_bank_transfer",
    "sepa_debit": "eu_bank_transfer",
    "us_bank_account": "us_bank_transfer",
}
"""How a refund goes back to a bank account, by type of payment method."""


@operation("POST", "/v1/refunds", "amount charge instructions_email metadata payment_intent reason")
def create_refund(store: Store, params: Row) -> Row:
    """Give back all or part of a charge; Stripe keeps its fee unless the terms say otherwise."""
    charge = _charge(store, params)
    left = refundable(charge)
    amount = whole(params.get("amount", left), "amount")
    _check(store, charge, amount, left, text(params.get("reason")))
    refund = keep_refund(store, charge, amount, params)
    if refund["pending_reason"] in (None, "processing"):
        take(store, refund)
    _count(store, charge, refund)
    return refund


@operation("POST", "/v1/refunds/{id}/cancel")
def cancel_refund(store: Store, params: Row, identity: str) -> Row:
    """Call off a refund that waits for the customer to act."""
    refund = store.get("refund", identity)
    if refund["status"] != "requires_action":
        raise invalid(f"Only refunds that require action can be canceled. This one is {refund['status']}.")
    _undo(store, refund, "canceled", None)
    return refund


def refundable(charge: Row) -> int:
    """What is left of a charge to be given back."""
    left: int = charge["amount"] - charge["amount_refunded"]
    return left if charge["captured"] else 0


def keep_refund(store: Store, charge: Row, amount: int, params: Row) -> Row:
    """Keep a refund in the state in which refunds of this kind begin."""
    kind = charge["payment_method_details"]["type"]
    status, waits_for = _beginning(store, charge)
    email = text(params.get("instructions_email"))
    return store.insert(
        {
            "id": store.new_id("refund" if kind == "card" else "payment_refund"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "created": store.now(),
            "currency": charge["currency"],
            "customer": charge["customer"],
            "destination_details": _destination(kind),
            "failure_balance_transaction": None,
            "failure_reason": None,
            "instructions_email": email,
            "metadata": merged_metadata({}, params.get("metadata")),
            "next_action": _next_action(store, email) if status == "requires_action" else None,
            "payment_intent": charge["payment_intent"],
            "payment_method": charge["payment_method"],
            "pending_reason": waits_for,
            "reason": text(params.get("reason")),
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": status,
            "transfer_reversal": None,
        }
    )


def take(store: Store, refund: Row) -> None:
    """Take a refund's money off the balance."""
    charge = store.get("charge", refund["charge"])
    paid = transaction_of(store, charge)
    worth = settled(store, -refund["amount"], refund["currency"], paid)
    kind = charge["payment_method_details"]["type"]
    fees = []
    if store.terms.fees_come_back:
        share = processing_fee(store, worth._replace(amount=paid["amount"]), kind) if paid else 0
        back = share * refund["amount"] // charge["amount"]
        fees = [Fee(-back, "Stripe processing fee refund")]
    transaction = record(
        store,
        "refund" if kind == "card" else "payment_refund",
        worth,
        source=refund["id"],
        fees=fees,
        description=_described(charge),
    )
    refund["balance_transaction"] = transaction["id"]


def count(store: Store, charge: Row, amount: int) -> Row:
    """Add to what was refunded of a charge, or with a negative amount take away; what it was before."""
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    return {name: old for name, old in before.items() if charge[name] != old}


def finish(store: Store, refund: Row) -> None:
    """A refund that waited goes through; its money leaves the balance now if it has not before."""
    if refund["status"] not in ("pending", "requires_action"):
        raise invalid(f"Refund {refund['id']} is {refund['status']}, it waits for nothing.")
    before = {name: refund[name] for name in ("balance_transaction", "pending_reason", "status")}
    if refund["balance_transaction"] is None:
        take(store, refund)
    refund.update(status="succeeded", pending_reason=None, next_action=None)
    _tell(store, refund, {name: old for name, old in before.items() if refund[name] != old})


def fail(store: Store, refund: Row, reason: str) -> None:
    """A refund comes back, even one that had succeeded; its money is on the balance again."""
    if reason not in FAILURES:
        raise ValueError(f"{reason!r} is not one of {FAILURES}")
    if refund["status"] in ("failed", "canceled"):
        raise invalid(f"Refund {refund['id']} is {refund['status']} already.")
    _undo(store, refund, "failed", reason)


def cancel_waiting(store: Store, refund: Row) -> None:
    """A refund that waited for its charge has nothing to give back, because the charge failed."""
    _undo(store, refund, "canceled", None)


def _undo(store: Store, refund: Row, status: str, reason: str | None) -> None:
    names = ("failure_balance_transaction", "failure_reason", "pending_reason", "status")
    before = {name: refund[name] for name in names}
    taken = transaction_of(store, refund)
    if taken:
        fees = [Fee(-taken["fee"], "Stripe processing fees")]
        back = record(
            store,
            "refund_failure",
            worth_of(taken, -1),
            source=refund["id"],
            fees=fees,
            description=f"Refund failure of {refund['id']}",
            available_on=store.now(),
        )
        refund["failure_balance_transaction"] = back["id"]
    refund.update(status=status, failure_reason=reason, pending_reason=None, next_action=None)
    charge = store.get("charge", refund["charge"])
    changed = count(store, charge, -refund["amount"])
    if status == "failed":
        store.emit("refund.failed", refund)
    _tell(store, refund, {name: old for name, old in before.items() if refund[name] != old})
    store.emit("charge.updated", charge, changed)


def _tell(store: Store, refund: Row, previous: Row) -> None:
    store.emit("refund.updated", refund, previous)
    store.emit("charge.refund.updated", refund, previous)


def _count(store: Store, charge: Row, refund: Row) -> None:
    changed = count(store, charge, refund["amount"])
    store.emit("refund.created", refund)
    store.emit("charge.refunded", charge, changed)


def _charge(store: Store, params: Row) -> Row:
    if params.get("charge"):
        return store.get("charge", params["charge"], param="charge")
    if not params.get("payment_intent"):
        raise required("charge")
    intent = store.get("payment_intent", params["payment_intent"], param="payment_intent")
    return store.get("charge", intent["latest_charge"], param="payment_intent")


def _check(store: Store, charge: Row, amount: int, left: int, reason: str | None) -> None:
    if charge["refunded"] or charge["status"] == "failed" or not charge["captured"]:
        raise invalid(
            f"Charge {charge['id']} has already been refunded or never succeeded.",
            code="charge_already_refunded",
        )
    if any(not one["is_charge_refundable"] for one in store.where("dispute", charge=charge["id"])):
        raise invalid(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if not 0 < amount <= left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    if reason is not None and reason not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")


def _beginning(store: Store, charge: Row) -> tuple[str, str | None]:
    """The state that a refund begins in, and what a pending one waits for."""
    if charge["status"] == "pending":
        return "pending", "charge_pending"
    if store.terms.refunds_wait:
        return "pending", "insufficient_funds"
    status = way_of(store.get("payment_method", charge["payment_method"])).refunds
    return status, "processing" if status == "pending" else None


def _next_action(store: Store, email: str | None) -> Row:
    sent = {"email_sent_at": store.now(), "email_sent_to": email or "ann@practice.example"}
    details = {"email_sent": sent, "expires_at": store.now() + 45 * DAY}
    return {"display_details": details, "type": "display_details"}


def _destination(kind: str) -> Row | None:
    if kind == "card":
        card = {
            "reference": None,
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        }
        return {"card": card, "type": "card"}
    way = TRANSFERS.get(kind)
    return {way: {"reference": None, "reference_status": "pending"}, "type": way} if way else None


def _described(charge: Row) -> str | None:
    words = charge["description"]
    return f"REFUND FOR PAYMENT ({words})" if words else None
