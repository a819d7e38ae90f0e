"""What stories of money are made of: sales, the charges behind them, and payouts that arrive."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ..netsuite import ref
from ..world import World
from .props import BOSTON, Line, new_customer, new_payment, new_price, open_invoice, paid_invoice

SETTLED = timedelta(days=3)
"""After so long the money of a card payment can be paid out."""


def sale(world: World, name: str, *amounts: int, currency: str = "usd", **customer: Any) -> str:
    """A new customer's invoice with a line for each amount of minor units, paid by card; the invoice's id."""
    buyer = buyer_of(world, name, **customer)
    return paid_invoice(world, buyer, _lines(world, amounts, currency), currency=currency)


def unpaid_sale(world: World, name: str, *amounts: int, currency: str = "usd", **customer: Any) -> str:
    """Likewise, but the invoice is open."""
    buyer = buyer_of(world, name, **customer)
    return open_invoice(world, buyer, _lines(world, amounts, currency), currency=currency)


def buyer_of(world: World, name: str, place: dict[str, Any] = BOSTON, **terms: Any) -> str:
    """A new customer of this name."""
    address = f"ap@{name.split(maxsplit=1)[0].lower()}.example"
    return new_customer(world, name, address, place, **terms)


def _lines(world: World, amounts: tuple[int, ...], currency: str) -> list[Line]:
    names = ("Field kit", "Service hours", "Delivery")
    return [
        {"pricing": {"price": new_price(world, name, amount, currency)}}
        for name, amount in zip(names, amounts, strict=False)
    ]


def charge_of(world: World, invoice: str) -> str:
    """The charge of the latest payment of an invoice."""
    paths = ["data.payment.payment_intent"]
    found = world.stripe.get("/v1/invoice_payments", invoice=invoice, expand=paths)["data"]
    return str(found[0]["payment"]["payment_intent"]["latest_charge"])


def charged(world: World, amount: int, currency: str = "usd", **terms: Any) -> str:
    """A payment without an invoice; the id of its charge."""
    intent = new_payment(world, amount, currency, **terms)
    return str(world.stripe.get(f"/v1/payment_intents/{intent}")["latest_charge"])


def refund(world: World, charge: str, amount: int | None = None, **terms: Any) -> str:
    """A refund of a charge, whole or over an amount."""
    given = {"charge": charge, **terms} if amount is None else {"charge": charge, "amount": amount, **terms}
    return str(world.stripe.post("/v1/refunds", **given)["id"])


def arrived(world: World, payout: str) -> str:
    """A payout that reached the bank on its day, and whose transactions can be listed."""
    until(world, world.stripe.get(f"/v1/payouts/{payout}")["arrival_date"])
    world.stripe.bank.arrive(payout)
    if world.stripe.get(f"/v1/payouts/{payout}")["automatic"]:
        world.stripe.bank.reconcile(payout)
    return payout


def paid_out(world: World, currency: str, since: int) -> str:
    """The daily payout of what came in since a mark, three days on; it has arrived."""
    world.clock.advance(SETTLED)
    payout = world.stripe.bank.pay_out(currency, since)
    if payout is None:
        raise LookupError(f"Nothing in {currency} can be paid out.")
    return arrived(world, payout)


def until(world: World, moment: int) -> None:
    """Let time pass up to a moment, if it has not yet."""
    left = datetime.fromtimestamp(moment, UTC) - world.clock.now()
    world.clock.advance(max(left, timedelta()))


class Ledger:
    """A person at NetSuite who has a customer and an item there, and sells without Stripe."""

    def __init__(self, world: World, name: str) -> None:
        self._user = world.netsuite.user
        settings = world.netsuite.settings()
        income, subsidiary = ref(str(settings["income_account"])), ref(str(settings["subsidiary"]))
        self.customer = self._user.create("customer", {"companyName": name, "subsidiary": subsidiary})
        item = {"itemId": f"Goods for {name}", "incomeAccount": income}
        self._item = self._user.create("serviceSaleItem", item)

    def invoice(self, amount: str, **fields: Any) -> tuple[int, str]:
        """An invoice over an amount such as "120.00"; its internal id and its number."""
        return self._sale("invoice", "Invoice", amount, fields)

    def sales_order(self, amount: str, **fields: Any) -> tuple[int, str]:
        """An approved sales order, unless its fields say otherwise; likewise."""
        return self._sale("salesOrder", "SalesOrder", amount, fields)

    def bill(self, order: int) -> int:
        """Bill a sales order; the invoice's internal id."""
        fields = {"entity": ref(self.customer), "createdFrom": ref(order)}
        return self._user.create("invoice", fields)

    def _sale(self, kind: str, wire: str, amount: str, fields: dict[str, Any]) -> tuple[int, str]:
        line = {
            "$": f"{wire}Item",
            "item": ref(self._item),
            "quantity": Decimal(1),
            "amount": Decimal(amount),
        }
        lines = {"$": f"{wire}ItemList", "item": [line]}
        made = self._user.create(kind, {"entity": ref(self.customer), "itemList": lines, **fields})
        return made, str(self._user.show(kind, made)["tranId"])
