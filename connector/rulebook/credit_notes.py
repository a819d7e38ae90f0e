"""Credit notes: what Stripe takes back of an invoice after it was finalized."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "credit_notes"

RULES = (
    Rule(
        "CN-1",
        AREA,
        "For an open invoice the memo is made at once and applied when the invoice is paid, "
        "so that a later void can still be booked.",
        both("credit notes"),
    ),
    Rule(
        "CN-2",
        AREA,
        "A note that refunds a paid invoice is a credit memo, left unapplied for its customer refund.",
        docs("credit notes"),
    ),
    Rule(
        "CN-3",
        AREA,
        "A note over an earlier refund is a credit memo for that refund, left unapplied too.",
        docs("credit notes"),
    ),
    Rule(
        "CN-4",
        AREA,
        "What was given back outside Stripe is an unapplied memo that says so, for a person to apply.",
        docs("credit notes"),
    ),
    Rule(
        "CN-5",
        AREA,
        "A credit to the customer's balance makes no memo until a later invoice uses it.",
        docs("credit notes"),
    ),
    Rule(
        "CN-6",
        AREA,
        "One note may do several of these at once.",
        docs("credit notes"),
    ),
    Rule(
        "CN-7",
        AREA,
        "The memo has the note's id, day, currency and text, under the customer of the invoice.",
        docs("credit notes"),
    ),
    Rule(
        "CN-8",
        AREA,
        "Its lines have the items, quantities, days and amounts of the invoice lines that they take "
        "back; a line that the invoice lacks is sold as “Stripe Unallocated Invoice Item”.",
        docs("credit notes"),
    ),
    Rule(
        "CN-9",
        AREA,
        "A line of the note's own is sold as “Stripe Custom Credit Note Line Item”.",
        docs("credit notes"),
    ),
    Rule(
        "CN-10",
        AREA,
        "A note without lines, below the invoice's total, is one line on “Stripe Credit Note Item”.",
        docs("credit notes"),
    ),
    Rule(
        "CN-11",
        AREA,
        "Of an invoice that used balance, a note may give money back to the balance and not to the card.",
        docs("credit notes"),
    ),
    Rule(
        "CN-12",
        AREA,
        "A note on an invoice from before the start date stays outside with it; both are booked by hand.",
        docs("credit notes"),
        setting="sync_start_date",
    ),
    Rule(
        "CN-H1",
        AREA,
        "A refund and its note make one memo, under the refund's id, whichever of them comes first.",
        CONCLUDED,
    ),
    Rule(
        "CN-H2",
        AREA,
        "A note without lines over the whole invoice takes back the invoice's lines.",
        CONCLUDED,
    ),
    Rule(
        "CN-H3",
        AREA,
        "A note that was voided while its memo stands in NetSuite is brought to a person; we void "
        "nothing there.",
        CONCLUDED,
    ),
)
