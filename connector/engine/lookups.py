"""Look-ups: what NetSuite has to choose from for a setting. They read, and never raise: one may type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from django.core.cache import cache

from connector.engine import doors, leases, matches
from connector.engine.doctor import ACCOUNT_TYPES, BANK_TYPES
from connector.errors import Verdict
from connector.failures import describe
from connector.models import NetSuiteAccount, StripeAccount
from connector.netsuite.gateway import Criterion, Gateway, LedgerAccount, Snapshot

Kind = Literal["account", "item", "subsidiary"]
Names = dict[Kind, dict[str, str]]
"""What things are called in NetSuite, by their internal ids."""
MOST_ITEMS = 200
"""An item list can hold tens of thousands; more than this nobody reads in a choice."""
REMEMBERED_SECONDS = 30 * 24 * 3600
TYPES: Mapping[str, tuple[str, ...]] = {
    **ACCOUNT_TYPES,
    "bank_accounts": BANK_TYPES,
    "deferred_revenue_account": ("deferredRevenue", "otherCurrentLiability", "longTermLiability"),
}
"""The types of ledger accounts that fit a setting; a setting that is not here takes any."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: NetSuite's internal id, and what people call it."""

    value: str
    label: str
    group: str = ""
    """A ledger account's type, in NetSuite's word."""
    currency: str = ""
    """The internal id of the currency in which a ledger account is kept; empty for any."""


@dataclass(frozen=True, slots=True)
class Found:
    """What NetSuite has to choose from; `note` says why there is nothing, or that there is more."""

    choices: tuple[Choice, ...] = ()
    note: str = ""


def look_up(account: StripeAccount, wanted: Mapping[str, Kind], *, like: str = "") -> dict[str, Found]:
    """The choices for settings, by name; without NetSuite, a note. `like` is a part of an item's name.

    The chart of accounts is asked for once.
    """
    found: dict[str, Found] = {}
    try:
        gateway = doors.netsuite_gateway(account.netsuite_account, f"lookup:{leases.owner()}")
        chart = gateway.fetch_accounts() if "account" in wanted.values() else ()
        for setting, kind in wanted.items():
            if kind == "account":
                found[setting] = _accounts(chart, TYPES.get(setting, ()))
            elif kind == "subsidiary":
                found[setting] = _subsidiaries(gateway)
            else:
                found[setting] = _items(gateway, like)
    except Verdict as verdict:
        text = f"{verdict.message} {describe(verdict.code).next_step} You can still type the internal id."
        return found | {setting: Found(note=text) for setting in wanted if setting not in found}
    return found


def remember(account: NetSuiteAccount, wanted: Mapping[str, Kind], found: Mapping[str, Found]) -> None:
    """Keep what the choices that were looked up are called."""
    before = remembered(account)
    names = {kind: dict(called) for kind, called in before.items()}
    for setting, kind in wanted.items():
        names[kind] |= {one.value: one.label for one in found[setting].choices}
    if names != before:
        cache.set(_key(account.pk), names, REMEMBERED_SECONDS)


def remembered(account: NetSuiteAccount) -> Names:
    """What accounts, items and subsidiaries were called when they were looked up last."""
    return remembered_of([account.pk])[account.pk]


def remembered_of(accounts: Collection[int]) -> dict[int, Names]:
    """The same of several NetSuite accounts, by their keys; one question for all of them."""
    held = cache.get_many([_key(pk) for pk in accounts])
    return {pk: held.get(_key(pk)) or {"account": {}, "item": {}, "subsidiary": {}} for pk in accounts}


def _accounts(chart: Iterable[LedgerAccount], types: tuple[str, ...]) -> Found:
    fitting = [one for one in chart if not one.inactive and (not types or one.type in types)]
    if not fitting:
        return Found(note="NetSuite shows this role no account that fits here.")
    order = sorted(fitting, key=lambda one: (one.number, one.name))
    return Found(tuple(Choice(one.internal_id, _account_label(one), one.type, one.currency) for one in order))


def _account_label(one: LedgerAccount) -> str:
    return f"{one.number} {one.name}".strip()


def _subsidiaries(gateway: Gateway) -> Found:
    active = [one for one in gateway.fetch_subsidiaries() if not one.inactive]
    return Found(tuple(Choice(one.internal_id, one.name) for one in sorted(active, key=lambda one: one.name)))


def _items(gateway: Gateway, like: str) -> Found:
    named = [Criterion("itemId", "contains", (like,))] if like else []
    found = list(islice(gateway.search("item", [matches.ITEMS, *named]), MOST_ITEMS + 1))
    choices = _named(one for one in found[:MOST_ITEMS] if one.type in matches.SOLD and not one.inactive)
    if len(found) > MOST_ITEMS:
        note = f"These are the first {MOST_ITEMS}. Type a part of the name and look up again."
        return Found(choices, note)
    if not choices:
        return Found(
            note=f"No item’s name holds “{like}”." if like else "NetSuite has no item that fits here."
        )
    return Found(choices)


def _named(items: Iterable[Snapshot]) -> tuple[Choice, ...]:
    found = [Choice(one.internal_id, one.number or one.name or one.internal_id) for one in items]
    return tuple(sorted(found, key=lambda one: one.label.casefold()))


def _key(account: int) -> str:
    return f"names:{account}"
