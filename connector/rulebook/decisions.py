"""Decisions: what this project chose where the documents disagree or are silent."""

from __future__ import annotations

from connector.rulebook.rule import Rule
from connector.rulebook.sources import DECIDED

AREA = "decisions"


def _rule(id: str, statement: str, setting: str = "", why_not: str = "") -> Rule:
    return Rule(id, AREA, statement, DECIDED, setting, why_not)


RULES = (
    _rule(
        "K1",
        "The last day of service is Stripe's end less one day, in the account's time zone, "
        "never before the first (RR-4).",
        "time_zone",
    ),
    _rule(
        "K2",
        "On a deposit the sign decides: money out is Cash Back, money in is Other Deposits (DS-6, PO-5).",
    ),
    _rule(
        "K3",
        "The memo of a note on an open invoice is made at once and applied after the invoice is paid (CN-1).",
    ),
    _rule(
        "K4",
        "A pending payment is booked at once; a charge that never held money makes nothing (CH-26).",
        "sync_pending_payments",
    ),
    _rule(
        "K5",
        "The customer's ID is the Stripe id, unless NetSuite is to number customers (CU-5).",
        "let_netsuite_number_customers",
    ),
    _rule(
        "K6",
        "Customers come with their first transaction, by setting at sign-up (CU-2).",
        "create_customers_on_signup",
    ),
    _rule("K7", "The Stripe id is always added to a linked customer's comments (CU-18)."),
    _rule(
        "K8",
        "Discounts do not post to an account of their own unless the account says so (PI-14).",
        "discount_non_posting",
    ),
    _rule(
        "K9",
        "Customers that we make get all currencies; customers that we link are left as they are (CU-14).",
        "add_currencies_to_new_customers",
    ),
    _rule("K10", "A duplicate payment is refunded in Stripe (CH-18)."),
    _rule(
        "K11",
        "A cash sale can be linked for its deposit; refunding one needs a person (RF-1).",
    ),
    _rule("K12", "Only lines of a subscription have days of service (IN-6)."),
    _rule(
        "K13",
        "We give lines their days and new items their rule and deferred account; NetSuite does the "
        "rest (RR-1).",
        setting="revenue_recognition_rule deferred_revenue_account",
    ),
    _rule("K14", "An invoice comes over when Stripe has finalized it (IN-1, IN-3)."),
    _rule(
        "K15",
        "A record that fails holds its payout and is named; a difference of totals is never posted in "
        "silence (PO-7).",
    ),
    _rule(
        "K16",
        "External ids are those of the former connector, so that its books are recognized (OM-4, OM-H1).",
    ),
    _rule("K17", "Every moment becomes a date in the account's time zone (OM-H2).", "time_zone"),
    _rule(
        "K18",
        "A record in a closed period is held, or moved to the next open one with the true date in its memo "
        "(OM-H3).",
        "closed_period_policy",
    ),
    _rule(
        "K19", "Trial invoices are left out unless the account asks for them (TZ-H1).", "sync_trial_invoices"
    ),
    _rule("K20", "Each tax rate is a line on a tax item (TX-H1, TX-4).", "tax_account"),
    _rule("K21", "An invoice paid outside Stripe stays open in NetSuite (IN-H4)."),
    _rule(
        "K22",
        "A record is made once; one that is there already is found, compared and left as it stands.",
    ),
    _rule(
        "K23",
        "A charge names its sales order by netsuite_sales_order_id (CH-H4).",
    ),
    _rule("K24", "A refund and its credit note make one memo (CN-H1)."),
    _rule(
        "K25",
        "Money for an uncollectible invoice is an unapplied payment that somebody is told of (UN-H2).",
    ),
)
