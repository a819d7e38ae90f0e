"""Stories of the customer's balance: credit that is used up, debt that is added."""

from datetime import timedelta

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    KYOTO,
    PORTLAND,
    Line,
    finalize_and_pay,
    new_customer,
    new_invoice,
    new_payment,
    new_plan,
    new_price,
    paid_invoice,
    subscribe,
)
from .telling import billing


@billing(6)
def downgrade_to_balance_then_next_invoice(world: World) -> None:
    """A downgrade gives a negative invoice, which becomes balance, which the next invoice uses in part."""
    stripe = world.stripe
    customer = new_customer(world, "Northgate Archive", "ap@northgate.example", BOSTON)
    large, small = new_plan(world, "Vault plan", 60_000), new_plan(world, "Shelf plan", 15_000)
    made = subscribe(world, customer, [{"price": large}])
    world.clock.advance(timedelta(days=24))
    item = made["items"]["data"][0]["id"]
    stripe.post(
        f"/v1/subscriptions/{made['id']}",
        items=[{"id": item, "price": small}],
        proration_behavior="always_invoice",
    )
    world.clock.advance(timedelta(days=6))
    draft = stripe.renew(made["id"])
    stripe.post(f"/v1/invoices/{draft}/finalize")
    stripe.collect(draft)


@billing(6)
def balance_pays_one_line_and_several(world: World) -> None:
    """Credit given by hand pays an invoice of one line in full and a part of one with several lines."""
    customer = new_customer(world, "Kittiwake Ferries", "ap@kittiwake.example", PORTLAND)
    address = f"/v1/customers/{customer}/balance_transactions"
    world.stripe.post(address, amount=-50_000, currency="usd", description="Goodwill for the strike")
    crossing = new_price(world, "Charter crossing", 32_000)
    coffee = new_price(world, "Coffee on board", 450)
    first = new_invoice(world, customer, [{"pricing": {"price": crossing}}])
    world.stripe.post(f"/v1/invoices/{first}/finalize")
    world.clock.advance(timedelta(days=1))
    lines: list[Line] = [{"pricing": {"price": crossing}}, {"pricing": {"price": coffee}, "quantity": 20}]
    paid_invoice(world, customer, lines)


@billing(6)
def balance_left_over_pays_the_next_invoice(world: World) -> None:
    """Credit pays an invoice of one line; what that leaves pays the next one, of one line as well."""
    customer = new_customer(world, "Turnstone Quarries", "ap@turnstone.example", PORTLAND)
    address = f"/v1/customers/{customer}/balance_transactions"
    world.stripe.post(address, amount=-50_000, currency="usd", description="Goodwill for the flood")
    gravel = new_price(world, "Load of gravel", 32_000)
    first = new_invoice(world, customer, [{"pricing": {"price": gravel}}])
    world.stripe.post(f"/v1/invoices/{first}/finalize")
    world.clock.advance(timedelta(days=1))
    sand = new_price(world, "Load of sand", 25_000)
    paid_invoice(world, customer, [{"pricing": {"price": sand}}])


@billing(6)
def debit_balance_on_next_invoice(world: World) -> None:
    """What a customer owes on the balance is added to what the next invoice asks for."""
    customer = new_customer(world, "Copperline Transit", "ap@copperline.example", DENVER)
    address = f"/v1/customers/{customer}/balance_transactions"
    world.stripe.post(address, amount=1_250, currency="usd", description="Underpaid in October")
    price = new_price(world, "Dispatch desk", 24_000)
    paid_invoice(world, customer, [{"pricing": {"price": price}}])


@billing(6)
def invoice_too_small_to_charge(world: World) -> None:
    """An invoice below the smallest charge goes to the balance and is paid with the next invoice."""
    customer = new_customer(world, "Dimebox Pins", "hello@dimebox.example", PORTLAND)
    pin = new_price(world, "Enamel pin", 35)
    small = new_invoice(world, customer, [{"pricing": {"price": pin}}])
    world.stripe.post(f"/v1/invoices/{small}/finalize")
    world.clock.advance(timedelta(days=1))
    paid_invoice(world, customer, [{"pricing": {"price": pin}, "quantity": 40}])


@billing(6)
def negative_invoice_in_yen(world: World) -> None:
    """An invoice in yen comes to less than nothing and becomes credit."""
    customer = new_customer(world, "Hoshino Print KK", "keiri@hoshino.example", KYOTO)
    lines: list[Line] = [
        {"amount": 12_000, "description": "Proof sheets", "currency": "jpy"},
        {"amount": -20_000, "description": "Returned paper", "currency": "jpy"},
    ]
    made = new_invoice(world, customer, lines, "jpy")
    world.stripe.post(f"/v1/invoices/{made}/finalize")


@billing(6)
def overpaid_by_a_second_payment(world: World) -> None:
    """Two payments come in for one invoice, together more than it asks for; the rest becomes credit."""
    customer = new_customer(world, "Larch & Loom", "ap@larchloom.example", BOSTON)
    price = new_price(world, "Loom rental", 30_000)
    made = new_invoice(world, customer, [{"pricing": {"price": price}}])
    world.stripe.post(f"/v1/invoices/{made}/finalize")
    for amount in (18_000, 15_000):
        world.clock.advance(timedelta(hours=1))
        intent = new_payment(world, amount, "usd", customer=customer, description="Part of an invoice")
        world.stripe.post(f"/v1/invoices/{made}/attach_payment", payment_intent=intent)
    follow_up = new_invoice(world, customer, [{"pricing": {"price": price}}])
    finalize_and_pay(world, follow_up)
