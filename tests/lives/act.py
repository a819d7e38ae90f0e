"""Act: a single thing that happens in a customer's life, and how Stripe is told of it.

An act is a value, so that a life that breaks the books prints as a short list of them. It names
the invoice, subscription or note that it is about by a number: the n-th, counted round, of those
that it may be about. Where there is none, or where Stripe refuses, the act did not happen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from connector.sandbox.stripe.errors import Refusal
from tests.lives.customer import Customer, Terms, nth


@dataclass(frozen=True)
class Act(ABC):
    """Something that happens."""

    @abstractmethod
    def play(self, customer: Customer) -> None:
        """Tell Stripe of it. Raises Refusal when it cannot happen."""


def happen(act: Act, customer: Customer) -> bool:
    """Play an act, and let two minutes pass; whether Stripe let it happen."""
    done = False
    with suppress(Refusal):
        act.play(customer)
        done = True
    customer.wait(timedelta(minutes=2))
    return done


@dataclass(frozen=True)
class Wait(Act):
    """Hours pass, in which a test clock bills what falls due."""

    hours: int = 24

    def play(self, customer: Customer) -> None:
        customer.wait(timedelta(hours=self.hours))


@dataclass(frozen=True)
class OnInvoice(Act):
    """Something that happens to an invoice."""

    which: int
    about: ClassVar[tuple[str, ...]] = ("open",)

    def play(self, customer: Customer) -> None:
        self.to(nth(customer.invoices(*self.about), self.which), customer)

    @abstractmethod
    def to(self, invoice: str, customer: Customer) -> None:
        """Do it to this invoice."""


@dataclass(frozen=True)
class Life:
    """A whole life: its terms and its acts in order."""

    terms: Terms
    acts: tuple[Act, ...]
