"""Reconcile: Stripe, our map and NetSuite side by side, to the cent: payouts, balances, drift.

Reads both sides and writes to neither. What it finds is kept, and is what the console shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from connector.engine import balances, doors, drift, leases, sync, tie_outs
from connector.engine.source import Source
from connector.failures import describe
from connector.models import BalanceCheck, Drift, DriftCheck, StripeAccount, TieOut
from connector.money import Amount
from connector.translation.plan import Problem

Json = dict[str, Any]
DAYS = 35
"""A period without a beginning reaches back so far: a month and its close."""
DRIFTED = {
    Drift.Kind.DELETED: Problem("record_deleted_by_hand", "Somebody deleted it in NetSuite."),
    Drift.Kind.VOIDED: Problem("record_voided_by_hand", "Somebody voided it in NetSuite."),
    Drift.Kind.CHANGED: Problem("record_changed_by_hand", "Somebody changed it in NetSuite."),
    Drift.Kind.DEPOSITED: Problem("record_deposited_by_hand", "Somebody put it on a bank deposit."),
}


def period(account: StripeAccount, first: date | None, last: date | None) -> tuple[date, date]:
    """The first and the last day of arrival that are looked at; no day is before the start date."""
    last = last or account.local_date(timezone.now())
    first = first or last - timedelta(days=DAYS)
    return max(first, account.sync_start_date or first), last


def reconcile(account: StripeAccount, first: date, last: date) -> Json:
    """Payouts and balances as they are now, and drift as its last check found it, as one document.

    Raises verdicts of `connector.errors`.
    """
    source = open_source(account)
    compared = tie_outs.compare_all(source, first, last)
    checks = balances.compare(source)
    return document(account, first, last, compared, checks)


def open_source(account: StripeAccount) -> Source:
    """Both sides, for reading; what is learned of payouts is kept."""
    gateway = doors.netsuite_gateway(account.netsuite_account, f"reconcile:{leases.owner()}")
    return sync.open_source(account, gateway, keep=True)


def document(
    account: StripeAccount,
    first: date,
    last: date,
    compared: Sequence[TieOut],
    checks: Sequence[BalanceCheck],
) -> Json:
    """What was found, as the command prints it: its shape is told there."""
    altered = [_altered(one) for one in drift.open_drifts(account)]
    check = DriftCheck.objects.filter(account=account).first()
    whole = check is not None and (check.finished_at is not None and not check.message)
    settled = [one.settled for one in compared] + [one.settled for one in checks]
    return {
        "account": account.name,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "ties_out": all(settled) and not altered and whole,
        "payouts": [_payout(one) for one in compared],
        "balances": [_balance(one) for one in checks],
        "drift": {**_check(check), "records": altered},
    }


def _payout(one: TieOut) -> Json:
    payout = one.payout
    return {
        "id": payout.payout_id,
        "date": payout.arrival_date.isoformat(),
        "status": payout.status,
        "kind": payout.kind,
        "currency": payout.currency,
        "stripe": _text(payout.amount, payout.currency),
        "mapped": _text(one.mapped, payout.currency),
        "netsuite": _text(one.netsuite, payout.currency),
        "standing": one.standing,
        "settled": one.settled,
        "records": one.records,
        "differences": [
            {key: difference[key] for key in ("code", "key", "internal_id", "stripe", "mapped", "netsuite")}
            | told(difference["code"], difference["message"])
            for difference in one.differences
        ],
    }


def _balance(one: BalanceCheck) -> Json:
    code = one.currency
    stripe = one.available + one.pending + one.in_transit
    return {
        "currency": code,
        "undeposited_funds": _text(one.undeposited, code),
        "stripe": {
            "available": _text(one.available, code),
            "pending": _text(one.pending, code),
            "in_transit": _text(one.in_transit, code),
            "total": _text(stripe, code),
        },
        "difference": _text(one.undeposited - stripe, code),
        "explained": [cause | told(cause["code"]) for cause in one.explained],
        "unexplained": _text(one.unexplained, code),
        "settled": one.settled,
    }


def _check(check: DriftCheck | None) -> Json:
    if check is None:
        return {"checked": 0, "calls": 0, "seconds": "0.0", "finished_at": None, "stopped": ""}
    return {
        "checked": check.checked,
        "calls": check.calls,
        "seconds": str(check.seconds),
        "finished_at": check.finished_at.isoformat() if check.finished_at else None,
        "stopped": check.message,
    }


def _altered(one: Drift) -> Json:
    row, drifted = one.record, DRIFTED[Drift.Kind(one.kind)]
    return {
        "kind": one.kind,
        "type": row.record_type,
        "external_id": row.external_id,
        "internal_id": one.internal_id,
        "amount": _text(row.amount, row.currency),
        "currency": row.currency,
        "first_seen": one.first_seen.isoformat(),
        "last_seen": one.last_seen.isoformat(),
        "differences": one.differences,
    } | told(drifted.code, drifted.message)


def told(code: str, message: str = "") -> dict[str, str]:
    """The cause and the action that settles it, in finance words."""
    entry = describe(code)
    return {"message": message or entry.title, "cause": entry.cause, "action": entry.next_step}


def _text(value: Decimal | None, currency: str) -> str:
    return "" if value is None else Amount(value, currency).text
