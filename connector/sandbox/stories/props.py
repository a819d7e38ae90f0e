"""What stories are made of: customers, prices, invoices and payments."""

from datetime import timedelta
from typing import Any

from ..world import World

Line = dict[str, Any]
"""What an invoice item is made of, by Stripe's parameter names."""


def located(line1: str, city: str, code: str, country: str, state: str | None = None) -> dict[str, Any]:
    """An address."""
    return {"line1": line1, "city": city, "postal_code": code, "country": country, "state": state}


BOSTON = located("88 Harbor Street", "Boston", "02210", "US", "MA")
DENVER = located("1420 Larimer Street", "Denver", "80202", "US", "CO")
KUWAIT_CITY = located("14 Fahad Al-Salem Street", "Kuwait City", "13001", "KW")
KYOTO = located("2-5 Karasuma-dori", "Kyoto", "600-8001", "JP")
LYON = located("7 rue de la Barre", "Lyon", "69002", "FR")
MUNICH = located("Lindwurmstrasse 21", "Munich", "80337", "DE")
PORTLAND = located("312 NW Couch Street", "Portland", "97209", "US", "OR")


def new_customer(
    world: World,
    name: str,
    email: str,
    place: dict[str, Any],
    *,
    card: str = "pm_card_visa",
    **terms: Any,
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
        **terms,
    )
    return str(row["id"])


def new_price(world: World, product: str, unit_amount: int, currency: str = "usd", **more: Any) -> str:
    """A new product with one price, in minor units."""
    made = world.stripe.post("/v1/products", name=product)["id"]
    row = world.stripe.post("/v1/prices", product=made, unit_amount=unit_amount, currency=currency, **more)
    return str(row["id"])


def one_time(world: World, product: str, unit_amount: int) -> dict[str, Any]:
    """Price data for one line only; Stripe archives the price it makes of it."""
    made = world.stripe.post("/v1/products", name=product)["id"]
    return {"currency": "usd", "product": made, "unit_amount": unit_amount}


def new_invoice(world: World, customer: str, lines: list[Line], currency: str = "usd", **terms: Any) -> str:
    """A draft invoice with lines."""
    draft = world.stripe.post("/v1/invoices", customer=customer, currency=currency, **terms)
    for line in lines:
        world.stripe.post("/v1/invoiceitems", customer=customer, invoice=draft["id"], **line)
    return str(draft["id"])


def finalize_and_pay(world: World, *invoices: str) -> None:
    """Finalize invoices, and two minutes later pay them by card."""
    for invoice in invoices:
        world.stripe.post(f"/v1/invoices/{invoice}/finalize")
    world.clock.advance(timedelta(minutes=2))
    for invoice in invoices:
        world.stripe.post(f"/v1/invoices/{invoice}/pay")


def new_payment(world: World, amount: int, currency: str, **terms: Any) -> str:
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


def finalize(world: World, invoice: str) -> dict[str, Any]:
    """Finalize an invoice; two minutes pass."""
    row = world.stripe.post(f"/v1/invoices/{invoice}/finalize")
    world.clock.advance(timedelta(minutes=2))
    return row


def paid_invoice(world: World, customer: str, lines: list[Line], **terms: Any) -> str:
    """An invoice that was finalized and paid by card; an hour passes."""
    made = new_invoice(world, customer, lines, **terms)
    finalize_and_pay(world, made)
    world.clock.advance(timedelta(hours=1))
    return made


def open_invoice(world: World, customer: str, lines: list[Line], **terms: Any) -> str:
    """An invoice that was finalized and is unpaid; an hour passes."""
    made = new_invoice(world, customer, lines, **terms)
    finalize(world, made)
    world.clock.advance(timedelta(hours=1))
    return made


def line_ids(world: World, invoice: str) -> list[str]:
    """The ids of an invoice's lines in their order."""
    return [line["id"] for line in world.stripe.get(f"/v1/invoices/{invoice}/lines", limit=100)["data"]]


def new_coupon(world: World, name: str, **terms: Any) -> str:
    """A coupon."""
    return str(world.stripe.post("/v1/coupons", name=name, **terms)["id"])


def new_tax_rate(world: World, name: str, percentage: str, *, inclusive: bool = False, **terms: Any) -> str:
    """A tax rate in percent."""
    row = world.stripe.post(
        "/v1/tax_rates", display_name=name, percentage=percentage, inclusive=inclusive, **terms
    )
    return str(row["id"])


def new_plan(world: World, product: str, unit_amount: int, currency: str = "usd", **more: Any) -> str:
    """A product with a monthly price."""
    return new_price(world, product, unit_amount, currency, recurring={"interval": "month"}, **more)


def subscribe(
    world: World, customer: str, items: list[dict[str, Any]], *, pay: bool = True, **terms: Any
) -> dict[str, Any]:
    """A subscription whose first invoice is paid two minutes later, when there is anything to pay."""
    terms = {"payment_behavior": "default_incomplete", **terms} if pay else terms
    made = world.stripe.post("/v1/subscriptions", customer=customer, items=items, **terms)
    world.clock.advance(timedelta(minutes=2))
    first = world.stripe.get(f"/v1/invoices/{made['latest_invoice']}")
    if pay and first["status"] == "open":
        world.stripe.post(f"/v1/invoices/{first['id']}/pay")
    return world.stripe.get(f"/v1/subscriptions/{made['id']}")
