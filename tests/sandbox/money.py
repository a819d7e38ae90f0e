"""A practice Stripe to take money in, and short words for what tests of money look at."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connector.sandbox.world import World

Row = dict[str, Any]

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Till:
    """One practice Stripe whose time stands still on a Monday morning until it is moved on."""

    def __init__(self) -> None:
        self.world = World()
        self.world.clock.set(MONDAY)
        self.stripe = self.world.stripe
        self.bank = self.world.stripe.bank

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.world.clock.advance(timedelta(**time))

    def pay(
        self, amount: int = 10_000, method: str = "pm_card_visa", currency: str = "usd", **more: Any
    ) -> str:
        """A payment; the id of its charge."""
        given = {"amount": amount, "currency": currency, "payment_method": method, "confirm": True, **more}
        return str(self.stripe.post("/v1/payment_intents", **given)["latest_charge"])

    def charge(self, identity: str) -> Row:
        return self.stripe.get(f"/v1/charges/{identity}")

    def refund(self, charge: str, **terms: Any) -> Row:
        return self.stripe.post("/v1/refunds", charge=charge, **terms)

    def open_invoice(self, amount: int, card: str = "pm_card_visa") -> str:
        """A finalized invoice of a new customer who pays with this."""
        customer = self.stripe.post("/v1/customers", name="Ann Ltd", payment_method=card)["id"]
        draft = self.stripe.post("/v1/invoices", customer=customer, currency="usd")["id"]
        self.stripe.post("/v1/invoiceitems", customer=customer, invoice=draft, amount=amount)
        return str(self.stripe.post(f"/v1/invoices/{draft}/finalize")["id"])

    def payments(self, invoice: str) -> list[tuple[str, int | None]]:
        """State and amount paid of every payment of an invoice, oldest first."""
        rows = self.stripe.get("/v1/invoice_payments", invoice=invoice)["data"][::-1]
        return [(row["status"], row["amount_paid"]) for row in rows]

    def latest_charge(self) -> str:
        return str(self.stripe.get("/v1/charges", limit=1)["data"][0]["id"])

    def movements(self, **wanted: Any) -> list[tuple[str, int, int]]:
        """Type, amount and fee of the balance transactions, oldest first."""
        rows = self.stripe.get("/v1/balance_transactions", limit=100, **wanted)["data"][::-1]
        return [(row["type"], row["amount"], row["fee"]) for row in rows]

    def balance(self, currency: str = "usd") -> tuple[int, int]:
        """What is available and what is pending."""
        body = self.stripe.get("/v1/balance")
        found = {
            state: {row["currency"]: row["amount"] for row in body[state]}
            for state in ("available", "pending")
        }
        return found["available"].get(currency, 0), found["pending"].get(currency, 0)

    def told(self, since: int = 0, *prefixes: str) -> list[str]:
        """The types of the events from a count on, those that begin with one of the prefixes."""
        types = [event["type"] for event in self.stripe.events()[since:]]
        return [one for one in types if one.startswith(prefixes or ("",))]

    def so_far(self) -> int:
        """How many events there were."""
        return len(self.stripe.events())


def net(rows: list[Row]) -> int:
    """The sum of what balance transactions move."""
    return sum(row["net"] for row in rows)
