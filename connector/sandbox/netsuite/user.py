"""A person at NetSuite's screens: mandatory fields, closed periods, and records entered by hand."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from .company import Company
from .records.funds import deposited_funds
from .records.kind import Writing
from .records.transaction import PERIOD_CLOSED
from .refusal import Refused, no_such_record
from .store import Record, Transaction
from .values import ZERO, Data


class NetSuiteUser:
    """What a story lets a finance person do in the practice NetSuite; Refused when NetSuite would say no."""

    def __init__(self, company: Callable[[], Company], lock: threading.RLock) -> None:
        self._company = company
        self._lock = lock

    def require_field(self, record_type: str, field: str, label: str = "") -> None:
        """Make a field mandatory on the form of a record type, such as "invoice" and "department"."""
        with self._lock:
            kind = self._company().kinds[record_type]
            mandatory = self._company().preferences.mandatory
            mandatory.setdefault(record_type, {})[field] = label or kind.label(field)

    def release_field(self, record_type: str, field: str) -> None:
        """Make the field optional again."""
        with self._lock:
            self._company().preferences.mandatory.get(record_type, {}).pop(field, None)

    def number_customers(self, *, automatically: bool) -> None:
        """Turn auto-generated customer numbers on (as they are at the start) or off."""
        with self._lock:
            self._company().preferences.auto_numbering = automatically

    def take_deposits_on_pending_orders(self, *, allowed: bool) -> None:
        """Let sales orders that wait for approval take customer deposits, or not (as at the start)."""
        with self._lock:
            self._company().preferences.deposits_on_orders_pending_approval = allowed

    def withhold(self, record_type: str) -> None:
        """Take from the integration's role the permission to look for records of a type, as "account"."""
        with self._lock:
            self._company().preferences.withheld.add(record_type)

    def grant(self, record_type: str) -> None:
        """Give it back."""
        with self._lock:
            self._company().preferences.withheld.discard(record_type)

    def found_subsidiary(self, name: str, parent: int | str | None = None) -> int:
        """Set up a subsidiary, below another one or by itself; answers its internal id."""
        with self._lock:
            fields: Data = {"name": name, **({} if parent is None else {"parent": ref(parent)})}
            with self._company().store.savepoint():
                return self._company().kinds["subsidiary"].save_new(None, fields).internal_id

    def set_exchange_rate(self, symbol: str, rate: Decimal) -> None:
        """Change the rate table: base currency for one unit, for records entered from now on."""
        with self._lock:
            company = self._company()
            currency = company.record("currency", company.currencies[symbol])
            with company.store.savepoint():
                company.store.put(replace(currency, fields={**currency.fields, "exchangeRate": rate}))

    def close_period(self, name: str) -> None:
        """Close an accounting period, such as "Jan 2026"; KeyError when there is none of that name."""
        self._set_closed(name, closed=True)

    def open_period(self, name: str) -> None:
        """Open it again."""
        self._set_closed(name, closed=False)

    def _set_closed(self, name: str, *, closed: bool) -> None:
        with self._lock:
            company = self._company()
            internal_id = company.store.find_name("period", name)
            if internal_id is None:
                raise KeyError(name)
            period = company.record("accountingPeriod", internal_id)
            with company.store.savepoint():
                company.store.put(replace(period, fields={**period.fields, "closed": closed}))

    def create(self, record_type: str, fields: Data, external_id: str | None = None) -> int:
        """Enter a record; `fields` in wire form (see `lines_of` and `ref`); answers its internal id."""
        with self._lock:
            kind = self._company().kinds[record_type]
            sent = {"$": kind.wire, "@externalId": external_id, **fields}
            with self._company().store.savepoint():
                return kind.add(Writing(sent)).internal_id

    def edit(self, record_type: str, internal_id: int | str, fields: Data) -> None:
        """Change fields of a record."""
        with self._lock:
            company, record = self._company(), self._record(record_type, internal_id)
            sent = {"$": company.kinds[record_type].wire, "@internalId": str(record.internal_id), **fields}
            with company.store.savepoint():
                company.kinds[record_type].update(record, Writing(sent))

    def deactivate(self, record_type: str, internal_id: int | str) -> None:
        """Mark a customer, item or ledger account inactive."""
        self.edit(record_type, internal_id, {"isInactive": True})

    def delete(self, record_type: str, internal_id: int | str) -> None:
        """Delete a record."""
        with self._lock:
            company, record = self._company(), self._record(record_type, internal_id)
            with company.store.savepoint():
                company.kinds[record_type].delete(record)

    def merge_customers(self, loser: int | str, master: int | str) -> None:
        """Merge one customer into another: its transactions go over to the other, and it is gone."""
        with self._lock:
            company = self._company()
            gone, kept = self._record("customer", loser), self._record("customer", master)
            with company.store.savepoint():
                for each in company.store.of_group("transaction"):
                    if isinstance(each, Transaction) and each.entity == gone.internal_id:
                        company.store.put(_handed_over(each, kept.internal_id))
                company.kinds["customer"].delete(gone)

    def void(self, record_type: str, internal_id: int | str) -> None:
        """Void a transaction: it keeps its number and posts nothing; what it was applied to is open again."""
        with self._lock:
            company, record = self._company(), self._record(record_type, internal_id)
            if not isinstance(record, Transaction) or record.voided:
                raise Refused("CANT_VOID_TRANS", "This record cannot be voided.")
            owned = company.store.owned.get(record.internal_id, ())
            used = len(company.store.applications(record.internal_id)) > len(owned)
            if used or deposited_funds(company, record):
                raise Refused(
                    "CANT_VOID_TRANS", "This transaction cannot be voided; other transactions refer to it."
                )
            if company.is_closed(record.period):
                raise Refused("CLOSED_TRAN_PRD", PERIOD_CLOSED)
            with company.store.savepoint():
                company.store.apply(record.internal_id, ())
                company.kinds[record_type].removed(record)
                company.store.put(_voided(record, company.kinds[record_type].lists, company.now()))

    def find(self, record_type: str, external_id: str) -> int:
        """The internal id of a record by its external id; Refused when there is none."""
        with self._lock:
            company = self._company()
            record = company.seek((record_type,), {"@externalId": external_id})
            if record is None:
                raise no_such_record()
            return record.internal_id

    def show(self, record_type: str, internal_id: int | str) -> dict[str, Any]:
        """The record as `get` would answer it."""
        with self._lock:
            return self._company().kinds[record_type].show(self._record(record_type, internal_id))

    def _record(self, record_type: str, internal_id: int | str) -> Record:
        record = self._company().seek((record_type,), {"@internalId": str(internal_id)})
        if record is None:
            raise no_such_record()
        return record


def _voided(record: Transaction, lists: Iterable[str], now: datetime) -> Transaction:
    lines = tuple(replace(line, amount=ZERO) for line in record.lines)
    fields = {name: value for name, value in record.fields.items() if name not in lists}
    fields["memo"] = "VOID"
    return replace(record, voided=True, total=ZERO, lines=lines, fields=fields, modified=now)


def _handed_over(record: Transaction, master: int) -> Transaction:
    fields: Data = {
        name: ref(master) if name in ("entity", "customer") else value
        for name, value in record.fields.items()
    }
    return replace(record, entity=master, fields=fields)


def ref(internal_id: int | str) -> Data:
    """A reference for `NetSuiteUser.create` and `edit`."""
    return {"$": "RecordRef", "@internalId": str(internal_id)}
