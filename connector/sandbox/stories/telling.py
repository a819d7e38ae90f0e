"""How a story is registered and played."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from inspect import unwrap
from typing import NamedTuple

from ..world import World

Story = Callable[[World], None]

KINDS = (
    "customer",
    "product",
    "price",
    "subscription",
    "invoice",
    "invoice_payment",
    "payment_intent",
    "charge",
    "balance_transaction",
    "refund",
    "coupon",
    "tax_rate",
    "shipping_rate",
    "customer_balance_transaction",
    "credit_note",
    "payment_record",
    "dispute",
    "payout",
    "topup",
    "transfer",
    "transfer_reversal",
    "application_fee",
    "fee_refund",
)
"""The kinds of Stripe objects that a story is asked about, in the order of their making."""


class Played(NamedTuple):
    """A story that was played: the ids of the Stripe objects it made and of its events, in order."""

    name: str
    title: str
    objects: list[str]
    events: list[str]


STORIES: dict[str, Story] = {}
"""The stories that a demonstration plays, by name, in playing order."""

BILLING: dict[str, Story] = {}
"""The stories of billing, by name, in playing order."""

MONEY: dict[str, Story] = {}
"""The stories of payments, refunds, disputes and payouts, by name, in playing order."""


def story(day: int, registry: dict[str, Story] = STORIES) -> Callable[[Story], Story]:
    """Register a story that happens on a day of November 2026, from 09:00 UTC."""

    def keep(play_it: Story) -> Story:
        @wraps(play_it)
        def at_its_time(world: World) -> None:
            with world.clock.at(datetime(2026, 11, day, 9, tzinfo=UTC)):
                play_it(world)

        registry[play_it.__name__] = at_its_time
        return at_its_time

    return keep


def billing(day: int) -> Callable[[Story], Story]:
    """Register a story of billing, likewise."""
    return story(day, BILLING)


def money(day: int) -> Callable[[Story], Story]:
    """Register a story of money, likewise."""
    return story(day, MONEY)


def now(world: World, told_of: Story) -> None:
    """Let a story happen at the moment in which this thread lives, not on its own day."""
    unwrap(told_of)(world)


def known(name: str) -> bool:
    """Whether there is a story of that name, of any kind."""
    return name in STORIES or name in BILLING or name in MONEY


def told(name: str) -> Story:
    """A story of any kind; KeyError when there is none of that name."""
    return {**MONEY, **BILLING, **STORIES}[name]


def title(name: str) -> str:
    """What a story is about, in one sentence."""
    return (told(name).__doc__ or name).strip()


def play(world: World, name: str) -> Played:
    """Play one story; KeyError when there is none of that name. Stories of a world never overlap."""
    act = told(name)
    with world.stage:
        before = {row["id"] for kind in (*KINDS, "event") for row in world.stripe.store.all(kind)}
        act(world)
        made = {kind: _new(world, kind, before) for kind in (*KINDS, "event")}
    objects = [identity for kind in KINDS for identity in made[kind]]
    return Played(name, title(name), objects, made["event"])


def _new(world: World, kind: str, before: set[str]) -> list[str]:
    return [row["id"] for row in world.stripe.store.all(kind) if row["id"] not in before]
