"""Source: what a reader reads a subject with, and the answer that it belongs to other documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.engine import reversals
from connector.models import NetSuiteAccount, StripeAccount
from connector.netsuite.gateway import Gateway
from connector.stripe.billing import Coupon
from connector.stripe.client import Client
from connector.stripe.credit_note import CreditNote
from connector.stripe.objects import Charge, Customer, Invoice, InvoiceLine, Price
from connector.translation.plan import Summary
from connector.translation.settings import Settings


@dataclass(frozen=True, slots=True)
class Source:
    """Where a subject is read from, and how it is to be booked."""

    client: Client
    account: StripeAccount
    settings: Settings
    gateway: Gateway
    keep: bool = False
    """Whether what is learned of payouts is kept, and what they lack is asked for; off in a preview."""
    seen: dict[str, object] = field(default_factory=dict)
    """What was read of Stripe, by id, for the fields that the account fills (FM-1)."""
    told: set[str] = field(default_factory=set)
    """Charges whose refunds are to be read although they count none."""

    @property
    def reversals(self) -> reversals.Reader:
        """Where refunds and disputes of its charges are read from."""
        return reversals.Reader(self.client, self.netsuite, self.gateway, self.settings, self.told, self.seen)

    @property
    def netsuite(self) -> NetSuiteAccount:
        """Where the books are kept."""
        return self.account.netsuite_account

    def saw(self, *things: Customer | Invoice | InvoiceLine | Charge | CreditNote | Price | Coupon) -> None:
        """Keep what was read."""
        self.seen.update({one.id: one for one in things})


@dataclass(frozen=True, slots=True)
class HandOver:
    """The subject belongs to other documents, and is booked with them."""

    roots: tuple[str, ...]
    summary: Summary
