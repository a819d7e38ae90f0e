"""Tax -> a line of its own for each tax rate over the whole invoice, on the rate's own item (K20).

NetSuite works out no tax: Stripe has done it (TX-1). What is included in a price is
taken out of its line, so that lines and taxes add up to Stripe's total (TX-H2):

    120.00 USD with 20% included, and 10.00 USD with 5% on top
        Cr  Income        100.00
        Cr  Income         10.00
        Cr  Tax payable    20.00    txr_vat
        Cr  Tax payable     0.50    txr_gst
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from connector.money import Amount
from connector.netsuite.records import Line, Ref
from connector.stripe.billing import TaxAmount, TaxRate
from connector.stripe.objects import Invoice
from connector.translation import items
from connector.translation.plan import Plan
from connector.translation.settings import Settings, account_ref

LINE_KEY = "netsuite_tax"
RATE_PREFIX = "txr_"


def lines(invoice: Invoice, settings: Settings) -> list[Line]:
    """One line for each tax rate, in the order in which the invoice names them; none for nothing.

    NetSuite describes them itself, by the item's sales description.
    """
    return [
        Line(
            item=Ref("item", rate_id) if rate_id else items.TAX,
            amount=amount,
            account=account_ref(settings.tax_account),
        )
        for rate_id, amount in _by_rate(_amounts(invoice)).items()
        if amount
    ]


def included(taxes: tuple[TaxAmount, ...]) -> Decimal:
    """How much of a line's own amount is tax (TX-H2)."""
    return sum((one.amount.value for one in taxes if one.inclusive), Decimal(0))


def translate(rate: TaxRate, settings: Settings) -> Plan:
    """Plan the item of one tax rate: `VAT 20% (GB)`."""
    percent = "" if rate.percentage is None else f"{rate.percentage.normalize():f}%"
    place = f"({rate.jurisdiction})" if rate.jurisdiction else ""
    name = " ".join(part for part in (rate.display_name, percent, place) if part) or rate.id
    return items.tax(rate.id, rate.id, name, settings)


def global_item(settings: Settings) -> Plan:
    """Plan "Stripe Tax", for a tax of which Stripe names no rate (TX-6, TX-H1)."""
    return items.tax(items.TAX_KEY, "", items.TAX_NAME, settings)


def _amounts(invoice: Invoice) -> list[TaxAmount]:
    """Every tax of the lines, and of shipping (SH-H1)."""
    of_lines = [one for line in invoice.lines for one in line.taxes]
    return [*of_lines, *_of_shipping(invoice, of_lines)]


def _of_shipping(invoice: Invoice, of_lines: list[TaxAmount]) -> tuple[TaxAmount, ...]:
    """The taxes of shipping. Stripe may tell their sum alone; then the invoice's own taxes tell the rates."""
    taxes = invoice.shipping.taxes if invoice.shipping else ()
    if len(taxes) != 1 or taxes[0].rate_id:
        return taxes
    rest = _by_rate(invoice.taxes)
    for rate_id, amount in _by_rate(of_lines).items():
        rest[rate_id] = rest.get(rate_id, Decimal(0)) - amount
    if sum(rest.values()) != taxes[0].amount.value or min(rest.values(), default=Decimal(0)) < 0:
        return taxes
    return tuple(TaxAmount(Amount(amount, invoice.currency), rate_id) for rate_id, amount in rest.items())


def _by_rate(taxes: Iterable[TaxAmount]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in taxes:
        sums[one.rate_id] = sums.get(one.rate_id, Decimal(0)) + one.amount.value
    return sums
