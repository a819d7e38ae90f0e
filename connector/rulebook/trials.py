"""Trials: invoices on which nobody owes anything."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "trials"

RULES = (
    Rule(
        "TZ-1",
        AREA,
        "An invoice whose every line is zero is left out or brought over, by setting; it posts nothing.",
        both("invoices"),
        setting="sync_trial_invoices",
    ),
    Rule(
        "TZ-2",
        AREA,
        "An invoice whose lines cancel out to zero always comes over, since its lines post.",
        docs("invoices"),
    ),
    Rule(
        "TZ-H1",
        AREA,
        "Trial invoices are left out unless the account asks for them.",
        CONCLUDED,
        setting="sync_trial_invoices",
    ),
)
