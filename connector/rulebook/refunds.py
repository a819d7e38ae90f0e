"""Refunds: money that went back to customers."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "refunds"


def _rule(id: str, statement: str, source: str, setting: str = "", why_not: str = "") -> Rule:
    return Rule(id, AREA, statement, source, setting, why_not)


RULES = (
    _rule(
        "RF-1",
        "How the payment is applied in NetSuite decides: unapplied, it is refunded directly; on an invoice, "
        "a memo and a refund are set against each other; a cash sale needs a person.",
        docs("refunds"),
    ),
    _rule(
        "RF-2",
        "The memo is made from the invoice to which the payment belongs now; without one there is no memo.",
        both("refunds"),
    ),
    _rule(
        "RF-3",
        "A full refund takes back the invoice's own items, and so its own accounts.",
        docs("refunds"),
        "refund_item",
    ),
    _rule(
        "RF-4",
        "By setting all refunds go to “Stripe Refund Item” and one account.",
        docs("refunds"),
        "refund_item",
    ),
    _rule("RF-5", "A partial refund of a one-line invoice takes back that line's item.", docs("refunds")),
    _rule(
        "RF-6",
        "With several lines a partial refund goes to “Stripe Partial Refund Item”.",
        both("refunds"),
        "refund_item",
    ),
    _rule(
        "RF-7",
        "The customer refund leaves Undeposited Funds and reaches the bank with its payout.",
        docs("refunds"),
        "undeposited_funds_account",
    ),
    _rule("RF-8", "Returned fees are lines of the deposit and not part of the refund.", docs("refunds")),
    _rule(
        "RF-9",
        "netsuite_credit_memo_id on a refund makes it settle that memo of yours.",
        both("refunds", "payment application"),
    ),
    _rule("RF-10", "A bank debit that failed is refunded in the books, as under CH-27.", docs("refunds")),
    _rule("RF-11", "A customer deposit that no invoice has used is refunded directly.", former("refunds")),
    _rule(
        "RF-12",
        "Refunds of what happened before the start date are booked by hand, or as one line of the deposit.",
        docs("refunds"),
        "sync_start_date",
    ),
    _rule("RF-13", "Refund in one system only.", former("good practice"), why_not=reasons.ADVICE),
    _rule(
        "RF-14",
        "An unapplied memo that names a charge makes Stripe refund it.",
        both("refunds begun in NetSuite"),
        why_not=reasons.STARTED_IN_NETSUITE,
    ),
    _rule("RF-15", "A memo smaller than its refund cannot be applied; NetSuite refuses it.", docs("errors")),
    _rule("RF-H1", "Memo and refund are dated on the day of the refund.", CONCLUDED, "time_zone"),
    _rule(
        "RF-H2",
        "A refund that fails after its money had left stays booked; the money comes back as a deposit line, "
        "an open credit of the customer, and somebody is told. One whose money never left makes nothing.",
        CONCLUDED,
    ),
    _rule(
        "RF-H3",
        "A payment over several invoices has a memo for each, in the order in which it was applied.",
        both("refunds") + "; " + "practice of other connectors",
    ),
    _rule("RF-H4", "Stripe's fee follows what the refund's balance transaction says.", CONCLUDED),
    _rule(
        "RF-H5",
        "Discount and tax lines do not count as lines; a partial refund takes its share of the tax.",
        CONCLUDED,
    ),
    _rule("RF-H6", "Partial refunds stay partial, even when they add up to the whole.", CONCLUDED),
    _rule("RF-H7", "The memo is applied to the refund and never to the invoice.", CONCLUDED),
    _rule("RF-H8", "A customer deposit that an invoice has used is refunded by a memo of it.", CONCLUDED),
)
