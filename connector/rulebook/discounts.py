"""Discounts: coupons and promotion codes, line by line."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs

AREA = "discounts"

RULES = (
    Rule(
        "PI-12",
        AREA,
        "A coupon comes over when an invoice uses it; making or changing it in Stripe does nothing.",
        docs("data sync"),
    ),
    Rule(
        "PI-13",
        AREA,
        "Each coupon has a discount item of its own, or all share one, or its metadata names one.",
        docs("prices"),
        setting="global_discount_workflow",
    ),
    Rule(
        "PI-14",
        AREA,
        "A discount does not post to an account of its own: it lowers the revenue of the line that it "
        "follows.",
        docs("prices", "revenue recognition"),
        setting="discount_non_posting",
    ),
    Rule(
        "PI-15",
        AREA,
        "Discounts may post to an account of their own, but then revenue schedules come out wrong.",
        docs("prices"),
        setting="discount_non_posting discount_account",
    ),
    Rule(
        "PI-16",
        AREA,
        "Discounts of a line and of the whole invoice, also several at once, each have a NetSuite line.",
        docs("prices"),
    ),
    Rule(
        "PI-17",
        AREA,
        "netsuite_discount_item_id on a price or a line books a negative line as that discount; on "
        "any other line it has no effect.",
        docs("payment application"),
    ),
    Rule(
        "PI-H2",
        AREA,
        "A discount stands right behind its line, with Stripe's own amount for that line and never a "
        "percentage.",
        CONCLUDED,
    ),
    Rule(
        "DI-1",
        AREA,
        "A line of a credit note takes its discount from its invoice; it cannot have one of its own.",
        docs("prices"),
        why_not=reasons.FACT,
    ),
    Rule(
        "DI-2",
        AREA,
        "A non-posting discount touches no income account; it is counted with the line before it.",
        docs("revenue recognition"),
        setting="discount_non_posting",
    ),
)
