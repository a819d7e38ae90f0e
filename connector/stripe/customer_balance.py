"""A movement of a customer's balance as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from connector.money import Amount
from connector.stripe.shape import Json, id_of, required


@dataclass(frozen=True, slots=True)
class BalanceMovement:
    """What changed a customer's balance. Negative amounts give credit; `kind` is Stripe's word."""

    id: str
    kind: str
    amount: Amount
    ending_balance: Amount
    invoice_id: str = ""

    @classmethod
    def from_stripe(cls, data: Json) -> BalanceMovement:
        """Read a customer balance transaction."""
        currency = str(required(data, "currency"))
        return cls(
            id=required(data, "id"),
            kind=required(data, "type"),
            amount=Amount.from_minor(required(data, "amount"), currency),
            ending_balance=Amount.from_minor(required(data, "ending_balance"), currency),
            invoice_id=id_of(data.get("invoice")),
        )
