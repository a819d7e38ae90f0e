"""Invoices: which ones come over, with which lines, on which day."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "invoices"

RULES = (
    Rule(
        "IN-1",
        AREA,
        "An invoice comes over once Stripe has finalized it, whether of a subscription or not; a draft "
        "never does.",
        docs("data sync", "invoices", "invoice automation"),
    ),
    Rule(
        "IN-2",
        AREA,
        "Stripe finalizes a subscription's invoice about an hour after it made it.",
        former("invoices"),
        why_not=reasons.FACT,
    ),
    Rule(
        "IN-3",
        AREA,
        "Each billing period is an invoice, and each Stripe line a NetSuite line.",
        docs("invoices", "invoice automation"),
    ),
    Rule(
        "IN-4",
        AREA,
        "A paid invoice has a payment applied to it; an unpaid one stays open or is closed by a credit memo.",
        docs("invoices"),
    ),
    Rule(
        "IN-5",
        AREA,
        "The period that a line covers is written on it as its first and last day of service.",
        both("charges", "revenue recognition"),
    ),
    Rule(
        "IN-6",
        AREA,
        "Invoices outside a subscription are booked the same way, without days of service.",
        former("charges"),
    ),
    Rule("IN-7", AREA, "A line of zero is kept.", former("invoices")),
    Rule(
        "IN-8", AREA, "A line without a price is booked too, on the item for such lines.", former("invoices")
    ),
    Rule(
        "IN-9",
        AREA,
        "A successful payment brings customer and invoice first, then itself. "
        "A failed one brings the invoice, which stays open.",
        docs("data sync"),
    ),
    Rule(
        "IN-10",
        AREA,
        "An invoice that is to be paid by check or transfer comes over open, with Stripe's due date.",
        former("invoices"),
    ),
    Rule(
        "IN-11",
        AREA,
        "When an invoice adds to the customer's balance, its memo says how much.",
        both("fields"),
    ),
    Rule(
        "IN-12",
        AREA,
        "An invoice below Stripe's smallest charge is not made in NetSuite; the invoice that "
        "collects it later has it as a line.",
        docs("invoices"),
    ),
    Rule(
        "IN-13",
        AREA,
        "Leave the total of a booked invoice as it is: with another one its payment no longer fits.",
        docs("errors"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "IN-14",
        AREA,
        "The charge's id stands in the field custbody_suitesync_authorization_code of the invoice and of "
        "the credit memos made from it; on a memo behind which a refund stands, the refund's id.",
        both("refunds", "fields"),
    ),
    Rule(
        "IN-H1",
        AREA,
        "An invoice is dated when it took effect, else when it was finalized. It is due on Stripe's due "
        "date, "
        "else at once.",
        CONCLUDED,
        setting="time_zone",
    ),
    Rule(
        "IN-H2",
        AREA,
        "The line's amount is Stripe's, to the cent; the rate per unit is left to NetSuite.",
        CONCLUDED,
    ),
    Rule(
        "IN-H3",
        AREA,
        "The lines are held against Stripe's total before anything is written, and NetSuite's total "
        "against it afterwards where it could differ; a difference is a named problem.",
        CONCLUDED,
    ),
    Rule(
        "IN-H4",
        AREA,
        "An invoice that was paid outside Stripe gets no payment from us; it stays open for the real "
        "receipt.",
        CONCLUDED,
    ),
)
