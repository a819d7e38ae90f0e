"""Revenue recognition: the days of service that NetSuite spreads revenue over."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import both, docs

AREA = "revenue"

RULES = (
    Rule(
        "RR-1",
        AREA,
        "Schedules are made by NetSuite's Advanced Revenue Management.",
        both("revenue recognition"),
        why_not=reasons.SETUP,
    ),
    Rule(
        "RR-2",
        AREA,
        "A revenue rule is chosen when you start, and every new item gets it.",
        docs("revenue recognition", "onboarding"),
        setting="revenue_recognition_rule",
    ),
    Rule(
        "RR-3",
        AREA,
        "Start and end of a line's period stand in the line fields for Stripe's dates.",
        docs("revenue recognition"),
    ),
    Rule(
        "RR-4",
        AREA,
        "NetSuite counts the last day and Stripe does not, so the last day of service is the day before "
        "Stripe's end, never before the first.",
        docs("revenue recognition"),
        setting="time_zone",
    ),
    Rule(
        "RR-5",
        AREA,
        "A memo that takes an invoice back, in part or whole, has the invoice's days as they are on that "
        "day.",
        docs("revenue recognition"),
    ),
    Rule(
        "RR-6",
        AREA,
        "A year's invoice over 120.00 from September, refunded in October, is reversed with 10.00 in each "
        "month.",
        docs("revenue recognition"),
    ),
    Rule(
        "RR-7",
        AREA,
        "If September was closed by then, its share of the reversal falls into October.",
        docs("revenue recognition"),
        why_not=reasons.FACT,
    ),
    Rule(
        "RR-8",
        AREA,
        "Make the revenue journal entries before you close a period; we do not make them.",
        docs("revenue recognition"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "RR-9",
        AREA,
        "“Stripe Partial Refund Item” has the schedule and deferred account of the settings.",
        both("refunds"),
    ),
    Rule(
        "RR-10",
        AREA,
        "A line of a credit memo that belongs to an invoice line has that line's days of service.",
        docs("credit notes"),
    ),
)
