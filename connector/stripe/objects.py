"""Stripe's objects as frozen values: only what we use, in our types.

`from_stripe` reads the JSON of the pinned API version (field names: stripe.md 6.4).
A field that the version requires and that is missing raises `UnexpectedShape`; an
optional one that is missing is None or empty. `EXPAND` stands beside the object
that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from connector.money import Amount, total

Json = Mapping[str, Any]


class UnexpectedShape(ValueError):
    """Stripe's answer lacks something that the pinned API version promises."""

    def __init__(self, kind: str, path: str, found: object) -> None:
        super().__init__(f"Stripe sent a {kind} whose “{path}” is {found!r}.")


def _required(data: Json, path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None:
        raise UnexpectedShape(str(data.get("object", "object")), path, value)
    return value


def _optional(data: Json, path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _id(value: Any) -> str:
    """The id of an expandable field, expanded or not; empty when there is none."""
    return str(value.get("id", "") if isinstance(value, Mapping) else value or "")


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _metadata(data: Json) -> dict[str, str]:
    return {str(key): _text(value) for key, value in (data.get("metadata") or {}).items()}


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as Stripe keeps it; `country` is a two-letter code, when it is one."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    name: str = ""
    phone: str = ""

    @classmethod
    def from_stripe(cls, data: Json | None, *, name: str = "", phone: str = "") -> PostalAddress | None:
        """Read an address; None when every line of it is empty."""
        if not data or not any(data.values()):
            return None
        parts = {
            key: _text(data.get(key)) for key in ("line1", "line2", "city", "state", "postal_code", "country")
        }
        return cls(**parts, name=name, phone=phone)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys."""

    id: str
    created: datetime
    name: str = ""
    individual_name: str = ""
    business_name: str = ""
    email: str = ""
    phone: str = ""
    description: str = ""
    currency: str = ""
    address: PostalAddress | None = None
    shipping: PostalAddress | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False

    @classmethod
    def from_stripe(cls, data: Json) -> Customer:
        """Read a customer. A deleted one has only its id."""
        if data.get("deleted"):
            return cls(id=_required(data, "id"), created=datetime.fromtimestamp(0, UTC), deleted=True)
        shipping = data.get("shipping") or {}
        return cls(
            id=_required(data, "id"),
            created=datetime.fromtimestamp(_required(data, "created"), UTC),
            name=_text(data.get("name")),
            individual_name=_text(data.get("individual_name")),
            business_name=_text(data.get("business_name")),
            email=_text(data.get("email")),
            phone=_text(data.get("phone")),
            description=_text(data.get("description")),
            currency=_text(data.get("currency")).upper(),
            address=PostalAddress.from_stripe(data.get("address")),
            shipping=PostalAddress.from_stripe(
                shipping.get("address"), name=_text(shipping.get("name")), phone=_text(shipping.get("phone"))
            ),
            metadata=_metadata(data),
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What is sold, at which price; its product is read along."""

    EXPAND: ClassVar[tuple[str, ...]] = ("product",)

    id: str
    created: datetime
    product_id: str
    product_name: str = ""
    product_description: str = ""
    nickname: str = ""
    one_time: bool = False
    active: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def used_once(self) -> bool:
        """Made by `price_data` for a single invoice: one-time, and archived as soon as it was used (PI-7)."""
        return self.one_time and not self.active

    @classmethod
    def from_stripe(cls, data: Json) -> Price:
        """Read a price with its product expanded (a deleted product has no name)."""
        product = data.get("product")
        details: Json = product if isinstance(product, Mapping) else {}
        return cls(
            id=_required(data, "id"),
            created=datetime.fromtimestamp(_required(data, "created"), UTC),
            product_id=_id(product),
            product_name=_text(details.get("name")),
            product_description=_text(details.get("description")),
            nickname=_text(data.get("nickname")),
            one_time=data.get("type") == "one_time",
            active=bool(data.get("active", True)),
            metadata=_metadata(data),
        )


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice. `amount` is before discounts and exclusive taxes."""

    id: str
    amount: Amount
    description: str = ""
    quantity: Decimal | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    price_id: str = ""
    subscription_id: str = ""
    discount: Amount | None = None
    tax: Amount | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> InvoiceLine:
        """Read a line; `quantity_decimal` is preferred, since `quantity` is cut to a whole number."""
        currency = str(_required(data, "currency"))
        quantity = data.get("quantity_decimal") or data.get("quantity")
        return cls(
            id=_required(data, "id"),
            amount=Amount.from_minor(_required(data, "amount"), currency),
            description=_text(data.get("description")),
            quantity=None if quantity is None else Decimal(str(quantity)),
            period_start=_moment(_optional(data, "period.start")),
            period_end=_moment(_optional(data, "period.end")),
            price_id=_id(_optional(data, "pricing.price_details.price")),
            subscription_id=_subscription_of_line(data),
            discount=_sum(data.get("discount_amounts"), currency),
            tax=_sum(data.get("taxes"), currency),
            metadata=_metadata(data),
        )


def _subscription_of_line(data: Json) -> str:
    return _id(
        _optional(data, "parent.subscription_item_details.subscription")
        or _optional(data, "parent.invoice_item_details.subscription")
    )


def _sum(parts: Any, currency: str) -> Amount | None:
    if not parts:
        return None
    return total([Amount.from_minor(part["amount"], currency) for part in parts], currency)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill. `total` is what it says at the bottom; `amount_due` also counts customer balance."""

    id: str
    status: str
    currency: str
    created: datetime
    total: Amount
    amount_due: Amount
    amount_paid: Amount
    amount_remaining: Amount
    amount_shipping: Amount
    starting_balance: Amount
    ending_balance: Amount | None
    amount_paid_off_stripe: Amount
    credit_notes: Amount
    discounts: Amount
    taxes: Amount
    lines: tuple[InvoiceLine, ...]
    livemode: bool = False
    number: str = ""
    customer_id: str = ""
    customer_name: str = ""
    description: str = ""
    billing_reason: str = ""
    subscription_id: str = ""
    finalized_at: datetime | None = None
    paid_at: datetime | None = None
    effective_at: datetime | None = None
    due_date: datetime | None = None
    revises: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> Invoice:
        """Read an invoice whose `lines` are complete (the client pages them)."""
        currency = str(_required(data, "currency"))

        def money(name: str) -> Amount:
            return Amount.from_minor(data.get(name) or 0, currency)

        ending = data.get("ending_balance")
        return cls(
            id=_required(data, "id"),
            status=_required(data, "status"),
            currency=currency.upper(),
            created=datetime.fromtimestamp(_required(data, "created"), UTC),
            total=Amount.from_minor(_required(data, "total"), currency),
            amount_due=Amount.from_minor(_required(data, "amount_due"), currency),
            amount_paid=money("amount_paid"),
            amount_remaining=money("amount_remaining"),
            amount_shipping=money("amount_shipping"),
            starting_balance=money("starting_balance"),
            ending_balance=None if ending is None else Amount.from_minor(ending, currency),
            amount_paid_off_stripe=money("amount_paid_off_stripe"),
            credit_notes=money("pre_payment_credit_notes_amount") + money("post_payment_credit_notes_amount"),
            discounts=_sum(data.get("total_discount_amounts"), currency) or Amount.zero(currency),
            taxes=_sum(data.get("total_taxes"), currency) or Amount.zero(currency),
            lines=tuple(InvoiceLine.from_stripe(line) for line in _required(data, "lines.data")),
            livemode=bool(data.get("livemode")),
            number=_text(data.get("number")),
            customer_id=_id(data.get("customer")),
            customer_name=_text(data.get("customer_name") or data.get("customer_email")),
            description=_text(data.get("description")),
            billing_reason=_text(data.get("billing_reason")),
            subscription_id=_id(_optional(data, "parent.subscription_details.subscription")),
            finalized_at=_moment(_optional(data, "status_transitions.finalized_at")),
            paid_at=_moment(_optional(data, "status_transitions.paid_at")),
            effective_at=_moment(data.get("effective_at")),
            due_date=_moment(data.get("due_date")),
            revises=_id(_optional(data, "from_invoice.invoice")),
            metadata=_metadata(data),
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that a customer parted with, or tried to. `amount` is gross, in the payer's currency (CH-2)."""

    id: str
    amount: Amount
    amount_captured: Amount
    status: str
    captured: bool
    paid: bool
    created: datetime
    livemode: bool = False
    customer_id: str = ""
    payment_intent_id: str = ""
    balance_transaction_id: str = ""
    method: str = ""
    description: str = ""
    payer_name: str = ""
    failure_message: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> Charge:
        """Read a charge; nothing in it needs expanding."""
        currency = str(_required(data, "currency"))
        payer = data.get("billing_details") or {}
        return cls(
            id=_required(data, "id"),
            amount=Amount.from_minor(_required(data, "amount"), currency),
            amount_captured=Amount.from_minor(_required(data, "amount_captured"), currency),
            status=_required(data, "status"),
            captured=bool(data.get("captured")),
            paid=bool(data.get("paid")),
            created=datetime.fromtimestamp(_required(data, "created"), UTC),
            livemode=bool(data.get("livemode")),
            customer_id=_id(data.get("customer")),
            payment_intent_id=_id(data.get("payment_intent")),
            balance_transaction_id=_id(data.get("balance_transaction")),
            method=_text(_optional(data, "payment_method_details.type")),
            description=_text(data.get("description")),
            payer_name=_text(payer.get("name") or payer.get("email")),
            failure_message=_text(data.get("failure_message")),
            metadata=_metadata(data),
        )


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """The one link between an invoice and a charge (stripe.md 6.4). `amount` is None until it is paid."""

    EXPAND: ClassVar[tuple[str, ...]] = ("data.payment.payment_intent.latest_charge",)

    id: str
    invoice_id: str
    status: str
    amount: Amount | None
    charge: Charge | None
    charge_id: str = ""
    """Set when the payment names its charge itself, without a payment intent; `charge` is then to be read."""

    @classmethod
    def from_stripe(cls, data: Json) -> InvoicePayment:
        """Read an invoice payment with its charge expanded; without a charge, none was made yet."""
        currency = str(_required(data, "currency"))
        paid = data.get("amount_paid")
        charge = _optional(data, "payment.payment_intent.latest_charge")
        return cls(
            id=_required(data, "id"),
            invoice_id=_id(_required(data, "invoice")),
            status=_required(data, "status"),
            amount=None if paid is None else Amount.from_minor(paid, currency),
            charge=Charge.from_stripe(charge) if isinstance(charge, Mapping) else None,
            charge_id=_id(_optional(data, "payment.charge")),
        )
