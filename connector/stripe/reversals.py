"""What takes a charge back, as frozen values: the merchant's refund and the bank's dispute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from connector.money import Amount
from connector.stripe.balance import BalanceTransaction
from connector.stripe.shape import Json, id_of, metadata_of, required, text


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back of a charge. `amount` is positive, in the charge's currency.

    `movement` is how the money left the balance; without one it has not, or not yet. A failed refund
    has given nothing back: what had left returned by `failure_balance_transaction_id` (RF-H2).
    """

    EXPAND: ClassVar[tuple[str, ...]] = ("balance_transaction",)

    id: str
    amount: Amount
    status: str
    created: datetime
    charge_id: str = ""
    payment_intent_id: str = ""
    movement: BalanceTransaction | None = None
    failure_balance_transaction_id: str = ""
    failure_reason: str = ""
    reason: str = ""
    description: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> Refund:
        """Read a refund with its balance transaction expanded."""
        movement = data.get("balance_transaction")
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), required(data, "currency")),
            status=text(data.get("status")),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            charge_id=id_of(data.get("charge")),
            payment_intent_id=id_of(data.get("payment_intent")),
            movement=BalanceTransaction.from_stripe(movement) if movement else None,
            failure_balance_transaction_id=id_of(data.get("failure_balance_transaction")),
            failure_reason=text(data.get("failure_reason")),
            reason=text(data.get("reason")),
            description=text(data.get("description")),
            metadata=metadata_of(data),
        )


@dataclass(frozen=True, slots=True)
class Dispute:
    """A bank's demand for a charge's money. `amount` is in the charge's currency, and may exceed it (DS-8).

    `movements` are Stripe's balance transactions, whole: withdrawn, reinstated, withdrawn again;
    an inquiry has none (DS-H1). They decide, never the status (DS-H5).
    """

    id: str
    amount: Amount
    status: str
    created: datetime
    charge_id: str
    payment_intent_id: str = ""
    reason: str = ""
    movements: tuple[BalanceTransaction, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> Dispute:
        """Read a dispute; Stripe embeds its balance transactions."""
        movements = [BalanceTransaction.from_stripe(one) for one in data.get("balance_transactions") or ()]
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), required(data, "currency")),
            status=required(data, "status"),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            charge_id=id_of(required(data, "charge")),
            payment_intent_id=id_of(data.get("payment_intent")),
            reason=text(data.get("reason")),
            movements=tuple(sorted(movements, key=lambda one: (one.created, one.id))),
            metadata=metadata_of(data),
        )
