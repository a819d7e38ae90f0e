"""Tax rates, and the taxes of lines and of shipping by them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .amounts import rounded
from .errors import invalid, required
from .forms import flag, merged_metadata, number, text
from .operations import operation
from .store import Row, Store

REASONS = {"none": "not_available", "exempt": "customer_exempt", "reverse": "reverse_charge"}
"""Why a tax is what it is, by the customer's `tax_exempt`; rates given by hand have no known reason."""


@operation(
    "POST",
    "/v1/tax_rates",
    "active country description display_name inclusive jurisdiction metadata percentage state tax_type",
)
def create_tax_rate(store: Store, params: Row) -> Row:
    """A tax rate in percent: on top of the price, or within it (`inclusive`)."""
    for name in ("display_name", "inclusive", "percentage"):
        if params.get(name) in (None, ""):
            raise required(name)
    percentage = number(params["percentage"], "percentage")
    if not 0 <= percentage <= 100:
        raise invalid("Invalid percentage: must be from 0 to 100", param="percentage")
    texts = ("country", "description", "jurisdiction", "state", "tax_type")
    row = store.insert(
        {
            "id": store.new_id("tax_rate"),
            "object": "tax_rate",
            **{name: text(params.get(name)) for name in texts},
            "active": flag(params.get("active", True)),
            "created": store.now(),
            "display_name": text(params["display_name"]),
            "effective_percentage": float(percentage),
            "flat_amount": None,
            "inclusive": flag(params["inclusive"]),
            "jurisdiction_level": None,
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "percentage": float(percentage),
            "rate_type": "percentage",
        }
    )
    store.emit("tax_rate.created", row)
    return row


def rates(store: Store, given: Any, param: str = "tax_rates") -> list[Row]:
    """The tax rates with these ids, whole."""
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise invalid(f"Invalid array: {param}", param=param)
    found = [store.get("tax_rate", one, param=param) for one in given]
    if any(not rate["active"] for rate in found):
        raise invalid("The tax rate specified is inactive.", param=param)
    return [dict(rate) for rate in found]


def taxes_on(amount: int, chosen: list[Row], exempt: str | None = "none") -> list[Row]:
    """The taxes on an amount of minor units, one for each rate.

    Inclusive taxes lie within the amount and lessen what the exclusive ones are reckoned on;
    each tax is rounded for itself, halves away from zero.
    """
    reason = REASONS[exempt or "none"]
    live = reason == "not_available"
    within = sum((_share(rate) for rate in chosen if rate["inclusive"]), Decimal(0))
    inside = {
        rate["id"]: rounded(amount * _share(rate) / (1 + within)) * live
        for rate in chosen
        if rate["inclusive"]
    }
    net = amount - sum(inside.values())
    return [
        {
            "amount": inside.get(rate["id"], rounded(net * _share(rate)) * live),
            "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]},
            "taxability_reason": reason,
            "taxable_amount": net,
            "type": "tax_rate_details",
        }
        for rate in chosen
    ]


def by_rate(taxes: Iterable[Row]) -> list[Row]:
    """Taxes added up by rate, in the order of their first use."""
    sums: dict[str, Row] = {}
    for tax in taxes:
        held = sums.setdefault(tax["tax_rate_details"]["tax_rate"], {**tax, "amount": 0, "taxable_amount": 0})
        held["amount"] += tax["amount"]
        held["taxable_amount"] += tax["taxable_amount"]
    return list(sums.values())


def tax_sum(taxes: Iterable[Row], behavior: str) -> int:
    """The sum of the exclusive or of the inclusive taxes."""
    return sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == behavior)


def _share(rate: Row) -> Decimal:
    return Decimal(str(rate["percentage"])) / 100
