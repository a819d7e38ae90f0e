"""Closing: invoices that were not paid, were given up, or were voided."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs

AREA = "closing"

RULES = (
    Rule(
        "UN-1",
        AREA,
        "After a failed payment the invoice stays open until somebody pays it, gives it up or voids it; "
        "the failure itself makes nothing.",
        docs("invoices", "data sync"),
    ),
    Rule(
        "UN-2",
        AREA,
        "An uncollectible invoice is closed by a credit memo against income, unless unpaid invoices stay "
        "open.",
        docs("invoices"),
        setting="keep_unpaid_invoices_open",
    ),
    Rule(
        "UN-3",
        AREA,
        "In Stripe, uncollectible ends the collection of the invoice and not the subscription.",
        docs("invoices"),
        why_not=reasons.FACT,
    ),
    Rule(
        "UN-4",
        AREA,
        "Have Stripe mark an invoice as uncollectible after its last retry; otherwise it stays open in "
        "NetSuite too.",
        docs("invoices"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "UN-5",
        AREA,
        "An invoice that was closed as uncollectible is not opened again, whatever becomes of it in Stripe.",
        docs("invoices"),
    ),
    Rule(
        "UN-6",
        AREA,
        "The closing memo has the invoice's items and days of service, or the bad-debt item without days.",
        docs("invoices"),
        setting="bad_debt_item",
    ),
    Rule(
        "UN-7",
        AREA,
        "It is dated on the day on which Stripe recorded paid, uncollectible or void.",
        docs("invoices"),
        setting="time_zone",
    ),
    Rule(
        "UN-8",
        AREA,
        "Where failed payments end in a cancelled subscription, what Stripe does to the invoice decides.",
        docs("invoice automation"),
        setting="keep_unpaid_invoices_open",
    ),
    Rule(
        "UN-H1",
        AREA,
        "A void invoice is closed by a memo over what was not credited before, on the day it was "
        "voided; one that never came over makes nothing.",
        CONCLUDED,
    ),
    Rule(
        "UN-H2",
        AREA,
        "Money for an invoice that was given up is an unapplied payment, brought to somebody's notice.",
        CONCLUDED,
    ),
    Rule(
        "UN-H3",
        AREA,
        "Only what remains is credited: on the one line, or on “Stripe Bad Debt Item” when nobody "
        "can say of which of several lines it remains.",
        CONCLUDED,
        setting="bad_debt_item",
    ),
    Rule(
        "UN-H4",
        AREA,
        "Lost money is usually an expense and not less income; choose a bad-debt item that posts there.",
        CONCLUDED,
        setting="bad_debt_item",
        why_not=reasons.ADVICE,
    ),
)
