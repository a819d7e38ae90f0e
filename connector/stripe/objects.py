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
from connector.stripe.balance import BalanceTransaction
from connector.stripe.billing import Coupon, DiscountAmount, Shipping, TaxAmount
from connector.stripe.shape import (
    Json,
    UnexpectedShape,
    id_of,
    metadata_of,
    moment,
    optional,
    required,
    text,
)


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
            key: text(data.get(key)) for key in ("line1", "line2", "city", "state", "postal_code", "country")
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
            return cls(id=required(data, "id"), created=datetime.fromtimestamp(0, UTC), deleted=True)
        shipping = data.get("shipping") or {}
        return cls(
            id=required(data, "id"),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            name=text(data.get("name")),
            individual_name=text(data.get("individual_name")),
            business_name=text(data.get("business_name")),
            email=text(data.get("email")),
            phone=text(data.get("phone")),
            description=text(data.get("description")),
            currency=text(data.get("currency")).upper(),
            address=PostalAddress.from_stripe(data.get("address")),
            shipping=PostalAddress.from_stripe(
                shipping.get("address"), name=text(shipping.get("name")), phone=text(shipping.get("phone"))
            ),
            metadata=metadata_of(data),
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
            id=required(data, "id"),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            product_id=id_of(product),
            product_name=text(details.get("name")),
            product_description=text(details.get("description")),
            nickname=text(data.get("nickname")),
            one_time=data.get("type") == "one_time",
            active=bool(data.get("active", True)),
            metadata=metadata_of(data),
        )


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice. `amount` is before discounts and exclusive taxes.

    `kind` is Stripe's word for where the line comes from; `credits` is what billing credits pay of it.
    """

    id: str
    amount: Amount
    kind: str = ""
    description: str = ""
    quantity: Decimal | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    price_id: str = ""
    subscription_id: str = ""
    discounts: tuple[DiscountAmount, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    credits: Amount | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> InvoiceLine:
        """Read a line; `quantity_decimal` is preferred, since `quantity` is cut to a whole number."""
        currency = str(required(data, "currency"))
        quantity = data.get("quantity_decimal") or data.get("quantity")
        credited = [
            one
            for one in data.get("pretax_credit_amounts") or ()
            if one.get("type") != "discount"  # told among the discounts, too
        ]
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), currency),
            kind=text(optional(data, "parent.type")),
            description=text(data.get("description")),
            quantity=None if quantity is None else Decimal(str(quantity)),
            period_start=moment(optional(data, "period.start")),
            period_end=moment(optional(data, "period.end")),
            price_id=id_of(optional(data, "pricing.price_details.price")),
            subscription_id=_subscription_of_line(data),
            discounts=tuple(
                DiscountAmount(
                    id_of(one.get("discount")), Amount.from_minor(required(one, "amount"), currency)
                )
                for one in data.get("discount_amounts") or ()
            ),
            taxes=tuple(TaxAmount.from_stripe(one, currency) for one in data.get("taxes") or ()),
            credits=_sum(credited, currency),
            metadata=metadata_of(data),
        )


def _subscription_of_line(data: Json) -> str:
    return id_of(
        optional(data, "parent.subscription_item_details.subscription")
        or optional(data, "parent.invoice_item_details.subscription")
    )


def _sum(parts: Any, currency: str) -> Amount | None:
    if not parts:
        return None
    return total([Amount.from_minor(part["amount"], currency) for part in parts], currency)


def _coupons(data: Json) -> dict[str, Coupon]:
    """The coupon of each discount of an invoice, as far as the discounts are expanded."""
    discounts = (one.get("discount") for one in data.get("total_discount_amounts") or ())
    return {
        id_of(discount): Coupon.from_stripe(coupon)
        for discount in discounts
        if (coupon := optional({"discount": discount}, "discount.source.coupon"))
    }


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill. `total` is what it says at the bottom; `amount_due` also counts customer balance."""

    EXPAND: ClassVar[tuple[str, ...]] = ("total_discount_amounts.discount.source.coupon",)

    id: str
    status: str
    currency: str
    created: datetime
    total: Amount
    amount_due: Amount
    amount_paid: Amount
    amount_remaining: Amount
    starting_balance: Amount
    ending_balance: Amount | None
    amount_paid_off_stripe: Amount
    credit_notes: Amount
    lines: tuple[InvoiceLine, ...]
    shipping: Shipping | None = None
    taxes: tuple[TaxAmount, ...] = ()
    """Over the whole invoice, by rate."""
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    """The coupon of each discount, by the discount's id."""
    livemode: bool = False
    number: str = ""
    customer_id: str = ""
    customer_name: str = ""
    customer_email: str = ""
    description: str = ""
    billing_reason: str = ""
    collection_method: str = ""
    subscription_id: str = ""
    finalized_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    marked_uncollectible_at: datetime | None = None
    effective_at: datetime | None = None
    due_date: datetime | None = None
    revises: str = ""
    revised_by: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    balance_left_over: bool = False
    """Whether the balance that paid of it is what an earlier invoice had left of it (CB-5); see `engine`."""

    @classmethod
    def from_stripe(cls, data: Json) -> Invoice:
        """Read an invoice whose `lines` are complete (the client pages them)."""
        currency = str(required(data, "currency"))

        def money(name: str) -> Amount:
            return Amount.from_minor(data.get(name) or 0, currency)

        ending = data.get("ending_balance")
        return cls(
            id=required(data, "id"),
            status=required(data, "status"),
            currency=currency.upper(),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            total=Amount.from_minor(required(data, "total"), currency),
            amount_due=Amount.from_minor(required(data, "amount_due"), currency),
            amount_paid=money("amount_paid"),
            amount_remaining=money("amount_remaining"),
            starting_balance=money("starting_balance"),
            ending_balance=_amount_or_none(ending, currency),
            amount_paid_off_stripe=money("amount_paid_off_stripe"),
            credit_notes=money("pre_payment_credit_notes_amount") + money("post_payment_credit_notes_amount"),
            lines=tuple(InvoiceLine.from_stripe(line) for line in required(data, "lines.data")),
            shipping=Shipping.from_stripe(data.get("shipping_cost"), currency),
            taxes=tuple(TaxAmount.from_stripe(one, currency) for one in data.get("total_taxes") or ()),
            coupons=_coupons(data),
            livemode=bool(data.get("livemode")),
            number=text(data.get("number")),
            customer_id=id_of(data.get("customer")),
            customer_name=text(data.get("customer_name") or data.get("customer_email")),
            customer_email=text(data.get("customer_email")),
            description=text(data.get("description")),
            collection_method=text(data.get("collection_method")),
            billing_reason=text(data.get("billing_reason")),
            subscription_id=id_of(optional(data, "parent.subscription_details.subscription")),
            finalized_at=moment(optional(data, "status_transitions.finalized_at")),
            paid_at=moment(optional(data, "status_transitions.paid_at")),
            voided_at=moment(optional(data, "status_transitions.voided_at")),
            marked_uncollectible_at=moment(optional(data, "status_transitions.marked_uncollectible_at")),
            effective_at=moment(data.get("effective_at")),
            due_date=moment(data.get("due_date")),
            revises=id_of(optional(data, "from_invoice.invoice")),
            revised_by=id_of(data.get("latest_revision")),
            metadata=metadata_of(data),
        )


def _paid_with(data: Json) -> Json:
    """The card or bank account of a charge, as it was then; empty where Stripe names none."""
    found = optional(data, f"payment_method_details.{optional(data, 'payment_method_details.type')}")
    return found if isinstance(found, Mapping) else {}


def _method(data: Json) -> str:
    kind, details = text(optional(data, "payment_method_details.type")), _paid_with(data)
    brand = text(details.get("brand")).capitalize() or kind.replace("_", " ")
    return f"{brand} {text(details.get('last4'))}".strip()


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that a customer parted with, or tried to. `amount` is gross, in the payer's currency (CH-2).

    `movement` is how it came onto Stripe's balance, where it was read with the charge: it tells in
    which currency, and at what worth, Stripe holds the money (MC-6).
    """

    EXPAND: ClassVar[tuple[str, ...]] = ("balance_transaction",)

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
    order_id: str = ""
    """The order that it is for, `or_…`: of Stripe's former Orders API alone (CH-20)."""
    balance_transaction_id: str = ""
    movement: BalanceTransaction | None = None
    failure_balance_transaction_id: str = ""
    """How the money of a bank debit that failed left the balance again (CH-27)."""
    method: str = ""
    """What it was paid with, as on a receipt: `Visa 4242`, `sepa debit 3000`."""
    fingerprint: str = ""
    """Stripe's name of that card or bank account: the same whoever pays with it."""
    description: str = ""
    payer_name: str = ""
    failure_message: str = ""
    amount_refunded: Amount | None = None
    disputed: bool = False
    platform_fee: Amount | None = None
    """What a platform takes of it (PO-16)."""
    transfer_id: str = ""
    destination_id: str = ""
    """The connected account that it was made for, which gets `transferred`, or all of it (PO-16)."""
    transferred: Amount | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_stripe(cls, data: Json) -> Charge:
        """Read a charge, with its balance transaction if that is expanded."""
        currency = str(required(data, "currency"))
        payer = data.get("billing_details") or {}
        shared = data.get("transfer_data") or {}
        movement = data.get("balance_transaction")
        return cls(
            id=required(data, "id"),
            amount=Amount.from_minor(required(data, "amount"), currency),
            amount_captured=Amount.from_minor(required(data, "amount_captured"), currency),
            status=required(data, "status"),
            captured=bool(required(data, "captured")),
            paid=bool(data.get("paid")),
            created=datetime.fromtimestamp(required(data, "created"), UTC),
            livemode=bool(data.get("livemode")),
            customer_id=id_of(data.get("customer")),
            payment_intent_id=id_of(data.get("payment_intent")),
            order_id=id_of(data.get("order")),
            balance_transaction_id=id_of(movement),
            movement=BalanceTransaction.from_stripe(movement) if isinstance(movement, Mapping) else None,
            failure_balance_transaction_id=id_of(data.get("failure_balance_transaction")),
            method=_method(data),
            fingerprint=text(_paid_with(data).get("fingerprint")),
            description=text(data.get("description")),
            payer_name=text(payer.get("name") or payer.get("email")),
            failure_message=text(data.get("failure_message")),
            amount_refunded=Amount.from_minor(required(data, "amount_refunded"), currency),
            disputed=bool(required(data, "disputed")),
            platform_fee=_amount_or_none(data.get("application_fee_amount"), currency),
            transfer_id=id_of(data.get("transfer")),
            destination_id=id_of(shared.get("destination")),
            transferred=_amount_or_none(shared.get("amount"), currency),
            metadata=metadata_of(data),
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
    """Set when the charge is named and not expanded, as without an intent; `charge` is then to be read."""
    paid_at: datetime | None = None

    @classmethod
    def from_stripe(cls, data: Json) -> InvoicePayment:
        """Read an invoice payment with its charge expanded; without a charge, none was made yet.

        Raises UnexpectedShape for an intent that is not expanded: its charge would pass for money that
        was paid outside Stripe.
        """
        currency = str(required(data, "currency"))
        paid = data.get("amount_paid")
        intent = optional(data, "payment.payment_intent")
        if isinstance(intent, str):
            raise UnexpectedShape("invoice payment", "payment.payment_intent", intent)
        charge = optional(data, "payment.payment_intent.latest_charge")
        named = charge if isinstance(charge, str) else optional(data, "payment.charge")
        return cls(
            id=required(data, "id"),
            invoice_id=id_of(required(data, "invoice")),
            status=required(data, "status"),
            amount=_amount_or_none(paid, currency),
            charge=Charge.from_stripe(charge) if isinstance(charge, Mapping) else None,
            charge_id=id_of(named),
            paid_at=moment(optional(data, "status_transitions.paid_at")),
        )


def _amount_or_none(minor: int | None, currency: str) -> Amount | None:
    return None if minor is None else Amount.from_minor(minor, currency)
