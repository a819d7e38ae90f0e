"""Identity: which record stands for which object, how both are tied together, and when it is dated."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs

AREA = "identity"

RULES = (
    Rule(
        "OM-1",
        AREA,
        "A charge is a customer payment, an invoice an invoice, a price or coupon an item, a "
        "customer a customer, a credit note a credit memo. Subscriptions and products make nothing. "
        "Refunds, disputes and payouts have rules of their own.",
        docs("fields", "prices", "data sync"),
    ),
    Rule(
        "OM-2",
        AREA,
        "After a record is written, its NetSuite id goes into the metadata of the Stripe object.",
        both("fields"),
        setting="write_ids_to_stripe",
    ),
    Rule(
        "OM-3",
        AREA,
        "The Stripe id can be read in NetSuite: in the memo of a transaction, the name of an item, "
        "the comments of a customer, and in the external id of each.",
        both("fields"),
    ),
    Rule(
        "OM-4",
        AREA,
        "The external id is the Stripe id itself; a credit memo puts ns_memo: in front of it.",
        docs("fields"),
    ),
    Rule(
        "OM-5",
        AREA,
        "A memo that names a Stripe object starts with “Stripe:”. We never read it back, so people may "
        "change it.",
        docs("fields"),
    ),
    Rule("OM-6", AREA, "Nothing in NetSuite is ever deleted or made inactive by us.", docs("data sync")),
    Rule(
        "OM-7",
        AREA,
        "The NetSuite forms must show the fields that the connection reads and writes, "
        "such as amount due, status, currency, memo and external id.",
        docs("fields"),
        why_not=reasons.SETUP,
    ),
    Rule(
        "OM-8",
        AREA,
        "A payment is dated on the very day of the Stripe transaction and stands in Undeposited Funds.",
        docs("fields"),
        setting="undeposited_funds_account time_zone",
    ),
    Rule(
        "OM-9",
        AREA,
        "When a date has to be moved so that NetSuite accepts the record, the memo keeps the true one: "
        "“Original transaction date: 2026-11-03”.",
        both("fields"),
        setting="closed_period_policy",
    ),
    Rule(
        "OM-10",
        AREA,
        "An id tells what it names by its prefix: ch_ and py_ a payment, re_ and pyr_ a refund, dp_ and du_ "
        "a dispute, po_ a payout, in_ an invoice, cus_ a customer.",
        both("errors", "charges"),
    ),
    Rule(
        "OM-11",
        AREA,
        "A record that was merged or went wrong in NetSuite can be exchanged for another one by its "
        "internal id.",
        both("customers", "errors"),
    ),
    Rule(
        "OM-H1",
        AREA,
        "Several memos of one invoice have different external ids: the invoice's id with the cause "
        "behind it, or the id of the cause where that is an object of its own.",
        CONCLUDED,
        setting="",
    ),
    Rule(
        "OM-H2",
        AREA,
        "A moment becomes a date in the time zone of the account.",
        CONCLUDED,
        setting="time_zone",
    ),
    Rule(
        "OM-H3",
        AREA,
        "A record in a closed period waits for a person, or moves to the first day of the next open period.",
        CONCLUDED,
        setting="closed_period_policy",
    ),
)
