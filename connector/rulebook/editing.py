"""Editing: an invoice that Stripe replaced by a corrected one."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs

AREA = "editing"

RULES = (
    Rule(
        "ED-1",
        AREA,
        "A revised invoice is closed by a credit memo, and the revision is booked as a new invoice.",
        docs("invoices"),
    ),
    Rule(
        "ED-H1",
        AREA,
        "The memo is dated on the day of the revision and has the items and days of the first invoice, "
        "so that its revenue comes to nothing.",
        CONCLUDED,
        setting="time_zone",
    ),
)
