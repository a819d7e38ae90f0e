"""Customers and the cards they pay with."""

from typing import Any

from .errors import Refusal, invalid, required
from .forms import mapping, merged_metadata, text
from .methods import WALLETS, WAYS, type_of
from .operations import operation
from .store import CLOCK, Row, Store, nothing

ADDRESS_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")

CARDS = {
    "pm_card_visa": ("visa", "4242", None),
    "pm_card_mastercard": ("mastercard", "4444", None),
    "pm_card_amex": ("amex", "0005", None),
    "pm_card_applePay": ("visa", "4242", None),
    "pm_card_googlePay": ("visa", "4242", None),
    "pm_card_chargeCustomerFail": ("visa", "0341", "generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": ("visa", "9995", "insufficient_funds"),
}
"""Stripe's test cards: brand, last four digits, and the reason for which a charge is declined."""


def address(value: Any, param: str = "address") -> Row | None:
    """An address of Stripe's six fields, or None when nothing is given."""
    given = mapping(value, param)
    return {name: text(given.get(name)) for name in ADDRESS_FIELDS} if given else None


def shipping(value: Any) -> Row | None:
    """A shipping address with its name and phone, or None."""
    given = mapping(value, "shipping")
    if not given:
        return None
    place = address(given.get("address"), "shipping[address]")
    return {"address": place, "name": text(given.get("name")), "phone": text(given.get("phone"))}


_CUSTOMER_TEXTS = ("description", "email", "name", "phone", "business_name", "individual_name")


@operation(
    "POST",
    "/v1/customers",
    "address business_name description email individual_name invoice_settings metadata name "
    "payment_method phone shipping tax_exempt test_clock",
)
def create_customer(store: Store, params: Row) -> Row:
    """A new customer; `payment_method` is attached at once."""
    identity = store.new_id("customer")
    texts = {name: text(params.get(name)) for name in ("description", "email", "name", "phone")}
    row: Row = {
        "id": identity,
        "object": "customer",
        **nothing("currency default_source discount"),
        "address": address(params.get("address")),
        "balance": 0,
        "created": store.now(),
        "delinquent": False,
        **texts,
        "invoice_prefix": f"SBX{int(identity[-6:]):05d}",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata")),
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "shipping": shipping(params.get("shipping")),
        "tax_exempt": text(params.get("tax_exempt")) or "none",
        "test_clock": _test_clock(store, params),
    }
    row.update({name: params[name] for name in ("business_name", "individual_name") if params.get(name)})
    store.insert(row)
    _set_default_method(store, row, params)
    store.emit("customer.created", row)
    return row


def _test_clock(store: Store, params: Row) -> str | None:
    wanted = params.get("test_clock")
    return str(store.get(CLOCK, wanted, param="test_clock")["id"]) if wanted else None


def _set_default_method(store: Store, row: Row, params: Row) -> None:
    settings = mapping(params.get("invoice_settings"), "invoice_settings")
    chosen = settings.get("default_payment_method") or params.get("payment_method")
    if chosen:
        method = method_for(store, str(chosen), row["id"])
        row["invoice_settings"]["default_payment_method"] = method["id"]


@operation(
    "POST",
    "/v1/customers/{id}",
    "address business_name description email individual_name invoice_settings metadata name phone "
    "shipping tax_exempt",
)
def update_customer(store: Store, params: Row, identity: str) -> Row:
    """Change a customer; the event names what each changed field was before."""
    row = store.get("customer", identity)
    before = {name: row.get(name) for name in params}
    if "invoice_settings" in params:
        before["invoice_settings"] = dict(row["invoice_settings"])
    for name in _CUSTOMER_TEXTS:
        if name in params:
            row[name] = text(params[name])
    if "tax_exempt" in params:
        row["tax_exempt"] = text(params["tax_exempt"]) or "none"
    if "address" in params:
        row["address"] = address(params["address"])
    if "shipping" in params:
        row["shipping"] = shipping(params["shipping"])
    if "metadata" in params:
        row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
    _set_default_method(store, row, params)
    previous = {name: old for name, old in before.items() if row.get(name) != old}
    if previous:
        store.emit("customer.updated", row, previous)
    return row


@operation("DELETE", "/v1/customers/{id}")
def delete_customer(store: Store, params: Row, identity: str) -> Row:
    """Delete a customer for good; its transactions stay."""
    row = store.get("customer", identity)
    stub = store.remove(row)
    store.emit("customer.deleted", row)
    return stub


@operation("GET", "/v1/customers/{id}/payment_methods/{id}")
def customer_payment_method(store: Store, params: Row, identity: str, method: str) -> Row:
    """One card of a customer."""
    store.get("customer", identity)
    row = store.get("payment_method", method)
    if row["customer"] != identity:
        raise Refusal(404, "invalid_request_error", f"No such payment_method: '{method}'")
    return row


@operation("POST", "/v1/payment_methods/{id}/attach", "customer")
def attach_payment_method(store: Store, params: Row, identity: str) -> Row:
    """Attach a test card such as `pm_card_visa` to a customer."""
    if "customer" not in params:
        raise required("customer")
    return method_for(store, identity, store.get("customer", params["customer"], param="customer")["id"])


def method_for(store: Store, identity: str, customer: str | None) -> Row:
    """The payment method with this id, or a new one from a test card or a token such as `pm_sepa_debit`."""
    kind = type_of(identity)
    if identity not in CARDS and kind is None:
        row = store.get("payment_method", identity, param="payment_method")
        if row["customer"] not in (None, customer):
            raise invalid("The provided PaymentMethod belongs to another customer.", param="payment_method")
        return row
    details = {kind: dict(WAYS[kind].held), "type": kind} if kind else _card(identity, customer)
    row = store.insert(_method(store, customer, details))
    if customer:
        store.emit("payment_method.attached", row)
    return row


def decline_reason(method: Row) -> str | None:
    """Why charges with this method are declined, or None for a good one."""
    if method["type"] != "card":
        return None
    last4 = method["card"]["last4"]
    return next((reason for _, digits, reason in CARDS.values() if digits == last4), None)


def billing_details(store: Store, customer: str | None) -> Row:
    """Who pays, from the customer's own address."""
    owner = store.lookup(customer) if customer else None
    held = owner or {}
    return {
        "address": held.get("address") or dict.fromkeys(ADDRESS_FIELDS),
        "email": held.get("email"),
        "name": held.get("name"),
        "phone": held.get("phone"),
        "tax_id": None,
    }


def _method(store: Store, customer: str | None, details: Row) -> Row:
    return {
        "id": store.new_id("payment_method"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(store, customer),
        "created": store.now(),
        "customer": customer,
        "livemode": False,
        "metadata": {},
        **details,
    }


def _card(token: str, customer: str | None) -> Row:
    brand, last4, _ = CARDS[token]
    checks = {
        "address_line1_check": None,
        "address_postal_code_check": None,
        "cvc_check": "pass" if customer else None,
    }
    wallet = WALLETS.get(token)
    card = {
        "brand": brand,
        "checks": checks,
        "country": "US",
        "display_brand": brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"SBXcard{last4}",
        "funding": "credit",
        "generated_from": None,
        "last4": last4,
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": {"dynamic_last4": None, "type": wallet, wallet: {}} if wallet else None,
    }
    return {"card": card, "type": "card"}
