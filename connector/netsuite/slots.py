"""How many requests we may have under way at NetSuite at once, and how that number learns."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

GROW_AFTER = 20
"""Answers without a refusal before one more request at a time is tried."""

CALM = timedelta(seconds=5)
"""Refusals so soon after a shrinking belong to the same crowd and do not shrink again."""


class Slots(Protocol):
    """The right to make a request, shared by all processes and machines of one NetSuite account.

    NetSuite refuses what is above the account's limit and does not queue it (netsuite.md 2.1).
    """

    def take(self) -> AbstractContextManager[None]:
        """Hold one slot for the duration of one request; waits, or raises `RetryLater`, when none is free."""

    def report(self, *, busy: bool) -> None:
        """Say whether NetSuite refused the request for there being too many (`busy`) or answered it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of slots now: halved when NetSuite is busy, one more after a calm run.

    Never below one, never above `ceiling`, the account's own limit. A value: the engine keeps it
    in a row and writes back what these methods return.
    """

    ceiling: int
    now: int
    calm_run: int = 0
    shrunk_at: datetime | None = None

    @classmethod
    def full(cls, ceiling: int) -> Limit:
        """Start at the ceiling (at least one)."""
        return cls(max(ceiling, 1), max(ceiling, 1))

    def refused(self, at: datetime) -> Limit:
        """NetSuite was busy: half as many, once for each crowd of refusals."""
        if self.shrunk_at is not None and at - self.shrunk_at < CALM:
            return replace(self, calm_run=0)
        return replace(self, now=max(1, self.now // 2), calm_run=0, shrunk_at=at)

    def answered(self) -> Limit:
        """NetSuite answered: after `GROW_AFTER` in a row, one more."""
        if self.now >= self.ceiling:
            return self if self.calm_run == 0 else replace(self, calm_run=0)
        if self.calm_run + 1 < GROW_AFTER:
            return replace(self, calm_run=self.calm_run + 1)
        return replace(self, now=self.now + 1, calm_run=0)

    def with_ceiling(self, ceiling: int) -> Limit:
        """The same under another limit of the account."""
        lawful = max(ceiling, 1)
        return replace(self, ceiling=lawful, now=min(self.now, lawful))
