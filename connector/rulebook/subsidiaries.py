"""Subsidiaries: several companies and several Stripe accounts."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "subsidiaries"

RULES = (
    Rule(
        "SU-1",
        AREA,
        "A Stripe account belongs to one subsidiary; a subsidiary may have several Stripe accounts.",
        both("subsidiaries", "currencies"),
        setting="subsidiary",
        why_not=reasons.FACT,
    ),
    Rule(
        "SU-2",
        AREA,
        "What we make belongs to the account's subsidiary, so that customers, items and bank agree.",
        docs("payouts"),
        setting="subsidiary",
    ),
    Rule("SU-3", AREA, "Each Stripe account has settings of its own.", docs("subsidiaries")),
    Rule(
        "SU-4",
        AREA,
        "Payment pages find the Stripe account by a field of the subsidiary.",
        docs("payment link"),
        why_not=reasons.PAYMENT_PAGES,
    ),
    Rule(
        "SU-5",
        AREA,
        "The role in NetSuite has to see all subsidiaries that are used.",
        docs("payment link"),
        setting="subsidiary",
        why_not=reasons.SETUP,
    ),
    Rule(
        "SU-H1",
        AREA,
        "Customers of two Stripe accounts are two customers in NetSuite, even under one name.",
        CONCLUDED,
    ),
)
