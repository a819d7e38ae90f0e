"""Governance: how many calls are under way, how long they take, and how many there have been."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from .faults import Faults
from .refusal import Fault

WRITES = frozenset({"add", "addList", "update", "updateList", "upsert", "upsertList", "delete", "deleteList"})
LIMITS = {
    "addList": 200,
    "updateList": 100,
    "upsertList": 100,
    "deleteList": 200,
    "getList": 1000,
}
"""Most records of one call (netsuite.md 2.2)."""


class Traffic:
    """Counts calls, holds the concurrency limit, and makes a call take its time outside every lock."""

    def __init__(self, concurrency: int, overhead: float, per_record: float, faults: Faults) -> None:
        self.concurrency = concurrency
        self.overhead = overhead
        self.per_record = per_record
        self.faults = faults
        self.calls: Counter[str] = Counter()
        self.in_flight = 0
        self._lock = threading.Lock()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """One call from its first byte to its answer; Fault when there are too many (S1)."""
        with self._lock:
            blocked = self.in_flight >= self.concurrency
            if not blocked:
                self.in_flight += 1
        if blocked:
            raise request_blocked()
        try:
            yield
        finally:
            with self._lock:
                self.in_flight -= 1

    def count(self, operation: str) -> None:
        with self._lock:
            self.calls[operation] += 1

    def writes(self) -> int:
        """Write calls so far, whatever came of them."""
        with self._lock:
            return sum(number for operation, number in self.calls.items() if operation in WRITES)

    def clear(self) -> None:
        with self._lock:
            self.calls.clear()

    def takes_time(self) -> bool:
        return bool(self.overhead or self.per_record or self.faults.slow)

    def spend(self, records: int) -> None:
        """Let the time of a call with so many records pass."""
        seconds = self.overhead + self.per_record * records + self.faults.slow
        if seconds:
            time.sleep(seconds)


def request_blocked() -> Fault:
    message = "SuiteTalk concurrent request limit exceeded. Request blocked."
    return Fault("exceededConcurrentRequestLimit", "WS_REQUEST_BLOCKED", message)


def too_many_records(operation: str) -> Fault:
    """S4."""
    message = (
        f"The maximum number ( {LIMITS[operation]} ) of records allowed for a {operation} operation "
        "has been exceeded."
    )
    return Fault("exceededRecordCount", "MAX_RCRDS_EXCEEDED", message)
