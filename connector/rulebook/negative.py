"""Negative invoices: what Stripe owes the customer."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs

AREA = "negative"

RULES = (
    Rule(
        "NE-1",
        AREA,
        "NetSuite takes no negative invoice, so it is booked with every line at zero; "
        "the money shows when the balance is used.",
        docs("customer balance", "invoices"),
    ),
    Rule(
        "NE-H1",
        AREA,
        "The real amount of each line is kept in its description, that of the invoice in its memo.",
        CONCLUDED,
    ),
)
