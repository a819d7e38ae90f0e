"""Searches: which records a search means, in pages that can be turned by search id for fifteen minutes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .criteria import meets
from .ledger import in_base
from .records.funds import deposits_of
from .refusal import Refused, permission_violation
from .store import Record, Transaction
from .values import Data

if TYPE_CHECKING:
    from .company import Company

LIFETIME = timedelta(minutes=15)
DEFAULT_PAGE, SMALLEST_PAGE, LARGEST_PAGE = 1000, 5, 1000
Getter = Callable[["Company", Record], object]
Related = Callable[["Company", Record], list[Record]]
Test = Callable[[Record], bool]

TRANSACTION_TYPES = {"journalEntry": "_journal"}
ITEM_TYPES = {
    "serviceSaleItem": "_service",
    "nonInventorySaleItem": "_nonInventoryItem",
    "otherChargeSaleItem": "_otherCharge",
    "discountItem": "_discount",
}
DEPOSIT_CRITERIA = {"depositDate", "depositTransaction"}
STATUS_PREFIXES = {"customerPayment": "payment", "journalEntry": "journal"}


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


def _keys(record: Record) -> frozenset[tuple[str, str]]:
    keys = {("id", str(record.internal_id))}
    if record.external_id:
        keys.add(("external", record.external_id.lower()))
    return frozenset(keys)


def _identity(company: "Company", record: Record) -> object:
    return _keys(record)


def _transaction_type(company: "Company", record: Record) -> object:
    return TRANSACTION_TYPES.get(record.kind, f"_{record.kind}")


def _status(company: "Company", record: Record) -> object:
    label = company.kinds[record.kind].computed(record).get("status")
    if record.kind == "journalEntry":
        label = "Approved For Posting" if record.fields.get("approved", True) else "Pending Approval"
    prefix = STATUS_PREFIXES.get(record.kind, record.kind)
    return f"_{prefix}{label.title().replace(' ', '')}" if label else None


def _applied_to(company: "Company", record: Record) -> list[Record]:
    found = company.store.applications(record.internal_id)
    return [company.store.transaction(each.debit) for each in found if each.debit != record.internal_id]


def _applying(company: "Company", record: Record) -> list[Record]:
    found = company.store.applications(record.internal_id)
    return [company.store.transaction(each.credit) for each in found if each.credit != record.internal_id]


def _bank_deposits(company: "Company", record: Record) -> list[Record]:
    return [*deposits_of(company, record)] if isinstance(record, Transaction) else []


def _customer(company: "Company", record: Record) -> list[Record]:
    entity = record.entity if isinstance(record, Transaction) else None
    return [] if entity is None else [company.record("customer", entity)]


def _referred(name: str) -> Related:
    def find(company: "Company", record: Record) -> list[Record]:
        reference = record.fields.get(name)
        kinds = company.kinds[record.kind].references.get(name, ())
        found = company.seek(kinds, reference) if reference else None
        return [found] if found is not None else []

    return find


def _any_of_these(related: Related) -> Getter:
    def get(company: "Company", record: Record) -> object:
        return frozenset(key for each in related(company, record) for key in _keys(each))

    return get


def _amount(work_out: Callable[["Company", Transaction], Decimal]) -> Getter:
    """An amount in base currency at the transaction's own rate, as NetSuite's searches compare it."""

    def get(company: "Company", record: Record) -> object:
        return in_base(record, work_out(company, record)) if isinstance(record, Transaction) else None

    return get


def _open(company: "Company", record: Transaction) -> Decimal:
    return company.store.open_amount(record)


def _paid(company: "Company", record: Transaction) -> Decimal:
    return record.total - company.store.open_amount(record)


def _main_account(company: "Company", record: Record) -> object:
    account = record.account if isinstance(record, Transaction) else None
    return frozenset() if account is None else _keys(company.record("account", account))


def _accounts(company: "Company", record: Record) -> object:
    """Every account that a transaction posts to; `mainLine` true leaves the main one."""
    posted = company.ledger.postings(record) if isinstance(record, Transaction) else []
    return frozenset(key for each in posted for key in _keys(company.record("account", each.account)))


def _deposit_date(company: "Company", record: Record) -> object:
    """The day on which the money reached a bank, where a deposit took it there."""
    found = deposits_of(company, record) if isinstance(record, Transaction) else []
    return found[0].day if found else None


def _meets_custom(record: Record, field: Data) -> bool:
    """Whether the record's own custom field meets a criterion, which names it by its script id."""
    held = record.fields.get("customFieldList", {}).get("customField", [])
    value = next((each.get("value") for each in held if each["@scriptId"] == field.get("@scriptId")), None)
    return meets(value, field)


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
    "account": _accounts,
    "amount": _amount(lambda company, record: record.total),
    "amountPaid": _amount(_paid),
    "amountRemaining": _amount(_open),
    "appliedToTransaction": _any_of_these(_applied_to),
    "applyingTransaction": _any_of_these(_applying),
    "createdFrom": _any_of_these(_referred("createdFrom")),
    "currency": _reference("currency"),
    "depositDate": _deposit_date,
    "depositTransaction": _any_of_these(_bank_deposits),
    "dueDate": _shown("dueDate"),
    "entity": _any_of_these(_customer),
    "exchangeRate": _shown("exchangeRate"),
    "fxAmount": lambda company, record: record.total if isinstance(record, Transaction) else None,
    "mainLine": lambda company, record: True,
    "mainName": _any_of_these(_customer),
    "memo": _field("memo"),
    "memoMain": _field("memo"),
    "otherRefNum": _field("otherRefNum"),
    "paymentMethod": _reference("paymentMethod"),
    "posting": lambda company, record: _accounts(company, record) != frozenset(),
    "postingPeriod": _reference("postingPeriod"),
    "salesOrder": _any_of_these(_referred("salesOrder")),
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
    **{name: _field(name) for name in ("phone", "vatRegNumber")},
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
    "upcCode": _field("upcCode"),
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
JOINS: dict[str, tuple[str, Related]] = {
    "appliedToTransactionJoin": ("TransactionSearch", _applied_to),
    "applyingTransactionJoin": ("TransactionSearch", _applying),
    "createdFromJoin": ("TransactionSearch", _referred("createdFrom")),
    "customerJoin": ("CustomerSearch", _customer),
    "depositTransactionJoin": ("TransactionSearch", _bank_deposits),
    "salesOrderJoin": ("TransactionSearch", _referred("salesOrder")),
}
"""Join of a TransactionSearch -> the search of the joined records, and which records they are."""


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
        """All records that a search record means, by internal id; each join finds one that meets it."""
        kind = search["$"].removesuffix("Basic")
        basic = search if search["$"].endswith("Basic") else search.get("basic", {})
        if kind not in SEARCHES:
            raise Refused("INVALID_SEARCH", f"The practice NetSuite has no {search['$']}.")
        self._check_role(kind, basic)
        tests = [self._test(kind, basic)]
        tests += [self._joined(name, search[name]) for name in JOINS if name in search]
        records = sorted(self.company.store.of_group(SEARCHES[kind][0]), key=lambda each: each.internal_id)
        return [record for record in records if all(test(record) for test in tests)]

    def _check_role(self, kind: str, basic: Data) -> None:
        """R14; whoever asks for the bank deposit of a transaction must be allowed to see deposits [guess]."""
        needed = {SEARCHES[kind][0], *(["deposit"] if DEPOSIT_CRITERIA & basic.keys() else [])}
        if kind == "TransactionSearch":
            needed |= {value.removeprefix("_") for value in basic.get("type", {}).get("searchValue", ())}
        for name in sorted(needed & self.company.preferences.withheld):
            raise permission_violation(self.company.kinds[name].permission)

    def _test(self, kind: str, basic: Data) -> Test:
        """Whether a record meets all criteria of a basic search; Refused when one isn't known."""
        getters = dict(SEARCHES[kind][1])
        criteria = {name: field for name, field in basic.items() if name[0] not in "$@"}
        custom = criteria.pop("customFieldList", {}).get("customField", [])
        for name, field in criteria.items():
            if name not in getters:
                raise Refused("INVALID_SEARCH", f"The practice NetSuite does not search by {name}.")
            if field.get("predefinedSearchValue"):
                raise Refused("INVALID_SEARCH", "The practice NetSuite does not know predefined dates.")
        if criteria.get("mainLine", {}).get("searchValue"):
            getters["account"] = _main_account
        return lambda record: (
            all(meets(getters[name](self.company, record), field) for name, field in criteria.items())
            and all(_meets_custom(record, field) for field in custom)
        )

    def _joined(self, name: str, basic: Data) -> Test:
        kind, related = JOINS[name]
        test = self._test(kind, basic)
        return lambda record: any(test(each) for each in related(self.company, record))

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
