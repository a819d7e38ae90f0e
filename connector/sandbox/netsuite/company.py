"""One practice company: its records, its preferences, its calendar, and how references are followed."""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from . import chart
from .ledger import Ledger
from .refusal import Refused, invalid_reference
from .store import Record, Store
from .values import Data, as_date

if TYPE_CHECKING:
    from .records.kind import RecordKind

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class Preferences:
    """What an administrator can set.

    `auto_numbering` of customers; `deposits_on_orders_pending_approval`, whether a sales order that waits
    for approval takes customer deposits; `mandatory`, the fields made mandatory on forms; `withheld`, the
    record types that the integration's role may not look for.
    """

    auto_numbering: bool = True
    deposits_on_orders_pending_approval: bool = False
    mandatory: dict[str, dict[str, str]] = field(default_factory=dict)
    """Record type -> field name -> label on the form."""
    withheld: set[str] = field(default_factory=set)


class Company:
    """The state of a practice NetSuite account; `now` gives the aware time of the world's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.store = Store()
        self.preferences = Preferences()
        self.kinds: dict[str, RecordKind] = {}
        self.wires: dict[str, RecordKind] = {}
        self.accounts: dict[str, int] = {}
        self.banks: dict[str, int] = {}
        self.currencies: dict[str, int] = {}
        self.subsidiary = 0
        self.ledger = Ledger(self)

    def register(self, kinds: "Iterable[RecordKind]") -> None:
        """Make record types known and lay down what every company starts with."""
        for kind in kinds:
            self.kinds[kind.name] = kind
            self.wires[kind.wire] = kind
        with self.store.savepoint():
            self._start()

    def _start(self) -> None:
        currencies = {}
        for currency in chart.CURRENCIES:
            fields = {
                "name": currency.name,
                "symbol": currency.symbol,
                "exchangeRate": currency.rate,
                "places": currency.places,
            }
            currencies[currency.symbol] = self.kinds["currency"].save_new(None, fields).internal_id
        self.currencies = currencies
        self.subsidiary = self.kinds["subsidiary"].save_new(None, {"name": chart.COMPANY}).internal_id
        for account in chart.ACCOUNTS:
            self._start_account(account)
        for year in range(chart.FIRST_YEAR, chart.LAST_YEAR + 1):
            for month in range(1, 13):
                self._start_period(year, month)

    def _start_account(self, account: chart.LedgerAccount) -> None:
        fields: Data = {"acctNumber": account.number, "acctName": account.name, "acctType": account.type}
        if account.currency:
            fields["currency"] = {"@internalId": str(self.currencies[account.currency])}
        saved = self.kinds["account"].save_new(None, fields).internal_id
        if account.currency:
            self.banks[account.currency] = saved
        if account.setting:
            self.accounts[account.setting] = saved

    def _start_period(self, year: int, month: int) -> None:
        last = calendar.monthrange(year, month)[1]
        name = f"{MONTHS[month - 1]} {year}"
        fields = {
            "periodName": name,
            "startDate": date(year, month, 1),
            "endDate": date(year, month, last),
            "closed": False,
        }
        period = self.kinds["accountingPeriod"].save_new(None, fields)
        self.store.take_name("period", name, period.internal_id)

    @property
    def base_currency(self) -> int:
        return self.currencies[chart.BASE]

    def record(self, kind: str, internal_id: int) -> Record:
        """A record that is known to exist."""
        return self.store.records[(self.kinds[kind].group, internal_id)]

    def places(self, currency: int) -> int:
        """Decimal places of a currency's money."""
        places: int = self.record("currency", currency).fields["places"]
        return places

    def exchange_rate(self, currency: int) -> Decimal:
        """Base currency for one unit, from the rate table."""
        rate: Decimal = self.record("currency", currency).fields["exchangeRate"]
        return rate

    def symbol(self, currency: int) -> str:
        symbol: str = self.record("currency", currency).fields["symbol"]
        return symbol

    def period_of(self, day: date) -> Record | None:
        """The accounting period that holds the day."""
        internal_id = self.store.find_name("period", f"{MONTHS[day.month - 1]} {day.year}")
        return None if internal_id is None else self.record("accountingPeriod", internal_id)

    def is_closed(self, period: int) -> bool:
        closed: bool = self.record("accountingPeriod", period).fields["closed"]
        return closed

    def within(self, day: date, period: int) -> bool:
        fields = self.record("accountingPeriod", period).fields
        return as_date(fields["startDate"]) <= day <= as_date(fields["endDate"])

    def seek(self, kinds: Iterable[str], reference: Data) -> Record | None:
        """The record that a RecordRef means, by internal or external id; None when there is none."""
        allowed = set(kinds)
        for group in {self.kinds[kind].group for kind in allowed}:
            internal_id = self._internal_id(group, reference)
            record = None if internal_id is None else self.store.get(group, internal_id)
            if record is not None and record.kind in allowed:
                return record
        return None

    def _internal_id(self, group: str, reference: Data) -> int | None:
        given = reference.get("@internalId")
        if given is not None:
            return int(given) if given.strip().isdecimal() else None
        external = reference.get("@externalId")
        return None if external is None else self.store.external_ids.get((group, external.lower()))

    def follow(self, kinds: Iterable[str], reference: Data, field_name: str, scope: str = "") -> Record:
        """The active record that a field refers to; refused as R2, R3 or R5."""
        record = self.seek(kinds, reference)
        if record is None and reference.get("@internalId") is None:
            raise Refused("INVALID_REF_KEY", f"Invalid externalId {reference.get('@externalId')}.")
        if record is None or record.fields.get("isInactive"):
            key = reference.get("@internalId") or reference.get("@externalId")
            raise invalid_reference(field_name, key, scope)
        return record

    def refer(self, kind: str, internal_id: int | None) -> Data | None:
        """A RecordRef as NetSuite answers it: internal id and name, no type."""
        if internal_id is None:
            return None
        record = self.record(kind, internal_id)
        return {"$": "RecordRef", "@internalId": str(internal_id), "name": self.name(record)}

    def name(self, record: Record) -> str:
        return self.kinds[record.kind].display_name(record)
