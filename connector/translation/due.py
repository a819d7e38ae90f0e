"""Due: what is left to pay on invoices of NetSuite's own that a charge names (CH-13, CH-14, CH-16).

    ch_1 over 150.00 USD, apply_to_invoices "INV1,INV2,INV3", on which 50.00, 75.50 and 24.50 are due
        Dr  Undeposited Funds      150.00
        Cr  Accounts Receivable            150.00    applied to INV1 50.00, INV2 75.50, INV3 24.50

Never more is applied than is due, and what would be left over is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector.netsuite.records import Application, Ref
from connector.stripe.objects import Charge
from connector.translation.customer import LINK_KEY as CUSTOMER_KEY
from connector.translation.plan import Problem
from connector.translation.settings import Settings

INVOICE_KEY, LIST_KEY = "netsuite_invoice_id", "apply_to_invoices"


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice in NetSuite as it is now, all ids internal; `amount` is due in the invoice's currency."""

    internal_id: str
    number: str
    amount: Decimal
    customer: str
    currency: str
    receivables_account: str = ""

    @property
    def ref(self) -> Ref:
        """The link to the invoice."""
        return Ref("invoice", internal_id=self.internal_id)


def invoice_named(charge: Charge) -> str:
    """The internal id of the NetSuite invoice that the charge names, or empty (CH-13)."""
    return charge.metadata.get(INVOICE_KEY, "").strip()


def numbers_named(charge: Charge) -> tuple[str, ...]:
    """The numbers of the NetSuite invoices that the charge names, in its order (CH-16)."""
    numbers = (part.strip() for part in charge.metadata.get(LIST_KEY, "").split(","))
    return tuple(dict.fromkeys(number for number in numbers if number))


def applications(charge: Charge, dues: Sequence[Due]) -> tuple[Application, ...]:
    """The charge's money on the invoices, one after the other; empty when they owe less than it is."""
    left, made = charge.amount_captured.value, []
    for one in dues:
        taken = min(left, one.amount)
        if taken > 0:
            made.append(Application(one.ref, taken))
            left -= taken
    return tuple(made) if left == 0 else ()


def problems(charge: Charge, dues: Sequence[Due], settings: Settings) -> list[Problem]:
    """Why the invoices cannot take one payment together: other currencies, or other customers."""
    found = []
    currency = settings.currencies.get(charge.amount.currency, "")
    for one in dues:
        if one.currency and one.currency != currency:
            text = f"{charge.id} is in {charge.amount.currency}, NetSuite's invoice {one.number} is not."
            found.append(Problem("payment_currency_differs", text))
    customers = {one.customer for one in dues}
    named = charge.metadata.get(CUSTOMER_KEY, "").strip()
    accounts = {one.receivables_account for one in dues}
    if len(customers | ({named} if named else set())) > 1 or len(accounts) > 1:
        numbers = ", ".join(one.number for one in dues)
        whose = f" and customer {named}" if named else ""
        text = f"{charge.id} names invoice {numbers}{whose}: other customers, or other receivables accounts."
        found.append(Problem("applied_records_differ", text))
    return found
