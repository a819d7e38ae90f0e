"""Invoice for a payment: the sale behind a charge that has no invoice in Stripe (CH-11, CH-12, CH-H5).

    ch_1, 50.00 USD, for no invoice
        Dr  Accounts Receivable     50.00    ns_invoice:ch_1, one line: Stripe Generic Line Item
        Cr  Income                          50.00
        Dr  Undeposited Funds       50.00    ch_1, applied to it
        Cr  Accounts Receivable             50.00

One line over all of it: neither discounts nor several lines are known of such a payment.
"""

from __future__ import annotations

from decimal import Decimal

from connector.netsuite import records
from connector.netsuite.records import Line, Ref
from connector.stripe.objects import Charge
from connector.translation import items
from connector.translation.plan import Planned
from connector.translation.settings import Settings, account_ref, currency_ref


def external_id(charge_id: str) -> str:
    """The invoice's name: only the charge stands behind it (K16)."""
    return f"ns_invoice:{charge_id}"


def item_of(found: Ref | None, settings: Settings) -> Ref:
    """What the line sells: the item that was found by comparing, the account's own, or the generic one."""
    if found:
        return found
    return Ref("item", internal_id=settings.payment_item) if settings.payment_item else items.GENERIC


def invoice(charge: Charge, customer: Ref, item: Ref, settings: Settings) -> Planned:
    """The invoice over what was captured, on the charge's own day."""
    day, words = settings.local_date(charge.created), charge.description
    line = Line(item, charge.amount_captured.value, quantity=Decimal(1), description=words)
    record = records.Invoice(
        external_id=external_id(charge.id),
        customer=customer,
        currency=currency_ref(charge.amount.currency),
        tran_date=day,
        due_date=day,
        memo=f"Stripe: {charge.id}" + (f". Stripe description: {words}" if words else ""),
        receivables_account=account_ref(settings.receivables_account),
        lines=(line,),
    )
    rules = ("OM-1", "OM-4", "OM-5", "OM-8", "CH-11", "CH-H5")
    return Planned(record, charge.id, (*rules, *(("CH-12",) if item != items.GENERIC else ())))
