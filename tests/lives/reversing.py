"""Reversing: money that came is given back, comes back again, or is disputed by the payer."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lives.act import Act
from tests.lives.customer import Customer, Row, nth

ENDS = ("win", "win_without_fee", "lose", "reinstate", "withdraw_again", "escalate", "close_inquiry")
"""What may become of a dispute."""


@dataclass(frozen=True)
class Refund(Act):
    """A share of what is left of a charge is given back; it may wait for money on the balance."""

    which: int
    share: int = 100
    waits: bool = False

    def play(self, customer: Customer) -> None:
        charge = nth([row for row in _taken(customer) if not row["refunded"]], self.which)
        amount = _share(charge["amount"] - charge["amount_refunded"], self.share, customer)
        with customer.world.stripe.bank.terms(refunds_wait=self.waits):
            customer.post("/v1/refunds", charge=charge["id"], amount=amount)


@dataclass(frozen=True)
class EndRefund(Act):
    """A refund that waits goes through; or one comes back, also when it had gone through."""

    which: int
    fails: bool = False

    def play(self, customer: Customer) -> None:
        states = ("pending", "succeeded") if self.fails else ("pending",)
        refunds = [
            row for row in customer.of("refund") if row["status"] in states and _is_refund(row, customer)
        ]
        bank = customer.world.stripe.bank
        (bank.fail_refund if self.fails else bank.finish_refund)(nth(refunds, self.which)["id"])


@dataclass(frozen=True)
class Dispute(Act):
    """The payer disputes a share of a charge, or only inquires."""

    which: int
    share: int = 100
    inquiry: bool = False

    def play(self, customer: Customer) -> None:
        charge = nth([row for row in _taken(customer) if not row["disputed"]], self.which)
        amount = _share(charge["amount_captured"], self.share, customer)
        customer.world.stripe.bank.dispute(charge["id"], amount, inquiry=self.inquiry)


@dataclass(frozen=True)
class EndDispute(Act):
    """What becomes of a dispute (`ENDS`)."""

    which: int
    how: str = "lose"

    def play(self, customer: Customer) -> None:
        store, bank = customer.world.stripe.store, customer.world.stripe.bank
        own = {row["id"] for row in customer.of("charge")}
        dispute = nth([row for row in store.all("dispute") if row["charge"] in own], self.which)["id"]
        if self.how == "win_without_fee":
            bank.win(dispute, fee_back=False)
        else:
            getattr(bank, self.how)(dispute)


def _taken(customer: Customer) -> list[Row]:
    return [row for row in customer.of("charge", status="succeeded") if row["captured"]]


def _share(amount: int, share: int, customer: Customer) -> int:
    return min(max(amount * share // 100 // customer.unit, 1) * customer.unit, amount)


def _is_refund(row: Row, customer: Customer) -> bool:
    """Not what Stripe shows as a refund, and is the part of an authorisation that was never taken."""
    moved = customer.world.stripe.store.lookup(row["balance_transaction"] or "")
    return moved is None or moved["reporting_category"] == "refund"
