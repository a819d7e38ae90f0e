"""Payment intents, charges and the balance transactions that they make."""

from typing import Any

from .amounts import chargeable, currency_of, fee_on
from .customers import billing_details, decline_reason, method_for, shipping
from .errors import declined, invalid, required
from .forms import flag, merged_metadata, text
from .operations import operation
from .store import Row, Store, nothing

SETTLEMENT_DAYS = 2
DAY = 86_400


@operation(
    "POST",
    "/v1/payment_intents",
    "amount automatic_payment_methods confirm currency customer description metadata off_session "
    "payment_method payment_method_types receipt_email shipping statement_descriptor",
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
    if intent["status"] in ("succeeded", "canceled"):
        raise _wrong_state(intent, "cancel")
    return cancel_intent(store, intent, text(params.get("cancellation_reason")))


@operation(
    "POST", "/v1/charges", "amount currency customer description metadata receipt_email shipping source"
)
def create_charge(store: Store, params: Row) -> Row:
    """A charge without a payment intent: on a customer's default card, or on a test token `tok_visa`."""
    currency = currency_of(params.get("currency"))
    amount = chargeable(params.get("amount"), currency)
    customer = _customer_id(store, params)
    method = _source(store, params, customer)
    charge = make_charge(store, method, _charge_data(params, amount, currency, customer))
    if charge["status"] == "failed":
        raise declined(charge["id"], None, charge["failure_code"])
    settle(store, charge)
    return charge


def make_intent(store: Store, params: Row) -> Row:
    """Keep a payment intent for an amount of minor units, waiting for a payment method or confirmation."""
    currency = currency_of(params.get("currency"))
    amount = chargeable(params.get("amount"), currency)
    customer = _customer_id(store, params)
    identity = store.new_id("payment_intent")
    intent = store.insert(
        {
            "id": identity,
            "object": "payment_intent",
            **nothing(
                "application application_fee_amount automatic_payment_methods canceled_at "
                "cancellation_reason last_payment_error latest_charge next_action on_behalf_of "
                "payment_method payment_method_configuration_details payment_record processing review "
                "setup_future_usage source statement_descriptor_suffix transfer_data transfer_group"
            ),
            "amount": amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "capture_method": "automatic_async",
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
        }
    )
    if params.get("payment_method"):
        _choose(store, intent, str(params["payment_method"]))
    store.emit("payment_intent.created", intent)
    return intent


def charge_intent(store: Store, intent: Row) -> Row:
    """Charge the intent's card for its amount; the charge returned is succeeded or failed."""
    if not intent["payment_method"]:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    method = store.get("payment_method", intent["payment_method"])
    names = ("amount", "currency", "customer", "description", "metadata", "receipt_email", "shipping")
    data = {name: intent[name] for name in names}
    charge = make_charge(store, method, {**data, "payment_intent": intent["id"]})
    intent["latest_charge"] = charge["id"]
    if charge["status"] == "failed":
        _intent_failed(store, intent, charge, method)
    else:
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
        store.emit("payment_intent.succeeded", intent)
    return charge


def cancel_intent(store: Store, intent: Row, reason: str | None) -> Row:
    """Mark an intent canceled and say so."""
    intent.update(status="canceled", canceled_at=store.now(), cancellation_reason=reason)
    store.emit("payment_intent.canceled", intent)
    return intent


def make_charge(store: Store, method: Row, data: Row) -> Row:
    """Keep a charge on a card and tell whether it went through; its money is settled by `settle`."""
    reason = decline_reason(method)
    good = reason is None
    identity = store.new_id("charge")
    row = store.insert(
        {
            "id": identity,
            "object": "charge",
            **nothing(
                "application application_fee application_fee_amount balance_transaction "
                "failure_balance_transaction on_behalf_of receipt_number review source source_transfer "
                "statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
            ),
            "amount": data["amount"],
            "amount_captured": data["amount"] if good else 0,
            "amount_refunded": 0,
            "billing_details": billing_details(store, data["customer"]),
            "calculated_statement_descriptor": "PRACTICE WORLD",
            "captured": good,
            "created": store.now(),
            "currency": data["currency"],
            "customer": data["customer"],
            "description": data["description"],
            "disputed": False,
            "failure_code": None if good else "card_declined",
            "failure_message": None if good else "Your card was declined.",
            "fraud_details": {},
            "livemode": False,
            "metadata": dict(data["metadata"]),
            "outcome": _outcome(reason),
            "paid": good,
            "payment_intent": data.get("payment_intent"),
            "payment_method": method["id"],
            "payment_method_details": {"card": _card_details(method, data["amount"]), "type": "card"},
            "radar_options": {},
            "receipt_email": data["receipt_email"],
            "receipt_url": f"https://pay.stripe.com/receipts/{identity}" if good else None,
            "refunded": False,
            "shipping": data["shipping"],
            "status": "succeeded" if good else "failed",
        }
    )
    store.emit("charge.succeeded" if good else "charge.failed", row)
    return row


def settle(store: Store, charge: Row) -> Row:
    """Put a succeeded charge on Stripe's balance, less the fee; the charge then names the transaction."""
    amount = charge["amount"]
    fee = fee_on(amount, charge["currency"])
    transaction = make_transaction(store, charge, kind="charge", amount=amount, fee=fee)
    charge["balance_transaction"] = transaction["id"]
    store.emit("charge.updated", charge, {"balance_transaction": None})
    return transaction


def make_transaction(store: Store, source: Row, *, kind: str, amount: int, fee: int) -> Row:
    """Keep a balance transaction; amounts are minor units, negative when money leaves the balance."""
    fees = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    return store.insert(
        {
            "id": store.new_id("balance_transaction"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": store.now() + SETTLEMENT_DAYS * DAY if amount > 0 else store.now(),
            "balance_type": "payments",
            "created": store.now(),
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [fees] if fee else [],
            "net": amount - fee,
            "reporting_category": kind,
            "source": source["id"],
            "status": "pending" if amount > 0 else "available",
            "type": kind,
        }
    )


def _confirm(store: Store, intent: Row) -> Row:
    charge = charge_intent(store, intent)
    if charge["status"] == "failed":
        raise declined(charge["id"], dict(intent), charge["outcome"]["reason"])
    settle(store, charge)
    return intent


def _intent_failed(store: Store, intent: Row, charge: Row, method: Row) -> None:
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        last_payment_error={
            "advice_code": "try_again_later",
            "charge": charge["id"],
            "code": "card_declined",
            "decline_code": charge["outcome"]["reason"],
            "doc_url": "https://stripe.com/docs/error-codes/card-declined",
            "message": "Your card was declined.",
            "payment_method": dict(method),
            "source": None,
            "type": "card_error",
        },
    )
    store.emit("payment_intent.payment_failed", intent)


def _choose(store: Store, intent: Row, method: str) -> None:
    intent["payment_method"] = method_for(store, method, intent["customer"])["id"]
    intent["status"] = "requires_confirmation"


def _customer_id(store: Store, params: Row) -> str | None:
    if not params.get("customer"):
        return None
    return str(store.get("customer", params["customer"], param="customer")["id"])


def _charge_data(params: Row, amount: int, currency: str, customer: str | None) -> Row:
    return {
        "amount": amount,
        "currency": currency,
        "customer": customer,
        "description": text(params.get("description")),
        "metadata": merged_metadata({}, params.get("metadata")),
        "receipt_email": text(params.get("receipt_email")),
        "shipping": shipping(params.get("shipping")),
    }


def _source(store: Store, params: Row, customer: str | None) -> Row:
    if params.get("source"):
        return method_for(store, str(params["source"]).replace("tok_", "pm_card_"), None)
    if customer is None:
        raise required("source")
    return default_method(store, customer)


def default_method(store: Store, customer: str) -> Row:
    """The customer's default card; Refusal when there is none."""
    chosen = store.get("customer", customer)["invoice_settings"]["default_payment_method"]
    if not chosen:
        raise invalid(
            "This customer has no attached payment source or default payment method.",
            code="resource_missing",
        )
    return store.get("payment_method", chosen)


def _wrong_state(intent: Row, verb: str) -> Exception:
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
    )


def _outcome(reason: str | None) -> Row:
    good = reason is None
    return {
        "advice_code": None if good else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None if good else "01",
        "network_status": "approved_by_network" if good else "declined_by_network",
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 11,
        "rule": None,
        "seller_message": "Payment complete." if good else "The bank did not say why it declined.",
        "type": "authorized" if good else "issuer_declined",
    }


def _card_details(method: Row, amount: int) -> dict[str, Any]:
    card = method["card"]
    held = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {
        **{name: card[name] for name in (*held, "regulated_status")},
        "amount_authorized": amount,
        "checks": dict(card["checks"]),
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "network_token": {"used": False},
        "setup_credential_usage": None,
        "stored_credential_usage": None,
        "three_d_secure": None,
    }
