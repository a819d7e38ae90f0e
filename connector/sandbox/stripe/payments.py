"""Payment intents."""

from .amounts import chargeable, currency_of
from .captures import release
from .charges import application_fee, book, customer_id, make_charge
from .customers import method_for, shipping
from .errors import declined, invalid
from .forms import flag, merged_metadata, text
from .methods import OPTIONS, way_of
from .operations import operation
from .store import Row, Store, nothing
from .transfers import transfer_data

CAPTURING = ("automatic", "automatic_async", "manual")


@operation(
    "POST",
    "/v1/payment_intents",
    "amount application_fee_amount automatic_payment_methods capture_method confirm currency customer "
    "description metadata off_session "
    "payment_method payment_method_types receipt_email shipping statement_descriptor transfer_data",
)
def create_payment_intent(store: Store, params: Row) -> Row:
    """A payment intent; with `confirm` the payment is made at once."""
    intent = make_intent(store, params)
    return _confirm(store, intent) if flag(params.get("confirm", False)) else intent


@operation("POST", "/v1/payment_intents/{id}/confirm", "payment_method off_session")
def confirm_payment_intent(store: Store, params: Row, identity: str) -> Row:
    """Pay a payment intent; Refusal 402 when the card is declined."""
    intent = store.get("payment_intent", identity)
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise _wrong_state(intent, "confirm")
    if params.get("payment_method"):
        _choose(store, intent, str(params["payment_method"]))
    return _confirm(store, intent)


@operation("POST", "/v1/payment_intents/{id}/cancel", "cancellation_reason")
def cancel_payment_intent(store: Store, params: Row, identity: str) -> Row:
    """Give up a payment intent that has not been paid."""
    intent = store.get("payment_intent", identity)
    if intent["status"] in ("succeeded", "canceled", "processing"):
        raise _wrong_state(intent, "cancel")
    if intent["status"] == "requires_capture":
        release(store, store.get("charge", intent["latest_charge"]))
    return cancel_intent(store, intent, text(params.get("cancellation_reason")))


def make_intent(store: Store, params: Row) -> Row:
    """Keep a payment intent for an amount of minor units, waiting for a payment method or confirmation."""
    currency = currency_of(params.get("currency"))
    amount = chargeable(params.get("amount"), currency)
    customer = customer_id(store, params)
    identity = store.new_id("payment_intent")
    intent = store.insert(
        {
            "id": identity,
            "object": "payment_intent",
            **nothing(
                "application automatic_payment_methods canceled_at "
                "cancellation_reason last_payment_error latest_charge next_action on_behalf_of "
                "payment_method payment_method_configuration_details payment_record processing review "
                "setup_future_usage source statement_descriptor_suffix transfer_group"
            ),
            "amount": amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application_fee_amount": application_fee(params),
            "capture_method": _capture_method(params),
            "client_secret": f"{identity}_secret_SBX",
            "confirmation_method": "automatic",
            "created": store.now(),
            "currency": currency,
            "customer": customer,
            "description": text(params.get("description")),
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "payment_method_options": {
                "card": {
                    "installments": None,
                    "mandate_options": None,
                    "network": None,
                    "request_three_d_secure": "automatic",
                }
            },
            "payment_method_types": ["card"],
            "receipt_email": text(params.get("receipt_email")),
            "shipping": shipping(params.get("shipping")),
            "statement_descriptor": text(params.get("statement_descriptor")),
            "status": "requires_payment_method",
            "transfer_data": transfer_data(params),
        }
    )
    if params.get("payment_method"):
        _choose(store, intent, str(params["payment_method"]))
    store.emit("payment_intent.created", intent)
    return intent


def charge_intent(store: Store, intent: Row) -> Row:
    """Charge the intent's method for its amount; the charge returned is succeeded, pending or failed."""
    if not intent["payment_method"]:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    method = store.get("payment_method", intent["payment_method"])
    names = (
        "amount",
        "application_fee_amount",
        "currency",
        "customer",
        "description",
        "metadata",
        "receipt_email",
        "shipping",
        "transfer_data",
    )
    data = {name: intent[name] for name in names}
    only = intent["capture_method"] == "manual" and not way_of(method).slow
    charge = make_charge(store, method, {**data, "authorize_only": only, "payment_intent": intent["id"]})
    intent["latest_charge"] = charge["id"]
    if charge["status"] == "failed":
        fail_intent(store, intent, charge)
    elif charge["status"] == "pending":
        intent.update(status="processing", last_payment_error=None)
        store.emit("payment_intent.processing", intent)
    elif not charge["captured"]:
        intent.update(status="requires_capture", amount_capturable=intent["amount"], last_payment_error=None)
        store.emit("payment_intent.amount_capturable_updated", intent)
    else:
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
        store.emit("payment_intent.succeeded", intent)
    return charge


def cancel_intent(store: Store, intent: Row, reason: str | None) -> Row:
    """Mark an intent canceled and say so."""
    intent.update(status="canceled", canceled_at=store.now(), cancellation_reason=reason)
    store.emit("payment_intent.canceled", intent)
    return intent


def _confirm(store: Store, intent: Row) -> Row:
    charge = charge_intent(store, intent)
    if charge["status"] == "failed":
        raise declined(charge["id"], dict(intent), charge["outcome"]["reason"])
    book(store, charge)
    return intent


def fail_intent(store: Store, intent: Row, charge: Row) -> None:
    """Its charge failed, at once or days later: the intent needs another way to pay."""
    method = store.get("payment_method", charge["payment_method"])
    card = method["type"] == "card"
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        last_payment_error={
            "advice_code": "try_again_later",
            "charge": charge["id"],
            "code": charge["failure_code"] if card else "payment_intent_payment_attempt_failed",
            "decline_code": charge["outcome"]["reason"] if card else charge["failure_code"],
            "doc_url": "https://stripe.com/docs/error-codes",
            "message": charge["failure_message"],
            "payment_method": dict(method),
            "source": None,
            "type": "card_error",
        },
    )
    store.emit("payment_intent.payment_failed", intent)


def _choose(store: Store, intent: Row, method: str) -> None:
    chosen = method_for(store, method, intent["customer"])
    use_method(intent, chosen)
    intent["status"] = "requires_confirmation"


def use_method(intent: Row, method: Row) -> None:
    """Let an intent be paid with this method."""
    intent["payment_method"] = method["id"]
    if method["type"] not in intent["payment_method_types"]:
        intent["payment_method_types"] = [method["type"]]
        intent["payment_method_options"] = {method["type"]: dict(OPTIONS.get(method["type"], {}))}


def _capture_method(params: Row) -> str:
    wanted = text(params.get("capture_method")) or "automatic_async"
    if wanted not in CAPTURING:
        raise invalid(
            f"Invalid capture_method: must be one of {', '.join(CAPTURING)}", param="capture_method"
        )
    return wanted


def _wrong_state(intent: Row, verb: str) -> Exception:
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
    )
