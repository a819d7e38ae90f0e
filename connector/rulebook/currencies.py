"""Currencies: what is booked in which one, and with how many decimals."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "currencies"

RULES = (
    Rule(
        "MC-1",
        AREA,
        "Invoices, payments and memos are in the currency of the Stripe object, whatever the bank receives.",
        both("currencies", "charges"),
    ),
    Rule(
        "MC-2",
        AREA,
        "A currency that NetSuite lacks is named, and the document waits until somebody adds it.",
        former("currencies"),
    ),
    Rule(
        "MC-3",
        AREA,
        "A customer must have the document's currency; a customer that we make has it.",
        docs("currencies"),
        setting="add_currencies_to_new_customers",
    ),
    Rule(
        "MC-4",
        AREA,
        "A deposit is in the currency of its bank account: one account for each payout currency.",
        both("currencies", "payouts", "errors"),
        setting="bank_accounts",
    ),
    Rule(
        "MC-5",
        AREA,
        "A charge of 100 NOK that is paid out as 75 EUR is a payment of 100 NOK and 75 EUR of the deposit.",
        former("currencies"),
    ),
    Rule(
        "MC-6",
        AREA,
        "The rate at which Stripe converted is written on the payment.",
        former("currencies, a video"),
    ),
    Rule(
        "MC-7",
        AREA,
        "Fees for conversion are lines of the deposit.",
        docs("deposits"),
    ),
    Rule(
        "MC-8",
        AREA,
        "Stripe converts to one bank account, or pays each currency to its own.",
        both("currencies"),
        why_not=reasons.FACT,
    ),
    Rule(
        "MC-9",
        AREA,
        "Currencies without decimals, such as yen, are taken as they are and not divided by a hundred.",
        former("technical overview"),
    ),
    Rule(
        "MC-H1",
        AREA,
        "A payment settled in the subsidiary's currency has Stripe's rate; NetSuite books the rest as a "
        "difference.",
        CONCLUDED,
    ),
    Rule(
        "MC-H2",
        AREA,
        "A refund is converted at its own day's rate; what differs from the payment is an exchange "
        "difference.",
        CONCLUDED,
    ),
    Rule("MC-H3", AREA, "Currencies with three decimals, such as dinars, keep all three.", CONCLUDED),
)
