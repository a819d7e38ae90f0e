"""Searches: which records a search means, in pages that can be turned by search id for fifteen minutes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .criteria import meets
from .refusal import Refused
from .store import Record, Transaction
from .values import Data

if TYPE_CHECKING:
    from .company import Company

LIFETIME = timedelta(minutes=15)
DEFAULT_PAGE, SMALLEST_PAGE, LARGEST_PAGE = 1000, 5, 1000
Getter = Callable[["Company", Record], object]

TRANSACTION_TYPES = {"journalEntry": "_journal"}
ITEM_TYPES = {
    "serviceSaleItem": "_service",
    "nonInventorySaleItem": "_nonInventoryItem",
    "otherChargeSaleItem": "_otherCharge",
    "discountItem": "_discount",
}
STATUS_PREFIXES = {"customerPayment": "payment"}


def _field(name: str) -> Getter:
    return lambda company, record: record.fields.get(name)


def _shown(name: str) -> Getter:
    return lambda company, record: company.kinds[record.kind].computed(record).get(name)


def _reference(name: str) -> Getter:
    def get(company: "Company", record: Record) -> object:
        value = company.kinds[record.kind].computed(record).get(name) or record.fields.get(name)
        if not value:
            return frozenset()
        external = None
        for kind in company.kinds[record.kind].references.get(name, ()):
            referred = company.seek((kind,), value)
            external = referred.external_id if referred else external
        return frozenset(
            {("id", value["@internalId"])} | ({("external", external.lower())} if external else set())
        )

    return get


def _identity(company: "Company", record: Record) -> object:
    keys = {("id", str(record.internal_id))}
    if record.external_id:
        keys.add(("external", record.external_id.lower()))
    return frozenset(keys)


def _transaction_type(company: "Company", record: Record) -> object:
    return TRANSACTION_TYPES.get(record.kind, f"_{record.kind}")


def _status(company: "Company", record: Record) -> object:
    label = company.kinds[record.kind].computed(record).get("status")
    prefix = STATUS_PREFIXES.get(record.kind, record.kind)
    return f"_{prefix}{label.title().replace(' ', '')}" if label else None


def _party(company: "Company", record: Record) -> object:
    if not isinstance(record, Transaction) or record.entity is None:
        return frozenset()
    return _identity(company, company.record("customer", record.entity))


def _applied_to(company: "Company", record: Record) -> object:
    found = company.store.applications(record.internal_id)
    return frozenset(("id", str(each.debit)) for each in found if each.debit != record.internal_id)


def _applying(company: "Company", record: Record) -> object:
    found = company.store.applications(record.internal_id)
    return frozenset(("id", str(each.credit)) for each in found if each.credit != record.internal_id)


COMMON: dict[str, Getter] = {
    "externalId": _identity,
    "externalIdString": lambda company, record: record.external_id,
    "internalId": _identity,
    "internalIdNumber": lambda company, record: record.internal_id,
    "isInactive": lambda company, record: bool(record.fields.get("isInactive")),
    "lastModifiedDate": lambda company, record: record.modified,
    "dateCreated": lambda company, record: record.created,
    "name": _field("name"),
    "displayName": _field("displayName"),
}
TRANSACTION: dict[str, Getter] = {
    **COMMON,
    "account": _reference("account"),
    "amount": _shown("total"),
    "appliedToTransaction": _applied_to,
    "applyingTransaction": _applying,
    "createdFrom": _reference("createdFrom"),
    "currency": _reference("currency"),
    "dueDate": _shown("dueDate"),
    "entity": _party,
    "exchangeRate": _shown("exchangeRate"),
    "mainLine": lambda company, record: True,
    "memo": _field("memo"),
    "otherRefNum": _field("otherRefNum"),
    "paymentMethod": _reference("paymentMethod"),
    "postingPeriod": _reference("postingPeriod"),
    "status": _status,
    "subsidiary": _reference("subsidiary"),
    "tranDate": _shown("tranDate"),
    "tranId": _shown("tranId"),
    "type": _transaction_type,
}
CUSTOMER: dict[str, Getter] = {
    **COMMON,
    **{
        name: _field(name)
        for name in ["accountNumber", "comments", "companyName", "email", "entityId", "firstName", "lastName"]
    },
    "phone": _field("phone"),
    "isPerson": _field("isPerson"),
    "currency": _reference("currency"),
    "stage": _shown("stage"),
    "subsidiary": _reference("subsidiary"),
}
ITEM: dict[str, Getter] = {
    **COMMON,
    "created": COMMON["dateCreated"],
    "itemId": _field("itemId"),
    "salesDescription": _field("salesDescription"),
    "type": lambda company, record: ITEM_TYPES[record.kind],
}
ACCOUNT: dict[str, Getter] = {
    **COMMON,
    "name": _field("acctName"),
    "displayName": _field("acctName"),
    "number": _field("acctNumber"),
    "type": _field("acctType"),
}
PERIOD: dict[str, Getter] = {
    **COMMON,
    **{name: _field(name) for name in ("closed", "endDate", "periodName", "startDate")},
    **{name: _shown(name) for name in ("allLocked", "arLocked", "isAdjust", "isQuarter", "isYear")},
}
SEARCHES: dict[str, tuple[str, dict[str, Getter]]] = {
    "TransactionSearch": ("transaction", TRANSACTION),
    "CustomerSearch": ("entity", CUSTOMER),
    "ItemSearch": ("item", ITEM),
    "AccountSearch": ("account", ACCOUNT),
    "SubsidiarySearch": ("subsidiary", COMMON),
    "AccountingPeriodSearch": ("accountingPeriod", PERIOD),
    "PaymentMethodSearch": ("paymentMethod", COMMON),
    "DepartmentSearch": ("department", COMMON),
    "ClassificationSearch": ("classification", COMMON),
    "LocationSearch": ("location", COMMON),
}


@dataclass(slots=True)
class Found:
    """The result of one search, kept for its pages."""

    search_id: str
    records: list[tuple[str, int]]
    page_size: int
    with_lists: bool
    used: datetime


class SearchDesk:
    """Runs searches and keeps their results for `searchMoreWithId`."""

    def __init__(self, company: "Company") -> None:
        self.company = company
        self._kept: dict[str, Found] = {}

    def begin(self, search: Data, preferences: Data, request_id: str) -> Data:
        """The first page of a new search."""
        size = preferences.get("pageSize", DEFAULT_PAGE)
        if not SMALLEST_PAGE <= size <= LARGEST_PAGE:
            message = f"The page size must be between {SMALLEST_PAGE} and {LARGEST_PAGE}."
            raise Refused("INVALID_SEARCH_PAGE_SIZE", message)
        found = Found(
            search_id=request_id or f"WEBSERVICES_{secrets.token_hex(8)}",
            records=[(record.group, record.internal_id) for record in self.matching(search)],
            page_size=size,
            with_lists=preferences.get("bodyFieldsOnly") is False,
            used=self.company.now(),
        )
        self._forget_old()
        self._kept[found.search_id] = found
        return self._page(found, 1)

    def more(self, search_id: str, page: int) -> Data:
        """A further page; EXPIRED_SEARCH_CRITERIA when the search is unknown or too old (S8)."""
        self._forget_old()
        found = self._kept.get(search_id)
        if found is None:
            raise Refused("EXPIRED_SEARCH_CRITERIA", "The search criteria has expired. Please search again.")
        if not 1 <= page <= self._pages(found):
            raise Refused("INVALID_SEARCH_PAGE_INDEX", f"Invalid search page index {page}.")
        found.used = self.company.now()
        return self._page(found, page)

    def matching(self, search: Data) -> list[Record]:
        """All records that a search record means, by internal id."""
        kind = search["$"]
        basic = search if kind.endswith("Basic") else search.get("basic", {})
        known = SEARCHES.get(kind.removesuffix("Basic"))
        if known is None:
            raise Refused("INVALID_SEARCH", f"The practice NetSuite has no {kind}.")
        group, getters = known
        criteria = {name: field for name, field in basic.items() if name[0] not in "$@"}
        for name, field in criteria.items():
            if name not in getters:
                raise Refused("INVALID_SEARCH", f"The practice NetSuite does not search by {name}.")
            if field.get("predefinedSearchValue"):
                raise Refused("INVALID_SEARCH", "The practice NetSuite does not know predefined dates.")
        records = sorted(self.company.store.of_group(group), key=lambda record: record.internal_id)
        return [
            record
            for record in records
            if all(meets(getters[name](self.company, record), field) for name, field in criteria.items())
        ]

    def _pages(self, found: Found) -> int:
        return -(-len(found.records) // found.page_size)

    def _page(self, found: Found, page: int) -> Data:
        start = (page - 1) * found.page_size
        shown = []
        for key in found.records[start : start + found.page_size]:
            record = self.company.store.records.get(key)
            if record is not None:
                shown.append(self.company.kinds[record.kind].show(record, with_lists=found.with_lists))
        result: Data = {"status": {"@isSuccess": True}, "totalRecords": len(found.records)}
        if found.records:
            result |= {"pageSize": found.page_size, "pageIndex": page}
        result |= {
            "totalPages": self._pages(found),
            "searchId": found.search_id,
            "recordList": {"record": shown},
        }
        return result

    def _forget_old(self) -> None:
        oldest = self.company.now() - LIFETIME
        self._kept = {key: found for key, found in self._kept.items() if found.used >= oldest}
