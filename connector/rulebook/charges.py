"""Charges: money that customers paid through Stripe."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import CONCLUDED, both, docs, former

AREA = "charges"

RULES = (
    Rule(
        "CH-1",
        AREA,
        "Payments of every kind come over as they happen, with customer and invoice where those are missing.",
        both("charges", "data sync"),
    ),
    Rule(
        "CH-2",
        AREA,
        "A payment is what the customer paid, in the currency of the charge and before Stripe's fees, "
        "so that it settles the receivable exactly.",
        both("charges"),
    ),
    Rule(
        "CH-3",
        AREA,
        "It waits in Undeposited Funds until its payout reaches the bank.",
        both("charges", "deposits"),
        setting="undeposited_funds_account",
    ),
    Rule(
        "CH-4",
        AREA,
        "A deposit moves it to the bank account when Stripe pays it out.",
        docs("charges"),
    ),
    Rule(
        "CH-5",
        AREA,
        "A payment is booked once Stripe has a balance transaction for it.",
        docs("charges"),
    ),
    Rule(
        "CH-6",
        AREA,
        "The payment of an invoice comes after the invoice and is applied to it.",
        both("charges"),
    ),
    Rule(
        "CH-7",
        AREA,
        "A payment without an invoice stays unapplied under its customer, with the charge's description in "
        "the memo.",
        both("charges", "fields"),
    ),
    Rule(
        "CH-8",
        AREA,
        "Such a payment credits receivables and nothing debits them: an invoice or journal entry has to be "
        "made.",
        both("charges"),
        why_not=reasons.ADVICE,
    ),
    Rule(
        "CH-9",
        AREA,
        "By setting it is applied to the customer's next invoice.",
        both("charges", "customer payment page"),
        setting="auto_apply_standalone_charges",
    ),
    Rule(
        "CH-10",
        AREA,
        "A payment without a Stripe customer is booked under “Stripe Unallocated Charges”.",
        both("charges"),
    ),
    Rule(
        "CH-11",
        AREA,
        "By setting it gets an invoice of one line, “Stripe Generic Line Item”, to which it is applied.",
        both("payment application", "standalone charges"),
        setting="create_invoices_for_payments",
    ),
    Rule(
        "CH-12",
        AREA,
        "The item of that line may be found by comparing a field of the charge with one of the items.",
        both("payment application", "standalone charges"),
        setting="payment_match_stripe_field payment_match_netsuite_field payment_item",
    ),
    Rule(
        "CH-13",
        AREA,
        "netsuite_invoice_id on a charge applies the payment to that NetSuite invoice.",
        both("payment application", "charges"),
    ),
    Rule("CH-14", AREA, "Never more is applied to an invoice than is due on it.", docs("errors")),
    Rule(
        "CH-15",
        AREA,
        "The open invoice of an unapplied payment is searched for by customer and amount, hourly for three "
        "days.",
        former("payment application"),
        why_not=reasons.FORMER,
    ),
    Rule(
        "CH-16",
        AREA,
        "apply_to_invoices on a charge lists several invoices by their numbers.",
        former("payments over several invoices"),
    ),
    Rule(
        "CH-17",
        AREA,
        "NetSuite refuses a second payment of a paid invoice, which then waits for a person and holds its "
        "payout.",
        both("charges", "errors"),
        setting="allow_duplicate_payments",
    ),
    Rule(
        "CH-18",
        AREA,
        "Where duplicates are allowed it comes over unapplied, and its memo says that the invoice did not "
        "take it.",
        both("charges", "errors"),
        setting="allow_duplicate_payments",
    ),
    Rule(
        "CH-19",
        AREA,
        "Duplicates are allowed by setting, and for one charge by netsuite_allow_duplicate or by a person’s "
        "Allow Duplicate Transaction, which writes that mark on the charge.",
        both("charges", "errors"),
        setting="allow_duplicate_payments",
    ),
    Rule(
        "CH-20",
        AREA,
        "A charge for a sales order is a customer deposit on it.",
        former("charges"),
        setting="find_sales_orders",
    ),
    Rule(
        "CH-21",
        AREA,
        "A customer deposit is a debt to the customer until the order is billed and NetSuite applies it.",
        former("charges"),
    ),
    Rule(
        "CH-22",
        AREA,
        "If the order cannot take a deposit, it comes over unapplied; an order pending approval is waited "
        "for.",
        former("charges"),
    ),
    Rule(
        "CH-23",
        AREA,
        "Customer and order of a deposit cannot be changed afterwards.",
        former("charges"),
    ),
    Rule(
        "CH-24",
        AREA,
        "netsuite_customer_deposit_id links a charge to a deposit that NetSuite has already.",
        docs("payment application"),
    ),
    Rule(
        "CH-25",
        AREA,
        "A shop writes the order with its charge; when it is billed, the payment finds the invoice.",
        former("e-commerce"),
    ),
    Rule(
        "CH-26",
        AREA,
        "A bank debit that is on its way is booked at once, as if it were good.",
        both("charges"),
        setting="sync_pending_payments",
    ),
    Rule(
        "CH-27",
        AREA,
        "If it then fails, it is taken off its invoice and refunded in the books, with the reason and no "
        "memo.",
        both("charges", "refunds"),
    ),
    Rule("CH-28", AREA, "A charge that failed without ever holding money makes nothing.", docs("charges")),
    Rule(
        "CH-29",
        AREA,
        "An authorized charge makes nothing until it is captured.",
        both("charges", "data sync"),
    ),
    Rule(
        "CH-30",
        AREA,
        "An authorization is captured when its NetSuite invoice is made, and refunded by a memo on it.",
        former("authorization and capture"),
        why_not=reasons.STARTED_IN_NETSUITE,
    ),
    Rule("CH-H1", AREA, "Of a charge that was captured in part, that part is the payment.", CONCLUDED),
    Rule("CH-H2", AREA, "Each of several charges on an invoice is a payment of its own.", CONCLUDED),
    Rule(
        "CH-H3",
        AREA,
        "The payment method in NetSuite is called “Stripe”.",
        CONCLUDED,
        why_not=reasons.NO_METHOD,
    ),
    Rule(
        "CH-H4",
        AREA,
        "A charge names its sales order by netsuite_sales_order_id.",
        CONCLUDED,
    ),
    Rule(
        "CH-H5",
        AREA,
        "Invoices for payments are the way to give unallocated money its income.",
        CONCLUDED,
        setting="create_invoices_for_payments",
    ),
)
