"""Payouts: how the money reaches the bank, with Stripe's fees."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "payouts"


def _rule(id: str, statement: str, source: str, setting: str = "", why_not: str = "") -> Rule:
    return Rule(id, AREA, statement, source, setting, why_not)


RULES = (
    _rule(
        "PO-1",
        "Each payout is one deposit to its bank account, with every payment, refund and dispute in it, and "
        "its fees.",
        docs("payouts", "deposits"),
        "bank_accounts",
    ),
    _rule(
        "PO-2",
        "A new payout is checked; a paid one is booked. A failed or reversed one makes nothing.",
        docs("data sync"),
    ),
    _rule(
        "PO-3", "Amount and day of the deposit are those of the bank statement.", both("deposits", "payouts")
    ),
    _rule(
        "PO-4",
        "Fees for processing, conversion, disputes and refunds are lines on the accounts chosen for them.",
        docs("deposits"),
        "payment_fees_account stripe_fees_account dispute_fees_account",
    ),
    _rule(
        "PO-5",
        "Money out is a Cash Back line, money in an Other Deposits line.",
        docs("payouts", "refunds"),
    ),
    _rule(
        "PO-6",
        "Before that every record is checked: not deposited, in Undeposited Funds, with Stripe's amount.",
        docs("payouts", "errors"),
        "undeposited_funds_account",
    ),
    _rule(
        "PO-7", "If one record fails, the payout waits, and the record and reason are named.", docs("payouts")
    ),
    _rule("PO-8", "A deposit that differs from its payout says so in its memo.", both("payouts", "errors")),
    _rule(
        "PO-9",
        "Fees are told apart: processing, Stripe's products, application fees, network fees.",
        docs("payouts"),
        "payment_fees_account stripe_fees_account",
    ),
    _rule(
        "PO-10",
        "Have Stripe pay out by itself, best daily.",
        docs("payouts"),
        why_not=reasons.ADVICE,
    ),
    _rule(
        "PO-11",
        "Payouts that you start by hand name no transactions, so they make no deposit.",
        docs("payouts"),
    ),
    _rule("PO-12", "A payout that takes money from the bank is booked like any other.", docs("payouts")),
    _rule(
        "PO-13",
        "A payment that is held or missing makes its payout wait.",
        docs("payment application", "errors"),
    ),
    _rule(
        "PO-14",
        "A charge can be linked to the payment, deposit or cash sale that another system made, by "
        "netsuite_customer_payment_id, netsuite_customer_deposit_id or netsuite_cash_sale_id.",
        former("payouts"),
    ),
    _rule(
        "PO-15",
        "Leave depositing, deleting, voiding and changing of our records to us.",
        former("good practice"),
    ),
    _rule(
        "PO-16",
        "Transfers and platform fees of connected accounts are shown on payments and deposits.",
        both("connected accounts"),
    ),
    _rule("PO-H1", "The deposit is dated on the day on which the payout arrives.", CONCLUDED),
    _rule("PO-H2", "There is one fee line for each kind, account and currency of a payout.", CONCLUDED),
    _rule(
        "PO-H3",
        "Other movements on Stripe's balance are a line each, by their type; an unknown type waits for a "
        "person.",
        CONCLUDED,
        "adjustments_account",
    ),
    _rule(
        "PO-H4", "A negative payout that NetSuite will not save as a deposit is a journal entry.", CONCLUDED
    ),
    _rule(
        "PO-H5", "A payout that comes back after it was booked is reversed, or returned by a line.", CONCLUDED
    ),
    _rule("PO-H6", "Instant payouts name no transactions either.", CONCLUDED),
    _rule(
        "PO-H7", "Payments less refunds and disputes, with all lines, are the payout to the cent.", CONCLUDED
    ),
    _rule("PO-H8", "Above 10,000 records the payout is several deposits of one day.", CONCLUDED),
)
