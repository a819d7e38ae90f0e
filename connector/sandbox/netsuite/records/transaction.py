"""What every transaction has in common: customer, currency, date and period, number, closed periods."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from ..refusal import Refused, invalid_reference, may_not_set, too_many_decimals
from ..store import Record, Transaction
from ..values import PACIFIC, Data, as_date, decimals
from .customer import currencies_of
from .funds import deposited_funds, funds_of
from .kind import RecordKind, Writing

OUTSIDE_PERIOD = "The transaction date you specified is not within the date range of your accounting period."
PERIOD_CLOSED = "The G/L impact of a transaction in a closed period cannot be changed."
PERIOD_MOVE = "You cannot move a transaction to or from a closed period."
REFERRED = (
    "This transaction cannot be deleted because it is referred to by other transactions. "
    "It may be a bill or an invoice that has been paid or an expense that has been reimbursed."
)
LINKED = "This transaction cannot be deleted because it is linked to by one or more transactions."
COMMON_REFERENCES = {
    "currency": ("currency",),
    "subsidiary": ("subsidiary",),
    "postingPeriod": ("accountingPeriod",),
    "department": ("department",),
    "class": ("classification",),
    "location": ("location",),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The settled head of a transaction being written; `scope` names its customer in messages."""

    stamp: dict[str, Any]
    customer: Record | None
    scope: str
    currency: int
    places: int
    rate: Decimal
    day: date
    period: int
    number: str

    def identity(self) -> dict[str, Any]:
        """The arguments that every Transaction takes from its head."""
        return {
            **self.stamp,
            "number": self.number,
            "day": self.day,
            "period": self.period,
            "entity": self.customer.internal_id if self.customer else None,
            "currency": self.currency,
            "rate": self.rate,
        }

    def check_decimals(self, *amounts: Decimal | None) -> None:
        """M3 for money with more decimals than the currency has."""
        if any(amount is not None and decimals(amount) > self.places for amount in amounts):
            raise too_many_decimals(self.places)


class TransactionKind(RecordKind):
    """A record that is dated, numbered and, mostly, posted."""

    group = "transaction"
    party: ClassVar[str] = "entity"
    """The field that names the customer; empty when the type has none."""
    prefix: ClassVar[str]
    create_only: ClassVar[frozenset[str]] = frozenset({"entity", "customer", "currency", "createdFrom"})
    lengths = {"memo": 999, "tranId": 45, "otherRefNum": 45}
    labels = {"entity": "Customer", "tranDate": "Date", "otherRefNum": "PO #", "class": "Class"}
    custom_prefixes = ("custbody",)
    external_id_last = True  # which comes first is not documented; this is the harder way for a connector
    dates: ClassVar[tuple[str, ...]] = ("tranDate",)
    amount_field: ClassVar[str] = "applyList"
    """The field that gives the amount of a transaction whose money goes to a bank deposit."""

    def display_name(self, record: Record) -> str:
        number = record.number if isinstance(record, Transaction) else record.internal_id
        return f"{self.title} #{number}"

    # -- what subclasses decide ----------------------------------------------------------------------

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        """The transaction with its lines, total and accounts."""
        raise TypeError(f"{self.name} has no body")

    def status(self, record: Transaction) -> str | None:
        """The status label that NetSuite's screens show."""
        return None

    # -- the head --------------------------------------------------------------------------------------

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        known = old if isinstance(old, Transaction) else None
        settled = dict(fields)
        for name in self.dates:
            if name in settled:
                settled[name] = as_date(settled[name])
        head = self._head(known, settled, writing)
        settled = self.follow_all(settled, head.scope)
        return self.compose(head, known, settled, writing)

    def _head(self, old: Transaction | None, fields: Data, writing: Writing) -> Head:
        customer = self.follow(fields, self.party) if self.party else None
        scope = f"{self.party} {customer.internal_id}" if customer else ""
        currency = self._currency(old, customer, fields, scope)
        day = fields.get("tranDate") or (old.day if old else self.company.now().astimezone(PACIFIC).date())
        return Head(
            stamp=self.stamp(old),
            customer=customer,
            scope=scope,
            currency=currency,
            places=self.company.places(currency),
            rate=self._rate(old, currency, fields),
            day=day,
            period=self._period(old, day, fields, writing),
            number=self._number(old, fields),
        )

    def _currency(self, old: Transaction | None, customer: Record | None, fields: Data, scope: str) -> int:
        if old is not None:
            return old.currency
        given = self.follow(fields, "currency", scope) if "currency" in self.references else None
        if customer is None:
            return given.internal_id if given else self.company.base_currency
        if given is None:
            return int(customer.fields["currency"]["@internalId"])
        if given.internal_id not in currencies_of(customer):
            raise invalid_reference("currency", given.internal_id, scope)
        return given.internal_id

    def _rate(self, old: Transaction | None, currency: int, fields: Data) -> Decimal:
        given: Decimal | None = fields.get("exchangeRate")
        if currency == self.company.base_currency:
            return Decimal(1)
        if given is not None and given <= 0:
            message = f"You have entered an Invalid Field Value {given} for the following field: exchangerate"
            raise Refused("INVALID_FLD_VALUE", message)
        if given is not None:
            return given
        return old.rate if old else self.company.exchange_rate(currency)

    def _period(self, old: Transaction | None, day: date, fields: Data, writing: Writing) -> int:
        """The posting period: the one that was given, or the one that holds the date (netsuite.md 3.5)."""
        if writing.sent.get("postingPeriod") and "postingPeriod" in fields:
            period = self.follow(fields, "postingPeriod")
            if period is not None and (old is None or old.period != period.internal_id):
                return self._open_period(period.internal_id, day)
        if old is not None and old.day == day:
            return old.period
        found = self.company.period_of(day)
        if found is None:
            shown = f"{day.month}/{day.day}/{day.year}"
            message = (
                f"Insert Transaction Failure: No valid, open, posting period for date - {shown}. "
                "Please visit Setup > Manage Accounting Periods to set up a new accounting period."
            )
            raise Refused("VALID_PRD_REQD", message)
        if old is None and self.company.is_closed(found.internal_id):
            raise Refused("USER_ERROR", OUTSIDE_PERIOD)
        return found.internal_id

    def _open_period(self, period: int, day: date) -> int:
        if self.company.is_closed(period):
            raise invalid_reference("postingPeriod", period)
        if not self.company.within(day, period):
            raise Refused("USER_ERROR", OUTSIDE_PERIOD)
        return period

    def _number(self, old: Transaction | None, fields: Data) -> str:
        given: str | None = fields.get("tranId")
        if given:
            return given
        return old.number if old else f"{self.prefix}{self.company.store.next(self.prefix)}"

    # -- saving ------------------------------------------------------------------------------------------

    def saved(self, old: Record | None, new: Record, fields: Data) -> None:
        """Apply what was asked, then hold the books to it: nothing over-applied, everything balanced."""
        record = self.company.store.transaction(new.internal_id)
        self.settle(record, fields, is_new=old is None)
        for document in self._documents(record):
            self.check_open(document)
        self.company.ledger.postings(record)
        if record.entity is not None:
            self.company.store.bump(record.entity)

    def _documents(self, record: Transaction) -> list[Transaction]:
        store = self.company.store
        ids = {record.internal_id}
        for each in store.owned.get(record.internal_id, ()):
            ids |= {each.credit, each.debit}
        return [store.transaction(each) for each in sorted(ids)]

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        """Make the applications that were asked for on this transaction."""

    def check_open(self, document: Transaction) -> None:
        """Refuse when more is applied to a document than it amounts to."""
        if self.company.store.open_amount(document) < 0:
            raise self.company_kind(document).over_applied()

    def over_applied(self) -> Refused:
        return Refused("INVALID_LINK_SUM", "Links sum to more than original transaction amount")

    def company_kind(self, record: Transaction) -> "TransactionKind":
        kind = self.company.kinds[record.kind]
        if not isinstance(kind, TransactionKind):
            raise TypeError(f"{record.kind} is not a transaction")
        return kind

    def update(self, old: Record, writing: Writing) -> Record:
        store, ledger = self.company.store, self.company.ledger
        before = store.transaction(old.internal_id)
        if before.voided:
            raise Refused("TRANS_EDIT_DISALLWD", "This transaction has been voided. You may not edit it.")
        posted = ledger.postings(before)
        after = store.transaction(super().update(old, writing).internal_id)
        self._check_deposited(before, after)
        closed = self.company.is_closed(before.period) or self.company.is_closed(after.period)
        if closed and before.period != after.period:
            raise Refused("CLOSED_TRAN_PRD", PERIOD_MOVE)
        if closed and (posted != ledger.postings(after) or before.day != after.day):
            raise Refused("CLOSED_TRAN_PRD", PERIOD_CLOSED)
        return after

    def _check_deposited(self, before: Transaction, after: Transaction) -> None:
        """What is on a bank deposit keeps its amount, its account and its rate (R13)."""
        held = deposited_funds(self.company, before)
        if held and before.account != after.account:
            raise may_not_set("account")
        if held and before.rate != after.rate:
            raise may_not_set("exchangeRate")
        left = {fund.key: fund.amount for fund in funds_of(self.company, after)}
        if any(left.get(fund.key) != fund.amount for fund in held):
            raise may_not_set(self.amount_field)

    def refuse_delete(self, record: Record) -> None:
        store = self.company.store
        known = store.transaction(record.internal_id)
        if store.applications(record.internal_id) or deposited_funds(self.company, known):
            raise Refused("CANT_DELETE_TRANS", REFERRED)
        made_from = any(
            each.fields.get("createdFrom", {}).get("@internalId") == str(record.internal_id)
            for each in store.of_group("transaction")
        )
        if made_from:
            raise Refused("TRANS_IN_USE", LINKED)
        if self.company.is_closed(store.transaction(record.internal_id).period):
            raise Refused("CLOSED_TRAN_PRD", PERIOD_CLOSED)

    def removed(self, record: Record) -> None:
        entity = self.company.store.transaction(record.internal_id).entity
        if entity is not None:
            self.company.store.bump(entity)

    # -- showing -----------------------------------------------------------------------------------------

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        company = self.company
        shown: Data = {
            "createdDate": held.created,
            "lastModifiedDate": held.modified,
            "tranDate": held.day,
            "tranId": held.number,
            "postingPeriod": company.refer("accountingPeriod", held.period),
            "currency": company.refer("currency", held.currency),
            "currencyName": company.record("currency", held.currency).fields["name"],
            "exchangeRate": held.rate,
            "subsidiary": company.refer("subsidiary", company.subsidiary),
            "status": self.status(held),
        }
        return shown
