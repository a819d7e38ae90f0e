"""Unbooked: why nothing stands in NetSuite for a Stripe object although its document is booked.

An invoice is booked without the payment that failed, a charge without the refund that never left. Each
such object has its reason here; one without a reason is missing, and must not pass for done.
"""

from __future__ import annotations

from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Price
from connector.stripe.reversals import Dispute, Refund
from connector.translation import charge as charges
from connector.translation import customer as customers
from connector.translation import price as prices
from connector.translation import refund as refunds
from connector.translation.gate import blocked
from connector.translation.plan import Skip
from connector.translation.settings import Settings


def reason(thing: object, settings: Settings) -> Skip | None:
    """Why it rightly has no record of its own; None when nothing says so."""
    match thing:
        case Customer():
            return _of_customer(settings)
        case Price() if settings.global_item_workflow:
            return Skip("sold_as_global_item", f"It is sold as the item “{prices.GLOBAL_NAME}”.")
        case Charge():
            return charges.without_money(thing)
        case Refund():
            return blocked(thing.id, thing.metadata, settings) or _of_refund(thing)
        case Dispute():
            return blocked(thing.id, thing.metadata, settings) or _of_dispute(thing)
        case CreditNote():
            return _of_credit_note(thing)
    return None


def _of_customer(settings: Settings) -> Skip | None:
    """CU-2, K6: a customer comes with its first transaction, and none came, unless it is wanted at once."""
    if settings.global_customer_workflow:
        return Skip("booked_under_one_customer", f"It is booked under “{customers.UNALLOCATED_NAME}”.")
    if settings.create_customers_on_signup:
        return None
    return Skip("at_first_transaction", "NetSuite has no transaction of this customer yet.")


def _of_refund(refund: Refund) -> Skip | None:
    if refund.movement is None:
        return Skip("refund_without_money", f"No money has left Stripe's balance by {refund.id}.")
    if refund.movement.category == refunds.RELEASE:  # CH-H1
        return Skip("authorization_released", f"{refund.id} is what was not captured of its payment.")
    return None


def _of_dispute(dispute: Dispute) -> Skip | None:
    if any(movement.amount.value < 0 for movement in dispute.movements):
        return None
    return Skip("dispute_without_money", f"The bank has not taken any money by {dispute.id}.")


def _of_credit_note(note: CreditNote) -> Skip | None:
    if note.status == "void":
        return Skip("credit_note_void", f"{note.id} was voided before its memo was made.")
    if note.amount == note.to_balance:  # CN-5
        return Skip("credit_note_to_balance", f"All of {note.id} went to the customer's balance.")
    return None
