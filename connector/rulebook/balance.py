"""Customer balance: credit that pays an invoice, and debit that the next invoice collects."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, docs, former

AREA = "balance"

RULES = (
    Rule(
        "CB-1",
        AREA,
        "A balance is not in the books until an invoice uses it.",
        docs("customer balance"),
    ),
    Rule(
        "CB-2",
        AREA,
        "The credit memo for used balance is made once the invoice is paid. If a charge paid the rest, "
        "it has to exist first; a partly paid open invoice has no memo.",
        docs("customer balance"),
    ),
    Rule(
        "CB-3",
        AREA,
        "Its memo reads “Stripe: [invoice ID]. This credit memo was created by a Stripe customer's balance.”",
        docs("customer balance"),
    ),
    Rule(
        "CB-4",
        AREA,
        "It credits the item of a one-line invoice; with several lines it credits “Stripe Customer Balance "
        "Item”.",
        docs("customer balance", "invoices"),
    ),
    Rule(
        "CB-5",
        AREA,
        "What one invoice does not use up is left for later ones, each with a credit memo of its own, on "
        "“Stripe Customer Balance Item”: what the rest stands for, nobody can tell.",
        docs("customer balance"),
    ),
    Rule(
        "CB-6",
        AREA,
        "All used balance may go to one chosen item, and so to one account.",
        docs("customer balance"),
        setting="customer_balance_item",
    ),
    Rule(
        "CB-7",
        AREA,
        "A debit that an invoice collects is a line with “Stripe Customer Balance Debit Item”.",
        docs("invoices"),
    ),
    Rule(
        "CB-8",
        AREA,
        "Balance works as a means of payment, but another one keeps the books simpler.",
        docs("invoices"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "CB-9",
        AREA,
        "The memo takes over the invoice's days of service, so that both are recognized against each other.",
        docs("revenue recognition"),
    ),
    Rule(
        "CB-10",
        AREA,
        "Every change of a balance may be booked at once: a credit as an open memo, a debit as an invoice.",
        former("customer balance, a trial feature"),
        why_not=reasons.FORMER,
    ),
    Rule(
        "CB-H1",
        AREA,
        "The memo is dated on the day on which Stripe marked the invoice paid.",
        CONCLUDED,
        setting="time_zone",
    ),
    Rule(
        "CB-H2",
        AREA,
        "Its amount is what the invoice took from the balance, and never more than is left to pay.",
        CONCLUDED,
    ),
    Rule(
        "CB-H3",
        AREA,
        "Until it is used, a credit balance is a debt to the customer that the books do not show.",
        CONCLUDED,
        why_not=reasons.ADVICE,
    ),
)
