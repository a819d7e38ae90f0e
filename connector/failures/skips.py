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
        "everything as “Stripe Item”.",
        next_step="Nothing needs to be done. “One item for everything” is a choice in the account’s "
        "settings.",
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
        cause="The account's settings say that everything is booked under one customer.",
        next_step="Nothing needs to be done. The account's settings can make a customer for each instead.",
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
