"""Subscriptions that make one invoice each billing period."""

from decimal import Decimal

from . import tiers
from .amounts import plain
from .billing import finalize, make_invoice
from .catalogue import plan_of
from .collection import collect
from .customers import method_for
from .discounts import in_force, lasting, redeem
from .errors import invalid, required
from .forms import flag, mapping, merged_metadata, text, whole
from .lines import add_line, make_line, pricing_of
from .operations import operation
from .periods import DAY, period_end
from .prorations import change_items, check_interval
from .shapes import invoice_view, items_of, subscription_view
from .store import Row, Store, nothing
from .taxes import rates
from .totals import retotal

FINALIZED_AFTER = 3600
"""Seconds that the draft of a new period stays a draft."""


@operation(
    "POST",
    "/v1/subscriptions",
    "collection_method currency customer days_until_due default_payment_method default_tax_rates "
    "description discounts items metadata payment_behavior trial_end trial_period_days",
)
def create_subscription(store: Store, params: Row) -> Row:
    """A subscription and its first invoice, paid at once unless `payment_behavior=default_incomplete`.

    During a trial the first invoice is over nothing.
    """
    if not params.get("customer"):
        raise required("customer")
    customer = store.get("customer", params["customer"], param="customer")
    wanted = _wanted_items(store, params)
    subscription = _subscription(store, params, customer, wanted[0]["price"])
    _set_prices_terms(store, subscription, params)
    items = [_item(store, subscription, item) for item in wanted]
    for row in (subscription, *items):
        store.insert(row)
    invoice = bill(store, subscription, "subscription_create")
    deferred = params.get("payment_behavior") == "default_incomplete"
    automatic = subscription["collection_method"] == "charge_automatically"
    if invoice["amount_due"] and automatic and subscription["status"] == "active":
        subscription["status"] = "incomplete"
    store.emit("customer.subscription.created", subscription_view(store, subscription))
    finalize(store, invoice)
    if invoice["status"] == "open" and subscription["status"] == "incomplete" and not deferred:
        collect(store, invoice)
    return subscription


@operation(
    "POST",
    "/v1/subscriptions/{id}",
    "cancel_at_period_end default_payment_method default_tax_rates description discounts items metadata "
    "proration_behavior proration_date",
)
def update_subscription(store: Store, params: Row, identity: str) -> Row:
    """Change a subscription; new prices or quantities are prorated unless `proration_behavior=none`.

    `create_prorations` leaves them for the next invoice, `always_invoice` bills them at once.
    """
    subscription = store.get("subscription", identity)
    behavior = params.get("proration_behavior", "create_prorations")
    if behavior not in ("always_invoice", "create_prorations", "none"):
        raise invalid("Invalid proration_behavior: must be always_invoice, create_prorations or none")
    moment = whole(params.get("proration_date", store.now()), "proration_date")
    wanted = _changed_items(store, params) if params.get("items") else []
    _set_prices_terms(store, subscription, params)
    if "description" in params:
        subscription["description"] = text(params["description"])
    if "metadata" in params:
        subscription["metadata"] = merged_metadata(subscription["metadata"], params["metadata"])
    if "cancel_at_period_end" in params:
        subscription["cancel_at_period_end"] = flag(params["cancel_at_period_end"])
    change_items(store, subscription, wanted, None if behavior == "none" else moment, _item)
    store.emit("customer.subscription.updated", subscription_view(store, subscription), {})
    if behavior == "always_invoice" and wanted:
        _bill_prorations(store, subscription)
    return subscription


def _bill_prorations(store: Store, subscription: Row) -> None:
    """Invoice what waits for the subscription now, and collect it."""
    if not _waiting(store, subscription):
        return
    invoice = store.insert(_draft(store, subscription, "subscription_update"))
    _add_waiting(store, subscription, invoice)
    subscription["latest_invoice"] = invoice["id"]
    store.emit("invoice.created", invoice_view(store, invoice))
    finalize(store, invoice)
    if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
        collect(store, invoice)


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
    """Begin the next period and draft its invoice, as Stripe does when a period or a trial ends."""
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    for item in items_of(store, subscription):
        start = item["current_period_end"]
        end = period_end(subscription["billing_cycle_anchor"], start, item["price"]["recurring"])
        item.update(current_period_start=start, current_period_end=end)
    store.emit("customer.subscription.updated", subscription_view(store, subscription))
    return bill(store, subscription, "subscription_cycle")


def bill(store: Store, subscription: Row, reason: str) -> Row:
    """Draft the invoice of the current period: what waits for it, then a line for each item."""
    invoice = store.insert(_draft(store, subscription, reason))
    if reason == "subscription_cycle":
        invoice["automatically_finalizes_at"] = store.now() + FINALIZED_AFTER
    _add_waiting(store, subscription, invoice)
    trial = subscription["status"] == "trialing"
    for item in items_of(store, subscription):
        for source in [_trial_source(store, item)] if trial else _sources(store, item):
            make_line(store, invoice, source, parent=_parent(item), subscription=subscription["id"])
    retotal(store, invoice)
    if not trial:
        subscription["discounts"] = lasting(store, subscription["discounts"])
    subscription["latest_invoice"] = invoice["id"]
    store.emit("invoice.created", invoice_view(store, invoice))
    return invoice


def _draft(store: Store, subscription: Row, reason: str) -> Row:
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
    invoice["default_tax_rates"] = [dict(rate) for rate in subscription["default_tax_rates"]]
    held = subscription["discounts"] or ([customer["discount"]["id"]] if customer["discount"] else [])
    invoice["discounts"] = in_force(store, held)
    if subscription["days_until_due"] is not None:
        invoice["due_date"] = store.now() + subscription["days_until_due"] * DAY
    return invoice


def _add_waiting(store: Store, subscription: Row, invoice: Row) -> None:
    """Put on the invoice what waits for it, newest first."""
    for item in _waiting(store, subscription)[::-1]:
        add_line(store, invoice, item)


def _waiting(store: Store, subscription: Row) -> list[Row]:
    """The customer's items without an invoice, of this subscription or of none in particular."""
    waiting = store.where("invoiceitem", customer=subscription["customer"], invoice=None)
    return [item for item in waiting if _subscription_of(item) in (None, subscription["id"])]


def _subscription_of(item: Row) -> str | None:
    parent = item["parent"]
    found: str | None = parent["subscription_details"]["subscription"] if parent else None
    return found


def _set_prices_terms(store: Store, subscription: Row, params: Row) -> None:
    """Discounts, taxes and card of a subscription."""
    if "default_tax_rates" in params:
        subscription["default_tax_rates"] = rates(store, params["default_tax_rates"], "default_tax_rates")
    if "discounts" in params:
        owner = {"customer": subscription["customer"], "subscription": subscription["id"]}
        currency = subscription["currency"]
        subscription["discounts"] = redeem(store, params["discounts"], currency=currency, **owner)
    if params.get("default_payment_method"):
        method = method_for(store, str(params["default_payment_method"]), subscription["customer"])
        subscription["default_payment_method"] = method["id"]


def _wanted_items(store: Store, params: Row) -> list[Row]:
    given = params.get("items")
    if not isinstance(given, list) or not given:
        raise required("items")
    return [_wanted(store, mapping(entry, "items")) for entry in given]


def _wanted(store: Store, entry: Row) -> Row:
    price = store.get("price", entry.get("price"), param="items[0][price]")
    if not price["recurring"]:
        raise invalid("The price specified is set to `type=one_time`; a subscription needs `recurring`.")
    return {
        "price": price,
        "quantity": whole(entry.get("quantity", 1), "items[0][quantity]"),
        "metadata": merged_metadata({}, entry.get("metadata")),
        "tax_rates": rates(store, entry.get("tax_rates")),
        "discounts": entry.get("discounts"),
    }


def _changed_items(store: Store, params: Row) -> list[Row]:
    """What is to become of which items: a new price or quantity, an end, or a new item (without `id`)."""
    wanted = []
    for raw in params["items"]:
        entry = mapping(raw, "items")
        if not entry.get("id"):
            wanted.append(_wanted(store, entry))
            continue
        item = store.get("subscription_item", entry["id"], param="items[0][id]")
        price = store.get("price", entry.get("price", item["price"]["id"]), param="items[0][price]")
        quantity = whole(entry.get("quantity", item["quantity"]), "items[0][quantity]")
        check_interval(item, price)
        gone = flag(entry.get("deleted", False))
        wanted.append({"item": item, "price": price, "quantity": quantity, "deleted": gone})
    return wanted


def _subscription(store: Store, params: Row, customer: Row, price: Row) -> Row:
    days = params.get("days_until_due")
    trial = _trial_end(store, params)
    return {
        "id": store.new_id("subscription"),
        "object": "subscription",
        **nothing(
            "application application_fee_percent billing_cycle_anchor_config billing_thresholds "
            "cancel_at canceled_at default_source ended_at latest_invoice "
            "next_pending_invoice_item_invoice on_behalf_of pause_collection "
            "pending_invoice_item_interval pending_setup_intent pending_update schedule "
            "transfer_data"
        ),
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": trial or store.now(),
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": params.get("collection_method", "charge_automatically"),
        "created": store.now(),
        "currency": price["currency"],
        "customer": customer["id"],
        "days_until_due": None if days is None else whole(days, "days_until_due"),
        "default_payment_method": None,
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
        "status": "trialing" if trial else "active",
        "test_clock": customer["test_clock"],
        "trial_end": trial,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": store.now() if trial else None,
    }


def _trial_end(store: Store, params: Row) -> int | None:
    if params.get("trial_period_days") is not None:
        return store.now() + whole(params["trial_period_days"], "trial_period_days") * DAY
    return whole(params["trial_end"], "trial_end") if params.get("trial_end") else None


def _item(store: Store, subscription: Row, wanted: Row) -> Row:
    start = subscription["start_date"]
    price = wanted["price"]
    identity = store.new_id("subscription_item")
    owner = {"customer": subscription["customer"], "subscription_item": identity}
    return {
        "id": identity,
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": store.now(),
        "current_period_end": subscription["trial_end"] or period_end(start, start, price["recurring"]),
        "current_period_start": start,
        "discounts": redeem(store, wanted["discounts"], currency=subscription["currency"], **owner),
        "metadata": wanted["metadata"],
        "plan": plan_of(price),
        "price": price,
        "quantity": wanted["quantity"],
        "subscription": subscription["id"],
        "tax_rates": wanted["tax_rates"],
    }


def _sources(store: Store, item: Row) -> list[Row]:
    """What lines take from a subscription item: one for a plain price, several for a tiered one."""
    price = item["price"]
    name = store.get("product", price["product"])["name"]
    found = []
    for part in tiers.parts(store, price, Decimal(item["quantity"])):
        words = f"{part.words}, {_cadence(price)}" if part.words else _cadence(price)
        description = f"{plain(part.quantity)} \u00d7 {name} ({words})"
        found.append(_source(item, part, description))
    return found


def _trial_source(store: Store, item: Row) -> Row:
    """The line over nothing that a trial begins with."""
    name = store.get("product", item["price"]["product"])["name"]
    nothing_yet = tiers.Part(Decimal(item["quantity"]), Decimal(0), 0, "")
    return _source(item, nothing_yet, f"Trial period for {name}")


def _source(item: Row, part: tiers.Part, description: str) -> Row:
    """Amount, words, pricing and period of one line."""
    price = item["price"]
    return {
        "amount": part.amount,
        "currency": price["currency"],
        "description": description,
        "discountable": True,
        "discounts": item["discounts"],
        "metadata": item["metadata"],
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pricing": {**pricing_of(price), "unit_amount_decimal": plain(part.unit)},
        "quantity": int(part.quantity),
        "quantity_decimal": plain(part.quantity),
        "tax_rates": item["tax_rates"],
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
