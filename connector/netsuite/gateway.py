"""The door to NetSuite as the engine sees it: values and one Protocol, with no word of SOAP or REST.

Every method may raise a verdict of `connector.errors`: `RetryLater` when NetSuite is busy or
away and nothing was done, `AnswerLost` when a write left and nobody knows whether it was saved,
`NeedsAttention` when a person must mend something, `UnknownAnswer` when NetSuite said something
that our closed table does not hold. Reads never raise `AnswerLost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from connector.errors import Verdict
from connector.netsuite.records import Application, Record, RecordType, Ref

MOST_CREATED_AT_ONCE = 200
"""Records in one `create_many`. Source: netsuite.md 2.2 (addList)."""

MOST_FETCHED_AT_ONCE = 1000
"""Records in one request of `find` and `get_many`. Source: netsuite.md 2.2 (getList)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """One NetSuite account and the token that signs for us. Secrets are never shown by `repr`."""

    account_id: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token_id: str = field(repr=False)
    token_secret: str = field(repr=False)
    base_url: str = ""
    """Empty: NetSuite's own host for the account."""
    version: str = "2025_2"

    @property
    def account(self) -> str:
        """The account id as the signature wants it: `1234567_SB1` (netsuite.md 1.2)."""
        return self.account_id.strip().upper().replace("-", "_")

    @property
    def base(self) -> str:
        """Where the account answers, without a slash at the end (netsuite.md 1.2)."""
        if self.base_url:
            return self.base_url.rstrip("/")
        return f"https://{self.account.lower().replace('_', '-')}.suitetalk.api.netsuite.com"


@dataclass(frozen=True, slots=True)
class Created:
    """NetSuite saved the record; `warning` is what it said besides, or that a script failed after saving."""

    internal_id: str
    warning: str = ""


Outcome = Created | Verdict
"""What became of one record of a list: the verdict is a value here, raised by nobody."""


@dataclass(frozen=True, slots=True)
class Applied:
    """`amount` of a payment or credit memo, set against the transaction `internal_id`."""

    internal_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item line of a sale as NetSuite holds it; `item` is the internal id."""

    item: str
    amount: Decimal
    quantity: Decimal | None = None
    description: str = ""
    start_date: date | None = None
    end_date: date | None = None
    """The first and the last day of service, where our own line fields hold them (RR-3)."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line on a ledger account (internal id): of a bank deposit beside its funds, or of a journal entry.

    Positive is money into the deposit, or a debit of the entry.
    """

    account: str
    amount: Decimal
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record as NetSuite holds it now: what we compare, in NetSuite's own figures.

    Fields that the record has not, or that NetSuite left out, are empty or None.
    """

    type: str
    internal_id: str
    external_id: str = ""
    number: str = ""
    """`tranId` of a transaction, `entityId` of a customer, `itemId` of an item."""
    name: str = ""
    """A customer's company or personal name, an item's display name."""
    email: str = ""
    tran_date: date | None = None
    customer: str = ""
    """The customer's internal id."""
    currency: str = ""
    """The currency's internal id."""
    total: Decimal | None = None
    open_amount: Decimal | None = None
    """Of an invoice what is still owed, of a payment or credit memo what is not applied yet."""
    status: str = ""
    """A label in the language of the integration's user: to show, not to compare (netsuite.md 4)."""
    memo: str = ""
    """A transaction's memo, a customer's comments."""
    inactive: bool = False
    exchange_rate: Decimal | None = None
    """Units of the subsidiary's currency for one of the record's."""
    account: str = ""
    """The ledger account that the record itself names, like Undeposited Funds; its internal id."""
    subsidiary: str = ""
    payment_method: str = ""
    """Of an order: how it is to be paid; its internal id."""
    applied: tuple[Applied, ...] = ()
    """Never filled by `search`: NetSuite leaves lists out there."""
    lines: tuple[ItemLine, ...] = ()
    """The item lines of an invoice, order or credit memo. Never filled by `search`."""
    funds: tuple[Applied, ...] = ()
    """The records that a bank deposit holds, negative for money given back. Never filled by `search`."""
    ledger_lines: tuple[LedgerLine, ...] = ()
    """Of a bank deposit and a journal entry. Never filled by `search`."""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Every simple field by NetSuite's name, a custom one by its script id; to be compared (CU-15)."""


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """An account of NetSuite's chart; `type` is NetSuite's word, like `bank` or `otherCurrentAsset`."""

    internal_id: str
    number: str
    name: str
    type: str
    currency: str = ""
    inactive: bool = False
    subsidiaries: tuple[str, ...] = ()
    """Whose account it is, by internal id; empty where NetSuite has no subsidiaries."""
    include_children: bool = False
    """Whether the subsidiaries below those may use it too."""


@dataclass(frozen=True, slots=True)
class Subsidiary:
    """A subsidiary; `currency` is the internal id of its base currency."""

    internal_id: str
    name: str
    currency: str = ""
    parent: str = ""
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting period that holds postings (quarters and years are left out); both days belong to it."""

    internal_id: str
    name: str
    start: date
    end: date
    closed: bool = False
    receivables_locked: bool = False
    all_locked: bool = False

    @property
    def open(self) -> bool:
        """Whether invoices, payments and credit memos may still be posted in it (netsuite.md 3.5)."""
        return not (self.closed or self.receivables_locked or self.all_locked)


Operator = Literal[
    "is", "startsWith", "contains", "anyOf", "equalTo", "on", "onOrAfter", "onOrBefore", "within"
]
SearchType = Literal[
    "customer",
    "item",
    "invoice",
    "customerPayment",
    "customerDeposit",
    "creditMemo",
    "customerRefund",
    "deposit",
    "salesOrder",
    "cashSale",
    "cashRefund",
]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of a search, in NetSuite's names.

    `field` is a search field (`email`, `itemId`, `externalId`, `tranDate`) or a custom field's
    script id (`custentity_...`). `anyOf` takes internal ids, or external ids when `field` is
    `externalId`; `within` takes the first and the last day.
    """

    field: str
    operator: Operator
    values: tuple[str | date | Decimal | bool, ...]


FieldValue = str | bool | int | Decimal | date | Ref | None | tuple[Application, ...] | tuple[Ref, ...]
"""What a field may become by `update`; None empties it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, as text to keep; all credentials are taken out."""

    operation: str
    request: str
    response: str
    """Empty when no answer came."""
    status: int | None
    """The HTTP status, None when no answer came."""
    seconds: float


ExchangeObserver = Callable[[Exchange], None]


class Gateway(Protocol):
    """What we ask of NetSuite, whatever carries it."""

    def create(self, record: Record) -> Created:
        """Write a new record. Raises `AlreadyThere` when its external id is taken (K22)."""

    def create_many(self, records: Sequence[Record]) -> list[Outcome]:
        """Write up to `MOST_CREATED_AT_ONCE` new records in one call; one outcome for each, in order.

        A list is not all or nothing: some may be saved and others refused. Raises a verdict only
        when it holds for the whole call: `RetryLater` and `NeedsAttention` mean that none was
        saved, `AnswerLost` that any of them may have been.
        """

    def update(
        self,
        record_type: RecordType,
        internal_id: str,
        changes: Mapping[str, FieldValue],
        *,
        replace: bool = False,
    ) -> None:
        """Change only the named fields, by NetSuite's field names or custom fields' script ids.

        `applyList` takes Applications (a zero amount takes the application away), `currencyList`
        takes Refs to currencies. Lines that are not named stay, unless `replace` is true.
        """

    def find(self, record_type: RecordType, external_ids: Sequence[str]) -> dict[str, str]:
        """Internal ids by external id; those that NetSuite does not hold are absent."""

    def get(self, record_type: RecordType, internal_id: str) -> Snapshot:
        """The record as it is now. Raises `NotThere`."""

    def get_many(self, record_type: RecordType, internal_ids: Sequence[str]) -> list[Snapshot | None]:
        """The records as they are now, in order; None for each that does not exist."""

    def search(self, record_type: SearchType, criteria: Sequence[Criterion]) -> Iterator[Snapshot]:
        """Every record that meets all criteria, page by page. Consume it soon: the cursor lives 15 min."""

    def fetch_currencies(self) -> dict[str, str]:
        """Internal ids of the active currencies by ISO symbol."""

    def fetch_base_currency(self, subsidiary: str) -> str:
        """The ISO symbol in which a subsidiary (internal id) keeps its books; empty when NetSuite won't say.

        Without a subsidiary: the currency of the whole company.
        """

    def fetch_accounts(self) -> tuple[LedgerAccount, ...]:
        """The whole chart of accounts, inactive ones included."""

    def fetch_subsidiaries(self) -> tuple[Subsidiary, ...]:
        """All subsidiaries. Raises `NeedsAttention` (`permission_missing`) where there are none to show."""

    def fetch_periods(self) -> tuple[Period, ...]:
        """All posting periods by their first day."""

    def fetch_server_time(self) -> datetime:
        """NetSuite's clock: also the lightest proof that the credentials are right."""

    def fetch_concurrency(self) -> int | None:
        """How many requests NetSuite lets us make at once; None when it will not say (netsuite.md 2.1)."""
