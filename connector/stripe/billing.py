"""What lowers or raises an invoice beside its lines' own amounts: discounts, taxes, shipping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from connector.money import Amount
from connector.stripe.shape import Json, UnexpectedShape, id_of, metadata_of, optional, required, text


@dataclass(frozen=True, slots=True)
class Coupon:
    """What a discount was granted by; the metadata may name its NetSuite item (PI-13)."""

    id: str
    name: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json | str) -> Coupon:
        """Read a coupon, expanded or not; unexpanded it has only its id."""
        if not isinstance(data, Mapping):
            return cls(str(data))
        return cls(id=required(data, "id"), name=text(data.get("name")), metadata=metadata_of(data))


@dataclass(frozen=True, slots=True)
class DiscountAmount:
    """What one discount takes off one line; positive."""

    discount_id: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """One tax on a line or on shipping. `rate_id` is empty when Stripe names no tax rate."""

    amount: Amount
    rate_id: str = ""
    inclusive: bool = False

    @classmethod
    def from_stripe(cls, data: Json, currency: str) -> TaxAmount:
        """Read an entry of a line's `taxes`. Raises UnexpectedShape for an unknown behaviour."""
        behaviour = required(data, "tax_behavior")
        if behaviour not in ("inclusive", "exclusive"):
            raise UnexpectedShape("tax", "tax_behavior", behaviour)
        return cls(
            Amount.from_minor(required(data, "amount"), currency),
            id_of(optional(data, "tax_rate_details.tax_rate")),
            behaviour == "inclusive",
        )


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax as people know it: `VAT 20% (GB)`."""

    id: str
    display_name: str = ""
    percentage: Decimal | None = None
    jurisdiction: str = ""

    @classmethod
    def from_stripe(cls, data: Json) -> TaxRate:
        """Read a tax rate."""
        percentage = data.get("percentage")
        place = data.get("jurisdiction") or data.get("state") or data.get("country")
        return cls(
            id=required(data, "id"),
            display_name=text(data.get("display_name")),
            percentage=None if percentage is None else Decimal(str(percentage)),
            jurisdiction=text(place),
        )


@dataclass(frozen=True, slots=True)
class Shipping:
    """What shipping costs, all its taxes included. `taxes` are those on top and those in it."""

    amount: Amount
    taxes: tuple[TaxAmount, ...] = ()

    @classmethod
    def from_stripe(cls, data: Json | None, currency: str) -> Shipping | None:
        """Read an invoice's `shipping_cost`; its taxes may come by rate, or as one amount only."""
        if not data:
            return None
        taxes = tuple(
            TaxAmount(Amount.from_minor(required(one, "amount"), currency), id_of(one.get("rate")))
            for one in data.get("taxes") or ()
        )
        if not taxes and data.get("amount_tax"):
            taxes = (TaxAmount(Amount.from_minor(data["amount_tax"], currency)),)
        return cls(Amount.from_minor(required(data, "amount_total"), currency), taxes)
