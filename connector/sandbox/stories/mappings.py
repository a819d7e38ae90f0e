"""Stories of what people say in Stripe's metadata that is to stand in fields of NetSuite."""

from ..world import World
from .props import DENVER, finalize_and_pay, new_coupon, new_customer, new_invoice, new_price
from .telling import billing


@billing(18)
def metadata_for_fields(world: World) -> None:
    """A customer, a price, an invoice and its line say in their metadata where they belong."""
    for kind, name in (("classification", "Direct sales"), ("department", "West"), ("location", "Denver")):
        world.netsuite.user.create(kind, {"name": name})
    customer = new_customer(
        world, "Juniper & Slate", "ap@juniperslate.example", DENVER, metadata={"region": "Mountain"}
    )
    price = new_price(world, "Design retainer", 180_000, metadata={"family": "Services"})
    coupon = new_coupon(world, "Neighbours", percent_off=10)
    lines = [{"pricing": {"price": price}, "metadata": {"project": "Façade", "department": "1"}}]
    made = new_invoice(
        world, customer, lines, metadata={"po": "JS-4711", "terms": "2"}, discounts=[{"coupon": coupon}]
    )
    finalize_and_pay(world, made)
