"""History: what happened before the books were connected."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "history"

RULES = (
    Rule(
        "BF-1",
        AREA,
        "Nothing that is dated before the start date comes over.",
        docs("refunds", "credit notes", "errors"),
        setting="sync_start_date",
    ),
    Rule(
        "BF-2",
        AREA,
        "A later refund, dispute or payment of something from before that date is left out too.",
        former("launch"),
        setting="sync_start_date",
    ),
    Rule(
        "BF-3",
        AREA,
        "Its cash is one line of the deposit, or is settled by hand.",
        both("launch", "refunds"),
        setting="sync_start_date",
    ),
    Rule(
        "BF-4",
        AREA,
        "After the start, two reports and two journal entries settle what was under way.",
        former("launch"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "BF-5",
        AREA,
        "Have the list of customers, of prices and items, the revenue rule and the start date at hand.",
        docs("onboarding"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "BF-H1",
        AREA,
        "The start date is held against the posting date, in the account's time zone.",
        CONCLUDED,
        setting="sync_start_date time_zone",
    ),
)
