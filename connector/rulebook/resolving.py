"""Resolving: what NetSuite refuses, and how it is settled."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import docs, former

AREA = "resolving"

RULES = (
    Rule(
        "ER-1",
        AREA,
        "NetSuite finds nothing left to settle: the invoice is paid already, or a memo is smaller than its "
        "refund.",
        docs("errors"),
    ),
    Rule("ER-2", AREA, "A field that NetSuite requires is empty; the message names it.", docs("errors")),
    Rule(
        "ER-3",
        AREA,
        "A field has a value that NetSuite does not know, usually a deleted one.",
        docs("errors"),
    ),
    Rule(
        "ER-4", AREA, "Metadata names a record that was deleted; the message names the key.", docs("errors")
    ),
    Rule(
        "ER-5",
        AREA,
        "The payment is not the amount due, because of a tax or since somebody changed the invoice.",
        docs("errors"),
    ),
    Rule(
        "ER-6",
        AREA,
        "A held document says which mark holds it.",
        former("errors"),
        setting="denylist_payments allowlist_payments",
    ),
    Rule(
        "ER-7",
        AREA,
        "A list of Stripe ids can be brought over again by the sync command; each says what became of it.",
        docs("errors"),
    ),
    Rule(
        "ER-8",
        AREA,
        "Queue and sync states of the support tool: queued, successful, unsuccessful, before backfill.",
        docs("errors"),
        why_not=reasons.FORMER,
    ),
)
