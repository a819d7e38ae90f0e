"""Suggestions: which ledger account a setting most likely means, where exactly one is called so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector.engine.lookups import Choice, Found
from connector.models import StripeAccount

NAMES: Mapping[str, tuple[str, ...]] = {
    "undeposited_funds_account": (r"undeposited funds", r"undeposited"),
    "receivables_account": (r"accounts receivable", r"receivables?", r""),
    "income_account": (r"(sales|income|revenue)( -.*)?$", r"sales", r""),
    "payment_fees_account": (
        r"(payment|processing|card|stripe payment) fees?",
        r"(stripe|merchant|credit card|bank)( processing| service)? (fees?|charges?)",
    ),
    "tax_account": (r"sales tax payable", r"(sales )?tax(es)? payable", r"vat payable"),
    "subsidiary": (r"",),
}
"""By setting, what such an account is called, the surest name first; the empty one fits every name."""


def suggest(account: StripeAccount, found: Mapping[str, Found]) -> dict[str, str | dict[str, str]]:
    """By setting the one choice whose name fits; no setting of which none or several fit as well."""
    suggested: dict[str, str | dict[str, str]] = {}
    for setting, patterns in NAMES.items():
        if value := _one(found.get(setting, Found()).choices, patterns):
            suggested[setting] = value
    if banks := _banks(account, found.get("bank_accounts", Found()).choices):
        suggested["bank_accounts"] = banks
    return suggested


def _one(choices: tuple[Choice, ...], patterns: tuple[str, ...]) -> str:
    """The value of the only choice that fits the first pattern that any fits."""
    for pattern in patterns:
        fitting = [one for one in choices if re.match(rf"(\S*\d\S* )?{pattern}", one.label, re.IGNORECASE)]
        if fitting:
            return fitting[0].value if len(fitting) == 1 else ""
    return ""


def _banks(account: StripeAccount, choices: tuple[Choice, ...]) -> dict[str, str]:
    """For each currency the only bank account that is kept in it; a company with one currency names none."""
    banks = [one for one in choices if one.group == "bank"]
    known = account.netsuite_account.currencies
    found = {
        code: [one.value for one in banks if one.currency in (number, "" if len(known) == 1 else number)]
        for code, number in known.items()
    }
    return {code: values[0] for code, values in found.items() if len(values) == 1}
