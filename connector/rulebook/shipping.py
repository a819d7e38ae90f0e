"""Shipping: what delivery costs the customer."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs

AREA = "shipping"

RULES = (
    Rule(
        "SH-1",
        AREA,
        "A shipping cost is a line with the item “Stripe Shipping”, which all invoices share.",
        docs("invoices"),
    ),
    Rule(
        "SH-H1",
        AREA,
        "The tax on shipping is counted with the tax lines.",
        CONCLUDED,
        setting="tax_account",
    ),
)
