"""Customer: one customer of the practice Stripe, on whose terms a life is lived."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.sandbox.stripe.errors import Refusal
from connector.sandbox.stripe.terms import Settlement
from connector.sandbox.world import World

Row = dict[str, Any]


BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


UNIT = {"usd": 1, "eur": 1, "jpy": 1, "kwd": 1_000}
"""What an amount of an act counts in, in minor units: Stripe charges dinars in tens of fils only."""


DOLLARS = "usd"
RATES = {"eur": Decimal("1.0837"), "jpy": Decimal("0.006613"), "kwd": Decimal("3.2511")}
"""What Stripe gives in US dollars, a little else than NetSuite's own rates."""
CHOICES = (
    "keep_unpaid_invoices_open",
    "sync_trial_invoices",
    "global_item_workflow",
    "global_discount_workflow",
    "discount_non_posting",
    "create_customers_on_signup",
    "write_ids_to_stripe",
)
"""The switches of an account that a life may turn from their defaults."""


@dataclass(frozen=True)
class Cut:
    """A coupon: a share in percent, or an amount."""

    percent: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Sold:
    """A line: a price with a quantity, or a plain amount, which may be below zero."""

    amount: int
    quantity: int = 0
    part: str = ""
    """A fraction of a minor unit beside the unit amount."""
    cuts: tuple[Cut, ...] = ()
    tax: int | None = None
    """A tax of its own, by its place among the customer's."""


@dataclass(frozen=True)
class Terms:
    """What holds for a whole life: money, taxes, and the account's choices."""

    currency: str = "usd"
    taxes: tuple[tuple[str, bool], ...] = ()
    """Percentage, and whether prices include it."""
    exempt: str = "none"
    standing: Cut | None = None
    converted: bool = False
    """Whether Stripe turns the customer's money into US dollars."""
    clock: bool = False
    zone: str = "UTC"
    choices: frozenset[str] = field(default_factory=frozenset)
    """The switches of the account that are turned from their defaults."""

    @property
    def settled_in(self) -> str:
        """The currency that Stripe holds the customer's money in."""
        return DOLLARS if self.converted else self.currency


class Customer:
    """One customer of the practice Stripe, and what an act needs to find its object."""

    def __init__(self, world: World, terms: Terms) -> None:
        self.world = world
        self.terms = terms
        self.unit = UNIT[terms.currency]
        if terms.settled_in != terms.currency:
            rate = Settlement(DOLLARS, RATES[terms.currency])
            world.stripe.store.terms = replace(world.stripe.store.terms, settles={terms.currency: rate})
        self.clock = ""
        if terms.clock:
            now = world.clock.seconds()
            self.clock = str(self.post("/v1/test_helpers/test_clocks", frozen_time=now)["id"])
        self.taxes = [
            str(self.post("/v1/tax_rates", display_name="Tax", percentage=share, inclusive=within)["id"])
            for share, within in terms.taxes
        ]
        own = {"test_clock": self.clock} if self.clock else {}
        self.id = str(
            self.post(
                "/v1/customers",
                name="Life Ltd",
                email="ap@life.example",
                payment_method="pm_card_visa",
                tax_exempt=terms.exempt,
                **own,
            )["id"]
        )
        if terms.standing:
            world.stripe.discount_customer(self.id, self.coupon(terms.standing, duration="forever"))

    def post(self, path: str, **params: Any) -> Row:
        """A request to Stripe."""
        return self.world.stripe.post(path, **params)

    def of(self, kind: str, **wanted: Any) -> list[Row]:
        """The customer's own objects of a kind, oldest first."""
        return self.world.stripe.store.where(kind, customer=self.id, **wanted)

    def invoices(self, *statuses: str) -> list[str]:
        """The ids of the customer's invoices with one of these statuses, for which no debit is on its way."""
        store = self.world.stripe.store
        open_ones = store.where("invoice_payment", status="open")
        awaited = {
            one["invoice"]
            for one in open_ones
            if (intent := store.lookup(one["payment"].get("payment_intent") or ""))
            and intent["status"] == "processing"
        }
        found = [row["id"] for row in self.of("invoice") if row["status"] in statuses]
        return [key for key in found if key not in awaited]

    def invoice(self, key: str) -> Row:
        """An invoice as it is now."""
        return self.world.stripe.store.get("invoice", key)

    def lines(self, invoice: str) -> list[Row]:
        """An invoice's lines."""
        return self.world.stripe.store.where("line_item", invoice=invoice)

    def coupon(self, cut: Cut, **terms: Any) -> str:
        """A coupon of its own for each use."""
        if cut.percent:
            off: Row = {"percent_off": cut.percent}
        else:
            off = {"amount_off": cut.amount * self.unit, "currency": self.terms.currency}
        return str(self.post("/v1/coupons", name="Cut", **off, **terms)["id"])

    def cuts(self, cuts: tuple[Cut, ...], **terms: Any) -> list[Row]:
        """A `discounts` parameter."""
        return [{"coupon": self.coupon(cut, **terms)} for cut in cuts]

    def price(self, sold: Sold, **more: Any) -> str:
        """A new product with one price."""
        product = self.post("/v1/products", name=f"Thing for {sold.amount}")["id"]
        unit = f"{abs(sold.amount) * self.unit}{sold.part and '.' + sold.part}"
        terms = {"product": product, "currency": self.terms.currency, "unit_amount_decimal": unit}
        return str(self.post("/v1/prices", **terms, **more)["id"])

    def item(self, sold: Sold) -> Row:
        """The parameters of an invoice item."""
        if sold.quantity:
            what: Row = {"pricing": {"price": self.price(sold)}, "quantity": sold.quantity}
        else:
            what = {"amount": sold.amount * self.unit, "currency": self.terms.currency}
        what["discounts"] = self.cuts(sold.cuts)
        if sold.tax is not None and self.taxes:
            what["tax_rates"] = [self.taxes[sold.tax % len(self.taxes)]]
        return {"description": "Sold", **what}

    def wait(self, delta: timedelta) -> None:
        """Let time pass, for the customer's own clock if it has one."""
        self.world.clock.advance(delta)
        if self.clock:
            clock = self.world.stripe.store.get("test_helpers.test_clock", self.clock)
            moment = clock["frozen_time"] + int(delta.total_seconds())
            self.post(f"/v1/test_helpers/test_clocks/{self.clock}/advance", frozen_time=moment)


def nth(found: list[Any], number: int) -> Any:
    """The n-th, counted round; Refusal when there is none."""
    if not found:
        raise Refusal(400, "invalid_request_error", "There is nothing that this could be done to.")
    return found[number % len(found)]
