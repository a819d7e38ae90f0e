"""Disputes: money that a bank took back."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former, market

AREA = "disputes"


def _rule(id: str, statement: str, source: str, setting: str = "", why_not: str = "") -> Rule:
    return Rule(id, AREA, statement, source, setting, why_not)


RULES = (
    _rule(
        "DS-1",
        "A dispute is a customer refund as soon as it happens, with a memo if its payment settles an "
        "invoice.",
        docs("disputes", "data sync"),
    ),
    _rule("DS-2", "An inquiry, which may still end as a plain refund, makes nothing.", former("disputes")),
    _rule(
        "DS-3",
        "The dispute fee is a line that lowers the deposit, on its own account or that of payment fees.",
        docs("disputes"),
        "dispute_fees_account",
    ),
    _rule(
        "DS-4",
        "The memo takes back the invoice's items, or uses “Stripe Dispute Item”.",
        docs("disputes"),
        "dispute_item",
    ),
    _rule(
        "DS-5",
        "After a win no record is reversed: the returned money is a line of the next deposit, "
        "on the account for reversals.",
        docs("disputes", "data sync"),
        "dispute_reversals_account",
    ),
    _rule(
        "DS-6",
        "Whether a line lowers or raises the deposit is decided by its sign.",
        both("disputes", "payouts"),
    ),
    _rule("DS-7", "A lost dispute makes nothing more.", CONCLUDED),
    _rule(
        "DS-8",
        "If the dispute is not the payment's amount, a single line is adjusted; several become one line.",
        docs("disputes"),
        "dispute_item",
    ),
    _rule("DS-9", "The memo takes the invoice's deferred revenue back at once.", former("disputes")),
    _rule(
        "DS-10",
        "Disputes may be lines of the deposit only, without a link to payment or invoice.",
        former("payouts"),
        why_not=reasons.FORMER,
    ),
    _rule(
        "DS-11",
        "Others book a won dispute as a new payment of the customer.",
        market("PayPack", "NovaModule"),
        why_not=reasons.FACT,
    ),
    _rule("DS-H1", "Only a balance transaction makes a record; an inquiry has none.", CONCLUDED),
    _rule(
        "DS-H2", "Memo and refund are dated when the money left, the reversal with its deposit.", CONCLUDED
    ),
    _rule("DS-H3", "A dispute over a part is treated as a partial refund.", CONCLUDED, "dispute_item"),
    _rule(
        "DS-H4",
        "With revenue schedules, send reversals to receivables and bill anew; otherwise income comes in "
        "one lump.",
        CONCLUDED,
        "dispute_reversals_account",
        why_not=reasons.ADVICE,
    ),
    _rule(
        "DS-H5",
        "Balance transactions decide, never the dispute's status, since money can go twice.",
        CONCLUDED,
    ),
)
