"""What django-q2 calls: by name, with primary keys only. Nothing here raises for business reasons."""

from __future__ import annotations

from datetime import date

import structlog
from django.conf import settings
from django_q.tasks import async_task

from connector.engine import (
    causes,
    comparing,
    decisions,
    drift,
    jobs,
    month_close,
    past_records,
    payouts,
    reconcile,
    sync,
    writing_back,
)
from connector.errors import Verdict
from connector.models import StripeAccount

log = structlog.get_logger("suitesync.tasks")


def run_job(pk: int) -> str:
    """Run one job, if it is due and nobody else has it. Returns its status, for the queue's own record."""
    return sync.run(pk)


def sweep() -> int:
    """Ring for all that is due and unheard, then write to Stripe what is left. Returns how many were rung.

    That comes first, so that no fault of the rest keeps it back. Payouts that asked a person something an
    hour ago are looked at again. What became of the causes that people look after is noted last.
    """
    rung = jobs.sweep()
    payouts.recheck()
    writing_back.sweep()
    decisions.sweep()
    causes.sweep()
    past_records.sweep()
    return rung


def bring_past(pk: int) -> str:
    """A turn of bringing past records; it rings for the next one. Returns the run's state."""
    return past_records.turn(pk)


def look_at_past(pk: int) -> str:
    """Look at what bringing past records would do. Returns the look's state."""
    return past_records.look(pk)


def check_books() -> int:
    """Ring for each account whose nightly look at NetSuite is due or unfinished. Returns how many there are.

    Called hourly, so that a look that was cut off goes on.
    """
    due = [account for account in StripeAccount.objects.order_by("pk") if drift.is_due(account)]
    for account in due:
        async_task("connector.tasks.check_books_of", account.pk)
    return len(due)


def check_books_of(pk: int) -> str:
    """Look at an account's records, then, once all were looked at, at its payouts and balances."""
    account = StripeAccount.objects.select_related("netsuite_account").get(pk=pk)
    check = drift.check(account, seconds=settings.JOB_TIME_LIMIT / 2)
    if check.finished_at is None:
        return "goes on"
    return _reconcile(account, *reconcile.period(account, None, None))


def compare(pk: int, first: str, last: str) -> str:
    """Likewise at once, for payouts that arrived from `first` to `last`: what a month close is asked for."""
    account = StripeAccount.objects.select_related("netsuite_account").get(pk=pk)
    outcome = "internal_error"
    try:
        drift.check(account, seconds=settings.JOB_TIME_LIMIT / 2)
        outcome = _reconcile(account, date.fromisoformat(first), date.fromisoformat(last))
    finally:
        comparing.ended(pk, outcome)
    return outcome


def compare_payouts(pk: int, first: str, last: str) -> str:
    """Likewise without looking at the records: payouts and balances alone, which is soon done."""
    account = StripeAccount.objects.select_related("netsuite_account").get(pk=pk)
    outcome = "internal_error"
    try:
        outcome = _reconcile(account, date.fromisoformat(first), date.fromisoformat(last))
    finally:
        comparing.ended(pk, outcome)
    return outcome


def _reconcile(account: StripeAccount, first: date, last: date) -> str:
    """Compare, then reopen the months that have changed since they were ticked."""
    try:
        reconcile.reconcile(account, first, last)
    except Verdict as verdict:
        log.warning("reconciling stopped", account=account.name, code=verdict.code)
        return verdict.code
    month_close.reopen_changed(account)
    return comparing.FINISHED
