"""Shipping -> one line on "Stripe Shipping"; its taxes stand in the tax lines (SH-1, SH-H1)."""

from __future__ import annotations

from decimal import Decimal

from connector.netsuite.records import Line
from connector.stripe.objects import Invoice
from connector.translation import items


def lines(invoice: Invoice) -> list[Line]:
    """What shipping costs without its taxes, whether Stripe put them on top or in it; none for nothing."""
    shipping = invoice.shipping
    if shipping is None or not shipping.amount:
        return []
    taxes = sum((one.amount.value for one in shipping.taxes), Decimal(0))
    return [Line(items.SHIPPING, shipping.amount.value - taxes, description="Shipping")]
