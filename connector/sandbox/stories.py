"""Short plays of what happens in a business: each makes its own customer and objects on both sides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from .world import World

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
)
"""The kinds of Stripe objects that a story is asked about, in the order of their making."""


class Played(NamedTuple):
    """A story that was played: the ids of the Stripe objects it made and of its events, in order."""

    name: str
    title: str
    objects: list[str]
    events: list[str]


STORIES: dict[str, Story] = {}
"""Every story by name, in playing order."""


def story(day: int) -> Callable[[Story], Story]:
    """Register a story that happens on a day of November 2026, from 09:00 UTC."""

    def keep(play_it: Story) -> Story:
        def at_its_time(world: World) -> None:
            with world.clock.at(datetime(2026, 11, day, 9, tzinfo=UTC)):
                play_it(world)

        at_its_time.__doc__ = play_it.__doc__
        at_its_time.__name__ = play_it.__name__
        STORIES[play_it.__name__] = at_its_time
        return at_its_time

    return keep


def title(name: str) -> str:
    """What a story is about, in one sentence."""
    return (STORIES[name].__doc__ or name).strip()


def play(world: World, name: str) -> Played:
    """Play one story; KeyError when there is none of that name. Stories of a world never overlap."""
    told = STORIES[name]
    with world.stage:
        before = {row["id"] for kind in (*KINDS, "event") for row in world.stripe.store.all(kind)}
        told(world)
        made = {kind: _new(world, kind, before) for kind in (*KINDS, "event")}
    objects = [identity for kind in KINDS for identity in made[kind]]
    return Played(name, title(name), objects, made["event"])


def _new(world: World, kind: str, before: set[str]) -> list[str]:
    return [row["id"] for row in world.stripe.store.all(kind) if row["id"] not in before]


@story(2)
def subscription_invoice_paid(world: World) -> None:
    """A monthly subscription starts: its first invoice is finalized, then paid by card."""
    stripe = world.stripe
    customer = _customer(world, "Larkspur Analytics GmbH", "rechnung@larkspur.example", MUNICH)
    price = _price(world, "Team plan", 4900, recurring={"interval": "month"})
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
    customer = _customer(world, "Tamarack Outfitters Inc.", "ap@tamarack.example", DENVER)
    onboarding = _price(world, "Onboarding workshop", 120_000)
    seats = _price(world, "Training seat", 18_750)
    invoice = _invoice(
        world,
        customer,
        [
            {"pricing": {"price": onboarding}},
            {"pricing": {"price": seats}, "quantity": 4, "description": "Training seats, Denver"},
            {"price_data": _one_time(world, "Travel and lodging", 31_245), "quantity": 1},
        ],
        description="Onboarding of the Denver team",
    )
    _finalize_and_pay(world, invoice)


@story(4)
def invoice_left_open(world: World) -> None:
    """An invoice is finalized, the card is declined, and the invoice stays open."""
    customer = _customer(
        world, "Quillfeather Press", "ap@quillfeather.example", BOSTON, card="pm_card_chargeCustomerFail"
    )
    price = _price(world, "Archive access, one year", 36_000)
    invoice = _invoice(world, customer, [{"pricing": {"price": price}}], auto_advance=True)
    world.stripe.post(f"/v1/invoices/{invoice}/finalize")
    world.clock.advance(timedelta(hours=1))
    world.stripe.collect(invoice)


@story(5)
def standalone_charge(world: World) -> None:
    """A customer pays for an order that has no invoice; the charge has a description."""
    customer = _customer(world, "Blue Heron Kayaks", "shop@blueheron.example", PORTLAND)
    _payment(world, 24_900, "usd", customer=customer, description="Order 10482: two spray decks")


@story(6)
def charge_without_customer(world: World) -> None:
    """Somebody pays by card without being a customer in Stripe."""
    _payment(world, 7_550, "usd", description="Donation, spring campaign")


@story(9)
def webhooks_out_of_order_and_twice(world: World) -> None:
    """All events of one paid invoice arrive in reverse order, each of them twice."""
    world.stripe.hold_deliveries()
    try:
        customer = _customer(world, "Cobalt Ridge Brewing", "office@cobaltridge.example", DENVER)
        price = _price(world, "Inventory module", 25_000)
        invoice = _invoice(world, customer, [{"pricing": {"price": price}, "quantity": 2}])
        _finalize_and_pay(world, invoice)
    finally:
        world.stripe.release_deliveries(lambda events: events[::-1], times=2)


@story(10)
def netsuite_requires_a_field(world: World) -> None:
    """A NetSuite user makes Department mandatory on the invoice form, so the next booking is refused."""
    world.netsuite.user.require_field("invoice", "department")
    customer = _customer(world, "Saltmarsh Logistics LLC", "billing@saltmarsh.example", BOSTON)
    price = _price(world, "Route planning, quarter", 89_900)
    _finalize_and_pay(world, _invoice(world, customer, [{"pricing": {"price": price}}]))


@story(11)
def required_field_mended(world: World) -> None:
    """The NetSuite user makes Department optional again; what was refused can be tried again."""
    world.netsuite.user.release_field("invoice", "department")


@story(12)
def invoice_in_euros_paid(world: World) -> None:
    """An invoice in euros, with cents, is paid in euros."""
    customer = _customer(world, "Atelier Marguerite SARL", "compta@marguerite.example", LYON)
    price = _price(world, "Studio licence", 12_995, "eur")
    _finalize_and_pay(world, _invoice(world, customer, [{"pricing": {"price": price}, "quantity": 3}], "eur"))


@story(13)
def invoice_in_yen_paid(world: World) -> None:
    """An invoice in yen, a currency without decimals, is paid in yen."""
    customer = _customer(world, "Kaede Software KK", "keiri@kaede.example", KYOTO)
    price = _price(world, "Annual support", 98_000, "jpy")
    _finalize_and_pay(world, _invoice(world, customer, [{"pricing": {"price": price}}], "jpy"))


@story(16)
def invoice_in_dinars_paid(world: World) -> None:
    """An invoice in Kuwaiti dinars, a currency with three decimals, is paid in dinars."""
    customer = _customer(world, "Al Noor Trading W.L.L.", "finance@alnoor.example", KUWAIT_CITY)
    price = _price(world, "Warehouse terminal", 45_750, "kwd")
    _finalize_and_pay(world, _invoice(world, customer, [{"pricing": {"price": price}, "quantity": 2}], "kwd"))


@story(17)
def two_invoices_for_one_customer(world: World) -> None:
    """Two invoices of one new customer are paid in the same moment."""
    world.stripe.hold_deliveries()
    try:
        customer = _customer(world, "Wren & Daughters Ltd", "hello@wren.example", PORTLAND)
        price = _price(world, "Delivery run", 6_400)
        invoices = [
            _invoice(world, customer, [{"pricing": {"price": price}, "quantity": runs}]) for runs in (3, 5)
        ]
        _finalize_and_pay(world, *invoices)
    finally:
        world.stripe.release_deliveries()


def _place(line1: str, city: str, code: str, country: str, state: str | None = None) -> dict[str, Any]:
    return {"line1": line1, "city": city, "postal_code": code, "country": country, "state": state}


BOSTON = _place("88 Harbor Street", "Boston", "02210", "US", "MA")
DENVER = _place("1420 Larimer Street", "Denver", "80202", "US", "CO")
KUWAIT_CITY = _place("14 Fahad Al-Salem Street", "Kuwait City", "13001", "KW")
KYOTO = _place("2-5 Karasuma-dori", "Kyoto", "600-8001", "JP")
LYON = _place("7 rue de la Barre", "Lyon", "69002", "FR")
MUNICH = _place("Lindwurmstrasse 21", "Munich", "80337", "DE")
PORTLAND = _place("312 NW Couch Street", "Portland", "97209", "US", "OR")


def _customer(
    world: World, name: str, email: str, place: dict[str, Any], *, card: str = "pm_card_visa"
) -> str:
    """A new customer with an address and a default card."""
    row = world.stripe.post(
        "/v1/customers",
        name=name,
        email=email,
        phone="+1 555 0100",
        address=place,
        shipping={"name": name, "address": place},
        payment_method=card,
    )
    return str(row["id"])


def _price(world: World, product: str, unit_amount: int, currency: str = "usd", **more: Any) -> str:
    """A new product with one price, in minor units."""
    made = world.stripe.post("/v1/products", name=product)["id"]
    row = world.stripe.post("/v1/prices", product=made, unit_amount=unit_amount, currency=currency, **more)
    return str(row["id"])


def _one_time(world: World, product: str, unit_amount: int) -> dict[str, Any]:
    """Price data for one line only; Stripe archives the price it makes of it."""
    made = world.stripe.post("/v1/products", name=product)["id"]
    return {"currency": "usd", "product": made, "unit_amount": unit_amount}


def _invoice(
    world: World, customer: str, lines: list[dict[str, Any]], currency: str = "usd", **terms: Any
) -> str:
    """A draft invoice with lines."""
    draft = world.stripe.post("/v1/invoices", customer=customer, currency=currency, **terms)
    for line in lines:
        world.stripe.post("/v1/invoiceitems", customer=customer, invoice=draft["id"], **line)
    return str(draft["id"])


def _finalize_and_pay(world: World, *invoices: str) -> None:
    for invoice in invoices:
        world.stripe.post(f"/v1/invoices/{invoice}/finalize")
    world.clock.advance(timedelta(minutes=2))
    for invoice in invoices:
        world.stripe.post(f"/v1/invoices/{invoice}/pay")


def _payment(world: World, amount: int, currency: str, **terms: Any) -> str:
    """A payment intent paid at once with a card."""
    if "customer" in terms:
        customer = world.stripe.get(f"/v1/customers/{terms['customer']}")
        card = customer["invoice_settings"]["default_payment_method"]
    else:
        card = "pm_card_visa"
    row = world.stripe.post(
        "/v1/payment_intents", amount=amount, currency=currency, payment_method=card, confirm=True, **terms
    )
    return str(row["id"])
