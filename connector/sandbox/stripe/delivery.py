"""Signed deliveries of events to webhook endpoints, from a thread in the background."""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import requests

RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each further attempt; Stripe itself takes up to three days."""

TIMEOUT = 20.0


class Target(NamedTuple):
    """An endpoint as it was when the event happened."""

    endpoint: str
    url: str
    secret: str


@dataclass
class Attempted:
    """How one event fares at one endpoint."""

    event: str
    target: Target
    attempts: int = 0
    due: float = field(default_factory=time.monotonic)
    state: str = "waiting"
    status: str = ""


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header: scheme v1, HMAC-SHA256 of `timestamp.body`."""
    signed = str(timestamp).encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Deliveries:
    """Events on their way, one at a time, with retries; may be held and let go in any order."""

    def __init__(self, body_of: Callable[[str], bytes], arrived: Callable[[str, int], None]) -> None:
        """`body_of(event)` is what to send; `arrived(event, n)` hears that n endpoints still miss it."""
        self._body_of = body_of
        self._arrived = arrived
        self._changed = threading.Condition()
        self._open: list[Attempted] = []
        self._held: list[Attempted] = []
        self._holding = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._latest: dict[str, dict[str, Attempted]] = {}
        self._acknowledged: dict[str, set[str]] = {}

    def send(self, event: str, targets: Iterable[Target]) -> None:
        """Deliver an event soon, or keep it back while deliveries are held."""
        with self._changed:
            for target in targets:
                self._enqueue(Attempted(event, target))

    def hold(self) -> None:
        """Keep back what happens from now on."""
        with self._changed:
            self._holding = True

    def release(self, order: Callable[[list[str]], Iterable[str]], times: int, drop: Iterable[str]) -> None:
        """Deliver what was held: events in the given order, each `times` over, some never."""
        dropped = set(drop)
        with self._changed:
            held, self._held, self._holding = self._held, [], False
            events = list(dict.fromkeys(one.event for one in held))
            for event in order(events):
                for kept in [one for one in held if one.event == event]:
                    self._let_go(kept, 0 if event in dropped else times)

    def wait(self, timeout: float) -> bool:
        """Whether everything not held was delivered or given up within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, timeout)

    def fate(self, event: str) -> list[Attempted]:
        """How an event fares at each endpoint."""
        with self._changed:
            return list(self._latest.get(event, {}).values())

    def close(self) -> None:
        """Stop the thread; what is undelivered stays so."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(2)

    def _enqueue(self, one: Attempted) -> None:
        self._latest.setdefault(one.event, {})[one.target.endpoint] = one
        if self._holding:
            one.state = "held"
            self._held.append(one)
            return
        self._open.append(one)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="stripe-deliveries", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _let_go(self, one: Attempted, times: int) -> None:
        if not times:
            one.state = "dropped"
        for _ in range(times):
            self._enqueue(Attempted(one.event, one.target))

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (one := self._next()) is not None:
                outcome = _post(session, one.target, self._body_of(one.event))
                self._settle(one, outcome)

    def _next(self) -> Attempted | None:
        """The next delivery that is due, in the order of sending; None at the end."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = next((one for one in self._open if one.due <= now), None)
                if due is not None:
                    return due
                soonest = min((one.due for one in self._open), default=None)
                self._changed.wait(None if soonest is None else soonest - now)
            return None

    def _missing(self, one: Attempted) -> int:
        """Count this endpoint off; how many others have never acknowledged the event."""
        with self._changed:
            acknowledged = self._acknowledged.setdefault(one.event, set())
            acknowledged.add(one.target.endpoint)
            return len(self._latest[one.event].keys() - acknowledged)

    def _settle(self, one: Attempted, outcome: str) -> None:
        good = outcome.startswith("2")
        if good:
            self._arrived(one.event, self._missing(one))
        with self._changed:
            one.attempts += 1
            one.status = outcome
            if good or one.attempts > len(RETRY_DELAYS):
                one.state = "delivered" if good else "failed"
                self._open.remove(one)
            else:
                one.due = time.monotonic() + RETRY_DELAYS[one.attempts - 1]
            self._changed.notify_all()


def _post(session: requests.Session, target: Target, body: bytes) -> str:
    """Send one delivery; returns the HTTP status, or why there was none."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, target.secret, int(time.time())),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        answer = session.post(target.url, body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.Timeout:
        return "no answer in time"
    except requests.RequestException:
        return "no connection"
    return str(answer.status_code)
