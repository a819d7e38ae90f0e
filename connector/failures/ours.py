"""What SuiteSync stops at by itself: choices not made, documents that it cannot book, runs that broke off."""

from __future__ import annotations

from connector.failures.entry import ACCOUNTANT, ADMIN, ENGINEER, Failure, nobody_acts

FAILURES: tuple[Failure, ...] = (
    # Choices
    Failure(
        "undeposited_funds_account_missing",
        title="Choose the Undeposited Funds account",
        cause="Payments wait in Undeposited Funds until their payout reaches the bank, and no account is "
        "chosen for that.",
        next_step="Find the account at Lists > Accounting > Accounts in NetSuite, choose it as Undeposited "
        "Funds in the account’s settings, and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "receivables_account_missing",
        title="Choose the Accounts Receivable account",
        cause="Invoices and payments post to Accounts Receivable, and no account is chosen for that.",
        next_step="Find the account at Lists > Accounting > Accounts in NetSuite, choose it as Accounts "
        "Receivable in the account’s settings, and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "income_account_missing",
        title="Choose the income account",
        cause="A new item needs an income account, and none is chosen.",
        next_step="Find the account at Lists > Accounting > Accounts in NetSuite, choose it as the income "
        "account in the account’s settings, and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "tax_account_missing",
        title="Choose the tax account",
        cause="The document has taxes, and no account is chosen for what you owe to the authorities.",
        next_step="Find the account at Lists > Accounting > Accounts in NetSuite, choose it as tax payable "
        "in the account’s settings, and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite", "settings"),
    ),
    Failure(
        "currency_missing",
        title="NetSuite does not have this currency",
        cause="The document is in a currency that is not set up in NetSuite, or is inactive there.",
        next_step="In NetSuite, add or reactivate the currency at Lists > Accounting > Currencies. Run "
        "`manage.py doctor`, which reads the list of currencies anew, and try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "setting_not_supported",
        title="A setting asks for more than SuiteSync can do",
        cause="The setting named above is on, and SuiteSync cannot yet book what it asks for.",
        next_step="Turn the setting off in the account’s settings and try again, or enter this payment in "
        "NetSuite at Transactions > Customers > Accept Customer Payments. Once it is entered by hand, do not "
        "try it again here.",
        who=ADMIN,
        actions=("retry", "settings"),
    ),
    # Metadata
    Failure(
        "metadata_not_supported",
        title="Its metadata asks for more than SuiteSync can do",
        cause="Somebody marked this payment in Stripe to be linked or applied in a way that SuiteSync "
        "cannot yet follow.",
        next_step="Open the payment in the Stripe Dashboard, remove the key named above under Metadata, and "
        "try again; or enter the payment in NetSuite. Once it is entered by hand, do not try it again here.",
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "metadata_not_an_id",
        title="The metadata names no NetSuite record",
        cause="The key should hold the internal id of a NetSuite record, which is a number, and holds "
        "something else.",
        next_step="Take the internal id from the record in NetSuite (Home > Set Preferences > Show Internal "
        "IDs makes it visible), correct the key under Metadata in the Stripe Dashboard, and try again.",
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "metadata_record_missing",
        title="The record that the metadata names is gone",
        cause="Somebody deleted the NetSuite record, its internal id was mistyped, or our role may not see "
        "it.",
        next_step="Find the right record in NetSuite, put its internal id into the key named above under "
        "Metadata in the Stripe Dashboard, and try again.",
        actions=("retry", "open_stripe"),
    ),
    # Documents
    Failure(
        "invoice_not_supported",
        title="This kind of invoice cannot be booked yet",
        cause="The invoice has something that SuiteSync cannot yet book to the cent, so nothing of it was "
        "written.",
        next_step="Open the invoice in the Stripe Dashboard and enter it and its payments in NetSuite, at "
        "Transactions > Sales > Create Invoices and Transactions > Customers > Accept Customer Payments. "
        "Once it is entered by hand, do not try it again here.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "object_not_supported",
        title="This kind of document cannot be booked yet",
        cause="SuiteSync does not yet book refunds, disputes and payouts. It tells you, so that none is "
        "forgotten.",
        next_step="Open it in the Stripe Dashboard and enter it in NetSuite: a refund at Transactions > "
        "Customers > Issue Customer Refund, against the credit memo of its credit note if it has one, "
        "a payout at Transactions > Bank > Make Deposits. Once it is entered by hand, do not try it again "
        "here.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "credit_note_not_supported",
        title="This credit note cannot be booked yet",
        cause="The credit note named above takes something back that SuiteSync cannot book to the cent, so "
        "nothing of its invoice was written.",
        next_step="Open the invoice in the Stripe Dashboard and enter it, its payments and its credit notes "
        "in NetSuite, the last at Transactions > Customers > Issue Credit Memos. Once they are entered by "
        "hand, do not try it again here.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "credit_note_voided",
        title="A voided credit note still stands in NetSuite",
        cause="Somebody voided the credit note in Stripe after its credit memo was written, and SuiteSync "
        "may not void records in NetSuite. All else of the invoice is booked.",
        next_step="Open the credit memo named above in NetSuite and void it, at Actions > Void. If its "
        "period is closed, ask the accountant for a correcting entry and apply it. Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "paid_after_closing",
        title="Booked, and one payment is not applied",
        cause="The customer paid after a credit memo had closed the invoice, as uncollectible or void, and a "
        "closed invoice takes no payment. The payment stands in NetSuite, unapplied.",
        next_step="Decide with the accountant what it is: income from a debt that was given up, or money for "
        "another invoice. Open the payment in NetSuite and apply it; its memo names the closed invoice.",
        who=ACCOUNTANT,
        actions=("open_netsuite",),
    ),
    Failure(
        "totals_differ",
        title="The lines do not add up to the total",
        cause="The sum of the invoice’s lines differs from its total in Stripe, so something on it would be "
        "missing in NetSuite.",
        next_step="Compare the lines with the total on the invoice in the Stripe Dashboard, and show this "
        "page to an engineer.",
        who=ENGINEER,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "netsuite_total_differs",
        title="NetSuite’s total is not Stripe’s",
        cause="NetSuite saved the invoice with another total than Stripe’s, usually because it adds tax or "
        "because a workflow changes lines. Its payment was not written.",
        next_step="Open the invoice in NetSuite, bring its total back to the amount in Stripe, and try "
        "again. So that it does not happen to others, look at Setup > Accounting > Taxes > Set Up Taxes and "
        "at Customization > Workflow > Workflows.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "line_kind_unknown",
        title="A line is of a kind that SuiteSync does not know",
        cause="Stripe bills something on this invoice in a way that is new to SuiteSync, so nothing of it "
        "was written.",
        next_step="Open the invoice in the Stripe Dashboard and enter it and its payments in NetSuite, at "
        "Transactions > Sales > Create Invoices and Transactions > Customers > Accept Customer Payments. "
        "Once it is entered by hand, do not try it again here. Show this page to an engineer.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "payment_currency_differs",
        title="The payment is in another currency",
        cause="The invoice was paid in a currency that is not its own, and NetSuite cannot apply such a "
        "payment.",
        next_step="Compare both in the Stripe Dashboard and enter the payment in NetSuite, at Transactions "
        "> Customers > Accept Customer Payments, with the amount in the currency of the invoice. Once it is "
        "entered by hand, do not try it again here.",
        who=ACCOUNTANT,
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "unknown_subject",
        title="SuiteSync does not book this kind of id",
        cause="Only invoices, payments, customers and prices of Stripe are brought to NetSuite.",
        next_step="Give the id of the document itself, such as in_… for an invoice or ch_… for a payment; "
        "the Stripe Dashboard shows it on the document’s page.",
        actions=("open_stripe",),
    ),
    Failure(
        "parent_missing",
        title="What it rests on is not in NetSuite",
        cause="The customer, item or invoice that it refers to is unknown to NetSuite, although SuiteSync "
        "should have brought it first.",
        next_step="Try again. If that does not help, show this page to an engineer.",
        who=ENGINEER,
    ),
    # On the way
    nobody_acts(
        "payment_not_settled",
        title="Stripe has not settled the payment yet",
        cause="The money is taken, but Stripe has not yet entered it on its own balance.",
        next_step="Nothing needs to be done: SuiteSync looks again every quarter of an hour.",
    ),
    nobody_acts(
        "unconfirmed",
        title="Checking whether it arrived",
        cause="We sent a record to NetSuite and its answer never came, so the record may have been saved.",
        next_step="Nothing needs to be done: SuiteSync looks in NetSuite before it sends anything again. "
        "Please do not enter it by hand meanwhile.",
    ),
    nobody_acts(
        "being_written",
        title="Another document is writing the same record",
        cause="Two documents need the same customer or item, and the other one is writing it at this moment.",
    ),
    Failure(
        "cut_off_too_often",
        title="Its work was cut off again and again",
        cause="Something on our machine ended the work each time before this record was finished.",
        next_step="Show this page to an engineer: memory and the machine's log tell why. Then try again.",
        who=ENGINEER,
    ),
    Failure(
        "found_record_differs",
        title="NetSuite holds another record under this name",
        cause="A record with this Stripe id is in NetSuite already, and its money is not the same.",
        next_step="Compare the two. Void NetSuite's record, or take the Stripe id out of its external id. "
        "Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "gave_up_waiting",
        title="It has waited too long",
        cause="SuiteSync tried again and again, and the reason named above has not gone away.",
        next_step="Look at status.netsuite.com and status.stripe.com, and mend what the reason names. Then "
        "try again.",
        who=ADMIN,
    ),
    Failure(
        "internal_error",
        title="SuiteSync made a mistake",
        cause="Our own program broke off. What was saved in NetSuite before is remembered and not written "
        "twice.",
        next_step="Show this page to an engineer, who finds the details in the log under the id of this "
        "document.",
        who=ENGINEER,
    ),
)
