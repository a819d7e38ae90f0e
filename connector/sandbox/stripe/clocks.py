"""Test clocks: customers whose subscriptions live in a time that is moved on by hand."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from .billing import finalize
from .collection import collect
from .errors import invalid, required
from .forms import text, whole
from .operations import operation
from .periods import DAY
from .shapes import items_of
from .store import CLOCK, Row, Store
from .subscriptions import cancel_subscription, renew

ADDRESS = "/v1/test_helpers/test_clocks"
LIVES = 30 * DAY


class Due(NamedTuple):
    """Something that Stripe does by itself at a moment (Unix seconds)."""

    moment: int
    act: Callable[[], object]


@operation("POST", ADDRESS, "frozen_time name")
def create_test_clock(store: Store, params: Row) -> Row:
    """A clock that stands still until it is advanced."""
    if params.get("frozen_time") is None:
        raise required("frozen_time")
    row = store.insert(
        {
            "id": store.new_id(CLOCK),
            "object": CLOCK,
            "created": store.now(),
            "deletes_after": store.now() + LIVES,
            "frozen_time": whole(params["frozen_time"], "frozen_time"),
            "livemode": False,
            "name": text(params.get("name")),
            "status": "ready",
            "status_details": {},
        }
    )
    store.emit("test_helpers.test_clock.created", row)
    return row


@operation("POST", f"{ADDRESS}/{{id}}/advance", "frozen_time")
def advance_test_clock(store: Store, params: Row, identity: str) -> Row:
    """Move a clock on; all that falls due by then is done in order, each at its moment, before the answer."""
    clock = store.get(CLOCK, identity)
    target = whole(params.get("frozen_time", ""), "frozen_time")
    if target <= clock["frozen_time"]:
        raise invalid("A test clock can only be moved forward.", param="frozen_time")
    store.emit("test_helpers.test_clock.advancing", {**clock, "status": "advancing"})
    while due := min(_all_due(store, clock, target), default=None, key=lambda one: one.moment):
        clock["frozen_time"] = max(due.moment, clock["frozen_time"])
        with store.at(clock["frozen_time"]):
            due.act()
    clock["frozen_time"] = target
    store.emit("test_helpers.test_clock.ready", clock)
    return clock


def moment_of(store: Store, identities: list[str]) -> int | None:
    """The time of the test clock that rules the first of these objects that has one, or None."""
    for identity in identities:
        row = store.lookup(identity) or {}
        owner = row if row.get("object") == "customer" else store.lookup(str(row.get("customer"))) or {}
        clock = store.lookup(owner.get("test_clock") or "")
        if clock:
            moment: int = clock["frozen_time"]
            return moment
    return None


def _all_due(store: Store, clock: Row, target: int) -> list[Due]:
    found = [*_periods(store, clock), *_drafts(store, clock), *_attempts(store, clock)]
    return [due for due in found if due.moment <= target]


def _periods(store: Store, clock: Row) -> Iterator[Due]:
    """Subscriptions whose period ends: the next one begins, or they end with it."""
    for row in store.where("subscription", test_clock=clock["id"]):
        items = items_of(store, row)
        if row["status"] in ("active", "past_due", "trialing") and items:
            end = min(item["current_period_end"] for item in items)
            if row["cancel_at_period_end"]:
                yield Due(end, partial(cancel_subscription, store, {}, row["id"]))
            else:
                yield Due(end, partial(renew, store, row))


def _drafts(store: Store, clock: Row) -> Iterator[Due]:
    for row in store.where("invoice", test_clock=clock["id"], status="draft"):
        if row["automatically_finalizes_at"]:
            yield Due(row["automatically_finalizes_at"], partial(_finalize, store, row))


def _finalize(store: Store, invoice: Row) -> None:
    finalize(store, invoice)
    if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
        collect(store, invoice)


def _attempts(store: Store, clock: Row) -> Iterator[Due]:
    for row in store.where("invoice", test_clock=clock["id"], status="open"):
        if row["next_payment_attempt"]:
            yield Due(row["next_payment_attempt"], partial(collect, store, row))
