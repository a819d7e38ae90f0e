"""Stories of subscriptions through their periods: changes, trials and cycles."""

from datetime import timedelta

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    LYON,
    MUNICH,
    PORTLAND,
    new_customer,
    new_plan,
    new_tax_rate,
    subscribe,
)
from .telling import billing


@billing(4)
def upgrade_in_mid_period(world: World) -> None:
    """Ten days into the month a subscription moves to a dearer plan and the difference is billed at once."""
    stripe = world.stripe
    customer = new_customer(world, "Osprey Ledger Inc.", "ap@ospreyledger.example", BOSTON)
    small, large = new_plan(world, "Starter plan", 2_900), new_plan(world, "Business plan", 9_900)
    made = subscribe(world, customer, [{"price": small, "quantity": 3}])
    world.clock.advance(timedelta(days=10))
    item = made["items"]["data"][0]["id"]
    stripe.post(
        f"/v1/subscriptions/{made['id']}",
        items=[{"id": item, "price": large, "quantity": 3}],
        proration_behavior="always_invoice",
    )


@billing(4)
def quantity_changes_billed_with_the_next_period(world: World) -> None:
    """Seats are added and then some given up; both wait for the invoice of the next period."""
    stripe = world.stripe
    customer = new_customer(world, "Fable & Finch Books", "till@fablefinch.example", PORTLAND)
    tax = new_tax_rate(world, "Sales tax", "6.25", country="US")
    plan = new_plan(world, "Till seat", 1_999)
    made = subscribe(world, customer, [{"price": plan, "quantity": 4}], default_tax_rates=[tax])
    item = made["items"]["data"][0]["id"]
    for days, seats in ((7, 9), (8, 6)):
        world.clock.advance(timedelta(days=days))
        stripe.post(f"/v1/subscriptions/{made['id']}", items=[{"id": item, "quantity": seats}])
    world.clock.advance(timedelta(days=15))
    draft = stripe.renew(made["id"])
    stripe.post(f"/v1/invoices/{draft}/finalize")
    stripe.collect(draft)


@billing(4)
def trial_started(world: World) -> None:
    """A subscription begins with a trial of fourteen days: its first invoice is over nothing."""
    customer = new_customer(world, "Lumen Orchard SARL", "contact@lumenorchard.example", LYON)
    plan = new_plan(world, "Greenhouse plan", 15_900, "eur")
    subscribe(world, customer, [{"price": plan}], trial_period_days=14, metadata={"source": "fair"})


@billing(4)
def trial_ended_and_paid(world: World) -> None:
    """A trial of seven days ends and the first real invoice is paid."""
    stripe = world.stripe
    customer = new_customer(world, "Basalt Climbing Hall", "kasse@basalt.example", MUNICH)
    plan = new_plan(world, "Hall plan", 12_000, "eur")
    made = subscribe(world, customer, [{"price": plan}], trial_period_days=7)
    world.clock.advance(timedelta(days=7))
    draft = stripe.renew(made["id"])
    stripe.post(f"/v1/invoices/{draft}/finalize")
    stripe.collect(draft)


@billing(5)
def cycles_on_a_test_clock(world: World) -> None:
    """A subscription on a test clock is billed and paid for three months in a row."""
    stripe = world.stripe
    start = world.clock.seconds()
    clock = stripe.post("/v1/test_helpers/test_clocks", frozen_time=start, name="Three months")["id"]
    customer = new_customer(world, "Tidewater Pilots", "ap@tidewater.example", DENVER, test_clock=clock)
    plan = new_plan(world, "Chart plan", 3_300)
    subscribe(world, customer, [{"price": plan}])
    stripe.post(f"/v1/test_helpers/test_clocks/{clock}/advance", frozen_time=start + 63 * 86_400)
