"""The setting that a record waits for: what is to be chosen there, and where it stands."""

from __future__ import annotations

from django.urls import reverse

from connector.models import StripeAccount
from dashboard.setting_tabs import BY_NAME, TAB_OF

WAITING_CODES = {
    "undeposited_funds_account": (
        "undeposited_funds_account_missing",
        "undep_funds_account_not_found",
        "undep_funds_account_mismatch",
    ),
    "receivables_account": ("receivables_account_missing",),
    "income_account": ("income_account_missing",),
    "tax_account": ("tax_account_missing",),
    "bank_accounts": ("payout_currency_account_missing", "bank_deposit_account_missing"),
    "stripe_api_key": ("stripe_key_missing", "stripe_key_refused"),
    "closed_period_policy": ("period_closed",),
    **dict.fromkeys(
        (
            "payout_clearing_account",
            "payment_fees_account",
            "dispute_reversals_account",
            "adjustments_account",
            "balance_accounts",
        ),
        ("missing_netsuite_account_mapping",),
    ),
}
"""Why records wait that a setting lets go."""


def button(account: StripeAccount, code: str) -> tuple[str, str]:
    """The label and address of the setting that lets go what waits for this reason; else of all settings."""
    name = next((name for name, codes in WAITING_CODES.items() if code in codes), "")
    if not name:
        return "Open the settings", reverse("dashboard:settings", args=[account.name])
    label = "Choose the account" if BY_NAME[name].lookup else "Open the setting"
    return label, f"{reverse('dashboard:settings_tab', args=[account.name, TAB_OF[name].key])}#{name}"
