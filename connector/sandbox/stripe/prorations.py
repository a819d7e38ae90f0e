"""What a change of price or quantity in the middle of a period gives back and costs."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from . import tiers
from .amounts import plain, rounded
from .discounts import in_force, reduced
from .errors import invalid
from .lines import keep_item, pricing_of
from .periods import spoken_day
from .shapes import items_of
from .store import Row, Store


class Billed(NamedTuple):
    """What was last billed for an item: after discounts (minor units), for which time, on which lines."""

    net: int
    start: int
    end: int
    invoice: str | None
    lines: list[str]


def change_items(
    store: Store,
    subscription: Row,
    wanted: list[Row],
    moment: int | None,
    make: Callable[[Store, Row, Row], Row],
) -> None:
    """Give items of a subscription new prices or quantities, end them, or add new ones by `make`.

    With a moment, the time from then to the end of the period is credited at what was billed for it and
    charged at the new price, as invoice items that wait; without one nothing is prorated.
    """
    for change in wanted:
        item = change.get("item")
        if item is None:
            item = _added(store, subscription, make(store, subscription, change))
        elif moment is not None and subscription["status"] != "trialing":
            _give_back(store, subscription, item, moment)
        if change.get("deleted"):
            store.remove(item)
            continue
        item.update(price=change["price"], quantity=change["quantity"])
        if moment is not None and subscription["status"] != "trialing":
            _charge(store, subscription, item, moment)


def _added(store: Store, subscription: Row, item: Row) -> Row:
    """A new item runs in the period of the others."""
    for other in items_of(store, subscription)[:1]:
        for name in ("current_period_start", "current_period_end"):
            item[name] = other[name]
    return store.insert(item)


def check_interval(item: Row, price: Row) -> None:
    """Refuse a price that would change how often an item is billed."""
    before, after = item["price"]["recurring"], price["recurring"]
    names = ("interval", "interval_count")
    if after is None or any(before[name] != after[name] for name in names):
        raise invalid("This practice world keeps the billing interval of a subscription item.")


def _give_back(store: Store, subscription: Row, item: Row, moment: int) -> None:
    """Credit the unused time of what was billed last."""
    billed = _last_billed(store, item)
    if billed is None:
        return
    share = Decimal(billed.end - moment) / (billed.end - billed.start)
    credited = None
    if billed.invoice:
        details = {"invoice": billed.invoice, "invoice_line_items": billed.lines}
        credited = {
            "invoice_item": None,
            "invoice_line_item_details": details,
            "type": "invoice_line_items",
        }
    _keep(store, subscription, item, moment, -rounded(billed.net * share), "Unused", credited)


def _charge(store: Store, subscription: Row, item: Row, moment: int) -> None:
    """Charge the rest of the period at the item's present price and quantity, discounts included."""
    parts = tiers.parts(store, item["price"], Decimal(item["quantity"]))
    discounts = in_force(store, [*item["discounts"], *subscription["discounts"]])
    full = reduced(store, sum(part.amount for part in parts), discounts)
    share = Decimal(item["current_period_end"] - moment) / (
        item["current_period_end"] - item["current_period_start"]
    )
    _keep(store, subscription, item, moment, rounded(full * share), "Remaining", None)


def _keep(
    store: Store, subscription: Row, item: Row, moment: int, amount: int, word: str, credited: Row | None
) -> None:
    price, quantity = item["price"], item["quantity"]
    name = store.get("product", price["product"])["name"]
    many = f"{quantity} \u00d7 " if quantity != 1 else ""
    unit = Decimal(amount) / quantity if quantity else Decimal(amount)
    keep_item(
        store,
        subscription["customer"],
        {
            "amount": amount,
            "currency": price["currency"],
            "description": f"{word} time on {many}{name} after {spoken_day(moment)}",
            "discountable": False,
            "metadata": dict(item["metadata"]),
            "parent": {
                "subscription_details": {"subscription": subscription["id"], "subscription_item": item["id"]},
                "type": "subscription_details",
            },
            "period": {"end": item["current_period_end"], "start": moment},
            "pricing": {**pricing_of(price), "unit_amount_decimal": plain(round(unit, 12))},
            "proration": True,
            "proration_details": {"credited_items": credited, "discount_amounts": []},
            "quantity": quantity,
            "quantity_decimal": str(quantity),
            "tax_rates": item["tax_rates"],
        },
    )


def _last_billed(store: Store, item: Row) -> Billed | None:
    """The latest charge for an item's present period, waiting or on an invoice."""
    end = item["current_period_end"]
    for row in store.where("invoiceitem", customer=_customer(store, item), invoice=None)[::-1]:
        source = (row["parent"] or {}).get("subscription_details", {})
        if source.get("subscription_item") == item["id"] and row["amount"] > 0:
            return Billed(row["amount"], row["period"]["start"], end, None, [])
    lines = [line for line in store.all("line_item") if _charges(line, item)]
    if not lines:
        return None
    latest = [
        line
        for line in lines
        if line["invoice"] == lines[-1]["invoice"] and line["period"] == lines[-1]["period"]
    ]
    off = sum(one["amount"] for line in latest for one in line["discount_amounts"])
    net = sum(line["amount"] for line in latest) - off
    return Billed(net, lines[-1]["period"]["start"], end, lines[-1]["invoice"], [one["id"] for one in latest])


def _charges(line: Row, item: Row) -> bool:
    details = line["parent"]["subscription_item_details"]
    ours = bool(details) and details["subscription_item"] == item["id"]
    return ours and line["amount"] > 0 and line["period"]["end"] == item["current_period_end"]


def _customer(store: Store, item: Row) -> str:
    return str(store.get("subscription", item["subscription"])["customer"])
