"""A practice Stripe to bill in, and short words for what tests of billing do there."""

from typing import Any

from connector.sandbox.stripe import StripeHalf
from connector.sandbox.world import World

Row = dict[str, Any]


class Till:
    """One practice Stripe with a customer whose card is good."""

    def __init__(self, **customer: Any) -> None:
        self.world = World()
        self.stripe: StripeHalf = self.world.stripe
        made = self.stripe.post("/v1/customers", name="Ann Ltd", payment_method="pm_card_visa", **customer)
        self.customer = str(made["id"])

    def coupon(self, **terms: Any) -> Row:
        """A new coupon, as a `discounts` entry."""
        return {"coupon": self.stripe.post("/v1/coupons", **terms)["id"]}

    def tax(self, percentage: str, *, inclusive: bool = False) -> str:
        """A new tax rate in percent."""
        given = {"display_name": "Tax", "percentage": percentage, "inclusive": inclusive}
        return str(self.stripe.post("/v1/tax_rates", **given)["id"])

    def plan(self, unit_amount: int, **more: Any) -> str:
        """A new monthly price."""
        given: Row = {"currency": "usd", "product_data": {"name": "Plan"}, "recurring": {"interval": "month"}}
        if "billing_scheme" not in more:
            given["unit_amount"] = unit_amount
        return str(self.stripe.post("/v1/prices", **{**given, **more})["id"])

    def draft(self, *lines: int | Row, **terms: Any) -> Row:
        """A draft; a line is an amount or the parameters of an invoice item."""
        given = {"customer": self.customer, "currency": "usd", **terms}
        made = self.stripe.post("/v1/invoices", **given)
        for line in lines:
            item = {"amount": line} if isinstance(line, int) else line
            self.stripe.post("/v1/invoiceitems", customer=self.customer, invoice=made["id"], **item)
        return self.invoice(made["id"])

    def open(self, *lines: int | Row, **terms: Any) -> Row:
        """A finalized invoice."""
        return self.stripe.post(f"/v1/invoices/{self.draft(*lines, **terms)['id']}/finalize")

    def paid(self, *lines: int | Row, **terms: Any) -> Row:
        """An invoice that was paid by card."""
        return self.stripe.post(f"/v1/invoices/{self.draft(*lines, **terms)['id']}/pay")

    def invoice(self, identity: str) -> Row:
        """An invoice as it is now."""
        return self.stripe.get(f"/v1/invoices/{identity}")

    def lines(self, invoice: Row) -> list[Row]:
        """The lines of an invoice as they are now."""
        page = self.stripe.get(f"/v1/invoices/{invoice['id']}/lines", limit=100)
        data: list[Row] = page["data"]
        return data

    def balance(self, amount: int | None = None) -> int:
        """The customer's balance, after moving it by an amount if one is given."""
        if amount is not None:
            address = f"/v1/customers/{self.customer}/balance_transactions"
            self.stripe.post(address, amount=amount, currency="usd")
        return int(self.stripe.get(f"/v1/customers/{self.customer}")["balance"])

    def movements(self) -> list[tuple[str, int, int]]:
        """Kind, amount and ending balance of every movement of the balance, oldest first."""
        page = self.stripe.get(f"/v1/customers/{self.customer}/balance_transactions", limit=100)
        return [(row["type"], row["amount"], row["ending_balance"]) for row in page["data"][::-1]]

    def told(self, *prefixes: str) -> list[str]:
        """The types of the events so far, those that begin with one of the prefixes."""
        return [one["type"] for one in self.stripe.events() if one["type"].startswith(prefixes)]
