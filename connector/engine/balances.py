"""Balances: Undeposited Funds in NetSuite held against Stripe's balance, currency by currency.

Stripe is asked for its balance and for the movements that may not be paid out yet; NetSuite for
everything that waits in Undeposited Funds, a thousand records at a time. Only reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.utils import timezone

from connector.engine import hand_deposits, payout_rows, payouts
from connector.engine.holdings import Explanation, Undeposited, Waiting, explain
from connector.engine.source import Source
from connector.errors import NotThere
from connector.models import BalanceCheck, MappedRecord, PayoutLine
from connector.models import Payout as Row
from connector.money import Amount
from connector.netsuite.gateway import Criterion, SearchType, Snapshot
from connector.stripe.balance import BalanceTransaction, Payout
from connector.translation.movement import Role, role_of

SIGNS: dict[SearchType, int] = {
    "customerPayment": 1,
    "customerDeposit": 1,
    "customerRefund": -1,
    "cashSale": 1,
    "cashRefund": -1,
}
"""What can wait in Undeposited Funds, and whether it brings money in or takes it out."""
NO_DEPOSIT = Criterion("depositTransaction", "anyOf", ("@NONE@",))
OVERLAP = timedelta(days=14)
"""How much older than the last payout's parts money may be that is not paid out: slow debits, holds."""
AT_ONCE = 1000
MOST_ASKED = 50
"""Charges that Stripe is asked about one by one."""
State = MappedRecord.State


@dataclass(frozen=True, slots=True)
class Found:
    """A record of ours that waits in NetSuite, in its own currency."""

    key: str
    amount: Decimal
    currency: str
    day: datetime | None


def compare(source: Source) -> list[BalanceCheck]:
    """The comparison of each currency that Stripe or Undeposited Funds holds; kept, and answered."""
    booked = _booked(source)
    waiting = {one.key: one for one in _waiting(source, booked)}
    balance = source.client.fetch_balance()
    stated = {state: _by_currency(balance, state) for state in ("available", "pending")}
    currencies = sorted(
        {*stated["available"], *stated["pending"], *(one.currency for one in waiting.values())}
    )
    since = _since(source, list(waiting.values()))
    by_hand = hand_deposits.for_payouts(source.account, source.gateway)
    movements = {code: _undeposited(code, since, booked, source) for code in currencies}
    places = _places(movements, waiting, source)
    checks = []
    for code in currencies:
        mine = [one for key, one in waiting.items() if places[key][0] == code]
        undeposited = _known(movements[code], mine, booked, by_hand, source)
        told = explain([Waiting(one.key, places[one.key][1]) for one in mine], undeposited)
        total = sum((places[one.key][1] for one in mine), Decimal(0))
        held = {state: sums.get(code, Decimal(0)) for state, sums in stated.items()}
        checks.append(_kept(code, held, total, told, len(movements[code]), source))
    BalanceCheck.objects.filter(account=source.account).exclude(currency__in=currencies).delete()
    return checks


def _by_currency(balance: Mapping[str, Any], state: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in balance.get(state) or ():
        amount = Amount.from_minor(one["amount"], one["currency"])
        sums[amount.currency] = sums.get(amount.currency, Decimal(0)) + amount.value
    return sums


# NetSuite's side


def _waiting(source: Source, booked: set[str]) -> Iterator[Found]:
    """What waits of this Stripe account; what was paid out by a journal entry waits only in name (PO-H4)."""
    account = source.settings.undeposited_funds_account
    if not account:
        return
    settled = _settled_by_entry(source, booked)
    codes = {number: code for code, number in source.settings.currencies.items()}
    for record_type, sign in SIGNS.items():
        criteria = [Criterion("account", "anyOf", (account,)), NO_DEPOSIT]
        page: list[Snapshot] = []
        for one in source.gateway.search(record_type, criteria):
            page.append(one)
            if len(page) == AT_ONCE:
                yield from _ours(record_type, sign, page, codes, settled, source)
                page = []
        yield from _ours(record_type, sign, page, codes, settled, source)


def _ours(
    record_type: str,
    sign: int,
    page: Sequence[Snapshot],
    codes: dict[str, str],
    settled: set[str],
    source: Source,
) -> Iterator[Found]:
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite,
        account=source.account,
        record_type=record_type,
        internal_id__in=[one.internal_id for one in page],
        state=State.MAPPED,
    )
    keys = dict(rows.values_list("internal_id", "external_id"))
    for one in page:
        key = keys.get(one.internal_id, "")
        if key and key not in settled and one.total:
            day = datetime.combine(one.tran_date, time.min, UTC) if one.tran_date else None
            yield Found(key, sign * one.total, codes.get(one.currency, ""), day)


def _booked(source: Source) -> set[str]:
    """The payouts that are deposited, or journalled, or that a person linked."""
    rows = MappedRecord.objects.filter(
        netsuite_account=source.netsuite,
        account=source.account,
        record_type__in=("deposit", "journalEntry"),
        state=State.MAPPED,
    )
    return set(rows.exclude(external_id__endswith=":returned").values_list("stripe_id", flat=True))


def _settled_by_entry(source: Source, booked: set[str]) -> set[str]:
    """The records of payouts that are booked by a journal entry, which cannot take them away."""
    entries = MappedRecord.objects.filter(
        netsuite_account=source.netsuite,
        account=source.account,
        record_type="journalEntry",
        stripe_id__in=booked,
    ).exclude(external_id__endswith=":returned")
    lines = PayoutLine.objects.filter(
        payout__account=source.account, payout__payout_id__in=entries.values("stripe_id")
    )
    return set(lines.exclude(external_id="").values_list("external_id", flat=True))


# Stripe's side


def _since(source: Source, waiting: Sequence[Found]) -> datetime | None:
    """From when on money may be that is not paid out; None: from the beginning."""
    booked = Row.objects.filter(
        account=source.account, kind=Row.Kind.AUTOMATIC, payout_id__in=_booked(source)
    ).exclude(lines=None)
    last = booked.order_by("-arrival_date").first()
    oldest = last.lines.aggregate(oldest=Min("created"))["oldest"] if last else None
    if oldest is None or Row.objects.filter(account=source.account).exclude(kind=Row.Kind.AUTOMATIC).exists():
        return None
    days = [one.day for one in waiting if one.day]
    earliest: datetime = min([oldest - OVERLAP, *(day - timedelta(days=1) for day in days)])
    return earliest


def _undeposited(
    currency: str, since: datetime | None, booked: set[str], source: Source
) -> list[BalanceTransaction]:
    """The movements of a currency that are on no deposit of ours."""
    found = []
    page: list[BalanceTransaction] = []
    for movement in source.client.fetch_balance_transactions(currency, since):
        page.append(movement)
        if len(page) == AT_ONCE:
            found += _left(page, booked, source)
            page = []
    return found + _left(page, booked, source)


def _left(page: Sequence[BalanceTransaction], booked: set[str], source: Source) -> list[BalanceTransaction]:
    lines = PayoutLine.objects.filter(
        payout__account=source.account,
        payout__payout_id__in=booked,
        transaction_id__in=[movement.id for movement in page],
    )
    deposited = set(lines.values_list("transaction_id", flat=True))
    return [movement for movement in page if movement.id not in deposited]


def _places(
    movements: dict[str, list[BalanceTransaction]], waiting: dict[str, Found], source: Source
) -> dict[str, tuple[str, Decimal]]:
    """The currency in which Stripe settles each waiting record, and what it is worth in it (MC-5)."""
    places = {key: (one.currency, one.amount) for key, one in waiting.items()}
    for code, listed in movements.items():
        for movement in listed:
            if movement.exchange_rate is None or role_of(movement) is not Role.RECORD:
                continue
            key = payouts.key_of(movement, source.client)
            if key in waiting and waiting[key].currency != code:
                before = places[key][1] if places[key][0] == code else Decimal(0)
                places[key] = (code, before + movement.amount.value)
    return places


def _known(
    movements: Sequence[BalanceTransaction],
    waiting: Iterable[Found],
    booked: set[str],
    by_hand: set[str],
    source: Source,
) -> Undeposited:
    records = [one for one in movements if role_of(one) is Role.RECORD]
    keys = {one.id: payouts.key_of(one, source.client) for one in records}
    mapped = _mapped(sorted({*keys.values()}), source)
    start = source.settings.sync_start_date
    old = {
        one.id
        for one in records
        if start and keys[one.id] not in mapped and source.settings.local_date(one.created) < start
    }
    named = {one.source_id for one in movements if role_of(one) is Role.PAYOUT and one.source_id}
    held = set(keys.values())
    unmatched = [one.key for one in waiting if one.key not in held]
    return Undeposited(
        movements=movements,
        keys=keys,
        mapped=mapped,
        before_start=old,
        payouts={one: payout for one in sorted(named) if (payout := _payout(one, source))},
        booked=booked,
        by_hand=by_hand,
        pending={key for key in unmatched[:MOST_ASKED] if _is_pending(key, source)},
    )


def _mapped(keys: Sequence[str], source: Source) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        found |= set(payout_rows.found(source.netsuite, keys[start : start + AT_ONCE]))
    return found


def _payout(payout_id: str, source: Source) -> Payout | None:
    try:
        return source.client.fetch_payout(payout_id)
    except NotThere:
        return None


def _is_pending(key: str, source: Source) -> bool:
    """Whether it is a bank debit that the bank has not confirmed, for which Stripe holds nothing yet."""
    if not key.startswith(("ch_", "py_")):
        return False
    return source.client.fetch_charge(key).status == "pending"


# What is kept


def _kept(
    currency: str, held: dict[str, Decimal], total: Decimal, told: Explanation, count: int, source: Source
) -> BalanceCheck:
    stripe = held["available"] + held["pending"] + told.in_transit
    explained = [
        {
            "code": cause.code,
            "amount": Amount(cause.amount, currency).text,
            "count": cause.count,
            "examples": cause.examples,
            "settled": cause.settled,
        }
        for cause in told.causes.values()
        if cause.amount
    ]
    values = {
        **held,
        "in_transit": told.in_transit,
        "undeposited": total,
        "explained": sorted(explained, key=lambda one: (one["settled"], one["code"])),
        "unexplained": total - stripe - told.total,
        "movements_read": count,
        "compared_at": timezone.now(),
    }
    check, _ = BalanceCheck.objects.update_or_create(
        account=source.account, currency=currency, defaults=values
    )
    return check
