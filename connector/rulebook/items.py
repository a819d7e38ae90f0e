"""Items: what a line sells, and which account its income goes to."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "items"

RULES = (
    Rule(
        "PI-1",
        AREA,
        "Each Stripe price is a service item of its own; products make none.",
        docs("prices", "payment application"),
        setting="global_item_workflow",
    ),
    Rule(
        "PI-2",
        AREA,
        "Instead, all prices may share one item, or a price may be linked to an existing one, also by "
        "several.",
        both("prices", "products"),
        setting="global_item_workflow",
    ),
    Rule(
        "PI-3",
        AREA,
        "A new price makes its item, unless all share one; later changes of the price change nothing in "
        "NetSuite.",
        docs("data sync"),
        setting="global_item_workflow",
    ),
    Rule(
        "PI-4",
        AREA,
        "A field of the price is compared with a field of the items to find one: whole values, the first "
        "wins.",
        docs("prices"),
        setting="item_match_stripe_field item_match_netsuite_field global_item_without_match",
    ),
    Rule(
        "PI-5",
        AREA,
        "An item found by comparing fields goes before the one that metadata names.",
        docs("prices", "payment application"),
        setting="item_match_stripe_field item_match_netsuite_field",
    ),
    Rule(
        "PI-6",
        AREA,
        "A price may be linked to four types of item: service for sale or resale, non-inventory for sale "
        "or resale.",
        docs("payment application"),
    ),
    Rule(
        "PI-7",
        AREA,
        "A price that Stripe made for one invoice only is sold as “Stripe Item”, unless its product leads to "
        "an item, as is a line without a price.",
        docs("invoices", "prices"),
    ),
    Rule(
        "PI-8",
        AREA,
        "A line outside a subscription may name its item in its own metadata.",
        former("field customization"),
    ),
    Rule(
        "PI-9",
        AREA,
        "A new item posts to the chosen income account. What people change on it afterwards is never "
        "overwritten.",
        docs("prices"),
        setting="income_account",
    ),
    Rule(
        "PI-10",
        AREA,
        "NetSuite fixes an item's income account once a closed period uses it, "
        "and a discount item's at its first use.",
        docs("prices"),
        why_not=reasons.FACT,
    ),
    Rule(
        "PI-11",
        AREA,
        "An item for each price suits up to about a hundred new prices a day; beyond that share one item.",
        docs("prices"),
        setting="global_item_workflow",
        why_not=reasons.ADVICE,
    ),
    Rule(
        "PI-18",
        AREA,
        "New items may carry a revenue recognition rule and a deferred revenue account.",
        docs("field mappings", "revenue recognition"),
        setting="revenue_recognition_rule deferred_revenue_account",
    ),
    Rule(
        "PI-H1",
        AREA,
        "An item is named by its price id and described by the product and the price's nickname.",
        CONCLUDED,
    ),
    Rule(
        "PI-H3",
        AREA,
        "A negative line that is no discount, such as unused time, keeps its item and its sign.",
        CONCLUDED,
    ),
)
