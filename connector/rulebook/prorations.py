"""Prorations: what a change of plan or quantity does to the books."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "prorations"

RULES = (
    Rule(
        "PR-1",
        AREA,
        "A change never touches an invoice that is booked; it shows on a later invoice, and each "
        "recognizes revenue over its own period.",
        both("invoices"),
        why_not=reasons.FACT,
    ),
    Rule(
        "PR-2",
        AREA,
        "An upgrade puts the unused time and the new price as lines of their own on the invoice.",
        docs("invoices"),
    ),
    Rule(
        "PR-3",
        AREA,
        "The unused value of a downgrade becomes customer balance, which later invoices use up by credit "
        "memo.",
        docs("invoices"),
    ),
    Rule(
        "PR-4",
        AREA,
        "From yearly to monthly: refund the unused part, cancel, and begin a new subscription.",
        docs("invoices"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "PR-H1",
        AREA,
        "A proration line keeps the period that Stripe gives it; a credit runs as a negative schedule.",
        CONCLUDED,
    ),
)
