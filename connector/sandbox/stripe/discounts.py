"""Coupons, the discounts made of them, and how a discount is spread over the lines of an invoice."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .amounts import currency_of, rounded, spread
from .errors import invalid, required
from .forms import mapping, merged_metadata, number, text, whole
from .operations import operation
from .periods import months_later
from .store import Row, Store

DURATIONS = ("forever", "once", "repeating")


@operation(
    "POST",
    "/v1/coupons",
    "amount_off applies_to currency duration duration_in_months id metadata name percent_off",
)
def create_coupon(store: Store, params: Row) -> Row:
    """A coupon for a share (`percent_off`) or an amount in minor units (`amount_off` with `currency`)."""
    duration = params.get("duration", "once")
    if duration not in DURATIONS:
        raise invalid("Invalid duration: must be one of forever, once, or repeating", param="duration")
    months = params.get("duration_in_months")
    if (duration == "repeating") != (months is not None):
        raise invalid("Give duration_in_months with duration=repeating, and only then.", param="duration")
    row = store.insert(
        {
            "id": text(params.get("id")) or store.new_id("coupon"),
            "object": "coupon",
            **_off(params),
            "created": store.now(),
            "duration": duration,
            "duration_in_months": None if months is None else whole(months, "duration_in_months"),
            "livemode": False,
            "max_redemptions": None,
            "metadata": merged_metadata({}, params.get("metadata")),
            "name": text(params.get("name")),
            "redeem_by": None,
            "times_redeemed": 0,
            "valid": True,
        }
    )
    products = mapping(params.get("applies_to"), "applies_to").get("products")
    if products:
        held = [store.get("product", one, param="applies_to[products]")["id"] for one in products]
        store.keep_aside(row, applies_to={"products": held})
    store.emit("coupon.created", row)
    return row


def _off(params: Row) -> Row:
    if ("percent_off" in params) == ("amount_off" in params):
        raise invalid("You must pass either percent_off or amount_off.", param="percent_off")
    if "amount_off" in params:
        amount = whole(params["amount_off"], "amount_off")
        if amount < 1:
            raise invalid("Invalid positive integer", param="amount_off")
        return {"amount_off": amount, "currency": currency_of(params.get("currency")), "percent_off": None}
    percent = number(params["percent_off"], "percent_off")
    if not 0 < percent <= 100:
        raise invalid("Invalid percent_off: must be greater than 0 and at most 100", param="percent_off")
    return {"amount_off": None, "currency": None, "percent_off": float(percent)}


@operation("DELETE", "/v1/coupons/{id}")
def delete_coupon(store: Store, params: Row, identity: str) -> Row:
    """Forget a coupon; the discounts that it gave stay."""
    row = store.get("coupon", identity)
    stub = store.remove(row)
    store.emit("coupon.deleted", {**row, "valid": False})
    return stub


def redeem(store: Store, given: Any, *, currency: str | None = None, **owner: str) -> list[str]:
    """Discounts for a `discounts` parameter, owned by a customer, subscription, invoice or invoice item."""
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise invalid("Invalid array: discounts", param="discounts")
    return [_redeem_one(store, mapping(entry, "discounts"), currency, owner) for entry in given]


def _redeem_one(store: Store, entry: Row, currency: str | None, owner: Row) -> str:
    if entry.get("discount"):
        return str(store.get("discount", entry["discount"], param="discounts[discount]")["id"])
    if not entry.get("coupon"):
        raise required("discounts[coupon]")
    coupon = store.get("coupon", entry["coupon"], param="discounts[coupon]")
    if coupon["currency"] and currency and coupon["currency"] != currency:
        raise invalid(f"The coupon is for {coupon['currency']}, not {currency}.", param="discounts[coupon]")
    return str(make_discount(store, coupon, owner)["id"])


def make_discount(store: Store, coupon: Row, owner: Row) -> Row:
    """Keep a discount made of a coupon; customers' and subscriptions' discounts are told of by an event."""
    coupon["times_redeemed"] += 1
    months = coupon["duration_in_months"]
    row: Row = {
        "id": store.new_id("discount"),
        "object": "discount",
        "checkout_session": None,
        "customer": None,
        "customer_account": None,
        "end": months_later(store.now(), months) if months else None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": None,
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": store.now(),
        "subscription": None,
        "subscription_item": None,
        **owner,
    }
    store.insert(row)
    products = (store.held(coupon, "applies_to") or {}).get("products")
    store.keep_aside(row, coupon=dict(coupon), products=products)
    if not (row["invoice"] or row["invoice_item"]):
        store.emit("customer.discount.created", row)
    return row


def in_force(store: Store, identities: Iterable[str]) -> list[str]:
    """Those discounts that have not ended."""
    rows = [store.get("discount", one) for one in identities]
    return [row["id"] for row in rows if row["end"] is None or row["end"] > store.now()]


def lasting(store: Store, identities: Iterable[str]) -> list[str]:
    """Those discounts that go on after an invoice: all but the ones to be used once."""
    rows = [store.get("discount", one) for one in identities]
    return [row["id"] for row in rows if store.held(row, "coupon")["duration"] != "once"]


def reduced(store: Store, amount: int, identities: Iterable[str]) -> int:
    """An amount of minor units after discounts, one after the other."""
    for discount in identities:
        amount -= _taken(store, discount, amount)
    return amount


def discount_lines(store: Store, invoice: Row, lines: list[Row]) -> None:
    """Write each line's `discount_amounts`: its own discounts first, then its share of the invoice's."""
    left = {line["id"]: line["amount"] for line in lines}
    for line in lines:
        line["discount_amounts"] = []
        for discount in line["discounts"]:
            if _applies(store, discount, line):
                _note(line, discount, _taken(store, discount, left[line["id"]]), left)
    for discount in invoice["discounts"]:
        fit = [line for line in lines if left[line["id"]] > 0 and _applies(store, discount, line)]
        weights = [left[line["id"]] for line in fit]
        shares = spread(_taken(store, discount, sum(weights)), weights)
        for line, share in zip(fit, shares, strict=True):
            _note(line, discount, share, left)
    for line in lines:
        line["pretax_credit_amounts"] = pretax(line["discount_amounts"])


def summed(amounts: Iterable[Row]) -> list[Row]:
    """Discount amounts added up by discount, in the order of their first use."""
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one["discount"]] = sums.get(one["discount"], 0) + one["amount"]
    return [{"amount": amount, "discount": discount} for discount, amount in sums.items()]


def pretax(amounts: list[Row]) -> list[Row]:
    """The same discount amounts in the shape of pretax credits."""
    return [{**one, "credit_balance_transaction": None, "type": "discount"} for one in amounts]


def _taken(store: Store, discount: str, base: int) -> int:
    """What a discount takes off an amount: never more than it, nothing off a negative one."""
    coupon = store.held({"id": discount}, "coupon")
    if base <= 0:
        return 0
    if coupon["amount_off"] is not None:
        return min(int(coupon["amount_off"]), base)
    return rounded(base * Decimal(str(coupon["percent_off"])) / 100)


def _applies(store: Store, discount: str, line: Row) -> bool:
    products = store.held({"id": discount}, "products")
    product = ((line["pricing"] or {}).get("price_details") or {}).get("product")
    return bool(line["discountable"]) and (products is None or product in products)


def _note(line: Row, discount: str, amount: int, left: dict[str, int]) -> None:
    if amount:
        line["discount_amounts"].append({"amount": amount, "discount": discount})
        left[line["id"]] -= amount
