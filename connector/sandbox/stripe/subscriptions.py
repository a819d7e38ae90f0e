"""Subscriptions that make one invoice each billing period."""

import calendar
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from .amounts import extended
from .catalogue import plan_of
from .customers import method_for
from .errors import invalid, required
from .forms import mapping, merged_metadata, text, whole
from .invoices import collect, finalize, make_invoice
from .lines import make_line, pricing_of, retotal
from .operations import operation
from .payments import DAY
from .shapes import invoice_view, items_of, subscription_view
from .store import Row, Store, nothing


@operation(
    "POST",
    "/v1/subscriptions",
    "collection_method currency customer days_until_due default_payment_method description items metadata "
    "payment_behavior",
)
def create_subscription(store: Store, params: Row) -> Row:
    """A subscription and its first invoice, paid at once unless `payment_behavior=default_incomplete`."""
    if not params.get("customer"):
        raise required("customer")
    customer = store.get("customer", params["customer"], param="customer")
    wanted = _wanted_items(store, params)
    subscription = store.insert(_subscription(store, params, customer, wanted[0][0]))
    for price, quantity, metadata in wanted:
        store.insert(_item(store, subscription, price, quantity, metadata))
    invoice = bill(store, subscription, "subscription_create")
    deferred = params.get("payment_behavior") == "default_incomplete"
    if invoice["amount_due"] and subscription["collection_method"] == "charge_automatically":
        subscription["status"] = "incomplete"
    store.emit("customer.subscription.created", subscription_view(store, subscription))
    finalize(store, invoice)
    if invoice["status"] == "open" and subscription["status"] == "incomplete" and not deferred:
        collect(store, invoice)
    return subscription


@operation("DELETE", "/v1/subscriptions/{id}")
def cancel_subscription(store: Store, params: Row, identity: str) -> Row:
    """End a subscription now; nothing is prorated."""
    subscription = store.get("subscription", identity)
    if subscription["status"] == "canceled":
        raise invalid(f"No such subscription: {identity}", code="resource_missing")
    subscription.update(status="canceled", canceled_at=store.now(), ended_at=store.now())
    store.emit("customer.subscription.deleted", subscription_view(store, subscription))
    return subscription


def renew(store: Store, subscription: Row) -> Row:
    """Begin the next period and draft its invoice, as Stripe does when a period ends."""
    for item in items_of(store, subscription):
        start = item["current_period_end"]
        item.update(current_period_start=start, current_period_end=_period_end(start, item["price"]))
    store.emit("customer.subscription.updated", subscription_view(store, subscription))
    return bill(store, subscription, "subscription_cycle")


def bill(store: Store, subscription: Row, reason: str) -> Row:
    """Draft the invoice of the current period with a line for each item."""
    customer = store.get("customer", subscription["customer"])
    invoice = make_invoice(store, customer, subscription["currency"], reason)
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    invoice["parent"] = {
        "quote_details": None,
        "subscription_details": details,
        "type": "subscription_details",
    }
    invoice["collection_method"] = subscription["collection_method"]
    invoice["auto_advance"] = True
    invoice["default_payment_method"] = subscription["default_payment_method"]
    if subscription["days_until_due"] is not None:
        invoice["due_date"] = store.now() + subscription["days_until_due"] * DAY
    for item in items_of(store, subscription):
        make_line(store, invoice, _source(store, item), parent=_parent(item), subscription=subscription["id"])
    retotal(store, invoice)
    subscription["latest_invoice"] = invoice["id"]
    store.emit("invoice.created", invoice_view(store, invoice))
    return invoice


def _wanted_items(store: Store, params: Row) -> list[tuple[Row, int, dict[str, str]]]:
    given = params.get("items")
    if not isinstance(given, list) or not given:
        raise required("items")
    wanted = []
    for entry in given:
        item = mapping(entry, "items")
        price = store.get("price", item.get("price"), param="items[0][price]")
        if not price["recurring"]:
            raise invalid("The price specified is set to `type=one_time`; a subscription needs `recurring`.")
        metadata = merged_metadata({}, item.get("metadata"))
        wanted.append((price, whole(item.get("quantity", 1), "items[0][quantity]"), metadata))
    return wanted


def _subscription(store: Store, params: Row, customer: Row, price: Row) -> Row:
    method = params.get("default_payment_method")
    chosen = method_for(store, str(method), customer["id"])["id"] if method else None
    days = params.get("days_until_due")
    return {
        "id": store.new_id("subscription"),
        "object": "subscription",
        **nothing(
            "application application_fee_percent billing_cycle_anchor_config billing_thresholds "
            "cancel_at canceled_at default_source ended_at latest_invoice "
            "next_pending_invoice_item_invoice on_behalf_of pause_collection "
            "pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock "
            "transfer_data trial_end trial_start"
        ),
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": store.now(),
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": params.get("collection_method", "charge_automatically"),
        "created": store.now(),
        "currency": price["currency"],
        "customer": customer["id"],
        "days_until_due": None if days is None else whole(days, "days_until_due"),
        "default_payment_method": chosen,
        "default_tax_rates": [],
        "description": text(params.get("description")),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": store.now(),
        "status": "active",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    }


def _item(store: Store, subscription: Row, price: Row, quantity: int, metadata: dict[str, str]) -> Row:
    start = subscription["start_date"]
    return {
        "id": store.new_id("subscription_item"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": store.now(),
        "current_period_end": _period_end(start, price),
        "current_period_start": start,
        "discounts": [],
        "metadata": metadata,
        "plan": plan_of(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription["id"],
        "tax_rates": [],
    }


def _source(store: Store, item: Row) -> Row:
    """What a line takes from a subscription item: amount, words, pricing and period."""
    price = item["price"]
    product = store.get("product", price["product"])["name"]
    unit = Decimal(price["unit_amount_decimal"])
    return {
        "amount": extended(unit, Decimal(item["quantity"])),
        "currency": price["currency"],
        "description": f"{item['quantity']} \u00d7 {product} ({_cadence(price)})",
        "discountable": True,
        "metadata": item["metadata"],
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pricing": pricing_of(price),
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
    }


def _cadence(price: Row) -> str:
    recurring = price["recurring"]
    count = recurring["interval_count"]
    return f"every {count} {recurring['interval']}s" if count > 1 else f"per {recurring['interval']}"


def _parent(item: Row) -> Row:
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": item["subscription"],
        "subscription_item": item["id"],
    }
    return {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }


def _period_end(start: int, price: Row) -> int:
    """The same day and hour one billing interval later, or the month's last day (Unix seconds)."""
    begin = datetime.fromtimestamp(start, UTC)
    recurring = price["recurring"]
    count = recurring["interval_count"]
    if recurring["interval"] in ("day", "week"):
        days = count * (7 if recurring["interval"] == "week" else 1)
        return int((begin + timedelta(days=days)).timestamp())
    months = begin.month - 1 + count * (12 if recurring["interval"] == "year" else 1)
    year, month = begin.year + months // 12, months % 12 + 1
    day = min(begin.day, calendar.monthrange(year, month)[1])
    return int(begin.replace(year=year, month=month, day=day).timestamp())
