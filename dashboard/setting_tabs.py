"""The tabs of Settings: each setting once, with what it affects and an example, in finance words.

What a setting means is its help text in the model; the rules that it steers stand in the rulebook.
"""

from __future__ import annotations

from dashboard.setting import Group, Setting, Tab
from dashboard.setting_accounts import ACCOUNTS

S = Setting

CONNECTIONS = Tab(
    "connections",
    "Connections",
    "How SuiteSync signs in to Stripe and to NetSuite.",
    (
        Group(
            "Stripe",
            (
                S(
                    "stripe_api_key",
                    "Everything: without it no document can be read.",
                    "A restricted key, rk_live_…, that may read what is to be booked.",
                    required=True,
                ),
                S(
                    "stripe_webhook_secret",
                    "Whether Stripe's messages are accepted. Without it none is.",
                    "whsec_…, shown once in Stripe when the webhook endpoint is made.",
                    required=True,
                ),
                S(
                    "stripe_webhook_secret_previous",
                    "Messages that are still signed with the old secret.",
                    "Rolled at 09:00 with a day's grace: keep the old one here until tomorrow.",
                ),
                S(
                    "stripe_api_base",
                    "Where Stripe is asked. Only a practice world has an address of its own.",
                    "http://127.0.0.1:8001 for the practice world.",
                ),
            ),
        ),
        Group(
            "NetSuite",
            (
                S(
                    "netsuite_account_id",
                    "Which NetSuite company is written to.",
                    "1234567, or 1234567_SB1 for its sandbox.",
                    required=True,
                ),
                S(
                    "netsuite_consumer_key",
                    "Signing in to NetSuite.",
                    "Shown once when the integration record is made.",
                    required=True,
                ),
                S(
                    "netsuite_consumer_secret",
                    "Signing in to NetSuite.",
                    "Shown beside the consumer key.",
                    required=True,
                ),
                S(
                    "netsuite_token_id",
                    "In whose name, and with which role, records are written.",
                    "Shown once when the access token is made.",
                    required=True,
                ),
                S(
                    "netsuite_token_secret",
                    "Signing in to NetSuite.",
                    "Shown beside the token ID.",
                    required=True,
                ),
                S(
                    "netsuite_concurrency",
                    "How fast many records are written, and how much room other integrations have.",
                    "A standard company allows 5 requests at once: 4 here leaves one.",
                ),
                S(
                    "netsuite_version",
                    "In which year's form NetSuite is asked. Leave it, unless support says otherwise.",
                    "2025_2",
                ),
                S(
                    "netsuite_base_url",
                    "Where NetSuite is asked. Only a practice world has an address of its own.",
                    "http://127.0.0.1:8001/netsuite for the practice world.",
                ),
            ),
        ),
    ),
)

COPY = Tab(
    "copy",
    "What to copy",
    "Which documents come to NetSuite, from when on, and on which day they are dated.",
    (
        Group(
            "Dates",
            (
                S(
                    "time_zone",
                    "The date of every transaction, and so its posting period.",
                    "A payment at 23:30 on 31 January in New York is one of 1 February in UTC.",
                    required=True,
                ),
                S(
                    "sync_start_date",
                    "Invoices, payments and payouts of before that day stay out.",
                    "1 January 2026, if 2025 was booked by hand.",
                ),
                S(
                    "summarize_before_start",
                    "The first payouts after the start date, which hold older payments.",
                    "A payout of US$900.00 with US$200.00 of before: its deposit has a line of 200.00.",
                ),
            ),
        ),
        Group(
            "Documents",
            (
                S(
                    "create_customers_on_signup",
                    "How many customers NetSuite has.",
                    "5,000 sign up and 300 buy: on makes 5,000 customers, off 300.",
                ),
                S(
                    "sync_trial_invoices",
                    "Invoices of zero.",
                    "A free month: on makes an invoice of US$0.00, off none.",
                ),
                S(
                    "sync_pending_payments",
                    "The day on which a bank debit is booked.",
                    "A debit of Monday that arrives on Friday: on books it on Monday, off on Friday.",
                ),
                S(
                    "create_invoices_for_payments",
                    "Payments that pay no invoice in Stripe.",
                    "A payment link of US$50.00: on makes an invoice and pays it, off leaves it unapplied.",
                ),
            ),
        ),
        Group(
            "Marked payments",
            (
                S(
                    "denylist_payments",
                    "Payments and invoices that somebody marks in Stripe.",
                    "A test order is marked netsuite_block_integration = true: on, it stays out.",
                ),
                S(
                    "allowlist_payments",
                    "All payments and invoices: what is not marked stays out.",
                    "Try SuiteSync with one marked invoice before all others.",
                ),
            ),
        ),
    ),
)

RULES = Tab(
    "rules",
    "Rules",
    "What happens where NetSuite or Stripe leaves a choice.",
    (
        Group(
            "Invoices and payments",
            (
                S(
                    "closed_period_policy",
                    "Transactions that are dated in a closed posting period.",
                    "January is closed, an invoice of 31 January comes on 3 February: it waits, or is dated "
                    "1 February with its true day in the memo.",
                ),
                S(
                    "allow_duplicate_payments",
                    "Second payments of invoices that are paid in full.",
                    "US$120.00 paid twice: on brings the second one unapplied, off shows it to an approver.",
                ),
                S(
                    "keep_unpaid_invoices_open",
                    "Invoices that Stripe has given up.",
                    "US$120.00 uncollectible: off writes a credit memo of 120.00, on leaves the receivable.",
                ),
                S(
                    "find_sales_orders",
                    "Payments without an invoice in Stripe.",
                    "Order 77 holds the authorization code ch_…: that payment is a deposit on order 77.",
                ),
                S(
                    "auto_apply_standalone_charges",
                    "Payments without an invoice in Stripe.",
                    "US$50.00 in advance: on, it is applied to the customer's next invoice.",
                ),
            ),
        ),
        Group(
            "Customers",
            (
                S(
                    "global_customer_workflow",
                    "Every invoice and payment: NetSuite has one customer for all.",
                    "A shop with 100,000 buyers that needs no receivables by customer.",
                ),
                S(
                    "customer_match_stripe_field",
                    "Which NetSuite customer a Stripe customer is, at its first document.",
                    "email, and email in NetSuite: ap@cobalt.example finds Cobalt GmbH.",
                ),
                S(
                    "customer_match_netsuite_field",
                    "Which NetSuite customer a Stripe customer is, at its first document.",
                    "entityId, and metadata.erp_number in Stripe: C-1007 finds customer C-1007.",
                ),
                S(
                    "global_customer_without_match",
                    "Customers that are compared and not found.",
                    "Customers are made in NetSuite alone: on, nothing new is made there.",
                ),
                S(
                    "let_netsuite_number_customers",
                    "The Customer ID of new customers.",
                    "On: CUST1042. Off: cus_NffrFeUfNV2Hib.",
                ),
                S(
                    "add_currencies_to_new_customers",
                    "New customers.",
                    "On: a customer who paid in USD can be billed in EUR later.",
                ),
            ),
        ),
        Group(
            "Items",
            (
                S(
                    "global_item_workflow",
                    "The lines of every invoice: NetSuite has one item for all.",
                    "Reports by item are not needed: every line sells “Stripe Item”.",
                ),
                S(
                    "item_match_stripe_field",
                    "Which NetSuite item a price is sold as.",
                    "metadata.sku, and itemId in NetSuite: PRO-12 is sold as PRO-12.",
                ),
                S(
                    "item_match_netsuite_field",
                    "Which NetSuite item a price is sold as.",
                    "displayName, and product.name in Stripe: Pro plan is sold as Pro plan.",
                ),
                S(
                    "global_item_without_match",
                    "Prices that are compared and not found.",
                    "Items are made in NetSuite alone: on, nothing new is made there.",
                ),
                S(
                    "payment_match_stripe_field",
                    "The line of invoices that are made for payments.",
                    "description, and itemId in NetSuite: “Workshop” sells the item Workshop.",
                ),
                S(
                    "payment_match_netsuite_field",
                    "The line of invoices that are made for payments.",
                    "itemId, and metadata.product_name in Stripe.",
                ),
            ),
        ),
        Group(
            "Discounts",
            (
                S(
                    "discount_non_posting",
                    "Discount items that are made from now on.",
                    "20 % off US$100.00: on posts income of 80.00, off 100.00 and a discount of 20.00.",
                ),
                S(
                    "global_discount_workflow",
                    "The discount lines of invoices.",
                    "SPRING20 and VIP both use one discount item.",
                ),
            ),
        ),
    ),
)

FIELDS = Tab(
    "fields",
    "Fields",
    "Further fields of NetSuite's records and lines, and the ids that we leave in Stripe.",
    (
        Group(
            "Fields of NetSuite records",
            (
                S(
                    "field_defaults",
                    "Records that are written from now on.",
                    '{"invoice": {"klass_id": 5}} puts every invoice into class 5.',
                ),
                S(
                    "field_mappings",
                    "Records that are written from now on. A value from Stripe goes before a fixed one.",
                    '{"invoice": {"metadata.po": "other_ref_num"}} takes the order number over.',
                ),
            ),
            "A value from Stripe goes before a fixed one, both before ours.",
        ),
        Group(
            "Ids in Stripe",
            (
                S(
                    "write_ids_to_stripe",
                    "The metadata of Stripe's objects, after the booking and never in its way.",
                    "netsuite_invoice_id = 4711 on in_….",
                ),
            ),
        ),
    ),
)

TABS = (CONNECTIONS, COPY, ACCOUNTS, RULES, FIELDS)
BY_NAME = {one.name: one for tab in TABS for one in tab.settings}
TAB_OF = {one.name: tab for tab in TABS for one in tab.settings}


def tab_named(key: str) -> Tab | None:
    """The tab at an address."""
    return next((tab for tab in TABS if tab.key == key), None)
