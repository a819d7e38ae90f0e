"""The tab of ledger accounts and items: what each is for, and how it posts."""

from __future__ import annotations

from dashboard.setting import Group, Setting, Tab

S = Setting


def _account(name: str, affects: str, example: str, *, required: bool = False, help: str = "") -> Setting:
    return Setting(name, affects, example, "account", required, help)


def _item(name: str, affects: str, example: str) -> Setting:
    return Setting(name, affects, example, "item")


ACCOUNTS = Tab(
    "accounts",
    "Accounts and items",
    "The ledger accounts and items of NetSuite that the entries use.",
    (
        Group(
            "Company",
            (
                S(
                    "subsidiary",
                    "New customers and items, and so whose books an invoice is in.",
                    "3 for Acme Europe GmbH.",
                    "subsidiary",
                    help="The subsidiary of new customers and items. Empty only if your NetSuite has none.",
                ),
            ),
        ),
        Group(
            "Money",
            (
                _account(
                    "undeposited_funds_account",
                    "Every payment and refund, until its payout.",
                    "A payment of US$120.00: Dr Undeposited Funds 120.00, Cr Accounts Receivable 120.00.",
                    required=True,
                ),
                _account(
                    "receivables_account",
                    "Every invoice, payment, credit memo and refund.",
                    "An invoice of US$120.00: Dr Accounts Receivable 120.00, Cr Income 120.00.",
                    required=True,
                ),
                _account(
                    "bank_accounts",
                    "The deposit of each payout. A payout in a currency without one waits.",
                    "A payout of US$116.22: Dr Bank USD 116.22, Dr Payment Fees 3.78, "
                    "Cr Undeposited Funds 120.00.",
                    required=True,
                    help="Where payouts arrive: one bank account for each currency.",
                ),
                _account(
                    "payout_clearing_account",
                    "Payouts that a bank sent back, and payouts made by hand.",
                    "A payout of US$500.00 comes back: Dr Payout Clearing 500.00, Cr Bank USD 500.00.",
                ),
                _account(
                    "payout_difference_account",
                    "Payouts whose parts do not add up to their sum.",
                    "The parts add up to US$100.01, the bank has US$100.00: 0.01 goes here.",
                ),
            ),
        ),
        Group(
            "Revenue and taxes",
            (
                _account(
                    "income_account",
                    "Items that are made from now on. Items that NetSuite has keep their own.",
                    "A plan of US$120.00: Cr Income 120.00.",
                    required=True,
                ),
                _account(
                    "deferred_revenue_account",
                    "Items that are made from now on, and so when their revenue is earned.",
                    "A year in advance, US$1,200.00: Cr Deferred Revenue 1,200.00, earned by month.",
                ),
                S(
                    "revenue_recognition_rule",
                    "Items that are made from now on: how their deferred revenue is earned.",
                    "The internal id of “Straight line, by days of service”.",
                ),
                _account(
                    "discount_account",
                    "Discount items, if discounts post by themselves.",
                    "20 % off US$100.00: Dr Discounts 20.00, Cr Income 100.00.",
                ),
                _account(
                    "tax_account",
                    "The tax lines of invoices and credit memos.",
                    "US$100.00 and 8 % tax: Cr Income 100.00, Cr Tax Payable 8.00.",
                ),
            ),
        ),
        Group(
            "Fees",
            (
                _account(
                    "payment_fees_account",
                    "The deposit of every payout with fees.",
                    "2.9 % and 30 cents of US$120.00: Dr Payment Fees 3.78.",
                    required=True,
                ),
                _account(
                    "conversion_fees_account",
                    "Deposits of payouts with converted payments.",
                    "1 % of a converted US$100.00: Dr Conversion Fees 1.00.",
                ),
                _account(
                    "stripe_fees_account",
                    "Deposits of payouts with fees for Billing, Radar and the like.",
                    "Billing for November, US$7.00: Dr Stripe Fees 7.00.",
                ),
                _account(
                    "network_fees_account",
                    "Deposits of payouts with network costs.",
                    "Interchange of US$1.80: Dr Network Fees 1.80.",
                ),
                _account(
                    "application_fees_account",
                    "Deposits of payouts from which a platform took its part.",
                    "A platform takes 2 % of US$100.00: Dr Application Fees 2.00.",
                ),
                _account(
                    "fee_tax_account",
                    "Deposits of payouts with taxed fees.",
                    "21 % VAT on fees of €10.00: Dr Tax on Fees 2.10.",
                ),
                _account(
                    "dispute_fees_account",
                    "Deposits of payouts with disputes.",
                    "A dispute costs US$15.00: Dr Dispute Fees 15.00.",
                ),
            ),
        ),
        Group(
            "Disputes, corrections and other movements",
            (
                _account(
                    "dispute_reversals_account",
                    "Deposits of payouts with disputes that were won.",
                    "US$120.00 comes back: Cr Dispute Reversals 120.00.",
                ),
                _account(
                    "adjustments_account",
                    "Deposits of payouts with corrections. Without one such a payout waits.",
                    "Stripe corrects 4 cents in your favour: Cr Adjustments 0.04.",
                ),
                _account(
                    "balance_accounts",
                    "Deposits of payouts with movements of that type, like reserves and transfers.",
                    "reserved_funds on an asset account: US$1,000.00 is held back, Dr Reserve 1,000.00.",
                    help="An account for each further type of movement on Stripe’s balance, by its name in "
                    "Stripe. A payout with a type that is not here waits.",
                ),
            ),
        ),
        Group(
            "Items of credit memos and of invoices that we make",
            (
                _item(
                    "refund_item",
                    "The line of credit memos for refunds, and so the account that a refund lowers.",
                    "“Refunds” with a contra-revenue account: Dr Refunds 30.00.",
                ),
                _item(
                    "dispute_item",
                    "The line of credit memos for disputes.",
                    "“Chargebacks” with a loss account: Dr Chargebacks 120.00.",
                ),
                _item(
                    "bad_debt_item",
                    "The line of credit memos for uncollectible invoices.",
                    "“Bad debt” with an expense account: Dr Bad Debt 120.00.",
                ),
                _item(
                    "customer_balance_item",
                    "The line of credit memos for used customer balance.",
                    "US$20.00 of balance pays a part of an invoice: Dr Customer Balance 20.00.",
                ),
                _item(
                    "payment_item",
                    "The line of invoices that are made for payments.",
                    "A payment link of US$50.00 is an invoice over one “Donation”.",
                ),
            ),
        ),
    ),
)
