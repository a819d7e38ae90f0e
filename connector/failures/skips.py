"""What stays outside NetSuite on purpose, and what would bring it in."""

from __future__ import annotations

from connector.failures.entry import Failure, nobody_acts

FAILURES: tuple[Failure, ...] = (
    nobody_acts(
        "charge_failed",
        title="The payment failed",
        cause="The bank or the card refused the payment, so no money moved.",
        next_step="Nothing needs to be done: a later payment comes by itself.",
    ),
    nobody_acts(
        "charge_not_captured",
        title="The payment is only authorised",
        cause="The money is reserved on the card and not yet taken.",
        next_step="Nothing needs to be done: the payment comes by itself once it is captured in Stripe.",
    ),
    nobody_acts(
        "charge_pending",
        title="The bank has not confirmed the payment",
        cause="A bank debit takes some days to arrive, and until then it can still fail.",
        next_step="Nothing needs to be done: the payment comes by itself once Stripe reports that it "
        "succeeded.",
    ),
    nobody_acts(
        "no_charge",
        title="No payment was attempted yet",
        cause="Stripe expects a payment here, but nobody has tried to pay.",
        next_step="Nothing needs to be done: the payment comes by itself once it is made.",
    ),
    nobody_acts(
        "invoice_draft",
        title="The invoice is still a draft",
        cause="A draft can still change in every way, so only finalized invoices are booked.",
        next_step="Nothing needs to be done: the invoice comes by itself once Stripe finalizes it.",
    ),
    nobody_acts(
        "void_before_booking",
        title="Void before it was booked",
        cause="Stripe made the invoice void before NetSuite had it, and a bill that was taken back at once "
        "changes no balance.",
        next_step="Nothing needs to be done: it was never in NetSuite.",
    ),
    nobody_acts(
        "trial_invoice",
        title="Nothing to pay on this invoice",
        cause="Every line is zero, as in a free trial, and such invoices are left out.",
        next_step="If you want these in NetSuite, turn on “bring trial invoices” in the account’s settings "
        "and have it synced again.",
    ),
    nobody_acts(
        "below_minimum_charge",
        title="Too small to be collected",
        cause="The invoice is below the smallest amount that Stripe collects in its currency. The customer "
        "owes it on the next invoice, where it stands as “Stripe Customer Balance Debit Item”.",
        next_step="Nothing needs to be done: it comes with the next invoice.",
    ),
    nobody_acts(
        "before_start_date",
        title="Dated before the books start",
        cause="It is older than the start date in the account’s settings.",
        next_step="If it belongs in NetSuite, choose an earlier start date in the account’s settings and "
        "have it synced again, or enter it there by hand. Never do both.",
    ),
    nobody_acts(
        "held_by_metadata",
        title="Held back by its mark in Stripe",
        cause="Its metadata in Stripe says netsuite_block_integration = true, and the account holds such "
        "documents.",
        next_step="If it should come, open it in the Stripe Dashboard and remove the key under Metadata. It "
        "then comes by itself.",
    ),
    nobody_acts(
        "not_released",
        title="Not yet released in Stripe",
        cause="The account brings only what carries netsuite_allow_integration = true in its metadata.",
        next_step="If it should come, open it in the Stripe Dashboard and add the key under Metadata. It "
        "then comes by itself.",
    ),
    nobody_acts(
        "deleted_in_stripe",
        title="Deleted in Stripe",
        cause="The customer was deleted in Stripe before NetSuite needed it.",
        next_step="Nothing needs to be done. If NetSuite has this customer already, it stays as it is.",
    ),
    nobody_acts(
        "sold_as_global_item",
        title="Sold as the common item",
        cause="This price needs no item of its own: it was made for one invoice, or the account sells "
        "everything, or all that fits no item, as “Stripe Item”.",
        next_step="Nothing needs to be done. “One item for everything” and “one item where none is found” "
        "are choices in the account’s settings.",
    ),
    nobody_acts(
        "part_of_another",
        title="Booked with another document",
        cause="A payment of an invoice is booked together with that invoice.",
        next_step="Nothing needs to be done: look at the document that is named above.",
    ),
    nobody_acts(
        "booked_under_one_customer",
        title="Booked under one customer",
        cause="The account's settings say that everything is booked under one customer, or that what fits no "
        "customer of NetSuite is.",
        next_step="Nothing needs to be done. The account's settings can make a customer for each instead.",
    ),
    nobody_acts(
        "at_first_transaction",
        title="No transaction yet",
        cause="Customers come to NetSuite with their first invoice or payment, and this one has none.",
        next_step="Nothing needs to be done. “Create customers at sign-up” is a choice in the account’s "
        "settings.",
    ),
    nobody_acts(
        "refund_without_money",
        title="The refund has moved no money",
        cause="It waits, was called off or failed before any money left Stripe’s balance.",
        next_step="Nothing needs to be done: if the money leaves later, the refund comes by itself.",
    ),
    nobody_acts(
        "authorization_released",
        title="The rest of a payment that was captured in part",
        cause="Stripe calls it a refund. It is the reserved money that was never taken.",
        next_step="Nothing needs to be done: the payment stands in NetSuite with what was taken.",
    ),
    nobody_acts(
        "dispute_without_money",
        title="The dispute has moved no money",
        cause="The customer’s bank only asks, or has not taken the money yet.",
        next_step="Nothing needs to be done: if the bank takes the money, the dispute comes by itself.",
    ),
    nobody_acts(
        "credit_note_void",
        title="A void credit note",
        cause="It was made void in Stripe before NetSuite had it.",
        next_step="Nothing needs to be done: it was never in NetSuite.",
    ),
    nobody_acts(
        "credit_note_to_balance",
        title="Credited to the customer’s balance",
        cause="The credit note only raised the customer’s balance in Stripe, which later invoices use up.",
        next_step="Nothing needs to be done: the credit memo comes with the invoice that uses the balance.",
    ),
    nobody_acts(
        "payout_on_its_way",
        title="Not at the bank yet",
        cause="The payout is made and has not arrived at the bank.",
        next_step="Nothing needs to be done: its deposit is made when it arrives.",
    ),
    nobody_acts(
        "manual_payout",
        title="A payout made by hand",
        cause="Stripe does not say which payments are in a payout that somebody started by hand, so no "
        "deposit can be made of it. Its payments stay in Undeposited Funds.",
        next_step="Enter the deposit in NetSuite by hand, at Transactions > Bank > Make Deposits. Automatic "
        "payouts, which are a setting in the Stripe Dashboard, are booked by themselves.",
    ),
    nobody_acts(
        "instant_payout",
        title="An instant payout",
        cause="Stripe does not say which payments are in an instant payout, so no deposit can be made of it.",
        next_step="Enter the deposit in NetSuite by hand, at Transactions > Bank > Make Deposits.",
    ),
    nobody_acts(
        "payout_canceled",
        title="Called back",
        cause="The payout was canceled before it reached the bank.",
        next_step="Nothing needs to be done: the money is on Stripe’s balance again.",
    ),
    nobody_acts(
        "payout_failed",
        title="The bank sent it back before it was booked",
        cause="The money never stayed at the bank, so nothing of it was booked.",
        next_step="Mend the bank account in the Stripe Dashboard. What was in this payout goes to the bank "
        "with the next one, and is booked with that.",
    ),
    nobody_acts(
        "skipped_by_person",
        title="Skipped by a person",
        cause="Somebody decided that this document stays out of NetSuite, for the reason named above.",
        next_step="Nothing needs to be done. If it should come after all, take the decision back on its "
        "page. If Stripe tells something new of it, it asks again and writes nothing.",
    ),
    nobody_acts(
        "entered_by_hand",
        title="Entered by hand in NetSuite",
        cause="Somebody entered this document in NetSuite themselves, so it is not written a second time.",
        next_step="Nothing needs to be done. If it should come from Stripe after all, delete or void what "
        "was entered by hand in NetSuite first, then take the decision back on its page.",
    ),
    nobody_acts(
        "superseded",
        title="Overtaken by newer news",
        cause="Stripe reported something newer about the same document, and that took over.",
        next_step="Nothing needs to be done: look at the newest line of the same document.",
    ),
    nobody_acts(
        "lease_lost",
        title="Continued elsewhere",
        cause="This run was interrupted, and another one took over the document.",
        next_step="Nothing needs to be done: what was already saved is not written twice.",
    ),
)
