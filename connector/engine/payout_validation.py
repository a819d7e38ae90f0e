"""Payout validation: NetSuite's own word on every record of a payout, before any of it is deposited (PO-6).

Read by searches of a thousand internal ids, which carry no lists: first those that are on no bank
deposit, then only those that did not turn up. Ten thousand records take ten calls, and no more than
one page of them is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import cast

from connector.engine import choices
from connector.engine.source import Source
from connector.errors import NeedsAttention, RetryLater
from connector.netsuite.gateway import Criterion, Gateway, LedgerAccount, SearchType, Snapshot
from connector.netsuite.records import Ref
from connector.stripe.balance import Payout
from connector.translation.movement import Role, role_of
from connector.translation.payout import Contents
from connector.translation.payout_checks import Rules, Seen, fault
from connector.translation.plan import Problem

AT_ONCE = 1000
"""Internal ids in one search: a page's worth (netsuite.md 2.2)."""
NO_DEPOSIT = Criterion("depositTransaction", "anyOf", ("@NONE@",))
DENIED = "permission_missing"


def faults(payout: Payout, contents: Contents, source: Source) -> dict[str, Problem]:
    """Why records cannot be deposited, by external id; a fault of the set-up stands under the payout's id."""
    funds = contents.funds()
    if not funds:
        return {}
    accounts = _accounts(source.gateway)
    found = _set_up(payout, accounts, source)
    if isinstance(found, Problem):
        return {payout.id: found}
    told: dict[str, Problem] = {}
    seen = dict(_seen(list(funds), source))
    own = source.settings.currencies.get(payout.amount.currency, "")
    if any(one.currency != own for one in seen.values()):
        choices.need_base_currency(source.settings, payout.id)
    subsidiaries = _subsidiaries(found, seen, source.gateway)
    if isinstance(subsidiaries, Problem):
        return {payout.id: subsidiaries}
    rules = Rules(source.settings, payout.amount.currency, subsidiaries)
    for ref, worth in funds.items():
        if problem := fault(ref, ref.key, worth, seen.get((ref.type, ref.internal_id)), rules):
            told[ref.key] = problem
    return told


def customers(contents: Contents, gateway: Gateway) -> dict[str, Ref]:
    """The customer whose refund came back, by the movement's id: NetSuite's refund names them."""
    backs = [one for one in contents.movements if role_of(one) is Role.REFUND_BACK]
    refs = {one.id: contents.found[one.source_id] for one in backs if one.source_id in contents.found}
    held: dict[str, Snapshot] = {}
    for kind in {ref.type for ref in refs.values()}:
        numbers = sorted({ref.internal_id for ref in refs.values() if ref.type == kind})
        held |= _page(kind, numbers, (), gateway)
    named = {key: held[ref.internal_id].customer for key, ref in refs.items() if ref.internal_id in held}
    return {key: Ref("customer", internal_id=number) for key, number in named.items() if number}


def _accounts(gateway: Gateway) -> dict[str, LedgerAccount]:
    try:
        return {one.internal_id: one for one in gateway.fetch_accounts()}
    except NeedsAttention as refusal:
        if refusal.code != DENIED:
            raise
        raise NeedsAttention("undep_funds_account_fetch_error", refusal.message) from refusal


def _set_up(payout: Payout, accounts: dict[str, LedgerAccount], source: Source) -> LedgerAccount | Problem:
    """The bank account of the payout, or what is wrong with it or with Undeposited Funds."""
    settings, currency = source.settings, payout.amount.currency
    if not (_is_there(waiting := settings.undeposited_funds_account, accounts)):
        text = f"NetSuite shows no active account {waiting}, which is chosen as Undeposited Funds."
        return Problem("undep_funds_account_not_found", text)
    number = settings.bank_accounts.get(currency, "")
    if not number:
        text = f"No bank account is chosen for payouts in {currency}."
        return Problem("payout_currency_account_missing", text)
    if not _is_there(number, accounts) or accounts[number].type != "bank":
        text = f"NetSuite shows no active bank account {number}, which is chosen for payouts in {currency}."
        return Problem("bank_deposit_account_missing", text)
    return accounts[number]


def _is_there(number: str, accounts: dict[str, LedgerAccount]) -> bool:
    return number in accounts and not accounts[number].inactive


def _subsidiaries(
    bank: LedgerAccount, seen: dict[tuple[str, str], Seen], gateway: Gateway
) -> frozenset[str] | Problem | None:
    """Who may use the bank account; None where NetSuite has no subsidiaries. Children are read if needed."""
    own = frozenset(bank.subsidiaries)
    if not own:
        return None
    others = {one.subsidiary for one in seen.values()} - own - {""}
    if not (others and bank.include_children):
        return own
    try:
        tree = {one.internal_id: one for one in gateway.fetch_subsidiaries() if not one.inactive}
    except NeedsAttention as refusal:
        if refusal.code == DENIED:
            return Problem("subsidary_not_found_likely_permission_issue", refusal.message)
        return Problem("subsidary_search_failed", refusal.message)
    except RetryLater as away:
        raise RetryLater("subsidary_search_failed", away.message, delay=away.delay) from away
    if not own <= tree.keys():
        text = f"NetSuite shows no active subsidiary {', '.join(sorted(own - tree.keys()))}."
        return Problem("subsidary_not_found_likely_permission_issue", text)
    allowed = set(own)
    for _ in tree:
        allowed |= {number for number, one in tree.items() if one.parent in allowed}
    return frozenset(allowed)


def _seen(refs: Sequence[Ref], source: Source) -> Iterator[tuple[tuple[str, str], Seen]]:
    """What NetSuite holds, by type and internal id; what it does not hold is absent."""
    for kind in dict.fromkeys(ref.type for ref in refs):
        numbers = [ref.internal_id for ref in refs if ref.type == kind]
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            waiting = {}
            for number, one in _page(kind, part, (NO_DEPOSIT,), source.gateway):
                waiting[number] = _lean(one, deposited=False)
            yield from (((kind, number), one) for number, one in waiting.items())
            if rest := [number for number in part if number not in waiting]:
                for number, one in _page(kind, rest, (), source.gateway):
                    yield (kind, number), _lean(one, deposited=True)


def _page(
    kind: str, numbers: Sequence[str], more: tuple[Criterion, ...], gateway: Gateway
) -> Iterator[tuple[str, Snapshot]]:
    these = Criterion("internalId", "anyOf", tuple(numbers))
    try:
        for one in gateway.search(cast(SearchType, kind), [these, *more]):
            yield one.internal_id, one
    except NeedsAttention as refusal:
        if refusal.code != DENIED:
            raise
        raise NeedsAttention("deposit_search_failed", refusal.message) from refusal


def _lean(one: Snapshot, *, deposited: bool) -> Seen:
    return Seen(
        total=one.total or Decimal(0),
        currency=one.currency,
        account=one.account,
        subsidiary=one.subsidiary,
        exchange_rate=one.exchange_rate,
        deposited=deposited,
    )
