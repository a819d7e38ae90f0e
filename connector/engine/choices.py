"""Choices: the settings of an account's row, as the value that translation reads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from connector.errors import NeedsAttention
from connector.models import StripeAccount
from connector.translation.settings import Settings

ROLES = (
    "undeposited_funds_account",
    "receivables_account",
    "income_account",
    "discount_account",
    "tax_account",
    "payment_fees_account",
    "conversion_fees_account",
    "stripe_fees_account",
    "network_fees_account",
    "application_fees_account",
    "fee_tax_account",
    "dispute_fees_account",
    "dispute_reversals_account",
    "adjustments_account",
    "payout_clearing_account",
    "payout_difference_account",
)


def settings_of(account: StripeAccount) -> Settings:
    """The account's choices now; NetSuite's currencies come from its own row."""
    netsuite = account.netsuite_account
    own: dict[str, Any] = {
        "time_zone": account.zone,
        "currencies": dict(netsuite.currencies),
        "base_currency": netsuite.base_currencies.get(account.subsidiary, ""),
    }
    copied = {field.name: getattr(account, field.name) for field in fields(Settings) if field.name not in own}
    return Settings(**copied, **own)


def need_base_currency(settings: Settings, needed_by: str) -> None:
    """Raises NeedsAttention while the currency of the books is unknown, which a conversion needs (MC-H1)."""
    if not settings.base_currency:
        text = f"{needed_by} was converted, and the currency in which the books are kept is unknown."
        raise NeedsAttention("base_currency_unknown", text)


def ledger_names(account: StripeAccount) -> dict[str, str]:
    """What the chosen ledger accounts are called in a posting, by NetSuite's internal id."""
    chosen = {
        getattr(account, role): str(getattr(StripeAccount._meta.get_field(role), "verbose_name", role))
        for role in reversed(ROLES)
        if getattr(account, role)
    }
    banks = {bank: f"bank {currency}" for currency, bank in account.bank_accounts.items()}
    others = {number: kind.replace("_", " ") for kind, number in account.balance_accounts.items()}
    return others | chosen | banks
