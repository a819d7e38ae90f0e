"""Prices that change with the quantity: tiers, graduated or by volume, and packages."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from .amounts import extended, plain, rounded
from .errors import invalid
from .forms import mapping, number, whole
from .store import Row, Store

MODES = ("graduated", "volume")


class Part(NamedTuple):
    """One line's worth of a price: how many, at what unit amount, and what that makes (minor units)."""

    quantity: Decimal
    unit: Decimal
    amount: int
    words: str


def read(params: Row) -> list[Row]:
    """The tiers of a price from its parameters, in rising order; the last one goes on for ever."""
    given = params.get("tiers")
    if params.get("tiers_mode") not in MODES:
        raise invalid("Invalid tiers_mode: must be one of graduated or volume", param="tiers_mode")
    if not isinstance(given, list) or not given:
        raise invalid("Missing required param: tiers.", code="parameter_missing", param="tiers")
    steps = [_tier(mapping(entry, "tiers")) for entry in given]
    ends = [step["up_to"] for step in steps]
    if ends[-1] is not None or None in ends[:-1] or ends[:-1] != sorted(set(ends[:-1])):
        raise invalid("The tiers must rise, and only the last be up to inf.", param="tiers")
    return steps


def _tier(entry: Row) -> Row:
    last = entry.get("up_to") == "inf"
    return {
        **_amount(entry, "flat_amount"),
        **_amount(entry, "unit_amount"),
        "up_to": None if last else whole(entry.get("up_to", ""), "tiers[up_to]"),
    }


def _amount(entry: Row, name: str) -> Row:
    given = entry.get(f"{name}_decimal", entry.get(name))
    if given is None:
        return {name: None, f"{name}_decimal": None}
    exact = number(given, f"tiers[{name}]")
    fits = exact == exact.to_integral_value()
    return {name: int(exact) if fits else None, f"{name}_decimal": plain(exact)}


def packages(value: Any) -> Row | None:
    """`transform_quantity`: how many go into a package, and how a broken package is rounded."""
    given = mapping(value, "transform_quantity")
    if not given:
        return None
    if given.get("round") not in ("down", "up"):
        raise invalid("Invalid transform_quantity[round]: must be one of down or up")
    return {
        "divide_by": whole(given.get("divide_by", ""), "transform_quantity[divide_by]"),
        "round": given["round"],
    }


def parts(store: Store, price: Row, quantity: Decimal) -> list[Part]:
    """What a quantity costs: one part, or one for each tier that it reaches and for its flat fee."""
    steps = store.held(price, "tiers")
    if steps is None:
        unit = Decimal(price["unit_amount_decimal"])
        return [Part(quantity, unit, extended(unit, _counted(price, quantity)), "")]
    reached = _volume(steps, quantity) if price["tiers_mode"] == "volume" else _graduated(steps, quantity)
    return [part for place, step, many in reached for part in _priced(place, step, many)]


def _counted(price: Row, quantity: Decimal) -> Decimal:
    package = price["transform_quantity"]
    if not package:
        return quantity
    rounding = ROUND_CEILING if package["round"] == "up" else ROUND_FLOOR
    return (quantity / int(package["divide_by"])).to_integral_value(rounding)


def _graduated(steps: list[Row], quantity: Decimal) -> Iterator[tuple[int, Row, Decimal]]:
    begin = Decimal(0)
    for place, step in enumerate(steps, 1):
        end = quantity if step["up_to"] is None else min(quantity, Decimal(step["up_to"]))
        if end > begin or place == 1:
            yield place, step, max(end - begin, Decimal(0))
        begin = max(begin, end)


def _volume(steps: list[Row], quantity: Decimal) -> Iterator[tuple[int, Row, Decimal]]:
    for place, step in enumerate(steps, 1):
        if step["up_to"] is None or quantity <= step["up_to"]:
            yield place, step, quantity
            return


def _priced(place: int, step: Row, quantity: Decimal) -> Iterator[Part]:
    unit = Decimal(step["unit_amount_decimal"] or 0)
    yield Part(quantity, unit, extended(unit, quantity), f"Tier {place}")
    if step["flat_amount_decimal"]:
        flat = Decimal(step["flat_amount_decimal"])
        yield Part(Decimal(1), flat, rounded(flat), f"Tier {place} flat fee")
