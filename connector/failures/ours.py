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
        next_step="In NetSuite, add or reactivate the currency at Lists > Accounting > Currencies. Then "
        "try again: NetSuite’s currencies are read anew.",
        who=ADMIN,
        actions=("retry", "open_netsuite"),
    ),
    # Metadata
    Failure(
        "metadata_not_supported",
        title="Its metadata asks for more than SuiteSync can do",
        cause="Somebody marked this document in Stripe to be linked or applied in a way that SuiteSync "
        "cannot follow: a payment of a Stripe invoice, for example, can pay nothing else.",
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
        "metadata_record_taken",
        title="The metadata names another document’s record",
        cause="The NetSuite record stands for another Stripe object already. Often the metadata was copied "
        "together with the document.",
        next_step="Remove the key under Metadata in the Stripe Dashboard, or put the right internal id "
        "there, and try again.",
        actions=("retry", "open_stripe"),
    ),
    Failure(
        "metadata_names_another",
        title="It is booked, and its metadata names another record",
        cause="The document stands in NetSuite already. Since then somebody named another record of NetSuite "
        "in its metadata, and both cannot stand for it.",
        next_step="Remove the key under Metadata in the Stripe Dashboard and try again. If the other record "
        "is the right one, delete ours in NetSuite, and press “Link to an existing record” on the page of "
        "its record here.",
        actions=("retry", "open_stripe", "open_netsuite"),
    ),
    Failure(
        "mapped_value_unusable",
        title="A value from Stripe does not fit its field",
        cause="The account writes this value into a field of NetSuite, which cannot hold it.",
        next_step="Correct the value in Stripe, or correct “Fields of NetSuite records” in the account’s "
        "settings, and try again.",
        actions=("retry", "open_stripe", "settings"),
    ),
    Failure(
        "mapping_not_understood",
        title="A field to be filled is not understood",
        cause="The account’s fixed values or values from Stripe name a field that cannot be filled.",
        next_step="Correct “Fields of NetSuite records” in the account’s settings, and try again.",
        who=ADMIN,
        actions=("retry", "settings"),
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
    # What a person settled outside
    Failure(
        "settled_outside_has_news",
        title="You settled it, and Stripe has news of it",
        cause="Somebody skipped this document or entered it by hand, and Stripe has told us something of it "
        "since. Nothing was written, because the decision was made without that news.",
        next_step="Look at it in Stripe. If the decision still holds, and what changed is entered by hand "
        "where that is needed, skip it once more. If it should come from Stripe now, delete or void in "
        "NetSuite what was entered by hand, and try again.",
        actions=("retry", "open_stripe", "open_netsuite"),
    ),
    Failure(
        "holds_settled_outside",
        title="It would bring what a person left out",
        cause="This document is booked together with another one that somebody skipped or entered by hand, "
        "and cannot come without it.",
        next_step="Take the decision back on the page of the document named above, and try again. Or enter "
        "this one by hand in NetSuite too, and say so here.",
        actions=("retry", "open_netsuite"),
    ),
    # Links
    Failure(
        "linked_record_gone",
        title="A linked customer or item is gone",
        cause="Somebody merged or deleted the NetSuite record that stands for this Stripe customer or item. "
        "No new one was made in its place, since that would split its history.",
        next_step="Find the record to use at Lists > Relationships > Customers or Lists > Accounting > Items "
        "in NetSuite: after a merge, the one that is left. Press “Link to an existing record” on the page of "
        "the record that stopped here and type its internal id. Then try again.",
        who=ADMIN,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "linked_record_inactive",
        title="A linked customer or item is inactive",
        cause="Somebody made the NetSuite record inactive that stands for this Stripe customer or item, and "
        "NetSuite books nothing with it.",
        next_step="Reactivate it at Lists > Relationships > Customers or Lists > Accounting > Items in "
        "NetSuite, or link another one with “Link to an existing record” on the page of the record that "
        "stopped here. Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "match_inactive",
        title="The only record that fits is inactive",
        cause="Customers or items are found by comparing fields, and the one that fits is inactive. No new "
        "one was made beside it.",
        next_step="Reactivate it at Lists > Relationships > Customers or Lists > Accounting > Items in "
        "NetSuite, or link another one with “Link to an existing record” on the page of its record here. "
        "Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
    ),
    Failure(
        "deleted_customer_unmatched",
        title="The customer was deleted before it was found",
        cause="Customers are found by comparing fields, and Stripe has deleted this one before NetSuite "
        "needed it, so its field is gone.",
        next_step="Find the customer at Lists > Relationships > Customers in NetSuite, or make it there, and "
        "link it with “Link to an existing record” on the page of its record here. Then try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
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
        cause="It is a refund that gives back no payment of a customer. SuiteSync does not book such "
        "refunds yet, and tells you, so that none is forgotten.",
        next_step="Open it in the Stripe Dashboard and enter it in NetSuite, at Transactions > Customers > "
        "Issue Customer Refund. Once it is entered by hand, do not try it again here.",
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
    # Refunds and disputes
    Failure(
        "refund_exceeds_payment",
        title="More is refunded than NetSuite’s payment holds",
        cause="Somebody changed, voided or refunded the payment in NetSuite, so that less of it is left than "
        "Stripe gives back. All else is booked.",
        next_step="Open the payment in NetSuite, undo what was changed by hand, and try again. Or enter the "
        "refund at Transactions > Customers > Issue Customer Refund and put its internal id into "
        "netsuite_customer_refund_id on the refund in the Stripe Dashboard.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "refund_after_one_that_failed",
        title="A refund follows one that came back",
        cause="An earlier refund of this payment was booked and came back as an open credit, and Stripe does "
        "not say whether the new refund pays that credit out or gives back more. All else is booked.",
        next_step="Enter the refund in NetSuite at Transactions > Customers > Issue Customer Refund, against "
        "the open credit or against a new credit memo, and put its internal id into "
        "netsuite_customer_refund_id on the refund in the Stripe Dashboard.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "refund_of_cash_sale",
        title="The refund is of a cash sale",
        cause="NetSuite holds the payment as a cash sale, which takes no customer refund. All else is "
        "booked.",
        next_step="Open the cash sale in NetSuite, choose Refund, and save the cash refund. Put its internal "
        "id into netsuite_cash_refund_id on the refund in the Stripe Dashboard.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "refund_came_back",
        title="Booked, and the refund came back",
        cause="The refund failed after its money had left Stripe’s balance, so the customer has not got it. "
        "Refund and credit memo stand in NetSuite; the money comes back with a payout, as an open credit of "
        "the customer.",
        next_step="Ask the customer where the money is to go. Pay it out in NetSuite at Transactions > "
        "Customers > Issue Customer Refund, or use the credit for another invoice; nothing has to be "
        "undone.",
        who=ACCOUNTANT,
        actions=("open_netsuite",),
    ),
    Failure(
        "dispute_currency_differs",
        title="The dispute is in another currency than its payment",
        cause="The bank took the money in a currency that is not the payment’s, and NetSuite cannot set one "
        "against the other. All else is booked.",
        next_step="Enter the dispute in NetSuite at Transactions > Customers > Issue Customer Refund, in the "
        "currency of the payment, and put its internal id into netsuite_customer_refund_id on the dispute in "
        "the Stripe Dashboard.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite", "open_stripe"),
    ),
    Failure(
        "payment_gone",
        title="The payment is gone from NetSuite",
        cause="Something was given back of a payment that somebody deleted in NetSuite, or that our role may "
        "not see, so nobody can tell where the money is to come from.",
        next_step="Find out in NetSuite what became of the payment: Transactions > Management > View Deleted "
        "Records. Enter it again, link it with “Link to an existing record” on the page of its record here, "
        "and try again.",
        who=ACCOUNTANT,
        actions=("retry", "open_netsuite"),
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
        "bank_debit_failed",
        title="A bank debit failed",
        cause="The payment was in the books while it was on its way, and then the bank refused it. It is "
        "taken off what it paid and refunded in NetSuite, without a credit memo: what was sold is owed "
        "again.",
        next_step="Ask the customer to pay again; an invoice that it paid is open in Stripe and in NetSuite. "
        "The customer refund in NetSuite carries the bank’s reason in its memo.",
        who=ACCOUNTANT,
        actions=("open_netsuite", "open_stripe"),
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
        "payment_not_applied_yet",
        title="The payment is not applied to all its invoices yet",
        cause="Something was given back of a payment that pays several invoices. It is booked once the "
        "payment is applied to all of them, so that it is taken from the right one.",
        next_step="Nothing needs to be done: SuiteSync looks again every quarter of an hour.",
    ),
    nobody_acts(
        "payment_not_settled",
        title="Stripe has not settled the payment yet",
        cause="The money is taken, but Stripe has not yet entered it on its own balance.",
        next_step="Nothing needs to be done: SuiteSync looks again every quarter of an hour.",
    ),
    nobody_acts(
        "sales_order_pending_approval",
        title="The sales order waits for approval",
        cause="NetSuite takes no deposit on a sales order before it is approved.",
        next_step="Somebody who may approve the order in NetSuite does so; SuiteSync looks again every "
        "quarter of an hour, and the deposit then comes by itself.",
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
    nobody_acts(
        "database_busy",
        title="SuiteSync held itself up",
        cause="Two parts of SuiteSync needed the same at one moment, or its own records were out of reach. "
        "What NetSuite may have saved is looked up before anything is sent again.",
    ),
    nobody_acts(
        "decision_can_be_undone",
        title="A decision about it can still be undone",
        cause="Somebody has just allowed a duplicate payment of it, and has ten seconds to undo that.",
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
    # Past records
    Failure(
        "booked_amount_differs",
        title="Another amount in NetSuite",
        cause="NetSuite’s records of this document do not add up to what Stripe says of it.",
        next_step="Compare the document in Stripe with its records in NetSuite and correct the one that is "
        "wrong. Show it to an engineer when nobody has changed either (Transactions > Search shows who did).",
        who=ACCOUNTANT,
        actions=("open_stripe", "open_netsuite"),
    ),
    Failure(
        "not_accounted_for",
        title="Nobody can say what became of it",
        cause="Stripe has this document, NetSuite has no record of it, and no reason for that is known.",
        next_step="Open it in Stripe, and have it brought over by its id. If it stays so, show it to an "
        "engineer.",
        who=ENGINEER,
        actions=("open_stripe",),
    ),
)
