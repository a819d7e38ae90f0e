"""Payment memo: what a customer payment or deposit says of its charge.

Stripe: ch_1                                                    it pays an invoice
Stripe: ch_2. Stripe description: Deposit for the sails         it stands alone (OM-5, CH-7)
Stripe: ch_3. Platform fee: 24.90 USD. Transfer: tr_3 of 800.00 USD to acct_9     (PO-16)
"""

from __future__ import annotations

from collections.abc import Iterator

from connector.money import Amount
from connector.stripe.objects import Charge


def of(charge: Charge, *, described: bool) -> str:
    """The Stripe id first; then the charge's own description if wanted, and what connected accounts share."""
    words = [f"Stripe description: {charge.description}"] if described and charge.description else []
    return ". ".join([f"Stripe: {charge.id}", *_connected(charge), *words])


def rules(charge: Charge) -> tuple[str, ...]:
    """The rule that the memo adds to those of the payment, for a charge of a connected account."""
    return ("PO-16",) if any(_connected(charge)) else ()


def _connected(charge: Charge) -> Iterator[str]:
    """The platform's fee, and the transfer to the account that the charge was made for."""
    if charge.platform_fee:
        yield f"Platform fee: {charge.platform_fee}"
    if charge.transfer_id:
        yield f"Transfer: {charge.transfer_id} of {_transferred(charge)} to {charge.destination_id}"


def _transferred(charge: Charge) -> Amount:
    """Stripe names the amount only where it is a part of the charge."""
    return charge.transferred or charge.amount_captured
