"""NetSuite's records as frozen values, in NetSuite's words.

A record says what we want NetSuite to hold, no more. It knows nothing of SOAP or
REST. Links between records are `Ref`s: a plan names them by external id, and the
engine fills in the internal ids that it knows before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from connector.money import decimals

RecordType = Literal[
    "customer",
    "serviceSaleItem",
    "otherChargeSaleItem",
    "discountItem",
    "invoice",
    "customerPayment",
    "creditMemo",
]
"""The records that we write; the names are NetSuite's `RecordType` values."""

RefType = Literal[
    "customer",
    "item",
    "invoice",
    "customerPayment",
    "creditMemo",
    "account",
    "currency",
    "subsidiary",
    "revenueRecognitionRule",
]


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to a NetSuite record.

    `key` is its external id (for a currency: the ISO symbol); `internal_id` is
    NetSuite's own number, empty until somebody knows it.
    """

    type: RefType
    key: str = ""
    internal_id: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One line of a customer's address book; `country` is an ISO 3166 two-letter code or empty (CU-11)."""

    country: str = ""
    addressee: str = ""
    phone: str = ""
    addr1: str = ""
    addr2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    default_billing: bool = False
    default_shipping: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer. `entity_id` empty lets NetSuite number it."""

    TYPE: ClassVar[RecordType] = "customer"
    WAVE: ClassVar[int] = 0

    external_id: str
    entity_id: str = ""
    is_person: bool = False
    company_name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    comments: str = ""
    currency: Ref | None = None
    currencies: tuple[Ref, ...] = ()
    subsidiary: Ref | None = None
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceSaleItem:
    """Something sold: one item for each Stripe price (PI-1)."""

    TYPE: ClassVar[RecordType] = "serviceSaleItem"
    WAVE: ClassVar[int] = 1

    external_id: str
    item_id: str
    income_account: Ref
    display_name: str = ""
    sales_description: str = ""
    deferred_revenue_account: Ref | None = None
    subsidiary: Ref | None = None
    revenue_recognition_rule: Ref | None = None


@dataclass(frozen=True, slots=True)
class OtherChargeSaleItem:
    """A charge beside what is sold: a tax, shipping, an old debit. It posts to `income_account`."""

    TYPE: ClassVar[RecordType] = "otherChargeSaleItem"
    WAVE: ClassVar[int] = 1

    external_id: str
    item_id: str
    income_account: Ref
    display_name: str = ""
    sales_description: str = ""
    subsidiary: Ref | None = None


@dataclass(frozen=True, slots=True)
class DiscountItem:
    """What takes something off the line above it: one for each coupon (PI-13).

    Without an `account` it is non-posting: it lowers the revenue of that line (PI-14).
    """

    TYPE: ClassVar[RecordType] = "discountItem"
    WAVE: ClassVar[int] = 1

    external_id: str
    item_id: str
    display_name: str = ""
    description: str = ""
    account: Ref | None = None
    subsidiary: Ref | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One item line. `amount` is exact and carries its sign; the rate is left to NetSuite (IN-H2).

    `start_date` and `end_date` are the first and the last day of service (K1); None when no
    revenue schedule applies (K12). `account` is where the item posts when that is not its income:
    for showing only, since in NetSuite the item decides.
    """

    item: Ref
    amount: Decimal
    quantity: Decimal | None = None
    description: str = ""
    start_date: date | None = None
    end_date: date | None = None
    account: Ref | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """`amount`, in the transaction's currency, set against the transaction `doc`."""

    doc: Ref
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sale on account: Dr receivables, Cr each line's income."""

    TYPE: ClassVar[RecordType] = "invoice"
    WAVE: ClassVar[int] = 2

    external_id: str
    customer: Ref
    currency: Ref
    tran_date: date
    receivables_account: Ref
    lines: tuple[Line, ...]
    due_date: date | None = None
    memo: str = ""
    other_ref_num: str = ""
    """Stripe's invoice number, in NetSuite's field "PO #"."""

    @property
    def total(self) -> Decimal:
        """What the customer owes, in the invoice's currency."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def needs_proof(self) -> bool:
        """Whether NetSuite's total may differ from ours, so that it is read back after writing (IN-H3).

        Discounts, taxes and negative lines may be worked out anew there, and several lines rounded
        in a currency that has not two decimals. Any other invoice is proven by its payment.
        """
        odd = len(self.lines) > 1 and decimals(self.currency.key) != 2
        return odd or any(line.account or line.amount < 0 for line in self.lines)


@dataclass(frozen=True, slots=True)
class CustomerPayment:
    """Money received: Dr `account` (undeposited funds), Cr receivables."""

    TYPE: ClassVar[RecordType] = "customerPayment"
    WAVE: ClassVar[int] = 3

    external_id: str
    customer: Ref
    currency: Ref
    tran_date: date
    account: Ref
    receivables_account: Ref
    payment: Decimal
    memo: str = ""
    applied: tuple[Application, ...] = ()

    @property
    def total(self) -> Decimal:
        """The whole payment, applied or not."""
        return self.payment


@dataclass(frozen=True, slots=True)
class CreditMemo:
    """A credit to the customer: Dr each line's income, Cr receivables."""

    TYPE: ClassVar[RecordType] = "creditMemo"
    WAVE: ClassVar[int] = 4

    external_id: str
    customer: Ref
    currency: Ref
    tran_date: date
    receivables_account: Ref
    lines: tuple[Line, ...]
    memo: str = ""
    applied: tuple[Application, ...] = ()

    @property
    def total(self) -> Decimal:
        """The whole credit, applied or not."""
        return sum((line.amount for line in self.lines), Decimal(0))


Item = ServiceSaleItem | OtherChargeSaleItem | DiscountItem
Transaction = Invoice | CustomerPayment | CreditMemo
Record = Customer | Item | Transaction


def refs(value: object) -> Iterator[Ref]:
    """Every link in a record, lines and applications included."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from refs(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from refs(getattr(value, field.name))


def with_internal_ids(record: Record, known: dict[tuple[str, str], str]) -> Record:
    """The same record with the internal id of every link that `known` holds, by (type, key)."""
    filled: Record = _filled(record, known)
    return filled


def _filled(value: Any, known: dict[tuple[str, str], str]) -> Any:
    if isinstance(value, Ref):
        internal_id = value.internal_id or known.get((value.type, value.key), "")
        return replace(value, internal_id=internal_id)
    if isinstance(value, tuple):
        return tuple(_filled(part, known) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _filled(getattr(value, f.name), known) for f in fields(value)})
    return value
