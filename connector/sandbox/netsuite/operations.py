"""NetSuite's operations: one method for each, from a parsed request to the answer's content."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .criteria import meets
from .envelope import Request
from .records.kind import RecordKind, Writing
from .refusal import Fault, Refused, no_such_record
from .search import SearchDesk
from .store import Record, Transaction
from .traffic import LIMITS, Traffic, too_many_records
from .values import Data

if TYPE_CHECKING:
    from .company import Company

ABSTRACT = "Must submit a non-abstract instance of record or searchRecord."
CHANGED = "Record has been changed"
RECORD_LISTS = {"addList": "record", "updateList": "record", "upsertList": "record"}
REFERENCE_LISTS = {"deleteList": "baseRef", "getList": "baseRef"}
GET_ALL = ("currency",)


class Operations:
    """Answers requests on one company. Call `answer` under the company's lock."""

    def __init__(self, company: "Company", traffic: Traffic, host: Callable[[], str]) -> None:
        self.company = company
        self.traffic = traffic
        self.desk = SearchDesk(company)
        self.host = host

    def size(self, request: Request) -> int:
        """How many records a request is about; Fault when there are too many (S4)."""
        name = {**RECORD_LISTS, **REFERENCE_LISTS}.get(request.operation)
        if name is None:
            return 1
        number = len(request.body.get(name, []))
        if number > LIMITS[request.operation]:
            raise too_many_records(request.operation)
        return number

    def answer(self, request: Request, request_id: str, seen: dict[int, int]) -> Data:
        """The content of the answer; `seen` holds the versions of customers when the call began."""
        method = getattr(self, f"_{request.operation}", None)
        if method is None:
            raise Fault("unexpectedError", "UNEXPECTED_ERROR", f"No such operation: {request.operation}")
        content: Data = method(_Call(request, request_id, seen))
        return content

    # -- writing -----------------------------------------------------------------------------------------

    def _add(self, call: "_Call") -> Data:
        return {"writeResponse": self._write(call, call.body.get("record"), self._save_new)}

    def _update(self, call: "_Call") -> Data:
        return {"writeResponse": self._write(call, call.body.get("record"), self._save_changed)}

    def _upsert(self, call: "_Call") -> Data:
        return {"writeResponse": self._write(call, call.body.get("record"), self._save_either)}

    def _addList(self, call: "_Call") -> Data:
        return self._write_list(call, self._save_new)

    def _updateList(self, call: "_Call") -> Data:
        return self._write_list(call, self._save_changed)

    def _upsertList(self, call: "_Call") -> Data:
        return self._write_list(call, self._save_either)

    def _delete(self, call: "_Call") -> Data:
        return {"writeResponse": self._delete_one(call, call.body.get("baseRef"))}

    def _deleteList(self, call: "_Call") -> Data:
        answers = [self._delete_one(call, reference) for reference in call.body.get("baseRef", [])]
        return {"writeResponseList": {"status": {"@isSuccess": True}, "writeResponse": answers}}

    def _write_list(self, call: "_Call", save: "Save") -> Data:
        answers = [self._write(call, record, save) for record in call.body.get("record", [])]
        return {"writeResponseList": {"status": {"@isSuccess": True}, "writeResponse": answers}}

    def _write(self, call: "_Call", sent: Data | None, save: "Save") -> Data:
        """One record's write, taken back whole when it is refused."""
        writing = Writing(sent or {}, call.preference("ignoreReadOnlyFields"))
        try:
            with self.company.store.savepoint():
                kind = self._kind(sent)
                self._check_unchanged(call, self.customers([writing.sent]))
                record = save(kind, writing)
                if writing.warnings and call.preference("warningAsError"):
                    raise Refused("WARNING", writing.warnings[0])
        except Refused as refused:
            return _failed(refused, self._failed_reference(call, writing.sent))
        return {"status": _success(writing.warnings), "baseRef": reference(record)}

    def _failed_reference(self, call: "_Call", sent: Data) -> Data | None:
        """What a refused write answers: an update its internal id, an upsert its external id (3.3)."""
        kind = self.company.wires.get(sent.get("$", ""))
        if kind is None or call.operation.startswith("add"):
            return None
        key = "@internalId" if call.operation.startswith("update") else "@externalId"
        return {"$": "RecordRef", key: sent[key], "@type": kind.name} if sent.get(key) else None

    def _kind(self, sent: Data | None) -> RecordKind:
        name = (sent or {}).get("$", "Record")
        if name == "Record":
            raise Refused("USER_ERROR", ABSTRACT)
        kind = self.company.wires.get(name)
        if kind is None:
            raise Refused("UNKNOWN_RCRD_TYPE", "Unknown record type")
        return kind

    def _save_new(self, kind: RecordKind, writing: Writing) -> Record:
        return kind.add(writing)

    def _save_changed(self, kind: RecordKind, writing: Writing) -> Record:
        if not (writing.sent.get("@internalId") or writing.sent.get("@externalId")):
            raise Refused("USER_ERROR", "Either internalId or externalId is required.")
        record = self.company.seek((kind.name,), writing.sent)
        if record is None:
            raise Refused("RCRD_DSNT_EXIST", "That record does not exist.")
        return kind.update(record, writing)

    def _save_either(self, kind: RecordKind, writing: Writing) -> Record:
        if writing.sent.get("@internalId"):
            raise Refused("USER_ERROR", "You cannot set internalId with upsert.")
        if not writing.sent.get("@externalId"):
            raise Refused("USER_ERROR", "This operation requires a value for externalId.")
        record = self.company.seek((kind.name,), writing.sent)
        return kind.add(writing) if record is None else kind.update(record, writing)

    def _delete_one(self, call: "_Call", sent: Data | None) -> Data:
        try:
            with self.company.store.savepoint():
                kind, record = self._referred(sent or {})
                if isinstance(record, Transaction) and record.entity is not None:
                    self._check_unchanged(call, {record.entity})
                kind.delete(record)
        except Refused as refused:
            return _failed(refused, sent if sent and sent["$"] == "RecordRef" else None)
        return {"status": _success([]), "baseRef": reference(record)}

    def _referred(self, sent: Data) -> tuple[RecordKind, Record]:
        kind = self.company.kinds.get(sent.get("@type") or "")
        if kind is None:
            raise Refused("UNKNOWN_RCRD_TYPE", "Unknown record type")
        record = self.company.seek((kind.name,), sent)
        if record is None:
            raise no_such_record()
        return kind, record

    # -- parallel writes -----------------------------------------------------------------------------------

    def customers(self, records: Iterable[Data]) -> set[int]:
        """The customers that writes touch: their own records, or those that their transactions name."""
        found: set[int] = set()
        for sent in records:
            for target in (sent, sent.get("entity"), sent.get("customer")):
                customer = self._customer_of(sent.get("$", ""), target, is_own=target is sent)
                if customer is not None:
                    found.add(customer)
        return found

    def _customer_of(self, wire: str, target: Data | None, *, is_own: bool) -> int | None:
        if not target:
            return None
        kind = self.company.wires.get(wire) if is_own else self.company.kinds["customer"]
        record = self.company.seek((kind.name,), target) if kind is not None else None
        if isinstance(record, Transaction):
            return record.entity
        return record.internal_id if record is not None and record.kind == "customer" else None

    def versions(self, request: Request) -> dict[int, int]:
        """The versions of all customers that a write is about to touch, as they are now."""
        records = request.body.get("record", [])
        sent = records if isinstance(records, list) else [records]
        for each in request.body.get("baseRef", []) if request.operation == "deleteList" else []:
            sent = [*sent, self._as_record(each)]
        if request.operation == "delete":
            sent = [*sent, self._as_record(request.body.get("baseRef") or {})]
        return {each: self.company.store.versions.get(each, 0) for each in self.customers(sent)}

    def _as_record(self, sent: Data) -> Data:
        kind = self.company.kinds.get(sent.get("@type") or "")
        return {**sent, "$": kind.wire if kind else ""}

    def _check_unchanged(self, call: "_Call", customers: set[int]) -> None:
        """I9: another call wrote something of the same customer while this one was under way."""
        for customer in customers & call.seen.keys():
            if self.company.store.versions.get(customer, 0) != call.seen.pop(customer):
                raise Refused("RCRD_HAS_BEEN_CHANGED", CHANGED)

    # -- reading -------------------------------------------------------------------------------------------

    def _get(self, call: "_Call") -> Data:
        return {"readResponse": self._read(call.body.get("baseRef") or {})}

    def _getList(self, call: "_Call") -> Data:
        answers = [self._read(sent) for sent in call.body.get("baseRef", [])]
        return {"readResponseList": {"status": {"@isSuccess": True}, "readResponse": answers}}

    def _read(self, sent: Data) -> Data:
        try:
            kind, record = self._referred(sent)
        except Refused as refused:
            return {"status": _status(refused)}
        return {"status": {"@isSuccess": True}, "record": kind.show(record)}

    def _getAll(self, call: "_Call") -> Data:
        name = (call.body.get("record") or {}).get("@recordType")
        if name not in GET_ALL:
            refused = Refused("INVALID_RCRD_TYPE", "The record type is invalid.")
            return {"getAllResult": {"status": _status(refused)}}
        kind = self.company.kinds[name]
        shown = [kind.show(record) for record in self.company.store.of_group(kind.group)]
        result = {"status": {"@isSuccess": True}, "totalRecords": len(shown), "recordList": {"record": shown}}
        return {"getAllResult": result}

    def _search(self, call: "_Call") -> Data:
        search = call.body.get("searchRecord") or {"$": "SearchRecord"}
        try:
            if search["$"] in ("SearchRecord", "SearchRecordBasic"):
                raise Refused("USER_ERROR", ABSTRACT)
            result = self.desk.begin(search, call.headers("searchpreferences"), call.request_id)
        except Refused as refused:
            result = {"status": _status(refused)}
        return {"searchResult": result}

    def _searchMoreWithId(self, call: "_Call") -> Data:
        try:
            result = self.desk.more(call.body.get("searchId", ""), call.body.get("pageIndex", 0))
        except Refused as refused:
            result = {"status": _status(refused)}
        return {"searchResult": result}

    def _getDeleted(self, call: "_Call") -> Data:
        asked = call.body.get("getDeletedFilter") or {}
        page = call.body.get("pageIndex", 1)
        try:
            found = [each for each in self.company.store.deleted if self._was_asked(each, asked)]
        except Refused as refused:
            return {"getDeletedResult": {"status": _status(refused)}}
        shown = [
            {
                "deletedDate": each.when,
                "record": {**_key(each.kind, each.internal_id, each.external_id), "name": each.name},
            }
            for each in found
        ]
        result = {"status": {"@isSuccess": True}, "totalRecords": len(shown), "pageSize": 1000}
        result |= {"totalPages": -(-len(shown) // 1000), "pageIndex": page}
        result["deletedRecordList"] = {"deletedRecord": shown[(page - 1) * 1000 : page * 1000]}
        return {"getDeletedResult": result}

    def _was_asked(self, deleted: Any, asked: Data) -> bool:
        when, kinds = asked.get("deletedDate"), asked.get("type")
        if when is not None and not meets(deleted.when, when):
            return False
        return kinds is None or meets(deleted.kind, kinds) or meets(f"_{deleted.kind}", kinds)

    # -- the rest --------------------------------------------------------------------------------------------

    def _getServerTime(self, call: "_Call") -> Data:
        return {"getServerTimeResult": {"status": {"@isSuccess": True}, "serverTime": self.company.now()}}

    def _getDataCenterUrls(self, call: "_Call") -> Data:
        if not call.body.get("account"):
            message = "You need to provide a proper value for the required field: account."
            return {"getDataCenterUrlsResult": {"status": _status(Refused("DATA_REQD", message))}}
        urls = dict.fromkeys(("restDomain", "webservicesDomain", "systemDomain"), self.host())
        return {"getDataCenterUrlsResult": {"status": {"@isSuccess": True}, "dataCenterUrls": urls}}

    def _getCurrencyRate(self, call: "_Call") -> Data:
        asked = call.body.get("currencyRateFilter") or {}
        try:
            base = self.company.follow(("currency",), asked.get("baseCurrency") or {}, "baseCurrency")
            wanted = asked.get("fromCurrency")
            only = self.company.follow(("currency",), wanted, "fromCurrency") if wanted else None
        except Refused as refused:
            return {"getCurrencyRateResult": {"status": _status(refused)}}
        rates = [
            self._rate(base, each, asked)
            for each in self.company.store.of_group("currency")
            if each != base and only in (None, each)
        ]
        result = {"status": {"@isSuccess": True}, "currencyRateList": {"currencyRate": rates}}
        return {"getCurrencyRateResult": result}

    def _rate(self, base: Record, other: Record, asked: Data) -> Data:
        rate = self.company.exchange_rate(other.internal_id) / self.company.exchange_rate(base.internal_id)
        moment = asked.get("effectiveDate") or self.company.now()
        return {
            "baseCurrency": self.company.refer("currency", base.internal_id),
            "fromCurrency": self.company.refer("currency", other.internal_id),
            "exchangeRate": rate,
            "effectiveDate": moment,
        }

    def _getAccountGovernanceInfo(self, call: "_Call") -> Data:
        result = {
            "status": {"@isSuccess": True},
            "accountConcurrencyLimit": self.traffic.concurrency,
            "unallocatedConcurrencyLimit": self.traffic.concurrency,
        }
        return {"getAccountGovernanceInfoResult": result}

    def _getIntegrationGovernanceInfo(self, call: "_Call") -> Data:
        result = {
            "status": {"@isSuccess": True},
            "integrationConcurrencyLimit": self.traffic.concurrency,
            "limitType": "_account",
        }
        return {"getIntegrationGovernanceInfoResult": result}


Save = Callable[[RecordKind, Writing], Record]


class _Call:
    """A request with what its answer needs."""

    def __init__(self, request: Request, request_id: str, seen: dict[int, int]) -> None:
        self.operation = request.operation
        self.body = request.body
        self.request = request
        self.request_id = request_id
        self.seen = seen

    def headers(self, name: str) -> Data:
        found = self.request.headers.get(name)
        return found[0] if found else {}

    def preference(self, name: str) -> bool:
        return bool(self.headers("preferences").get(name))


def _key(kind: str, internal_id: int, external_id: str | None) -> Data:
    return {"$": "RecordRef", "@internalId": str(internal_id), "@externalId": external_id, "@type": kind}


def reference(record: Record) -> Data:
    """The reference with which a successful write answers."""
    return _key(record.kind, record.internal_id, record.external_id)


def _success(warnings: list[str]) -> Data:
    details: list[Data] = [
        {"@type": "WARN", "code": "WARNING", "message": text} for text in dict.fromkeys(warnings)
    ]
    return {"@isSuccess": True, "statusDetail": [*details, {"afterSubmitFailed": False}]}


def _status(refused: Refused) -> Data:
    detail = {"@type": "ERROR", "code": refused.code, "message": refused.message}
    return {"@isSuccess": False, "statusDetail": [detail]}


def _failed(refused: Refused, sent: Data | None) -> Data:
    return {"status": _status(refused), "baseRef": sent}
