"""Reading objects: one by id, or pages of them, newest first, with filters and cursors."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .errors import invalid
from .forms import flag, mapping, merged_metadata, whole
from .operations import operation, register
from .store import CLOCK, Row, Store

Filter = Callable[[Row, Any], bool]
CURSORS = "limit starting_after ending_before"


def same(name: str) -> Filter:
    """Keep objects whose field equals the parameter."""
    return lambda row, wanted: bool(row.get(name) == wanted)


def truth(name: str) -> Filter:
    """Keep objects whose boolean field equals the parameter."""
    return lambda row, wanted: bool(row[name] is flag(wanted))


def moment(name: str) -> Filter:
    """Keep objects by a number such as a Unix time: an exact one, or any of gt, gte, lt and lte."""

    def keep(row: Row, wanted: Any) -> bool:
        when = row[name]
        if not isinstance(wanted, Mapping):
            return bool(when == whole(wanted, name))
        bounds = {key: whole(value, f"{name}[{key}]") for key, value in wanted.items()}
        tests = {
            "gt": when > bounds.get("gt", when - 1),
            "gte": when >= bounds.get("gte", when),
            "lt": when < bounds.get("lt", when + 1),
            "lte": when <= bounds.get("lte", when),
        }
        if unknown := set(bounds) - set(tests):
            raise invalid(f"Received unknown parameter: {name}[{sorted(unknown)[0]}]", param=name)
        return all(tests.values())

    return keep


def _of_subscription(row: Row, wanted: Any) -> bool:
    parent = row["parent"]
    return bool(parent and parent["subscription_details"]["subscription"] == wanted)


def _payment(row: Row, wanted: Any) -> bool:
    given = mapping(wanted, "payment")
    if "type" not in given:
        raise invalid("Missing required param: payment[type].", param="payment[type]")
    return all(row["payment"].get(name) == value for name, value in given.items())


def _undelivered(row: Row, wanted: Any) -> bool:
    return (row["pending_webhooks"] == 0) is flag(wanted)


def _any_type(row: Row, wanted: Any) -> bool:
    if not isinstance(wanted, list) or len(wanted) > 20:
        raise invalid("Invalid types: give a list of at most 20 event types", param="types")
    return row["type"] in wanted


def _pending(row: Row, wanted: Any) -> bool:
    return (row["invoice"] is None) is flag(wanted)


def _status(row: Row, wanted: Any) -> bool:
    if wanted == "all":
        return True
    return bool(row["status"] == wanted)


def _recurring(row: Row, wanted: Any) -> bool:
    given = mapping(wanted, "recurring")
    return bool(row["recurring"]) and all(row["recurring"].get(k) == v for k, v in given.items())


CREATED = {"created": moment("created")}
CUSTOMER = {"customer": same("customer")}

RESOURCES: dict[str, tuple[str, dict[str, Filter]]] = {
    "/v1/application_fees": ("application_fee", {**CREATED, "charge": same("charge")}),
    "/v1/charges": (
        "charge",
        {
            **CREATED,
            **CUSTOMER,
            "payment_intent": same("payment_intent"),
            "transfer_group": same("transfer_group"),
        },
    ),
    "/v1/coupons": ("coupon", CREATED),
    "/v1/credit_notes": ("credit_note", {**CREATED, **CUSTOMER, "invoice": same("invoice")}),
    "/v1/customers": ("customer", {**CREATED, "email": same("email"), "test_clock": same("test_clock")}),
    "/v1/disputes": (
        "dispute",
        {**CREATED, "charge": same("charge"), "payment_intent": same("payment_intent")},
    ),
    "/v1/events": (
        "event",
        {
            **CREATED,
            "type": lambda row, wanted: fnmatchcase(row["type"], str(wanted)),
            "types": _any_type,
            "delivery_success": _undelivered,
        },
    ),
    "/v1/invoice_payments": (
        "invoice_payment",
        {**CREATED, "invoice": same("invoice"), "payment": _payment, "status": same("status")},
    ),
    "/v1/invoiceitems": (
        "invoiceitem",
        {"created": moment("date"), **CUSTOMER, "invoice": same("invoice"), "pending": _pending},
    ),
    "/v1/invoices": (
        "invoice",
        {
            **CREATED,
            **CUSTOMER,
            "collection_method": same("collection_method"),
            "status": same("status"),
            "subscription": _of_subscription,
        },
    ),
    "/v1/payment_intents": ("payment_intent", {**CREATED, **CUSTOMER}),
    "/v1/payment_records": ("payment_record", {}),
    "/v1/payouts": (
        "payout",
        {
            **CREATED,
            "arrival_date": moment("arrival_date"),
            "destination": same("destination"),
            "status": same("status"),
        },
    ),
    "/v1/payment_methods": ("payment_method", {**CUSTOMER, "type": same("type")}),
    "/v1/prices": (
        "price",
        {
            **CREATED,
            "active": truth("active"),
            "currency": same("currency"),
            "lookup_keys": lambda row, wanted: row["lookup_key"] in wanted,
            "product": same("product"),
            "recurring": _recurring,
            "type": same("type"),
        },
    ),
    "/v1/products": (
        "product",
        {**CREATED, "active": truth("active"), "ids": lambda row, wanted: row["id"] in wanted},
    ),
    "/v1/refunds": (
        "refund",
        {**CREATED, "charge": same("charge"), "payment_intent": same("payment_intent")},
    ),
    "/v1/shipping_rates": ("shipping_rate", {**CREATED, "active": truth("active")}),
    "/v1/subscriptions": (
        "subscription",
        {
            **CREATED,
            **CUSTOMER,
            "status": _status,
            "collection_method": same("collection_method"),
            "test_clock": same("test_clock"),
        },
    ),
    "/v1/tax_rates": (
        "tax_rate",
        {**CREATED, "active": truth("active"), "inclusive": truth("inclusive")},
    ),
    "/v1/topups": ("topup", {**CREATED, "amount": moment("amount"), "status": same("status")}),
    "/v1/transfers": (
        "transfer",
        {**CREATED, "destination": same("destination"), "transfer_group": same("transfer_group")},
    ),
    f"/v1/{CLOCK.replace('.', '/')}s": (CLOCK, {}),
    "/v1/webhook_endpoints": ("webhook_endpoint", {}),
}

METADATA_UPDATES = {
    "/v1/charges": ("charge", "charge.updated", ("description", "receipt_email")),
    "/v1/payment_intents": ("payment_intent", None, ("description", "receipt_email")),
    "/v1/prices": ("price", "price.updated", ("active", "lookup_key", "nickname")),
    "/v1/products": ("product", "product.updated", ("active", "description", "name", "unit_label")),
    "/v1/refunds": ("refund", "refund.updated", ()),
    "/v1/coupons": ("coupon", "coupon.updated", ("name",)),
    "/v1/shipping_rates": ("shipping_rate", None, ("active",)),
    "/v1/tax_rates": ("tax_rate", "tax_rate.updated", ("active", "description", "display_name")),
    "/v1/topups": ("topup", None, ("description",)),
    "/v1/transfers": ("transfer", "transfer.updated", ("description",)),
}
"""What may be changed later besides metadata, and the event that tells of it."""


def page(rows: list[Row], params: Row, url: str) -> Row:
    """A page of rows, which come in the order of the list: at most `limit`, after or before a cursor."""
    limit = whole(params.get("limit", 10), "limit")
    if not 1 <= limit <= 100:
        raise invalid("Invalid integer: limit must be between 1 and 100", param="limit")
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise invalid("You can only specify one of these parameters: starting_after, ending_before.")
    chosen, more = rows[:limit], len(rows) > limit
    if after:
        rest = rows[_position(rows, after, "starting_after") + 1 :]
        chosen, more = rest[:limit], len(rest) > limit
    if before:
        rest = rows[: _position(rows, before, "ending_before")]
        chosen, more = rest[-limit:], len(rest) > limit
    return {"object": "list", "data": chosen, "has_more": more, "url": url}


def _position(rows: list[Row], identity: Any, param: str) -> int:
    for place, row in enumerate(rows):
        if row["id"] == identity:
            return place
    raise invalid(f"No such object: '{identity}'", code="resource_missing", param=param)


def _register_reading(path: str, kind: str, filters: dict[str, Filter]) -> None:
    def listing(store: Store, params: Row) -> Row:
        wanted = {name: params[name] for name in filters if params.get(name) not in (None, "")}
        found = [row for row in store.all(kind)[::-1] if all(filters[n](row, v) for n, v in wanted.items())]
        if kind == "subscription" and "status" not in wanted:
            found = [row for row in found if row["status"] != "canceled"]
        return page(found, params, path)

    def retrieve(store: Store, params: Row, identity: str) -> Row:
        former = store.lookup(identity) if kind == "customer" else None
        return former if former and former.get("deleted") else store.get(kind, identity)

    register("GET", path, f"{CURSORS} {' '.join(filters)}", listing)
    register("GET", f"{path}/{{id}}", "", retrieve)


def _register_update(path: str, kind: str, event: str | None, fields: tuple[str, ...]) -> None:
    def update(store: Store, params: Row, identity: str) -> Row:
        row = store.get(kind, identity)
        before = {name: row[name] for name in params}
        for name in fields:
            if name in params:
                row[name] = flag(params[name]) if name == "active" else params[name] or None
        if "metadata" in params:
            row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
        previous = {name: old for name, old in before.items() if row[name] != old}
        if previous and "updated" in row:
            previous["updated"], row["updated"] = row["updated"], store.now()
        if previous and event:
            store.emit(event, row, previous)
        return row

    register("POST", f"{path}/{{id}}", f"metadata {' '.join(fields)}", update)


BALANCE = {**CREATED, "currency": same("currency"), "source": same("source"), "type": same("type")}


@operation("GET", "/v1/balance_transactions", f"{CURSORS} payout {' '.join(BALANCE)}")
def balance_transactions(store: Store, params: Row) -> Row:
    """Movements of the balance, newest first; of an automatic payout once it has been reconciled.

    The payout's own movement is among those of the payout.
    """
    payout = params.get("payout")
    if payout:
        _check_listable(store.get("payout", payout, param="payout"))
    wanted = {name: params[name] for name in BALANCE if params.get(name) not in (None, "")}
    rows = [row for row in store.all("balance_transaction")[::-1] if _meets(row, wanted)]
    if payout:
        done = store.get("payout", payout)["reconciliation_status"] == "completed"
        rows = [row for row in rows if done and store.held(row, "payout") == payout]
    return page(rows, params, "/v1/balance_transactions")


def _meets(row: Row, wanted: Row) -> bool:
    return all(BALANCE[name](row, value) for name, value in wanted.items())


def _check_listable(payout: Row) -> None:
    if not payout["automatic"]:
        raise invalid(
            "Balance transaction history can only be filtered on automatic transfers, not manual.",
            param="payout",
        )


@operation("GET", "/v1/balance_transactions/{id}")
def balance_transaction(store: Store, params: Row, identity: str) -> Row:
    """One movement of the balance."""
    return store.get("balance_transaction", identity)


@operation("GET", "/v1/invoices/{id}/lines", CURSORS)
def invoice_lines(store: Store, params: Row, identity: str) -> Row:
    """The lines of an invoice in their order."""
    store.get("invoice", identity)
    return page(store.where("line_item", invoice=identity), params, f"/v1/invoices/{identity}/lines")


@operation("GET", "/v1/charges/{id}/refunds", CURSORS)
def charge_refunds(store: Store, params: Row, identity: str) -> Row:
    """The refunds of a charge, newest first."""
    store.get("charge", identity)
    return page(store.where("refund", charge=identity)[::-1], params, f"/v1/charges/{identity}/refunds")


@operation("GET", "/v1/customers/{id}/payment_methods", f"{CURSORS} type")
def customer_payment_methods(store: Store, params: Row, identity: str) -> Row:
    """The cards of a customer, newest first."""
    store.get("customer", identity)
    rows = store.where("payment_method", customer=identity)[::-1]
    return page(rows, params, f"/v1/customers/{identity}/payment_methods")


for _path, (_kind, _filters) in RESOURCES.items():
    _register_reading(_path, _kind, _filters)
for _path, (_kind, _event, _fields) in METADATA_UPDATES.items():
    _register_update(_path, _kind, _event, _fields)
