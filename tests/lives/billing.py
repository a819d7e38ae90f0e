"""Billing: invoices and subscriptions come, change and end, and the balance behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.lives.act import Act, OnInvoice
from tests.lives.customer import Customer, Cut, Row, Sold, nth


@dataclass(frozen=True)
class Bill(Act):
    """A one-off invoice is finalized."""

    lines: tuple[Sold, ...]
    cuts: tuple[Cut, ...] = ()
    taxed: bool = False
    shipping: int = 0
    days_until_due: int = 0

    def play(self, customer: Customer) -> None:
        terms: Row = {"customer": customer.id, "currency": customer.terms.currency}
        if self.days_until_due:
            terms |= {"collection_method": "send_invoice", "days_until_due": self.days_until_due}
        if self.taxed:
            terms["default_tax_rates"] = customer.taxes
        if self.shipping:
            terms["shipping_cost"] = {"shipping_rate": self._rate(customer)}
        draft = customer.post("/v1/invoices", **terms)["id"]
        for sold in self.lines:
            customer.post("/v1/invoiceitems", customer=customer.id, invoice=draft, **customer.item(sold))
        if self.cuts:
            customer.post(f"/v1/invoices/{draft}", discounts=customer.cuts(self.cuts))
        customer.post(f"/v1/invoices/{draft}/finalize")

    def _rate(self, customer: Customer) -> str:
        fixed = {"amount": self.shipping * customer.unit, "currency": customer.terms.currency}
        made = customer.post(
            "/v1/shipping_rates", display_name="Post", type="fixed_amount", fixed_amount=fixed
        )
        return str(made["id"])


@dataclass(frozen=True)
class Subscribe(Act):
    """A monthly subscription begins, perhaps with a trial; its first invoice waits for payment."""

    items: tuple[Sold, ...]
    cuts: tuple[Cut, ...] = ()
    duration: str = "once"
    taxed: bool = False
    trial_days: int = 0
    pays_itself: bool = False

    def play(self, customer: Customer) -> None:
        month = {"interval": "month"}
        terms: Row = {"discounts": customer.cuts(self.cuts, duration=self.duration)}
        if self.taxed:
            terms["default_tax_rates"] = customer.taxes
        if self.trial_days:
            terms["trial_period_days"] = self.trial_days
        if not self.pays_itself:
            terms["payment_behavior"] = "default_incomplete"
        items = [
            {"price": customer.price(sold, recurring=month), "quantity": sold.quantity or 1}
            for sold in self.items
        ]
        customer.post("/v1/subscriptions", customer=customer.id, items=items, **terms)


@dataclass(frozen=True)
class Change(Act):
    """A subscription changes in mid period: another price, another quantity, up or down."""

    which: int
    amount: int
    quantity: int
    behavior: str = "create_prorations"

    def play(self, customer: Customer) -> None:
        row = nth(customer.of("subscription"), self.which)
        (item, *_) = customer.world.stripe.store.where("subscription_item", subscription=row["id"])
        price = customer.price(Sold(self.amount, 1), recurring={"interval": "month"})
        change = {"id": item["id"], "price": price, "quantity": self.quantity}
        customer.post(f"/v1/subscriptions/{row['id']}", items=[change], proration_behavior=self.behavior)


@dataclass(frozen=True)
class Renew(Act):
    """A subscription's next period begins, and its invoice is finalized an hour later."""

    which: int

    def play(self, customer: Customer) -> None:
        alive = [row for row in customer.of("subscription") if row["status"] != "canceled"]
        subscription = nth([] if customer.clock else alive, self.which)["id"]
        draft = customer.world.stripe.renew(subscription)
        customer.wait(timedelta(hours=1))
        customer.post(f"/v1/invoices/{draft}/finalize")


@dataclass(frozen=True)
class Cancel(Act):
    """A subscription ends."""

    which: int

    def play(self, customer: Customer) -> None:
        subscription = nth(customer.of("subscription"), self.which)["id"]
        customer.world.stripe.request("DELETE", f"/v1/subscriptions/{subscription}")


@dataclass(frozen=True)
class Balance(Act):
    """Somebody gives the customer credit (below zero), or makes them owe something."""

    amount: int

    def play(self, customer: Customer) -> None:
        customer.post(
            f"/v1/customers/{customer.id}/balance_transactions",
            amount=self.amount * customer.unit,
            currency=customer.terms.currency,
        )


@dataclass(frozen=True)
class Void(OnInvoice):
    """An invoice is made void."""

    about = ("open", "uncollectible")

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/void")


@dataclass(frozen=True)
class GiveUp(OnInvoice):
    """An invoice is given up as uncollectible."""

    def to(self, invoice: str, customer: Customer) -> None:
        customer.post(f"/v1/invoices/{invoice}/mark_uncollectible")


@dataclass(frozen=True)
class Edit(OnInvoice):
    """An open invoice is revised: one of its lines gets another quantity, or another line is added."""

    line: int = 0
    quantity: int = 2
    added: Sold | None = None

    def to(self, invoice: str, customer: Customer) -> None:
        given = {"action": "revision", "invoice": invoice}
        draft = customer.post("/v1/invoices", from_invoice=given)["id"]
        priced = [line["id"] for line in customer.lines(draft) if line["pricing"]]
        if priced:
            changed = nth(priced, self.line)
            customer.post(f"/v1/invoices/{draft}/lines/{changed}", quantity=self.quantity)
        if self.added:
            customer.post(f"/v1/invoices/{draft}/add_lines", lines=[customer.item(self.added)])
        customer.post(f"/v1/invoices/{draft}/finalize")
