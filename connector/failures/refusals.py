"""What NetSuite refuses to book, and where in NetSuite it is mended."""

from __future__ import annotations

from connector.failures.entry import ACCOUNTANT, ADMIN, ENGINEER, Action, Failure, nobody_acts

LOOK: tuple[Action, ...] = ("retry", "open_netsuite")
CHOOSE: tuple[Action, ...] = ("retry", "open_netsuite", "settings")

FAILURES: tuple[Failure, ...] = (
    # Identity
    Failure(
        "external_id_taken",
        title="Another kind of record has this external id",
        cause="In NetSuite, a record of another type carries the Stripe id that the new record needs.",
        next_step="In NetSuite, search for the external id at Reports > Saved Searches > All Saved Searches "
        "> New. If that record is not meant to stand for this document, clear its external id and try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "id_differs_in_case",
        title="Two ids differ only in capital letters",
        cause="NetSuite does not tell capital letters of an external id apart, and a record for a Stripe "
        "object with nearly the same id is there already. One record for both would mix them up.",
        next_step="For a coupon or a price, make an item of its own in NetSuite, and add its internal id to "
        "the metadata in Stripe, as netsuite_discount_item_id or netsuite_service_sale_item_id. Then try "
        "again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "id_of_price_and_coupon",
        title="A price and a coupon have the same id",
        cause="In NetSuite both would be one item, and the discount would be booked as a sale or the sale as "
        "a discount.",
        next_step="In Stripe, make a coupon with another id, and use it from now on. Enter the invoices that "
        "have the old one by hand, and say so here.",
        who=ACCOUNTANT,
    ),
    Failure(
        "duplicate_customer_email",
        title="Another customer has this e-mail",
        cause="NetSuite is set to refuse a second customer with the same e-mail address.",
        next_step="Find the customer at Lists > Relationships > Customers. If it is the same one, add its "
        "internal id to the Stripe customer’s metadata as netsuite_customer_id. Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "duplicate_customer_name",
        title="Another customer has this name",
        cause="NetSuite allows each name or customer ID only once, and another customer, vendor or employee "
        "has it.",
        next_step="Find it at Lists > Relationships > Customers. If it is the same one, add its internal id "
        "to the Stripe customer’s metadata as netsuite_customer_id; if not, rename one of them. Then try "
        "again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "duplicate_item_name",
        title="Another item has this name",
        cause="NetSuite allows each item name only once, and an item of this name exists already.",
        next_step="Find it at Lists > Accounting > Items. If it is the right one, add its internal id to "
        "the Stripe price’s metadata as netsuite_service_sale_item_id, or to the coupon’s as "
        "netsuite_discount_item_id; if not, rename it. Then try again.",
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "duplicate_number",
        title="Another transaction has this number",
        cause="NetSuite is set to refuse a document number that exists already.",
        next_step="See Duplicate Number Warnings at Setup > Accounting > Accounting Preferences, and the "
        "next numbers at Setup > Company > Auto-Generated Numbers. Then try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    nobody_acts(
        "record_changed",
        title="Somebody is editing the same record",
        cause="The NetSuite record was changed between our reading and our writing.",
    ),
    Failure(
        "record_locked",
        title="A NetSuite workflow locks this record",
        cause="A workflow in NetSuite keeps the record closed to changes, usually until somebody approves "
        "it.",
        next_step="Approve the record in NetSuite, or look at the workflow at Customization > Workflow > "
        "Workflows. Then try again.",
        actions=LOOK,
    ),
    Failure(
        "record_not_found",
        title="The NetSuite record is gone",
        cause="Somebody deleted the record in NetSuite, or our role may not see it.",
        next_step="Search for its deletion at Reports > Saved Searches > All Saved Searches > New > Deleted "
        "Record, and check our role at Setup > Users/Roles > Manage Roles. Then try again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    # Applying payments and credits
    Failure(
        "invoice_already_paid",
        title="Invoice already paid, or closed to this payment",
        cause="In NetSuite the invoice is already paid or closed, waits for approval, or belongs to another "
        "customer.",
        next_step="Open the invoice in NetSuite and look at its Related Records subtab. If another payment "
        "or credit was applied by mistake, unapply it and try again. If the customer paid twice, refund one "
        "payment in Stripe and allow the duplicate here: it then comes over unapplied, with its payout.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "amount_differs",
        title="The amount due in NetSuite is different",
        cause="Less is due on the invoice in NetSuite than was paid in Stripe, usually because somebody "
        "edited it, or because NetSuite added or left out tax.",
        next_step="Open the invoice in NetSuite, bring its total back to the amount in Stripe, and try "
        "again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "applied_too_much",
        title="The payment exceeds what is left to pay",
        cause="In NetSuite less is open on the invoice than this payment or credit would settle.",
        next_step="Open the invoice in NetSuite and look at its Related Records subtab. Unapply what was "
        "applied by mistake, or bring its total back to the amount in Stripe, and try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "applied_records_differ",
        title="Payment and invoice do not belong together",
        cause="The two NetSuite records have different customers or different Accounts Receivable accounts.",
        next_step="Compare the customer and the A/R account on both records in NetSuite. Correct the wrong "
        "one, or choose the right Accounts Receivable in the account’s settings, and try again.",
        who=ACCOUNTANT,
        actions=CHOOSE,
    ),
    Failure(
        "customer_cannot_pay",
        title="NetSuite does not take payments from this customer",
        cause="In NetSuite the record is a lead or a prospect, or has a status that may not pay.",
        next_step="Open it at Lists > Relationships > Customers, change its Status to one of a customer, "
        "and try again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "source_closed",
        title="The NetSuite record is closed for this",
        cause="A new record was to be made from another one that is closed, paid in full, or not yet "
        "approved.",
        next_step="Open the record in NetSuite and look at its status. Reopen or approve it, and try again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "payment_not_depositable",
        title="A payment cannot be deposited",
        cause="The payment is in another deposit already, or it is not in Undeposited Funds.",
        next_step="Open the payment in NetSuite. If a deposit under Transactions > Bank > Make Deposits > "
        "List holds it, remove it there; if its account is not Undeposited Funds, correct that. Then try "
        "again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    # Periods
    Failure(
        "period_closed",
        title="The posting period is closed",
        cause="The document is dated in a period that is closed or locked in NetSuite.",
        next_step="Have it dated on the first open day: its memo keeps the day that it had. Or reopen the "
        "period at Setup > Accounting > Manage G/L > Manage Accounting Periods and try again. Ask whoever "
        "closes the books before you do. An account can date all of them so: Closed period policy in its "
        "settings.",
        who="An approver, or somebody who may reopen posting periods",
        actions=CHOOSE,
    ),
    Failure(
        "period_missing",
        title="NetSuite has no period for this date",
        cause="No posting period covers the date of the document.",
        next_step="Set up the period at Setup > Accounting > Manage G/L > Manage Accounting Periods, and "
        "try again.",
        who="Somebody who may set up posting periods",
        actions=LOOK,
    ),
    # Amounts, currencies, tax
    Failure(
        "too_many_decimals",
        title="NetSuite takes fewer decimals",
        cause="An amount has more decimals than NetSuite keeps for this currency, and rounding it would "
        "make the books differ from Stripe.",
        next_step="See Currency Precision of the currency at Lists > Accounting > Currencies. If it cannot "
        "be changed, enter the document in NetSuite and note the difference. Once it is entered by hand, do "
        "not try it again here.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
    Failure(
        "not_in_balance",
        title="NetSuite finds it out of balance",
        cause="NetSuite’s own sum differs from ours, usually because it adds tax or because a workflow "
        "changes lines.",
        next_step="Look at the taxes at Setup > Accounting > Taxes > Set Up Taxes and at workflows at "
        "Customization > Workflow > Workflows. Stop what adds to our lines, and try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "amount_refused",
        title="NetSuite does not take this amount",
        cause="The amount is negative or zero where NetSuite allows neither, or a discount exceeds what it "
        "is taken from.",
        next_step="Compare the amounts on the document in the Stripe Dashboard with the message above, and "
        "enter the document in NetSuite. Once it is entered by hand, do not try it again here.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "currency_missing_on_customer",
        title="The customer cannot be billed in this currency",
        cause="The customer in NetSuite does not have the currency of this document.",
        next_step="Open the customer at Lists > Relationships > Customers, add the currency on its "
        "Financial subtab, and try again.",
        actions=LOOK,
    ),
    Failure(
        "currency_unknown",
        title="NetSuite does not take this currency",
        cause="The currency was deleted or made inactive in NetSuite.",
        next_step="Add or reactivate it at Lists > Accounting > Currencies, and try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "account_currency_differs",
        title="The ledger account has another currency",
        cause="The chosen ledger account is kept in a currency that is not the document’s.",
        next_step="See the account’s currency at Lists > Accounting > Accounts, choose one that fits in the "
        "account’s settings, and try again.",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "exchange_rate_missing",
        title="No exchange rate for this day",
        cause="NetSuite has no rate between the document’s currency and its own for the date of the "
        "document.",
        next_step="Enter the rate at Lists > Accounting > Currency Exchange Rates, and try again.",
        actions=LOOK,
    ),
    Failure(
        "item_without_account",
        title="An item has no account",
        cause="An item on the document has an amount to post and no income account to post it to.",
        next_step="Open the item at Lists > Accounting > Items, fill in its Income Account on the "
        "Accounting subtab, and try again.",
        actions=LOOK,
    ),
    Failure(
        "tax_code_refused",
        title="The tax does not fit the subsidiary",
        cause="The tax code is not valid for the nexus of the subsidiary, or the subsidiary has no nexus.",
        next_step="Compare Setup > Accounting > Taxes > Tax Codes with the Nexuses subtab at Setup > "
        "Company > Subsidiaries. Correct one of them, and try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    # References and fields
    Failure(
        "subsidiary_mismatch",
        title="The subsidiaries do not match",
        cause="The customer, an item or a ledger account belongs to another subsidiary than the document.",
        next_step="NetSuite’s message names the record. Add the subsidiary to it in NetSuite, or choose "
        "another subsidiary or ledger account in the account’s settings. Then try again.",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "invalid_reference",
        title="NetSuite cannot use a record that we named",
        cause="A chosen ledger account, item, customer or subsidiary is inactive or deleted, or our role "
        "may not see it.",
        next_step="NetSuite’s message names its kind and internal id. Reactivate it at Lists > Accounting > "
        "Accounts or Items or Lists > Relationships > Customers, or choose another one in the account’s "
        "settings. Then try again.",
        who=ADMIN,
        actions=CHOOSE,
    ),
    Failure(
        "required_field_missing",
        title="NetSuite wants a field filled in",
        cause="Your NetSuite makes a field mandatory that SuiteSync does not fill in. Its message names the "
        "field.",
        next_step="Make the field optional for our role, or give it a default, at Customization > Forms > "
        "Transaction Forms or Entry Forms (for your own fields: Customization > Lists, Records, & Fields). "
        "Then try again.",
        who=ADMIN,
        actions=LOOK,
    ),
    Failure(
        "invalid_field_value",
        title="NetSuite does not take a value",
        cause="A field holds a value that NetSuite does not offer there, for example one that was deleted. "
        "Its message names both.",
        next_step="Correct the value on the record in NetSuite or the Stripe Dashboard, or the choice in "
        "the account’s settings, and try again.",
        actions=("retry", "open_netsuite", "open_stripe", "settings"),
    ),
    Failure(
        "too_long",
        title="A text is too long for NetSuite",
        cause="A name, number or e-mail is longer than its field in NetSuite, and cutting it would make it "
        "another one.",
        next_step="Shorten the text in the Stripe Dashboard, and try again.",
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "too_many_lines",
        title="Too many lines for one transaction",
        cause="The document has more lines than NetSuite takes on one transaction.",
        next_step="Open it in the Stripe Dashboard, enter it in NetSuite as two transactions, and show this "
        "page to an engineer. Once it is entered by hand, do not try it again here.",
        who=ENGINEER,
        actions=("retry", "open_stripe"),
    ),
    # Deleting and voiding
    Failure(
        "record_in_use",
        title="Other records depend on this one",
        cause="NetSuite does not delete or void a record that payments, deposits or other records refer to.",
        next_step="Open the record in NetSuite, look at its Related Records subtab, and take away what "
        "refers to it. Then try again.",
        who=ACCOUNTANT,
        actions=LOOK,
    ),
)
