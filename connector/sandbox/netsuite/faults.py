"""Misbehaviour of the practice NetSuite on request: slow, busy, closed, wrong, and answers that get lost."""

import random
import threading
from dataclasses import dataclass, field

NAMES = {
    "busy": "share of calls answered with WS_REQUEST_BLOCKED, from 0 to 1",
    "slow": "seconds that every call takes longer",
    "lost": "the n-th write from now is saved, but its answer is lost",
    "lost-before": "the n-th write from now is lost before it is saved",
    "error": "the n-th call from now ends in UNEXPECTED_ERROR",
    "maintenance": "the next n calls are answered with HTTP 503",
}
OTHERS = ("stripe-429", "stripe-500", "stripe-slow")
LAWFUL = ", ".join((*NAMES, *OTHERS))


class LostAnswer(Exception):
    """The connection is to be dropped without an answer."""


@dataclass(slots=True)
class Faults:
    """The faults in force; `set` replaces them all and may be called at any time."""

    busy: float = 0.0
    slow: float = 0.0
    _countdowns: dict[str, int] = field(default_factory=dict)
    _maintenance: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    def set(self, spec: str) -> None:
        """Put a specification like "busy:0.1,lost:3" in force; ValueError names the lawful faults."""
        wanted = dict(_parsed(part.strip()) for part in spec.split(",") if part.strip())
        with self._lock:
            self.busy, self.slow = wanted.get("busy", 0.0), wanted.get("slow", 0.0)
            self._maintenance = int(wanted.get("maintenance", 0))
            self._countdowns = {
                name: int(wanted[name]) for name in ("lost", "lost-before", "error") if name in wanted
            }

    def is_busy(self) -> bool:
        """Whether this call is to be told that too many are under way."""
        with self._lock:
            return self.busy > 0 and self._chance.random() < self.busy

    def is_closed(self) -> bool:
        """Whether this call meets maintenance; counts it."""
        with self._lock:
            if self._maintenance == 0:
                return False
            self._maintenance -= 1
            return True

    def strikes(self, name: str) -> bool:
        """Count one call or write down; True when it is the one that fails."""
        with self._lock:
            left = self._countdowns.get(name, 0)
            if left:
                self._countdowns[name] = left - 1
            return left == 1


def _parsed(part: str) -> tuple[str, float]:
    name, _, argument = part.partition(":")
    if name not in NAMES:
        raise ValueError(f"unknown fault {name!r}; the lawful ones are {LAWFUL}")
    try:
        amount = float(argument or 1)
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= (1 if name == "busy" else 3600):
        raise ValueError(
            f"fault {name} needs a number ({NAMES[name]}), not {argument!r}; lawful faults: {LAWFUL}"
        )
    return name, amount
