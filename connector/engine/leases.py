"""Leases on names: NetSuite's slots, and one writer for each customer, across all machines.

A holder's name begins with its job, so a job that comes back after a crash takes over
what its earlier run still holds.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from connector.errors import RetryLater
from connector.models import Lease, NetSuiteAccount
from connector.netsuite.slots import Limit

SLOT_SECONDS = 180
"""Longer than the longest NetSuite call (connect 10 s, read 120 s)."""
CUSTOMER_SECONDS = 1800
"""Longer than the waves of one job can take; a job that comes back after a crash takes its own over."""
PATIENCE_SECONDS = 30
"""How long a call waits for a slot, or a job for its customer, before it makes way for others."""
BUSY = timedelta(seconds=5)
LASTING = timedelta(seconds=45)
"""A slot kept for longer than this is renewed before the next call, so that it outlasts that too."""


def owner() -> str:
    """Who holds a lease: this machine, process and thread."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{threading.get_ident() % 100_000}"


@dataclass(slots=True)
class _Slot:
    """A slot that we hold."""

    account: NetSuiteAccount
    key: str
    holder: str
    taken_at: datetime
    is_settled: bool
    """Whether an answer of NetSuite's teaches the limit nothing: it stands at its ceiling."""

    def give_back(self) -> None:
        _give_back(self.account, self.key, self.holder)

    def last(self) -> None:
        """See that it is held for as long as the longest call. Raises RetryLater when somebody has it."""
        now = timezone.now()
        if now - self.taken_at > LASTING:
            hold_on(self.account, self.key, self.holder, SLOT_SECONDS)
            self.taken_at = now


_kept: ContextVar[dict[int, _Slot] | None] = ContextVar("kept", default=None)
"""The slots that are kept from one call to the next, by NetSuite account."""


@contextmanager
def held(account: NetSuiteAccount, key: str, holder: str, seconds: int) -> Iterator[None]:
    """Hold `key` alone; waits a while, then raises RetryLater.

    Nobody waits with a slot in hand: whoever holds `key` may need that one to come to an end.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _take(account, key, holder, seconds):
        if time.monotonic() > deadline:
            raise RetryLater("netsuite_busy", f"Another record of {key} is being written.", delay=BUSY)
        _give_all_back(_kept.get() or {})
        time.sleep(random.uniform(0.02, 0.06))  # noqa: S311
    try:
        yield
    finally:
        _give_back(account, key, holder)


def hold_on(account: NetSuiteAccount, key: str, holder: str, seconds: int) -> None:
    """Hold `key`, which `held` gave, a while longer; raises RetryLater when somebody else has taken it."""
    expires = timezone.now() + timedelta(seconds=seconds)
    mine = Lease.objects.filter(netsuite_account=account, key=key, holder=holder)
    if not mine.update(expires_at=expires):
        raise RetryLater("netsuite_busy", f"Somebody else has taken over {key}.", delay=BUSY)


@contextmanager
def one_slot() -> Iterator[None]:
    """Keep the slot of the first call to NetSuite until the end, for all that follow in this thread.

    For calls that come one after another with little between them, like those of a page: taking a
    slot and giving it back each time would cost the database more than the rest of such a page.
    """
    if _kept.get() is not None:
        yield
        return
    kept: dict[int, _Slot] = {}
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
        _give_all_back(kept)


class DatabaseSlots:
    """NetSuite's slots, shared through the database. One for each gateway, so one for each running job."""

    def __init__(self, account: NetSuiteAccount, holder: str) -> None:
        self._account = account
        self._holder = holder
        self._slot: _Slot | None = None

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold one of the slots that are open now; waits a while, then raises RetryLater."""
        kept = _kept.get()
        if kept is not None:
            self._slot = kept.get(self._account.pk) or self._wait(self._account)
            kept[self._account.pk] = self._slot
            self._slot.last()
            yield
            return
        self._slot = self._wait(self._row())
        try:
            yield
        finally:
            self._slot.give_back()

    def _wait(self, row: NetSuiteAccount) -> _Slot:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (slot := self._free_slot(row)) is None:
            if time.monotonic() > deadline:
                raise RetryLater("netsuite_busy", "All of our requests to NetSuite are in use.", delay=BUSY)
            time.sleep(random.uniform(0.02, 0.06))  # noqa: S311
            row = self._row()
        return slot

    def report(self, *, busy: bool) -> None:
        """Let the limit learn: down when NetSuite is busy, up again after a calm run."""
        if self._slot and self._slot.is_settled and not busy:
            return
        row = self._row()
        before = _limit(row)
        after = before.refused(timezone.now()) if busy else before.answered()
        if self._slot:
            self._slot.is_settled = False
        if after != before:
            # Conditional on what we read: of two workers that learn at the same moment, one counts.
            NetSuiteAccount.objects.filter(
                pk=row.pk, slots_now=row.slots_now, slots_calm_run=row.slots_calm_run
            ).update(slots_now=after.now, slots_calm_run=after.calm_run, slots_shrunk_at=after.shrunk_at)

    def _row(self) -> NetSuiteAccount:
        learnt = ("netsuite_concurrency", "slots_now", "slots_calm_run", "slots_shrunk_at")
        return NetSuiteAccount.objects.only(*learnt).get(pk=self._account.pk)

    def _free_slot(self, row: NetSuiteAccount) -> _Slot | None:
        limit = _limit(row)
        numbers = list(range(limit.now))
        random.shuffle(numbers)
        for number in numbers:
            key = f"slot:{number}"
            if _take(self._account, key, self._holder, SLOT_SECONDS):
                is_settled = limit.answered() == limit
                return _Slot(self._account, key, self._holder, timezone.now(), is_settled)
        return None


def _limit(row: NetSuiteAccount) -> Limit:
    full = Limit.full(row.netsuite_concurrency)
    if not row.slots_now:
        return full
    return Limit(full.ceiling, min(row.slots_now, full.ceiling), row.slots_calm_run, row.slots_shrunk_at)


def _take(account: NetSuiteAccount, key: str, holder: str, seconds: int) -> bool:
    now = timezone.now()
    free = Q(holder="") | Q(holder=holder) | Q(expires_at__lt=now)
    expires = now + timedelta(seconds=seconds)
    row = Lease.objects.filter(netsuite_account=account, key=key)
    if row.filter(free).update(holder=holder, expires_at=expires):
        return True
    if row.exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(netsuite_account=account, key=key, holder=holder, expires_at=expires)
    except IntegrityError:  # somebody else made the row a moment ago
        return False
    return True


def _give_all_back(kept: dict[int, _Slot]) -> None:
    while kept:
        kept.popitem()[1].give_back()


def _give_back(account: NetSuiteAccount, key: str, holder: str) -> None:
    Lease.objects.filter(netsuite_account=account, key=key, holder=holder).update(holder="")
