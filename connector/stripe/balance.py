"""Stripe's balance as frozen values: what moved on it, what that cost, and what of it was paid out.

Every cent that Stripe holds for us comes and goes by a balance transaction; a payout is one
of them, and settles others (PO-1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from connector.money import Amount
from connector.stripe.shape import Json, id_of, metadata_of, moment, required, text


@dataclass(frozen=True, slots=True)
class Fee:
    """A part of what a movement cost. `kind` is Stripe's word, like `stripe_fee`; negative is given back."""

    kind: str
    amount: Amount
    description: str = ""
    application: str = ""


@dataclass(frozen=True, slots=True)
class BalanceTransaction:
    """A movement, in the currency of the balance (settlement). `net` is `amount` less `fee`.

    `source_id` is the charge, refund, dispute or other object behind it. `exchange_rate` led from
    that object's currency to this one; None when they are the same.
    """

    id: str
    kind: str
    category: str
    amount: Amount
    fee: Amount
    net: Amount
    created: datetime
    available_on: datetime | None = None
    status: str = ""
    source_id: str = ""
    description: str = ""
    exchange_rate: Decimal | None = None
    fees: tuple[Fee, ...] = ()

    @classmethod
    def from_stripe(cls, data: Json) -> BalanceTransaction:
        """Read a balance transaction; its source may be expanded or not."""
        currency = str(required(data, "currency"))
        rate = data.get("exchange_rate")
        return cls(
            id=required(data, "id"),
            kind=required(data, "type"),
            category=text(data.get("reporting_category")),
            amount=Amount.from_minor(required(data, "amount"), currency),
            fee=Amount.from_minor(required(data, "fee"), currency),
            net=Amount.from_minor(required(data, "net"), currency),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            available_on=moment(data.get("available_on")),
            status=text(data.get("status")),
            source_id=id_of(data.get("source")),
            description=text(data.get("description")),
            exchange_rate=None if rate is None else Decimal(str(rate)),
            fees=tuple(
                Fee(
                    kind=text(one.get("type")),
                    amount=Amount.from_minor(required(one, "amount"), required(one, "currency")),
                    description=text(one.get("description")),
                    application=id_of(one.get("application")),
                )
                for one in data.get("fee_details") or ()
            ),
        )


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that Stripe sent to the bank, or with a negative amount took from it.

    `automatic` ones name the balance transactions that they settle, once `reconciled` (stripe.md 6.3).
    `arrival_date` is a date already (K17).
    """

    id: str
    amount: Amount
    status: str
    automatic: bool
    reconciliation: str
    arrival_date: date
    created: datetime
    method: str = ""
    balance_transaction_id: str = ""
    failure_balance_transaction_id: str = ""
    failure_message: str = ""
    original_payout_id: str = ""
    reversed_by: str = ""
    destination_id: str = ""
    description: str = ""
    livemode: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def reconciled(self) -> bool:
        """Whether Stripe names all that it settles."""
        return self.automatic and self.reconciliation == "completed"

    @classmethod
    def from_stripe(cls, data: Json) -> Payout:
        """Read a payout; nothing in it needs expanding."""
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), required(data, "currency")),
            status=required(data, "status"),
            automatic=bool(required(data, "automatic")),
            reconciliation=text(data.get("reconciliation_status")),
            arrival_date=datetime.fromtimestamp(required(data, "arrival_date"), UTC).date(),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            method=text(data.get("method")),
            balance_transaction_id=id_of(data.get("balance_transaction")),
            failure_balance_transaction_id=id_of(data.get("failure_balance_transaction")),
            failure_message=text(data.get("failure_message")),
            original_payout_id=id_of(data.get("original_payout")),
            reversed_by=id_of(data.get("reversed_by")),
            destination_id=id_of(data.get("destination")),
            description=text(data.get("description")),
            livemode=bool(data.get("livemode")),
            metadata=metadata_of(data),
        )
