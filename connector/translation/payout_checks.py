"""Payout checks: whether a record of NetSuite's can go on a payout's deposit as it stands (PO-6).

One problem a record, the gravest first; each is mended in NetSuite, and the payout then goes on.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from connector.money import Amount, decimals
from connector.netsuite.records import Ref
from connector.translation.plan import Problem
from connector.translation.settings import Settings


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as NetSuite holds it: `total` in its own currency, ids by NetSuite's numbers."""

    total: Decimal
    currency: str
    account: str
    subsidiary: str = ""
    exchange_rate: Decimal | None = None
    deposited: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all records of one payout; `subsidiaries` is None where everybody may use the bank."""

    settings: Settings
    currency: str
    subsidiaries: AbstractSet[str] | None = None


def fault(ref: Ref, key: str, worth: Decimal, seen: Seen | None, rules: Rules) -> Problem | None:
    """Why the record cannot be deposited as `worth` of the payout's currency; None when it can.

    `key` is its external id, for people.
    """
    named = f"{key} ({ref.type} {ref.internal_id})"
    if seen is None:
        return Problem("deleted_netsuite_record", f"{named} is not in NetSuite any more.")
    waiting = rules.settings.undeposited_funds_account
    if seen.account and seen.account != waiting:
        text = f"{named} is on account {seen.account}, and Undeposited Funds is {waiting}."
        return Problem("undep_funds_account_mismatch", text)
    if seen.deposited:
        return Problem("already_deposited", f"{named} is on another bank deposit.")
    if rules.subsidiaries is not None and seen.subsidiary and seen.subsidiary not in rules.subsidiaries:
        text = f"{named} belongs to subsidiary {seen.subsidiary}, which does not have the bank account."
        return Problem("invalid_subsidiary", text)
    return _of_amount(named, worth, seen, rules)


def _of_amount(named: str, worth: Decimal, seen: Seen, rules: Rules) -> Problem | None:
    """NetSuite takes a record of another currency only to a bank in the books' own, at the record's rate."""
    settings, wanted = rules.settings, Amount(abs(worth), rules.currency)
    own = next((code for code, number in settings.currencies.items() if number == seen.currency), "")
    if own == rules.currency:
        value = seen.total
    elif rules.currency == settings.base_currency and seen.exchange_rate:
        unit = Decimal(1).scaleb(-decimals(rules.currency))
        value = (seen.total * seen.exchange_rate).quantize(unit, ROUND_HALF_UP)
    else:
        text = f"{named} is in {own or 'another currency'} and was paid out in {rules.currency}."
        return Problem("payout_currency_not_depositable", text)
    if value == wanted.value:
        return None
    text = f"{named} is worth {Amount(value, rules.currency)} in NetSuite and {wanted} in Stripe."
    return Problem("unequal_amounts", text)
