"""What is sent for an object: its embedded lists, and related objects in place of ids on request."""

import copy
from collections.abc import Callable
from typing import Any

from .application_fees import application_fee_view
from .disputes import dispute_view
from .errors import invalid, missing
from .shapes import credit_note_view, invoice_view, subscription_view
from .store import Row, Store
from .transactions import transaction_view
from .transfers import transfer_view

DEEPEST = 4
"""Stripe expands at most four levels, `data` included (docs.stripe.com/api/expanding_objects)."""

EXPANDABLE = {
    "application_fee": {"balance_transaction"},
    "balance_transaction": {"source"},
    "charge": {
        "customer",
        "balance_transaction",
        "failure_balance_transaction",
        "payment_intent",
        "transfer",
    },
    "credit_note": {
        "customer",
        "customer_balance_transaction",
        "discount_amounts.discount",
        "invoice",
        "refunds.refund",
        "shipping_cost.shipping_rate",
    },
    "credit_note_line_item": {"discount_amounts.discount"},
    "customer": {"invoice_settings.default_payment_method", "test_clock"},
    "customer_balance_transaction": {"credit_note", "customer", "invoice"},
    "discount": {"customer", "source.coupon"},
    "dispute": {"charge", "payment_intent"},
    "fee_refund": {"balance_transaction", "fee"},
    "invoice": {
        "customer",
        "default_payment_method",
        "discounts",
        "from_invoice.invoice",
        "latest_revision",
        "parent.subscription_details.subscription",
        "shipping_cost.shipping_rate",
        "test_clock",
        "total_discount_amounts.discount",
    },
    "invoice_payment": {
        "invoice",
        "payment.charge",
        "payment.payment_intent",
        "payment.payment_record",
    },
    "invoiceitem": {"customer", "discounts", "invoice", "pricing.price_details.price"},
    "line_item": {
        "discount_amounts.discount",
        "discounts",
        "pricing.price_details.price",
        "subscription",
    },
    "payment_intent": {"customer", "latest_charge", "payment_method"},
    "payment_method": {"customer"},
    "payout": {
        "balance_transaction",
        "destination",
        "failure_balance_transaction",
        "original_payout",
        "reversed_by",
    },
    "price": {"product"},
    "product": {"default_price"},
    "refund": {
        "balance_transaction",
        "charge",
        "customer",
        "failure_balance_transaction",
        "payment_intent",
        "payment_method",
    },
    "subscription": {"customer", "default_payment_method", "discounts", "latest_invoice", "test_clock"},
    "subscription_item": {"discounts", "price.product"},
    "topup": {"balance_transaction"},
    "transfer": {"balance_transaction", "source_transaction"},
    "transfer_reversal": {"balance_transaction", "transfer"},
}
"""The fields that hold the id of another object, by kind of object."""


def _included(kind: str, field: str) -> Callable[[Store, Row], list[Row]]:
    return lambda store, row: store.where(kind, **{field: row["id"]})[::-1]


INCLUDABLE: dict[tuple[str, str], tuple[str, Callable[[Store, Row], list[Row]]]] = {
    ("charge", "refunds"): ("/v1/charges/{}/refunds", _included("refund", "charge")),
    ("customer", "subscriptions"): ("/v1/customers/{}/subscriptions", _included("subscription", "customer")),
    ("customer", "tax_ids"): ("/v1/customers/{}/tax_ids", lambda store, row: []),
    ("invoice", "payments"): ("/v1/invoice_payments", _included("invoice_payment", "invoice")),
}
"""Lists that are left out unless asked for."""

ASIDE = {("coupon", "applies_to"), ("invoice", "shipping_cost.taxes"), ("price", "tiers")}
"""Other fields that are left out unless asked for."""


SHAPES: dict[str, Callable[[Store, Row], Row]] = {
    "application_fee": application_fee_view,
    "balance_transaction": transaction_view,
    "credit_note": credit_note_view,
    "dispute": dispute_view,
    "invoice": invoice_view,
    "subscription": subscription_view,
    "transfer": transfer_view,
}
"""Objects that are sent with more than what is kept of them."""


def view(store: Store, row: Row) -> Row:
    """An object or a page of objects as Stripe sends it when nothing is expanded."""
    if row.get("object") == "list":
        return {**row, "data": [view(store, entry) for entry in row["data"]]}
    if row.get("deleted"):
        return dict(row)
    shape = SHAPES.get(row["object"])
    return copy.deepcopy(shape(store, row) if shape else row)


def expand(store: Store, body: Row, paths: list[str]) -> Row:
    """Put whole objects where the paths point, in a body that `view` made."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise invalid(
                f"You cannot expand more than 4 levels of a property. Property: {path}",
                code="property_expansion_max_depth",
                param="expand",
            )
        _expand(store, body, body, parts, "")
    return body


def _expand(store: Store, owner: Row, group: Row, parts: list[str], inside: str) -> None:
    """Follow one path from an object, or from a plain `group` of fields inside it."""
    field = parts[0]
    where = f"{inside}{field}"
    if field not in group and group is owner:
        _include(store, owner, field)
    if field not in group and (owner.get("object"), where) in ASIDE:
        group[field] = copy.deepcopy(store.held(owner, where))
    if field not in group:
        if where in EXPANDABLE.get(owner.get("object", ""), set()):
            return
        raise _not_expandable(where)
    group[field] = _whole(store, owner, group[field], where)
    entries = group[field] if isinstance(group[field], list) else [group[field]]
    for entry in entries:
        if parts[1:] and isinstance(entry, dict):
            whole = "object" in entry
            _expand(store, entry if whole else owner, entry, parts[1:], "" if whole else f"{where}.")


def _include(store: Store, owner: Row, field: str) -> None:
    kind = owner.get("object", "")
    if (kind, field) in INCLUDABLE:
        url, rows = INCLUDABLE[kind, field]
        found = [view(store, row) for row in rows(store, owner)]
        owner[field] = {
            "object": "list",
            "data": found[:10],
            "has_more": len(found) > 10,
            "url": url.format(owner["id"]),
        }


def _whole(store: Store, owner: Row, value: Any, where: str) -> Any:
    """The object that an id stands for; groups, nulls, whole objects and lists of them stay as they are."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_whole(store, owner, entry, where) for entry in value]
    if value is None or isinstance(value, (list, dict)):
        return value
    if where not in EXPANDABLE.get(owner.get("object", ""), set()):
        raise _not_expandable(where)
    found = store.lookup(value)
    if found is None:
        raise missing(where, value)
    return view(store, found)


def _not_expandable(where: str) -> Exception:
    return invalid(f"This property cannot be expanded ({where}).", param="expand")
