"""Taxes: what Stripe collected for the authorities."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "taxes"

RULES = (
    Rule(
        "TX-1",
        AREA,
        "The tax is Stripe's, worked out before we hear of it; NetSuite's tax tables are never asked.",
        docs("taxes"),
    ),
    Rule(
        "TX-2",
        AREA,
        "The tax may come from Stripe Tax, from your own rates in Stripe, or from outside as a line.",
        docs("taxes"),
    ),
    Rule(
        "TX-3",
        AREA,
        "NetSuite can show tax on the line, in the header, by component or as an item; we use an item.",
        both("taxes"),
        why_not=reasons.FACT,
    ),
    Rule(
        "TX-4",
        AREA,
        "Where credit notes carry tax, it has to be a line of its own, since a memo's line takes no rate.",
        docs("credit notes"),
    ),
    Rule(
        "TX-5",
        AREA,
        "A tax that only one side knows makes the totals differ, and the payment no longer fits.",
        docs("errors"),
        why_not=reasons.FACT,
    ),
    Rule(
        "TX-6",
        AREA,
        "An invoice item with netsuite_tax = true is a tax that was worked out elsewhere: it is "
        "booked on “Stripe Tax” and posts to the tax payable account.",
        former("taxes by metadata"),
        setting="tax_account",
    ),
    Rule(
        "TX-7",
        AREA,
        "Where a shop or NetSuite itself bills, the connection has no part in tax.",
        former("taxes"),
        why_not=reasons.FACT,
    ),
    Rule(
        "TX-8",
        AREA,
        "British companies that enter gross amounts have them on the lines of credit memos too.",
        docs("credit notes"),
        why_not=reasons.NETSUITE_TAX,
    ),
    Rule(
        "TX-H1",
        AREA,
        "Each tax rate is a line with Stripe's own amount, on an item that posts to the tax payable account; "
        "NetSuite computes nothing.",
        CONCLUDED,
        setting="tax_account",
    ),
    Rule(
        "TX-H2",
        AREA,
        "A tax that the price includes is taken out of its line, so that lines and tax add up to Stripe's "
        "total.",
        CONCLUDED,
        setting="tax_account",
    ),
)
