"""Shipping rates, and the cost of shipping on an invoice."""

from .amounts import currency_of
from .errors import invalid, required
from .forms import mapping, merged_metadata, text, whole
from .operations import operation
from .store import Row, Store
from .taxes import tax_sum, taxes_on

BEHAVIORS = ("exclusive", "inclusive", "unspecified")


@operation("POST", "/v1/shipping_rates", "display_name fixed_amount metadata tax_behavior type")
def create_shipping_rate(store: Store, params: Row) -> Row:
    """A fixed amount for sending goods."""
    if not text(params.get("display_name")):
        raise required("display_name")
    fixed = mapping(params.get("fixed_amount"), "fixed_amount")
    behavior = text(params.get("tax_behavior")) or "unspecified"
    if behavior not in BEHAVIORS:
        raise invalid(f"Invalid tax_behavior: must be one of {', '.join(BEHAVIORS)}", param="tax_behavior")
    return store.insert(
        {
            "id": store.new_id("shipping_rate"),
            "object": "shipping_rate",
            "active": True,
            "created": store.now(),
            "delivery_estimate": None,
            "display_name": text(params["display_name"]),
            "fixed_amount": {
                "amount": whole(fixed.get("amount", ""), "fixed_amount[amount]"),
                "currency": currency_of(fixed.get("currency"), "fixed_amount[currency]"),
            },
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata")),
            "tax_behavior": behavior,
            "tax_code": None,
            "type": "fixed_amount",
        }
    )


def choose(store: Store, invoice: Row, given: object) -> None:
    """Set an invoice's shipping to a rate, `{"shipping_rate": id}`; an empty string takes it off."""
    wanted = mapping(given, "shipping_cost")
    if not wanted:
        invoice["shipping_cost"] = None
        return
    rate = store.get("shipping_rate", wanted.get("shipping_rate"), param="shipping_cost[shipping_rate]")
    if rate["fixed_amount"]["currency"] != invoice["currency"]:
        raise invalid(f"The currency of the invoice is {invoice['currency']}.", param="shipping_cost")
    invoice["shipping_cost"] = {"shipping_rate": rate["id"]}


def ship(store: Store, invoice: Row) -> list[Row]:
    """Reckon an invoice's shipping cost anew; returns its taxes, which follow the invoice's default rates."""
    if not invoice["shipping_cost"]:
        invoice["amount_shipping"] = 0
        return []
    rate = store.get("shipping_rate", invoice["shipping_cost"]["shipping_rate"])
    amount = rate["fixed_amount"]["amount"]
    taxes = taxes_on(amount, invoice["default_tax_rates"], invoice["customer_tax_exempt"])
    invoice["amount_shipping"] = amount
    invoice["shipping_cost"] = {
        "amount_subtotal": amount - tax_sum(taxes, "inclusive"),
        "amount_tax": sum(tax["amount"] for tax in taxes),
        "amount_total": amount + tax_sum(taxes, "exclusive"),
        "shipping_rate": rate["id"],
    }
    shown = [
        {
            "amount": tax["amount"],
            "rate": whole_rate,
            "taxability_reason": None
            if tax["taxability_reason"] == "not_available"
            else tax["taxability_reason"],
            "taxable_amount": tax["taxable_amount"],
        }
        for tax, whole_rate in zip(taxes, invoice["default_tax_rates"], strict=True)
    ]
    store.keep_aside(invoice, **{"shipping_cost.taxes": shown})
    return taxes
