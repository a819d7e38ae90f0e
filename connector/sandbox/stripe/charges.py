"""Charges, and how their money gets onto Stripe's balance."""

from .amounts import chargeable, currency_of
from .customers import billing_details, decline_reason, method_for, shipping
from .errors import declined, invalid, required
from .forms import flag, merged_metadata, text, whole
from .methods import charge_details, fee_for, way_of
from .operations import operation
from .periods import DAY
from .store import Row, Store, nothing
from .transactions import Fee, Worth, conversion_fee, record, settled
from .transfers import share, transfer_data

PENDING_DAYS = 5
"""How long the money of a pending charge is on the balance before it can be paid out."""

PLATFORM = "ca_SBX000001"
"""The application whose fees are taken off a charge that names one."""


@operation(
    "POST",
    "/v1/charges",
    "amount application_fee_amount capture currency customer description metadata receipt_email shipping "
    "source transfer_data",
)
def create_charge(store: Store, params: Row) -> Row:
    """A charge without a payment intent: on a customer's default card, or on a test token `tok_visa`."""
    currency = currency_of(params.get("currency"))
    amount = chargeable(params.get("amount"), currency)
    customer = customer_id(store, params)
    method = _source(store, params, customer)
    charge = make_charge(store, method, _charge_data(params, amount, currency, customer))
    if charge["status"] == "failed":
        raise declined(charge["id"], None, charge["failure_code"])
    book(store, charge)
    return charge


def make_charge(store: Store, method: Row, data: Row) -> Row:
    """Keep a charge and tell whether it went through, or is pending; its money is put in by `settle`."""
    reason = decline_reason(method)
    good = reason is None
    status = "failed" if not good else "pending" if way_of(method).slow else "succeeded"
    captured = good and not data.get("authorize_only")
    identity = store.new_id("charge" if method["type"] == "card" else "payment")
    fee = data.get("application_fee_amount")
    row = store.insert(
        {
            "id": identity,
            "object": "charge",
            **nothing(
                "application balance_transaction "
                "failure_balance_transaction on_behalf_of receipt_number review source source_transfer "
                "statement_descriptor statement_descriptor_suffix transfer_group"
            ),
            "amount": data["amount"],
            "amount_captured": data["amount"] if captured else 0,
            "amount_refunded": 0,
            "application_fee": store.new_id("application_fee") if fee and good else None,
            "application_fee_amount": fee,
            "billing_details": billing_details(store, data["customer"]),
            "calculated_statement_descriptor": "PRACTICE WORLD",
            "captured": captured,
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
            "paid": status == "succeeded",
            "payment_intent": data.get("payment_intent"),
            "payment_method": method["id"],
            "payment_method_details": charge_details(method, data["amount"]),
            "radar_options": {},
            "receipt_email": data["receipt_email"],
            "receipt_url": receipt_url(identity) if status == "succeeded" else None,
            "refunded": False,
            "shipping": data["shipping"],
            "status": status,
            "transfer_data": data.get("transfer_data"),
        }
    )
    store.emit(f"charge.{status}", row)
    return row


def book(store: Store, charge: Row) -> None:
    """Put the money of a captured charge in, unless it is pending and only comes in when it is good."""
    method = store.get("payment_method", charge["payment_method"])
    waits = charge["status"] == "pending" and not way_of(method).booked
    if charge["captured"] and charge["status"] != "failed" and not waits:
        settle(store, charge)


def settle(store: Store, charge: Row) -> Row:
    """Put a charge on Stripe's balance, less the fees; the charge then names the transaction."""
    worth = settled(store, charge["amount"], charge["currency"])
    kind = charge["payment_method_details"]["type"]
    transaction = record(
        store,
        "charge" if kind == "card" else "payment",
        worth,
        source=charge["id"],
        fees=[*_processing(store, worth, kind), *_application(store, charge)],
        description=charge["description"],
        available_on=store.now() + PENDING_DAYS * DAY if charge["status"] == "pending" else None,
    )
    charge["balance_transaction"] = transaction["id"]
    share(store, charge)
    store.emit("charge.updated", charge, {"balance_transaction": None})
    return transaction


def processing_fee(store: Store, worth: Worth, kind: str) -> int:
    """What Stripe takes for an amount; nothing under interchange plus pricing, which bills it later."""
    return 0 if store.terms.interchange_plus else fee_for(kind, worth.amount, worth.currency)


def _processing(store: Store, worth: Worth, kind: str) -> list[Fee]:
    fee = processing_fee(store, worth, kind)
    return [Fee(fee, "Stripe processing fees"), *conversion_fee(worth)]


def _application(store: Store, charge: Row) -> list[Fee]:
    """What a platform takes of a charge of ours. Of one that we make for a connected account, we are it."""
    amount = charge["application_fee_amount"]
    if not amount or charge["transfer_data"]:
        return []
    taken = settled(store, amount, charge["currency"]).amount
    return [Fee(taken, "Practice platform application fee", "application_fee", PLATFORM)]


def receipt_url(identity: str) -> str:
    """Where the payer finds the receipt of a charge."""
    return f"https://pay.stripe.com/receipts/{identity}"


def application_fee(params: Row) -> int | None:
    """What a platform takes of a payment, in minor units, or None."""
    given = params.get("application_fee_amount")
    return None if given in (None, "") else whole(given, "application_fee_amount")


def customer_id(store: Store, params: Row) -> str | None:
    """The customer that a request names, or None."""
    if not params.get("customer"):
        return None
    return str(store.get("customer", params["customer"], param="customer")["id"])


def _charge_data(params: Row, amount: int, currency: str, customer: str | None) -> Row:
    return {
        "amount": amount,
        "application_fee_amount": application_fee(params),
        "authorize_only": not flag(params.get("capture", True)),
        "currency": currency,
        "customer": customer,
        "description": text(params.get("description")),
        "metadata": merged_metadata({}, params.get("metadata")),
        "receipt_email": text(params.get("receipt_email")),
        "shipping": shipping(params.get("shipping")),
        "transfer_data": transfer_data(params),
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
