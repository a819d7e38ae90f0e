"""Products and prices."""

from typing import Any

from . import tiers
from .amounts import currency_of, plain
from .errors import invalid, required
from .forms import flag, mapping, merged_metadata, number, text, whole
from .operations import operation
from .store import Row, Store

PRODUCT_DATA = ("name", "description", "metadata", "statement_descriptor", "unit_label")


@operation(
    "POST",
    "/v1/products",
    "active default_price_data description metadata name statement_descriptor unit_label",
)
def create_product(store: Store, params: Row) -> Row:
    """A new product; `default_price_data` makes its default price too."""
    if not text(params.get("name")):
        raise required("name")
    row = store.insert(
        {
            "id": store.new_id("product"),
            "object": "product",
            "active": flag(params.get("active", True)),
            "created": store.now(),
            "default_price": None,
            "description": text(params.get("description")),
            "images": [],
            "livemode": False,
            "marketing_features": [],
            "metadata": merged_metadata({}, params.get("metadata")),
            "name": text(params["name"]),
            "package_dimensions": None,
            "shippable": None,
            "statement_descriptor": text(params.get("statement_descriptor")),
            "tax_code": None,
            "type": "service",
            "unit_label": text(params.get("unit_label")),
            "updated": store.now(),
            "url": None,
        }
    )
    if "default_price_data" in params:
        given = mapping(params["default_price_data"], "default_price_data")
        row["default_price"] = make_price(store, {**given, "product": row["id"]})["id"]
    store.emit("product.created", row)
    return row


@operation(
    "POST",
    "/v1/prices",
    "active billing_scheme currency lookup_key metadata nickname product product_data recurring "
    "tax_behavior tiers tiers_mode transform_quantity unit_amount unit_amount_decimal",
)
def create_price(store: Store, params: Row) -> Row:
    """A new price of a product, or of a new product given by `product_data`."""
    return make_price(store, params)


def make_price(store: Store, params: Row, *, active: bool = True) -> Row:
    """Keep a price; prices made for one invoice line are archived at once (`active=False`)."""
    currency = currency_of(params.get("currency"))
    recurring = _recurring(params.get("recurring"))
    tiered = params.get("billing_scheme", "per_unit") == "tiered"
    steps = tiers.read(params) if tiered else None
    unit_amount, exact = (None, None) if tiered else _unit_amount(params)
    product = _product_of(store, params)
    row = store.insert(
        {
            "id": store.new_id("price"),
            "object": "price",
            "active": flag(params.get("active", active)),
            "billing_scheme": "tiered" if tiered else "per_unit",
            "created": store.now(),
            "currency": currency,
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": text(params.get("lookup_key")),
            "metadata": merged_metadata({}, params.get("metadata")),
            "nickname": text(params.get("nickname")),
            "product": product,
            "recurring": recurring,
            "tax_behavior": text(params.get("tax_behavior")) or "unspecified",
            "tiers_mode": params["tiers_mode"] if tiered else None,
            "transform_quantity": tiers.packages(params.get("transform_quantity")),
            "type": "recurring" if recurring else "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": exact,
        }
    )
    if steps is not None:
        store.keep_aside(row, tiers=steps)
    store.emit("price.created", row)
    return row


def _product_of(store: Store, params: Row) -> str:
    if "product_data" in params:
        given = mapping(params["product_data"], "product_data")
        return str(create_product(store, {name: given[name] for name in PRODUCT_DATA if name in given})["id"])
    if not params.get("product"):
        raise required("product")
    return str(store.get("product", params["product"], param="product")["id"])


def _unit_amount(params: Row) -> tuple[int | None, str]:
    """Whole minor units when there is no fraction, and the exact decimal as text."""
    if "unit_amount_decimal" in params:
        exact = number(params["unit_amount_decimal"], "unit_amount_decimal")
        return (int(exact) if exact == exact.to_integral_value() else None), plain(exact)
    if "unit_amount" not in params:
        raise required("unit_amount")
    amount = whole(params["unit_amount"], "unit_amount")
    return amount, str(amount)


def _recurring(value: Any) -> Row | None:
    given = mapping(value, "recurring")
    if not given:
        return None
    if given.get("interval") not in ("day", "week", "month", "year"):
        raise invalid("Invalid recurring[interval]: must be one of day, month, week, or year")
    return {
        "interval": given["interval"],
        "interval_count": whole(given.get("interval_count", 1), "recurring[interval_count]"),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def plan_of(price: Row) -> Row:
    """The older `plan` shape of a recurring price, which subscription items still carry."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": dict(price["metadata"]),
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": price["tiers_mode"],
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
