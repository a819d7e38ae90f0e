"""Stories of plain sales: subscriptions, invoices and payments, and how their news may arrive."""

from datetime import timedelta

from ..world import World
from .props import (
    BOSTON,
    DENVER,
    KUWAIT_CITY,
    KYOTO,
    LYON,
    MUNICH,
    PORTLAND,
    finalize_and_pay,
    new_customer,
    new_invoice,
    new_payment,
    new_price,
    one_time,
)
from .telling import story


@story(2)
def subscription_invoice_paid(world: World) -> None:
    """A monthly subscription starts: its first invoice is finalized, then paid by card."""
    stripe = world.stripe
    customer = new_customer(world, "Larkspur Analytics GmbH", "rechnung@larkspur.example", MUNICH)
    price = new_price(world, "Team plan", 4900, recurring={"interval": "month"})
    subscription = stripe.post(
        "/v1/subscriptions",
        customer=customer,
        items=[{"price": price, "quantity": 5}],
        payment_behavior="default_incomplete",
        metadata={"contract": "LA-2026-11"},
    )
    world.clock.advance(timedelta(minutes=2))
    stripe.post(f"/v1/invoices/{subscription['latest_invoice']}/pay")


@story(3)
def standalone_invoice_paid(world: World) -> None:
    """A one-off invoice with several lines, some with a quantity, is finalized and paid by card."""
    customer = new_customer(world, "Tamarack Outfitters Inc.", "ap@tamarack.example", DENVER)
    onboarding = new_price(world, "Onboarding workshop", 120_000)
    seats = new_price(world, "Training seat", 18_750)
    invoice = new_invoice(
        world,
        customer,
        [
            {"pricing": {"price": onboarding}},
            {"pricing": {"price": seats}, "quantity": 4, "description": "Training seats, Denver"},
            {"price_data": one_time(world, "Travel and lodging", 31_245), "quantity": 1},
        ],
        description="Onboarding of the Denver team",
    )
    finalize_and_pay(world, invoice)


@story(4)
def invoice_left_open(world: World) -> None:
    """An invoice is finalized, the card is declined, and the invoice stays open."""
    customer = new_customer(
        world, "Quillfeather Press", "ap@quillfeather.example", BOSTON, card="pm_card_chargeCustomerFail"
    )
    price = new_price(world, "Archive access, one year", 36_000)
    invoice = new_invoice(world, customer, [{"pricing": {"price": price}}], auto_advance=True)
    world.stripe.post(f"/v1/invoices/{invoice}/finalize")
    world.clock.advance(timedelta(hours=1))
    world.stripe.collect(invoice)


@story(5)
def standalone_charge(world: World) -> None:
    """A customer pays for an order that has no invoice; the charge has a description."""
    customer = new_customer(world, "Blue Heron Kayaks", "shop@blueheron.example", PORTLAND)
    new_payment(world, 24_900, "usd", customer=customer, description="Order 10482: two spray decks")


@story(6)
def charge_without_customer(world: World) -> None:
    """Somebody pays by card without being a customer in Stripe."""
    new_payment(world, 7_550, "usd", description="Donation, spring campaign")


@story(9)
def webhooks_out_of_order_and_twice(world: World) -> None:
    """All events of one paid invoice arrive in reverse order, each of them twice."""
    world.stripe.hold_deliveries()
    try:
        customer = new_customer(world, "Cobalt Ridge Brewing", "office@cobaltridge.example", DENVER)
        price = new_price(world, "Inventory module", 25_000)
        invoice = new_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 2}])
        finalize_and_pay(world, invoice)
    finally:
        world.stripe.release_deliveries(lambda events: events[::-1], times=2)


@story(10)
def netsuite_requires_a_field(world: World) -> None:
    """A NetSuite user makes Department mandatory on the invoice form, so the next booking is refused."""
    world.netsuite.user.require_field("invoice", "department")
    customer = new_customer(world, "Saltmarsh Logistics LLC", "billing@saltmarsh.example", BOSTON)
    price = new_price(world, "Route planning, quarter", 89_900)
    finalize_and_pay(world, new_invoice(world, customer, [{"pricing": {"price": price}}]))


@story(11)
def required_field_mended(world: World) -> None:
    """The NetSuite user makes Department optional again; what was refused can be tried again."""
    world.netsuite.user.release_field("invoice", "department")


@story(12)
def invoice_in_euros_paid(world: World) -> None:
    """An invoice in euros, with cents, is paid in euros."""
    customer = new_customer(world, "Atelier Marguerite SARL", "compta@marguerite.example", LYON)
    price = new_price(world, "Studio licence", 12_995, "eur")
    finalize_and_pay(
        world, new_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 3}], "eur")
    )


@story(13)
def invoice_in_yen_paid(world: World) -> None:
    """An invoice in yen, a currency without decimals, is paid in yen."""
    customer = new_customer(world, "Kaede Software KK", "keiri@kaede.example", KYOTO)
    price = new_price(world, "Annual support", 98_000, "jpy")
    finalize_and_pay(world, new_invoice(world, customer, [{"pricing": {"price": price}}], "jpy"))


@story(16)
def invoice_in_dinars_paid(world: World) -> None:
    """An invoice in Kuwaiti dinars, a currency with three decimals, is paid in dinars."""
    customer = new_customer(world, "Al Noor Trading W.L.L.", "finance@alnoor.example", KUWAIT_CITY)
    price = new_price(world, "Warehouse terminal", 45_750, "kwd")
    finalize_and_pay(
        world, new_invoice(world, customer, [{"pricing": {"price": price}, "quantity": 2}], "kwd")
    )


@story(17)
def two_invoices_for_one_customer(world: World) -> None:
    """Two invoices of one new customer are paid in the same moment."""
    world.stripe.hold_deliveries()
    try:
        customer = new_customer(world, "Wren & Daughters Ltd", "hello@wren.example", PORTLAND)
        price = new_price(world, "Delivery run", 6_400)
        invoices = [
            new_invoice(world, customer, [{"pricing": {"price": price}, "quantity": runs}]) for runs in (3, 5)
        ]
        finalize_and_pay(world, *invoices)
    finally:
        world.stripe.release_deliveries()
