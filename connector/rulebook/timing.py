"""Timing: what is held, what is released, in which order things come, and how often it is tried."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs, former

AREA = "timing"

RULES = (
    Rule(
        "SY-1",
        AREA,
        "While the setting is on, whatever carries netsuite_block_integration = true is held until it no "
        "longer does.",
        docs("payment application"),
        setting="denylist_payments",
    ),
    Rule(
        "SY-2",
        AREA,
        "What rests on something that is held is held with it.",
        former("errors"),
        setting="denylist_payments",
    ),
    Rule(
        "SY-3",
        AREA,
        "While the other setting is on, only what carries netsuite_allow_integration = true comes over.",
        docs("payment application"),
        setting="allowlist_payments",
    ),
    Rule(
        "SY-4",
        AREA,
        "A payment on the payment page is in NetSuite within half a minute.",
        docs("invoice payment page"),
        why_not=reasons.PAYMENT_PAGES,
    ),
    Rule(
        "SY-5",
        AREA,
        "When NetSuite is busy or away we try again, ever more slowly; after a day a person is told.",
        docs("errors"),
    ),
    Rule(
        "SY-H1",
        AREA,
        "Customer, items, invoice, payment, memo, in this order; a record waits for what it rests on.",
        CONCLUDED,
    ),
    Rule(
        "SY-H2",
        AREA,
        "Each record is made once by its external id, however often and in whatever order messages come; "
        "Stripe is always asked how things stand now.",
        CONCLUDED,
    ),
)
