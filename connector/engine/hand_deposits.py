"""Hand deposits: records of ours that wait for their payout, and that a person put on a bank deposit.

Then the payout can't take them (PO-15). What a person deposits for a payout that was made by hand is
right: Stripe does not say what is in such a payout, so nobody but a person can (PO-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from connector.engine.altered import Differences
from connector.models import Drift, MappedRecord, Payout, PayoutLine, StripeAccount, TieOut
from connector.netsuite.gateway import Criterion, Gateway, SearchType, Snapshot

FUNDS = ("customerPayment", "customerDeposit", "customerRefund", "cashSale", "cashRefund")
WAITING = Criterion("depositTransaction", "anyOf", ("@NONE@",))
DEPOSITS_AT_ONCE = 20
State = MappedRecord.State


def among(
    rows: Sequence[MappedRecord], account: StripeAccount, gateway: Gateway
) -> dict[int, tuple[str, Differences]]:
    """Those of `rows` (of one type) that are on a deposit which books no payout, by primary key."""
    if not rows or rows[0].record_type not in FUNDS:
        return {}
    paid_out = _paid_out(rows, account)
    left = {row.internal_id: row for row in rows if row.external_id not in paid_out}
    if not left:
        return {}
    these = Criterion("internalId", "anyOf", tuple(left))
    kind = cast(SearchType, rows[0].record_type)
    waiting = {one.internal_id for one in gateway.search(kind, [these, WAITING])}
    gone = {number: row for number, row in left.items() if number not in waiting and row.amount}
    holders = _holders(gone, account, gateway) if gone else {}
    odd = {number: row for number, row in gone.items() if not _is_right(holders.get(number), account)}
    return {row.pk: (Drift.Kind.DEPOSITED, _told(holders.get(number))) for number, row in odd.items()}


def for_payouts(account: StripeAccount, gateway: Gateway) -> set[str]:
    """Payouts made by hand that a person has deposited, and the external ids of the records on the deposits.

    As the last comparison of payouts found them, where NetSuite still holds the deposit over that amount.
    """
    found = {
        one["internal_id"]: tie_out.payout
        for tie_out in TieOut.objects.filter(
            payout__account=account, standing=TieOut.Standing.BY_HAND, settled=True
        ).select_related("payout")
        for one in tie_out.records
    }
    deposits = _read(sorted(found), gateway)
    standing = [one for one in deposits if one.total == found[one.internal_id].amount]
    numbers = [held.internal_id for one in standing for held in one.funds]
    ours = MappedRecord.objects.filter(
        netsuite_account=account.netsuite_account_id,
        account=account,
        record_type__in=FUNDS,
        internal_id__in=numbers,
        state=State.MAPPED,
    )
    payouts = {found[one.internal_id].payout_id for one in standing}
    return payouts | set(ours.values_list("external_id", flat=True))


def _paid_out(rows: Sequence[MappedRecord], account: StripeAccount) -> set[str]:
    """External ids of those whose payout is booked, or is being booked now."""
    keys = [row.external_id for row in rows]
    lines = PayoutLine.objects.filter(payout__account=account, external_id__in=keys)
    found = set(lines.values_list("external_id", "payout__payout_id"))
    sent = MappedRecord.objects.filter(
        netsuite_account=account.netsuite_account_id,
        account=account,
        stripe_id__in={payout for _, payout in found},
        record_type__in=("deposit", "journalEntry"),
        state__in=(State.MAPPED, State.INTENT, State.UNCONFIRMED),
    )
    booked = set(sent.values_list("stripe_id", flat=True))
    return {key for key, payout in found if payout in booked}


def _holders(
    gone: Mapping[str, MappedRecord], account: StripeAccount, gateway: Gateway
) -> dict[str, Snapshot]:
    """The deposit that holds each record; where it cannot be found, nothing."""
    days = [row.tran_date for row in gone.values() if row.tran_date]
    since = [Criterion("tranDate", "onOrAfter", (min(days),))] if days else []
    numbers = [one.internal_id for one in gateway.search("deposit", since)]
    found: dict[str, Snapshot] = {}
    for deposit in _read(numbers, gateway):
        found.update({one.internal_id: deposit for one in deposit.funds if one.internal_id in gone})
        if len(found) == len(gone):
            break
    return found


def _read(numbers: Sequence[str], gateway: Gateway) -> Iterator[Snapshot]:
    for start in range(0, len(numbers), DEPOSITS_AT_ONCE):
        yield from filter(None, gateway.get_many("deposit", numbers[start : start + DEPOSITS_AT_ONCE]))


def _is_right(deposit: Snapshot | None, account: StripeAccount) -> bool:
    """Whether the deposit books a payout: one that a person named to us, or one made by hand."""
    if deposit is None:
        return False
    linked = MappedRecord.objects.filter(
        netsuite_account=account.netsuite_account_id,
        account=account,
        record_type="deposit",
        internal_id=deposit.internal_id,
        state=State.MAPPED,
    )
    currencies = [code for code, bank in account.bank_accounts.items() if bank == deposit.account]
    by_hand = Payout.objects.filter(account=account, currency__in=currencies, amount=deposit.total or 0)
    return linked.exists() or by_hand.exclude(kind=Payout.Kind.AUTOMATIC).exists()


def _told(deposit: Snapshot | None) -> Differences:
    number = f"deposit {deposit.internal_id}" if deposit else "a bank deposit"
    named = f"{number} ({deposit.number})" if deposit and deposit.number else number
    return [{"what": "deposit", "ours": "waits for its payout", "theirs": f"on {named}"}]
