"""Stories of customers and items that NetSuite has had for long."""

from typing import Any

from ..netsuite import ref
from ..world import World
from .props import PORTLAND, Line, new_customer, new_price, paid_invoice
from .telling import billing


def held_customer(world: World, name: str, email: str, **more: Any) -> int:
    """A customer that somebody entered in NetSuite; its internal id."""
    company = ref(str(world.netsuite.settings()["subsidiary"]))
    fields = {"companyName": name, "email": email, "subsidiary": company, **more}
    return world.netsuite.user.create("customer", fields)


def held_item(world: World, name: str, **more: Any) -> int:
    """A service item that somebody entered in NetSuite; its internal id."""
    income = ref(str(world.netsuite.settings()["income_account"]))
    fields = {"itemId": name, "incomeAccount": income, **more}
    return world.netsuite.user.create("serviceSaleItem", fields)


@billing(16)
def customer_and_item_known_to_netsuite(world: World) -> None:
    """NetSuite knows the customer by its e-mail, and one of the two things that it buys by name."""
    held_customer(world, "Fernhill Dairy Co-operative", "Accounts@Fernhill.example")
    held_item(world, "Churn service")
    customer = new_customer(world, "Fernhill Dairy", "accounts@fernhill.example", PORTLAND)
    churn = new_price(world, "Churn", 30_000, nickname="churn service")
    butter = new_price(world, "Butter paddle", 1_800, nickname="Paddle")
    lines: list[Line] = [{"pricing": {"price": churn}}, {"pricing": {"price": butter}, "quantity": 5}]
    paid_invoice(world, customer, lines)
