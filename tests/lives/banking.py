"""Banking: what Stripe holds goes to the bank, and may come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connector.sandbox.stripe.errors import Refusal
from tests.lives.act import Act
from tests.lives.customer import Customer, Row, nth

SETTLED = timedelta(days=3)
"""After so long the money of a card payment can be paid out."""


@dataclass(frozen=True)
class PayOut(Act):
    """Days later, the payout of all that is available; it arrives at once, or is on its way."""

    arrives: bool = True

    def play(self, customer: Customer) -> None:
        customer.wait(SETTLED)
        store = customer.world.stripe.store
        made = customer.world.stripe.bank.pay_out(customer.terms.settled_in)
        if made is None:
            raise Refusal(400, "invalid_request_error", "There is nothing to be paid out.")
        if self.arrives:
            _arrive(store.get("payout", made), customer)


@dataclass(frozen=True)
class Arrive(Act):
    """A payout that is on its way reaches the bank."""

    which: int

    def play(self, customer: Customer) -> None:
        _arrive(nth(_payouts(customer, "in_transit"), self.which), customer)


@dataclass(frozen=True)
class ComeBack(Act):
    """The bank sends a payout back, which had reached it or was on its way."""

    which: int

    def play(self, customer: Customer) -> None:
        sent = [row for row in _payouts(customer, "in_transit", "paid") if row["amount"] > 0]
        payout, bank = nth(sent, self.which), customer.world.stripe.bank
        bank.fail_payout(payout["id"])
        if payout["reconciliation_status"] == "in_progress":
            bank.reconcile(payout["id"])


@dataclass(frozen=True)
class Fee(Act):
    """Stripe bills one of its products off the balance."""

    amount: int

    def play(self, customer: Customer) -> None:
        amount = self.amount * customer.unit
        customer.world.stripe.bank.book("stripe_fee", -amount, customer.terms.settled_in, description="Radar")


def _payouts(customer: Customer, *states: str) -> list[Row]:
    return [row for row in customer.world.stripe.store.all("payout") if row["status"] in states]


def _arrive(payout: Row, customer: Customer) -> None:
    left = datetime.fromtimestamp(payout["arrival_date"], UTC) - customer.world.clock.now()
    customer.wait(max(left, timedelta()))
    customer.world.stripe.bank.arrive(payout["id"])
    customer.world.stripe.bank.reconcile(payout["id"])
