"""What the practice NetSuite holds: records, external ids, applications; every change can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from .values import ZERO, Data

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A saved record; `fields` are the values that were set, in wire form (see values.Data)."""

    kind: str
    group: str
    internal_id: int
    external_id: str | None
    fields: Data
    created: datetime
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item line in the transaction's currency; `account` is where it posts to, if anywhere."""

    number: int
    item: int
    quantity: Decimal
    rate: str
    amount: Decimal
    account: int | None
    fields: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(Record):
    """A saved transaction; money in its own currency, `rate` is base currency for one unit of it.

    `account` is the receivables account of a sale, or the account that holds the money of a payment.
    """

    number: str
    day: date
    period: int
    entity: int | None
    currency: int
    rate: Decimal
    total: Decimal
    account: int | None
    receivables: int | None = None
    lines: tuple[Line, ...] = ()
    voided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`owner` (the transaction on which it was entered) settles `debit` (an invoice) with `credit`.

    `funding` is for a customer deposit that pays into its deposit application, which then settles something.
    """

    owner: int
    credit: int
    debit: int
    amount: Decimal
    discount: Decimal
    day: date
    sequence: int
    funding: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is remembered of a deleted record."""

    kind: str
    internal_id: int
    external_id: str | None
    name: str
    when: datetime


@dataclass(slots=True)
class Store:
    """The tables. Write only inside `savepoint`, under the lock of the half that owns the store."""

    records: dict[tuple[str, int], Record] = field(default_factory=dict)
    external_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, str], int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    owned: dict[int, tuple[Application, ...]] = field(default_factory=dict)
    touching: dict[int, tuple[int, ...]] = field(default_factory=dict)
    by_entity: dict[int, int] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    deleted: list[Deleted] = field(default_factory=list)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Everything written inside is taken back when the block ends with an exception."""
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            raise
        if mark == 0:
            self._undo.clear()

    def _set(self, table: dict[K, V], key: K, value: V | None) -> None:
        before = table.get(key)
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
        if before is None:
            self._undo.append(lambda: table.pop(key, None))
        else:
            self._undo.append(lambda: table.__setitem__(key, before))

    def next(self, counter: str) -> int:
        """The next number of a counter, from 1; a taken-back save gives its number back."""
        value = self.counters.get(counter, 0) + 1
        self._set(self.counters, counter, value)
        return value

    def put(self, record: Record) -> None:
        """Save a new or changed record."""
        key = (record.group, record.internal_id)
        before = self.records.get(key)
        if before is not None and before.external_id is not None:
            self._set(self.external_ids, (record.group, before.external_id.lower()), None)
        if record.external_id is not None:
            self._set(self.external_ids, (record.group, record.external_id.lower()), record.internal_id)
        self._count_entity(before, -1)
        self._count_entity(record, 1)
        self._set(self.records, key, record)

    def remove(self, record: Record, name: str, when: datetime) -> None:
        """Delete a record; its external id is free again."""
        if record.external_id is not None:
            self._set(self.external_ids, (record.group, record.external_id.lower()), None)
        self._count_entity(record, -1)
        self._set(self.records, (record.group, record.internal_id), None)
        self.deleted.append(Deleted(record.kind, record.internal_id, record.external_id, name, when))
        self._undo.append(self.deleted.pop)

    def _count_entity(self, record: Record | None, step: int) -> None:
        if isinstance(record, Transaction) and record.entity is not None:
            self._set(self.by_entity, record.entity, self.by_entity.get(record.entity, 0) + step)

    def bump(self, entity: int) -> None:
        """Note that something of this entity was written (for RCRD_HAS_BEEN_CHANGED)."""
        self._set(self.versions, entity, self.versions.get(entity, 0) + 1)

    def take_name(self, space: str, name: str, internal_id: int | None) -> None:
        """Give a unique name to a record, or free it with None."""
        self._set(self.names, (space, name.lower()), internal_id)

    def find_name(self, space: str, name: str) -> int | None:
        return self.names.get((space, name.lower()))

    def get(self, group: str, internal_id: int) -> Record | None:
        return self.records.get((group, internal_id))

    def transaction(self, internal_id: int) -> Transaction:
        """A transaction that is known to exist."""
        record = self.records[("transaction", internal_id)]
        if not isinstance(record, Transaction):
            raise TypeError(f"record {internal_id} is not a transaction")
        return record

    def of_group(self, group: str) -> list[Record]:
        return [record for (held, _), record in self.records.items() if held == group]

    def apply(self, owner: int, applications: tuple[Application, ...]) -> None:
        """Replace all applications that a transaction owns."""
        for old in self.owned.get(owner, ()):
            for document in {old.credit, old.debit}:
                left = tuple(each for each in self.touching.get(document, ()) if each != owner)
                self._set(self.touching, document, left or None)
        self._set(self.owned, owner, applications or None)
        for new in applications:
            for document in {new.credit, new.debit}:
                known = self.touching.get(document, ())
                if owner not in known:
                    self._set(self.touching, document, (*known, owner))

    def applications(self, document: int) -> list[Application]:
        """All applications of a document, on either side, in the order in which they were made."""
        found = [
            each
            for owner in self.touching.get(document, ())
            for each in self.owned.get(owner, ())
            if document in (each.credit, each.debit)
        ]
        return sorted(found, key=lambda each: each.sequence)

    def open_amount(self, record: Transaction) -> Decimal:
        """What is left of a document: an invoice's amount due, or a payment's or memo's unapplied part."""
        used = ZERO
        for each in self.applications(record.internal_id):
            if each.funding and each.debit == record.internal_id:
                continue
            used += each.amount
            if each.debit == record.internal_id:
                used += each.discount
        return record.total - used
