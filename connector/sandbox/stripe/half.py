"""The practice Stripe as one object: requests, events, deliveries, and what Stripe does by itself."""

import itertools
import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from . import (
    account,
    application_fees,
    captures,
    catalogue,
    charges,
    clocks,
    credit_notes,
    customers,
    disputes,
    invoices,
    lists,
    payment_records,
    payments,
    payouts,
    refunds,
    topups,
    transfers,
)
from .bank import Bank
from .collection import collect
from .delivery import Attempted, Deliveries, Target
from .discounts import make_discount
from .operations import find
from .store import Row, Store
from .subscriptions import renew
from .views import expand, view

UNDERSTOOD = (
    account,
    application_fees,
    captures,
    catalogue,
    charges,
    clocks,
    credit_notes,
    customers,
    disputes,
    invoices,
    lists,
    payment_records,
    payments,
    payouts,
    refunds,
    topups,
    transfers,
)
"""The modules whose import fills the table of operations."""


NAMING = ("customer", "invoice", "charge", "payment_intent")
"""Parameters that may name a customer on a test clock, or something of theirs."""


class SecondsClock(Protocol):
    """What the practice Stripe needs of a clock."""

    def seconds(self) -> int:
        """Unix seconds now."""


class StripeHalf:
    """One practice Stripe account; its API key and webhook secret are made at random.

    `bank` does what banks, card networks and Stripe do to its money.
    """

    def __init__(self, clock: SecondsClock) -> None:
        self.lock = threading.RLock()
        self.api_key = f"sk_test_{secrets.token_hex(24)}"
        self.webhook_secret = f"whsec_{secrets.token_hex(24)}"
        self.withheld: set[str] = set()
        """What the API key may not touch, as its addresses say it: "charges", or only "POST charges"."""
        self._clock = clock
        self.bank = Bank(self._by_itself)
        self.calls: Counter[str] = Counter()
        self._begin()

    def _begin(self) -> None:
        self._requests = itertools.count(1)
        self.store = Store(self._clock.seconds, self._announce)
        self.store.webhook_secret = self.webhook_secret
        store = self.store
        self.deliveries = Deliveries(
            lambda event: self._event_body(store, event),
            lambda event, missing: store.get("event", event).update(pending_webhooks=missing),
        )

    def reset(self, *, keep_endpoints: bool = False) -> None:
        """Forget every object and delivery; the keys stay, and the webhook endpoints if asked."""
        self.deliveries.close()
        with self.lock:
            endpoints = self.store.all("webhook_endpoint") if keep_endpoints else []
            held = dict(self.store.secrets)
            self.calls.clear()
            self.withheld.clear()
            self._begin()
            for row in endpoints:
                account.add_endpoint(self.store, row["url"], row["enabled_events"], held[row["id"]])

    def close(self) -> None:
        """Stop delivering."""
        self.deliveries.close()

    def request(
        self, method: str, path: str, params: Row | None = None, *, idempotency_key: str | None = None
    ) -> Row:
        """Do one API request with nested parameters and return its answer.

        Raises Refusal (status and error body) when Stripe would refuse it.
        """
        given = dict(params or {})
        wanted = given.pop("expand", [])
        with self.lock:
            found, identities = find(method, path)
            self.calls[f"{method} {found.path}"] += 1
            identity = f"req_SBX{next(self._requests):06d}" if method != "GET" else None
            self.store.request = {"id": identity, "idempotency_key": idempotency_key}
            named = [*identities, *(str(given[name]) for name in NAMING if given.get(name))]
            with self.store.at(clocks.moment_of(self.store, named)):
                answer = view(self.store, found.run(self.store, given, identities))
            return expand(self.store, answer, [wanted] if isinstance(wanted, str) else list(wanted))

    def post(self, path: str, **params: Any) -> Row:
        """A POST request with its parameters by name."""
        return self.request("POST", path, params)

    def get(self, path: str, **params: Any) -> Row:
        """A GET request with its parameters by name."""
        return self.request("GET", path, params)

    def shown(self, row: Row) -> Row:
        """An object of the store as the API would show it."""
        with self.lock:
            return view(self.store, row)

    def collect(self, invoice: str) -> bool:
        """What Stripe's own scheduled attempt does with an open invoice: charge it; whether it was paid."""
        with self._by_itself(invoice):
            charge = collect(self.store, self.store.get("invoice", invoice))
            return bool(charge["status"] == "succeeded")

    def renew(self, subscription: str) -> str:
        """Begin the subscription's next period; returns the id of its draft invoice."""
        with self._by_itself(subscription):
            return str(renew(self.store, self.store.get("subscription", subscription))["id"])

    def discount_customer(self, customer: str, coupon: str) -> str:
        """What a person does at the Dashboard: give all future invoices of a customer a coupon."""
        with self._by_itself(customer):
            row = self.store.get("customer", customer)
            made = make_discount(self.store, self.store.get("coupon", coupon), {"customer": customer})
            row["discount"] = made
            return str(made["id"])

    @contextmanager
    def _by_itself(self, subject: str) -> Iterator[Store]:
        with self.lock, self.store.at(clocks.moment_of(self.store, [subject])):
            self.store.request = {"id": None, "idempotency_key": None}
            yield self.store

    def deliver_to(self, url: str, secret: str | None = None, events: Iterable[str] = ("*",)) -> str:
        """Send events to an address from now on, signed with the world's secret unless given another."""
        with self.lock:
            return str(account.add_endpoint(self.store, url, list(events), secret)["id"])

    def events(self) -> list[Row]:
        """Every event, oldest first."""
        with self.lock:
            return self.store.all("event")

    def hold_deliveries(self) -> None:
        """Keep events back from now on; `release_deliveries` lets them go."""
        self.deliveries.hold()

    def release_deliveries(
        self,
        order: Callable[[list[str]], Iterable[str]] = list,
        *,
        times: int = 1,
        drop: Iterable[str] = (),
    ) -> None:
        """Deliver the held events in the order that `order` makes of their ids, each `times` over.

        Events in `drop` are never delivered: they can only be found by listing events.
        """
        self.deliveries.release(order, times, drop)

    def redeliver_all(self) -> int:
        """Deliver every event again, oldest first; returns how many."""
        return self.redeliver([event["id"] for event in self.events()])

    def redeliver(self, events: Iterable[str]) -> int:
        """Deliver these events again in the given order; returns how many."""
        with self.lock:
            again = [self.store.get("event", identity) for identity in events]
            for event in again:
                self.deliveries.send(event["id"], self._targets(event["type"]))
        return len(again)

    def wait_delivered(self, timeout: float) -> bool:
        """Whether all that is not held was delivered or given up within `timeout` seconds."""
        return self.deliveries.wait(timeout)

    def fate(self, event: str) -> list[Attempted]:
        """How an event fares at each endpoint."""
        return self.deliveries.fate(event)

    def _announce(self, event: Row) -> None:
        targets = self._targets(event["type"])
        event["pending_webhooks"] = len(targets)
        self.deliveries.send(event["id"], targets)

    def _targets(self, event_type: str) -> list[Target]:
        return [
            Target(row["id"], row["url"], self.store.secrets[row["id"]])
            for row in self.store.all("webhook_endpoint")
            if row["status"] == "enabled" and {"*", event_type} & set(row["enabled_events"])
        ]

    def _event_body(self, store: Store, identity: str) -> bytes:
        with self.lock:
            return json.dumps(store.get("event", identity), indent=2).encode()
