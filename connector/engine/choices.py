"""Choices: the settings of an account's row, as the value that translation reads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from connector.models import StripeAccount
from connector.translation.settings import Settings

ROLES = (
    "undeposited_funds_account",
    "receivables_account",
    "income_account",
    "discount_account",
    "tax_account",
)


def settings_of(account: StripeAccount) -> Settings:
    """The account's choices now; NetSuite's currencies come from its own row."""
    own: dict[str, Any] = {"time_zone": account.zone, "currencies": dict(account.netsuite_account.currencies)}
    copied = {field.name: getattr(account, field.name) for field in fields(Settings) if field.name not in own}
    return Settings(**copied, **own)


def ledger_names(account: StripeAccount) -> dict[str, str]:
    """What the chosen ledger accounts are called in a posting, by NetSuite's internal id."""
    return {
        getattr(account, role): str(getattr(StripeAccount._meta.get_field(role), "verbose_name", role))
        for role in ROLES
        if getattr(account, role)
    }
