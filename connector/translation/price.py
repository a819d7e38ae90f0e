"""Price -> service sale item.

Every price has its own item (PI-1), so that income can be split by what was sold.
It is made once and never changed by us afterwards (PI-9). A price that Stripe made
for one invoice only, and a line without a price, are sold as "Stripe Item" (PI-7),
unless an item is found by the product.
An item posts nothing; it says where a line's income goes.
"""

from __future__ import annotations

from connector.netsuite import records
from connector.netsuite.records import Ref, RefType, is_internal_id
from connector.stripe.objects import Price
from connector.translation.customer import not_an_internal_id
from connector.translation.plan import Link, Plan, Planned, Problem, Summary
from connector.translation.settings import Settings, account_ref

GLOBAL_NAME = "Stripe Item"
GLOBAL_KEY = "stripe_item"
LINK_KEYS = (
    "netsuite_service_sale_item_id",
    "netsuite_service_resale_item_id",
    "netsuite_non_inventory_sale_item_id",
    "netsuite_non_inventory_resale_item_id",
)
"""The item types that a price may be linked to (PI-6)."""


def item_ref(price_id: str, price: Price | None, settings: Settings) -> Ref:
    """The item that a line sells. `price` is None when its item is known already."""
    if settings.global_item_workflow or not price_id or (price and shares_item(price, settings)):
        return Ref("item", GLOBAL_KEY)
    return Ref("item", price_id)


def shares_item(price: Price, settings: Settings) -> bool:
    """Whether a price is sold as "Stripe Item" without a look: made for one invoice, no product compared."""
    return price.used_once and not settings.matches_products


def translate(price: Price, settings: Settings) -> Plan:
    """Plan the item of one price, or the link that its metadata asks for."""
    summary = Summary(f"Price {price.product_name or price.id}")
    for key in LINK_KEYS:
        if internal_id := price.metadata.get(key, "").strip():
            return _linked(price, key, internal_id, summary)
    description = " - ".join(part for part in (price.product_name, price.nickname) if part)
    return _item(
        price.id, price.id, price.id, description or price.id, settings, summary, ("PI-1", "PI-9", "OM-3")
    )


def global_item(settings: Settings) -> Plan:
    """Plan "Stripe Item", which stands for prices without an item of their own (PI-2, PI-7)."""
    summary = Summary(f"Item {GLOBAL_NAME}")
    return _item(GLOBAL_KEY, "", GLOBAL_NAME, GLOBAL_NAME, settings, summary, ("PI-7", "PI-9"))


def _linked(price: Price, key: str, internal_id: str, summary: Summary) -> Plan:
    if not is_internal_id(internal_id):
        return Plan(summary, problems=(not_an_internal_id(price.id, key, internal_id),))
    return Plan(summary, links=(Link("item", price.id, internal_id, key, ("PI-2", "PI-6", "ME-1")),))


def _item(
    external_id: str,
    stripe_id: str,
    name: str,
    description: str,
    settings: Settings,
    summary: Summary,
    rules: tuple[str, ...],
) -> Plan:
    if not settings.income_account:
        problem = Problem("income_account_missing", f"No income account is chosen, and {name} needs one.")
        return Plan(summary, problems=(problem,))
    record = records.ServiceSaleItem(
        external_id=external_id,
        item_id=name,
        display_name=name,
        sales_description=description,
        income_account=account_ref(settings.income_account),
        deferred_revenue_account=_optional("account", settings.deferred_revenue_account),
        revenue_recognition_rule=_optional("revenueRecognitionRule", settings.revenue_recognition_rule),
        subsidiary=settings.subsidiary_ref,
    )
    rules += ("RR-2", "PI-18") if record.revenue_recognition_rule else ()
    return Plan(summary, records=(Planned(record, stripe_id, rules),))


def _optional(kind: RefType, internal_id: str) -> Ref | None:
    return Ref(kind, internal_id=internal_id) if internal_id else None
