"""NetSuite's records as frozen values, in NetSuite's words.

A record says what we want NetSuite to hold, no more. It knows nothing of SOAP or
REST. Links between records are `Ref`s: a plan names them by external id, and the
engine fills in the internal ids that it knows before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from connector.money import decimals

RecordType = Literal[
    "customer",
    "serviceSaleItem",
    "nonInventorySaleItem",
    "otherChargeSaleItem",
    "discountItem",
    "invoice",
    "customerPayment",
    "customerDeposit",
    "creditMemo",
    "customerRefund",
    "deposit",
    "journalEntry",
]
"""The records that we write; the names are NetSuite's `RecordType` values."""

RefType = Literal[
    "customer",
    "item",
    "invoice",
    "customerPayment",
    "customerDeposit",
    "creditMemo",
    "customerRefund",
    "deposit",
    "journalEntry",
    "salesOrder",
    "cashSale",
    "cashRefund",
    "account",
    "currency",
    "subsidiary",
    "revenueRecognitionRule",
    "listed",
]
"""`listed` is a record of one of NetSuite's other lists: a class, a department, an entry of a custom list."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to a NetSuite record.

    `key` is its external id (for a currency: the ISO symbol); `internal_id` is
    NetSuite's own number, empty until somebody knows it.
    """

    type: RefType
    key: str = ""
    internal_id: str = ""


def is_internal_id(text: str) -> bool:
    """Whether it can be the number by which NetSuite knows a record that people or we have made."""
    return re.fullmatch("[1-9][0-9]{0,18}", text) is not None


AUTHORIZATION_CODE = "custbody_suitesync_authorization_code"
"""The body field of an invoice or credit memo that names the charge or refund behind it (IN-14)."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One more field of a record or line, and what it gets (FM-1).

    `name` is NetSuite's own for a standard field, the script id for a custom one (`cust…`). The
    value is of the field's type; for a custom field its type decides which kind NetSuite is told.
    """

    name: str
    value: str | bool | int | Decimal | date | Ref

    @property
    def custom(self) -> bool:
        """Whether somebody made the field for this NetSuite account."""
        return self.name.startswith("cust")


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
    filled: tuple[Filled, ...] = ()


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
    filled: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True)
class NonInventorySaleItem(ServiceSaleItem):
    """Something sold that is neither kept in stock nor a service: “Stripe Partial Refund Item” (RF-6)."""

    TYPE: ClassVar[RecordType] = "nonInventorySaleItem"


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
    filled: tuple[Filled, ...] = ()


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
    filled: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One item line. `amount` is exact and carries its sign; the rate is left to NetSuite (IN-H2).

    `start_date` and `end_date` are the first and the last day of service (K1); None when no
    revenue schedule applies (K12). `account` is where the item posts when that is not its income:
    for showing only, since in NetSuite the item decides. `source` is the id of the Stripe line behind it.
    """

    item: Ref
    amount: Decimal
    quantity: Decimal | None = None
    description: str = ""
    start_date: date | None = None
    end_date: date | None = None
    account: Ref | None = None
    filled: tuple[Filled, ...] = ()
    source: str = field(default="", compare=False)


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
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """What the customer owes, in the invoice's currency."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def needs_proof(self) -> bool:
        """Whether NetSuite's total may differ from ours, so that it is read back after writing (IN-H3).

        Discounts, taxes and negative lines may be worked out anew there, and several lines rounded
        in a currency that has not two decimals. Of any other invoice its payment proves that it is not
        over less, and the nightly comparison that it is not over more.
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
    exchange_rate: Decimal | None = None
    """Units of the subsidiary's currency for one of the payment's; None leaves it to NetSuite (MC-H1)."""
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """The whole payment, applied or not."""
        return self.payment


@dataclass(frozen=True, slots=True)
class CustomerDeposit:
    """Money received for a sale that is not billed yet: Dr `account`, Cr Customer Deposits (CH-21)."""

    TYPE: ClassVar[RecordType] = "customerDeposit"
    WAVE: ClassVar[int] = 3

    external_id: str
    customer: Ref
    currency: Ref
    tran_date: date
    account: Ref
    payment: Decimal
    sales_order: Ref | None = None
    memo: str = ""
    exchange_rate: Decimal | None = None
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """The whole deposit, applied or not."""
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
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """The whole credit, applied or not."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class CustomerRefund:
    """Money given back: Dr receivables, Cr `account` (undeposited funds).

    It settles what is `applied` (credit memos, payments that settle nothing themselves) and the
    `deposits` of the customer; its total is their sum, NetSuite knows no other (netsuite.md 4.5).
    """

    TYPE: ClassVar[RecordType] = "customerRefund"
    WAVE: ClassVar[int] = 5

    external_id: str
    customer: Ref
    currency: Ref
    tran_date: date
    account: Ref
    receivables_account: Ref
    applied: tuple[Application, ...] = ()
    deposits: tuple[Application, ...] = ()
    memo: str = ""
    exchange_rate: Decimal | None = None
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """What was given back."""
        return sum((one.amount for one in self.applied + self.deposits), Decimal(0))


@dataclass(frozen=True, slots=True)
class Fund:
    """A record in Undeposited Funds that a deposit takes to the bank.

    `amount` is in the deposit's currency: positive for money received, negative for money given back.
    """

    doc: Ref
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DepositLine:
    """A line of a deposit for what no record of ours stands for: a fee, a reversal. `amount` is positive."""

    account: Ref
    amount: Decimal
    memo: str = ""
    entity: Ref | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that arrived at the bank: Dr `account`, Cr Undeposited Funds for each of `funds`.

    `other` raises the deposit and credits its accounts, `cash_back` lowers it and debits them (PO-5).
    NetSuite takes the currency from the bank account; ours is for reckoning and showing, and so is
    `funds_account`.
    """

    TYPE: ClassVar[RecordType] = "deposit"
    WAVE: ClassVar[int] = 6

    external_id: str
    tran_date: date
    account: Ref
    currency: Ref
    funds_account: Ref
    funds: tuple[Fund, ...] = ()
    other: tuple[DepositLine, ...] = ()
    cash_back: tuple[DepositLine, ...] = ()
    memo: str = ""
    filled: tuple[Filled, ...] = ()

    @property
    def funds_total(self) -> Decimal:
        """What the deposit takes out of Undeposited Funds."""
        return sum((one.amount for one in self.funds), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the bank statement shows (PO-H7)."""
        added = sum((one.amount for one in self.other), Decimal(0))
        return self.funds_total + added - sum((one.amount for one in self.cash_back), Decimal(0))


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A side of a journal entry: a positive `amount` is a debit, a negative one a credit."""

    account: Ref
    amount: Decimal
    memo: str = ""
    entity: Ref | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A posting of its own, where NetSuite has no better record; its lines add up to nothing (PO-H4)."""

    TYPE: ClassVar[RecordType] = "journalEntry"
    WAVE: ClassVar[int] = 6

    external_id: str
    tran_date: date
    currency: Ref
    lines: tuple[JournalLine, ...]
    subsidiary: Ref | None = None
    memo: str = ""
    filled: tuple[Filled, ...] = ()

    @property
    def total(self) -> Decimal:
        """The sum of its debits."""
        return sum((line.amount for line in self.lines if line.amount > 0), Decimal(0))


Item = ServiceSaleItem | NonInventorySaleItem | OtherChargeSaleItem | DiscountItem
Sale = Invoice | CreditMemo
Applying = CustomerPayment | CreditMemo | CustomerRefund
"""What can be set against other transactions."""
Transaction = Sale | CustomerPayment | CustomerDeposit | CustomerRefund | Deposit | JournalEntry
Record = Customer | Item | Transaction


def authorization_code(record: Record) -> str:
    """The charge or refund that the record names in its field for it; empty when it names none (IN-14)."""
    return next((str(one.value) for one in record.filled if one.name == AUTHORIZATION_CODE), "")


def refs(value: object) -> Iterator[Ref]:
    """Every link in a record, lines and applications included."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from refs(part)
    elif is_dataclass(value):
        for one in fields(value):
            yield from refs(getattr(value, one.name))


def with_internal_ids(record: Record, known: dict[tuple[str, str], str]) -> Record:
    """The same record with the internal id of every link that `known` holds, by (type, key)."""

    def fill(ref: Ref) -> Ref:
        return replace(ref, internal_id=ref.internal_id or known.get((ref.type, ref.key), ""))

    filled: Record = _with_refs(record, fill)
    return filled


def with_other(record: Record, ref: Ref, other: Ref) -> Record:
    """The same record with `other` wherever it links to `ref`."""
    changed: Record = _with_refs(record, lambda each: other if each == ref else each)
    return changed


def _with_refs(value: Any, change: Callable[[Ref], Ref]) -> Any:
    if isinstance(value, Ref):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_with_refs(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _with_refs(getattr(value, f.name), change) for f in fields(value)})
    return value
