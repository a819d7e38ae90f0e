"""What a restricted key has to be allowed, as Stripe's own page for making one calls it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Permission:
    """A row of Stripe's page. `covers` are what it lets one read, as Stripe's API calls it."""

    row: str
    token: str
    covers: tuple[str, ...] = ()
    writes: bool = False
    """Whether it is to be ticked for writing."""


READING = (
    Permission("Customers", "rak_customer_read", ("customers",)),
    Permission("Products", "rak_product_read", ("products",)),
    Permission("Prices", "rak_plan_read", ("prices",)),
    Permission("Coupons", "rak_coupon_read", ("coupons",)),
    Permission("Tax Rates", "rak_tax_rate_read", ("tax_rates",)),
    Permission("Invoices", "rak_invoice_read", ("invoices", "invoice_payments")),
    Permission("Credit notes", "rak_credit_note_read", ("credit_notes",)),
    Permission("PaymentIntents", "rak_payment_intent_read", ("payment_intents",)),
    Permission("Charges and Refunds", "rak_charge_read", ("charges", "refunds")),
    Permission("Disputes", "rak_dispute_read", ("disputes",)),
    Permission("Balance", "rak_balance_read", ("balance",)),
    Permission(
        "Balance Transaction Sources", "rak_balance_transaction_source_read", ("balance_transactions",)
    ),
    Permission("Payouts", "rak_payout_read", ("payouts",)),
)
ENDPOINTS = Permission("Webhook Endpoints", "rak_webhook_write", writes=True)
"""So that SuiteSync can make its endpoint; without it a person makes it."""


def page(permissions: Iterable[Permission] = (*READING, ENDPOINTS), *, live: bool) -> str:
    """The address of Stripe's page for a new restricted key, with these ticked already.

    Stripe passes over what it does not know, so the rows are named beside the link too.
    """
    mode = "" if live else "test/"
    asked = [("name", "SuiteSync"), *(("permissions[]", one.token) for one in permissions)]
    return f"https://dashboard.stripe.com/{mode}apikeys/create?{urlencode(asked)}"
