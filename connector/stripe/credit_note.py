"""Stripe's credit note as a frozen value: what is taken back of an invoice, and where it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from connector.money import Amount, total
from connector.stripe.billing import DiscountAmount, Shipping, TaxAmount
from connector.stripe.shape import Json, id_of, metadata_of, optional, required, text


@dataclass(frozen=True, slots=True)
class CreditNoteLine:
    """One line. `amount` is before discounts and exclusive taxes, like that of an invoice's line.

    `invoice_line_id` is empty for a custom line, which names nothing that was sold (CN-9).
    """

    id: str
    amount: Amount
    invoice_line_id: str = ""
    description: str = ""
    quantity: Decimal | None = None
    discounts: tuple[DiscountAmount, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    credits: bool = False
    """Whether billing credits paid a part of it."""

    @classmethod
    def from_stripe(cls, data: Json, currency: str) -> CreditNoteLine:
        """Read a line; its currency is that of its note."""
        quantity = data.get("quantity")
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), currency),
            invoice_line_id=text(data.get("invoice_line_item")),
            description=text(data.get("description")),
            quantity=None if quantity is None else Decimal(str(quantity)),
            discounts=tuple(
                DiscountAmount(
                    id_of(one.get("discount")), Amount.from_minor(required(one, "amount"), currency)
                )
                for one in data.get("discount_amounts") or ()
            ),
            taxes=tuple(TaxAmount.from_stripe(one, currency) for one in data.get("taxes") or ()),
            credits=any(
                one.get("amount") and one.get("type") != "discount"
                for one in data.get("pretax_credit_amounts") or ()
            ),
        )


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note. `amount` is the whole, taxes included.

    `pre_payment` lowered what was still owed. The rest came after the payment and went back by
    refunds, out of band, or to the customer's balance; one note may do several of these (CN-6).
    """

    id: str
    invoice_id: str
    status: str
    created: datetime
    amount: Amount
    pre_payment: Amount
    post_payment: Amount
    refunded: Amount
    out_of_band: Amount
    lines: tuple[CreditNoteLine, ...]
    shipping: Shipping | None = None
    taxes: tuple[TaxAmount, ...] = ()
    """Over the whole note, by rate."""
    refunds: Mapping[str, Amount] = field(default_factory=dict)
    """What went back by each refund of Stripe, by the refund's id; `refunded` is their sum."""
    number: str = ""
    memo: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    balance_movement_id: str = ""
    """How the customer's balance received its part; empty when it received none."""
    shares_refund: bool = False
    """Whether an earlier note of its invoice names the same refund."""

    @property
    def refund_ids(self) -> tuple[str, ...]:
        """The refunds that the note names."""
        return tuple(self.refunds)

    @property
    def to_balance(self) -> Amount:
        """What the customer's balance received (CN-5)."""
        return self.post_payment - self.refunded - self.out_of_band

    @classmethod
    def from_stripe(cls, data: Json) -> CreditNote:
        """Read a credit note whose `lines` are complete (the client pages them).

        What went back through a payment made outside Stripe is out of band for us.
        """
        currency = str(required(data, "currency"))

        def money(name: str) -> Amount:
            return Amount.from_minor(data.get(name) or 0, currency)

        def paid_back(refunds: list[Json]) -> Amount:
            parts = [Amount.from_minor(required(one, "amount_refunded"), currency) for one in refunds]
            return total(parts, currency.upper())

        refunds = data.get("refunds") or []
        ours = [one for one in refunds if one.get("refund")]
        return cls(
            id=required(data, "id"),
            invoice_id=id_of(required(data, "invoice")),
            status=required(data, "status"),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            amount=Amount.from_minor(required(data, "amount"), currency),
            pre_payment=money("pre_payment_amount"),
            post_payment=money("post_payment_amount"),
            refunded=paid_back(ours),
            out_of_band=money("out_of_band_amount")
            + paid_back([one for one in refunds if not one.get("refund")]),
            lines=tuple(
                CreditNoteLine.from_stripe(line, currency) for line in optional(data, "lines.data") or ()
            ),
            shipping=Shipping.from_stripe(data.get("shipping_cost"), currency),
            taxes=tuple(TaxAmount.from_stripe(one, currency) for one in data.get("total_taxes") or ()),
            refunds={
                id_of(one["refund"]): Amount.from_minor(required(one, "amount_refunded"), currency)
                for one in ours
            },
            number=text(data.get("number")),
            memo=text(data.get("memo")),
            metadata=metadata_of(data),
            balance_movement_id=id_of(data.get("customer_balance_transaction")),
        )
