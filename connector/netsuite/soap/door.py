"""SoapGateway: every call of the door made, signed, timed and understood."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import zeep
from lxml import etree

from connector.errors import NeedsAttention, NotThere, RetryLater, UnknownAnswer, Verdict
from connector.netsuite import errors
from connector.netsuite.errors import Refusal
from connector.netsuite.gateway import (
    MOST_CREATED_AT_ONCE,
    MOST_FETCHED_AT_ONCE,
    Created,
    Credentials,
    Criterion,
    Exchange,
    ExchangeObserver,
    FieldValue,
    LedgerAccount,
    Outcome,
    Period,
    SearchType,
    Snapshot,
    Subsidiary,
)
from connector.netsuite.records import Record, RecordType
from connector.netsuite.slots import Slots
from connector.netsuite.soap import reading, wire
from connector.netsuite.soap.passport import UNSIGNED, sign, unsigned_text
from connector.netsuite.soap.reading import Element, Page, UnreadableError
from connector.netsuite.soap.searching import PAGE_SIZE, search_of
from connector.netsuite.soap.writing import as_typed, changed
from connector.netsuite.soap.wsdl import Definitions, Typed, WsdlCache, definitions

logger = logging.getLogger(__name__)

T = TypeVar("T")
Body = Mapping[str, object]

_HEADERS: dict[str, object] = {
    "tokenPassport": UNSIGNED,
    # `warningAsError` false: a warning comes with the saved record and is kept (netsuite.md 3.2).
    # We send only fields that we mean, so one that NetSuite will not take is an error to be told.
    "preferences": {
        "warningAsError": False,
        "disableMandatoryCustomFieldValidation": False,
        "ignoreReadOnlyFields": False,
    },
    "searchPreferences": {"bodyFieldsOnly": True, "returnSearchColumns": True, "pageSize": PAGE_SIZE},
}


class SoapGateway:
    """NetSuite by SuiteTalk SOAP with token-based authentication. Safe to share between threads.

    `cache_directory` keeps the WSDL; `slots` are asked before every request; `on_exchange` is told
    of every request made, answered or not, and what it raises is logged and stops nothing.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        cache_directory: Path,
        slots: Slots,
        on_exchange: ExchangeObserver | None = None,
        read_seconds: float = wire.READ_SECONDS,
    ) -> None:
        self._credentials = credentials
        self._cache = WsdlCache(cache_directory)
        self._slots = slots
        self._on_exchange = on_exchange
        self._read_seconds = read_seconds
        self._endpoint = f"{credentials.base}/services/NetSuitePort_{credentials.version}"

    # -- writing ---------------------------------------------------------------------------------

    def create(self, record: Record) -> Created:
        """See `Gateway.create`: SOAP's `add`."""
        body = {"record": as_typed(record)}
        return _or_raise(_of_new(self._call("add", lambda _: body, _only_outcome, write=True)))

    def create_many(self, records: Sequence[Record]) -> list[Outcome]:
        """See `Gateway.create_many`: SOAP's `addList`."""
        if len(records) > MOST_CREATED_AT_ONCE:
            raise ValueError(f"{len(records)} records; NetSuite takes {MOST_CREATED_AT_ONCE} at once.")
        if not records:
            return []
        body = {"record": [as_typed(record) for record in records]}
        return self._call("addList", lambda _: body, partial(_outcomes, expected=len(records)), write=True)

    def update(
        self,
        record_type: RecordType,
        internal_id: str,
        changes: Mapping[str, FieldValue],
        *,
        replace: bool = False,
    ) -> None:
        """See `Gateway.update`."""
        body = {"record": changed(record_type, internal_id, changes, replace=replace)}
        _or_raise(self._call("update", lambda _: body, _only_outcome, write=True))

    # -- reading records -------------------------------------------------------------------------

    def find(self, record_type: RecordType, external_ids: Sequence[str]) -> dict[str, str]:
        """See `Gateway.find`: SOAP's `getList` by external id."""
        wanted = list(dict.fromkeys(external_ids))
        records = self._get_list([_key(record_type, "externalId", value) for value in wanted])
        return {
            external_id: _internal_id(record, external_id)
            for external_id, record in zip(wanted, records, strict=True)
            if record is not None
        }

    def get(self, record_type: RecordType, internal_id: str) -> Snapshot:
        """See `Gateway.get`."""
        (found,) = self.get_many(record_type, [internal_id])
        if found is None:
            raise NotThere("record_not_found", f"NetSuite holds no {record_type} {internal_id}.")
        return found

    def get_many(self, record_type: RecordType, internal_ids: Sequence[str]) -> list[Snapshot | None]:
        """See `Gateway.get_many`: SOAP's `getList`."""
        records = self._get_list([_key(record_type, "internalId", value) for value in internal_ids])
        return [_snapshot(record) if record is not None else None for record in records]

    def _get_list(self, keys: Sequence[Typed]) -> list[Element | None]:
        records: list[Element | None] = []
        for start in range(0, len(keys), MOST_FETCHED_AT_ONCE):
            part = list(keys[start : start + MOST_FETCHED_AT_ONCE])
            records += self._read("getList", {"baseRef": part}, partial(_records, expected=len(part)))
        return records

    def search(self, record_type: SearchType, criteria: Sequence[Criterion]) -> Iterator[Snapshot]:
        """See `Gateway.search`: SOAP's `search` and `searchMoreWithId`."""
        return map(_snapshot, self._search(lambda wsdl: search_of(wsdl, record_type, criteria)))

    # -- reading the account's set-up ------------------------------------------------------------

    def fetch_currencies(self) -> dict[str, str]:
        """See `Gateway.fetch_currencies`: `getAll`, for currencies have no search (netsuite.md 4.12)."""
        return {
            reading.text(record, "symbol").upper(): record.get("internalId", "")
            for record in self._currencies()
            if not reading.truth(record, "isInactive")
        }

    def fetch_base_currency(self, subsidiary: str) -> str:
        """See `Gateway.fetch_base_currency`."""
        currencies = list(self._currencies())
        if subsidiary:
            own = {one.internal_id: one.currency for one in self.fetch_subsidiaries()}.get(subsidiary, "")
            found = [one for one in currencies if one.get("internalId") == own]
        else:
            found = [one for one in currencies if reading.truth(one, "isBaseCurrency")]
        return reading.text(found[0], "symbol").upper() if len(found) == 1 else ""

    def _currencies(self) -> Iterator[Element]:
        body = {"record": Typed("core", "GetAllRecord", {"recordType": "currency"})}
        return reading.child_or_none(
            self._read("getAll", body, partial(_result, name="getAllResult")), "recordList"
        )

    def fetch_accounts(self) -> tuple[LedgerAccount, ...]:
        """See `Gateway.fetch_accounts`."""
        return tuple(map(reading.ledger_account_of, self._all("AccountSearchBasic")))

    def fetch_subsidiaries(self) -> tuple[Subsidiary, ...]:
        """See `Gateway.fetch_subsidiaries`."""
        return tuple(map(reading.subsidiary_of, self._all("SubsidiarySearchBasic")))

    def fetch_periods(self) -> tuple[Period, ...]:
        """See `Gateway.fetch_periods`."""
        periods = filter(None, map(reading.period_of, self._all("AccountingPeriodSearchBasic")))
        return tuple(sorted(periods, key=lambda period: period.start))

    def fetch_server_time(self) -> datetime:
        """See `Gateway.fetch_server_time`."""
        return self._read("getServerTime", {}, _server_time)

    def fetch_concurrency(self) -> int | None:
        """See `Gateway.fetch_concurrency`: the integration's own limit, else the account's."""
        return self._governance("Integration") or self._governance("Account")

    def _governance(self, subject: str) -> int | None:
        operation = f"get{subject}GovernanceInfo"
        if not self._definitions().offers(operation):
            return None
        try:
            result = self._read(operation, {}, partial(_result, name=f"{operation}Result"))
        except NeedsAttention as refusal:
            if refusal.code != "permission_missing":
                raise
            return None  # only an administrator may see it (netsuite.md 2.1)
        limit = reading.text(result, f"{subject.lower()}ConcurrencyLimit")
        return int(limit) if limit.isdigit() and int(limit) > 0 else None

    def _all(self, basic: str) -> Iterator[Element]:
        return self._search(lambda _: Typed("common", basic, {}))

    def _search(self, search: Callable[[Definitions], Typed]) -> Iterator[Element]:
        first = self._call("search", lambda wsdl: {"searchRecord": search(wsdl)}, _page, write=False)
        yield from first.records
        seen = len(first.records)
        for index in range(2, first.pages + 1):
            page = self._read("searchMoreWithId", {"searchId": first.search_id, "pageIndex": index}, _page)
            yield from page.records
            seen += len(page.records)
        if seen != first.total:
            raise RetryLater("search_incomplete", f"NetSuite found {first.total} records and gave {seen}.")

    # -- one call --------------------------------------------------------------------------------

    def _read(self, operation: str, body: Body, understand: Callable[[Element], T]) -> T:
        return self._call(operation, lambda _: body, understand, write=False)

    def _call(
        self,
        operation: str,
        body: Callable[[Definitions], Body],
        understand: Callable[[Element], T],
        *,
        write: bool,
    ) -> T:
        """Build, send once, understand. An answer that makes no sense says nothing about what was saved."""
        answer = self._send(operation, self._envelope(operation, body), write=write)
        try:
            return understand(answer)
        except UnreadableError as error:
            reason = f"NetSuite's answer to {operation} was not understood: {error}."
        raise errors.lost(reason, write=write)

    def _envelope(self, operation: str, body: Callable[[Definitions], Body]) -> Element:
        """The request, not signed yet. A WSDL from disk that does not fit it is fetched anew, once."""
        wsdl = self._definitions()
        try:
            return _built(wsdl, operation, body)
        except (zeep.exceptions.Error, TypeError) as error:
            if not wsdl.from_disk:
                raise UnknownAnswer("wsdl_does_not_fit", f"{operation}: {str(error)[:300]}") from error
        return _built(self._definitions(instead_of=wsdl), operation, body)

    def _definitions(self, *, instead_of: Definitions | None = None) -> Definitions:
        return definitions(
            self._credentials.base, self._credentials.version, self._cache, instead_of=instead_of
        )

    def _send(self, operation: str, envelope: Element, *, write: bool) -> Element:
        kept = unsigned_text(envelope) if self._on_exchange else ""
        with self._slots.take():
            sign(envelope, self._credentials)  # only now: a wait for the slot would age the signature
            started = time.monotonic()
            answer = wire.post(
                self._endpoint,
                operation,
                etree.tostring(envelope, xml_declaration=True, encoding="utf-8"),
                write=write,
                read_seconds=self._read_seconds,
            )
            seconds = time.monotonic() - started
            outcome = _opened(answer, write=write)
            self._slots.report(busy=isinstance(outcome, Verdict) and outcome.code == "netsuite_busy")
        self._tell(operation, kept, answer, seconds)
        if isinstance(outcome, Verdict):
            raise outcome
        return outcome

    def _tell(self, operation: str, kept: str, answer: wire.Answer | Verdict, seconds: float) -> None:
        if self._on_exchange is None:
            return
        body, status = (answer.body, answer.status) if isinstance(answer, wire.Answer) else (b"", None)
        try:
            self._on_exchange(Exchange(operation, kept, body.decode("utf-8", "replace"), status, seconds))
        except Exception:
            # NetSuite has answered: what we know of a saved record must not be lost for its archive.
            logger.exception("The exchange of %s could not be kept.", operation)


def _built(wsdl: Definitions, operation: str, body: Callable[[Definitions], Body]) -> Element:
    declared = wsdl.headers(operation)
    headers = {name: value for name, value in _HEADERS.items() if name in declared}
    return wsdl.envelope(operation, headers, body(wsdl))


def _opened(answer: wire.Answer | Verdict, *, write: bool) -> Element | Verdict:
    """The answer inside the envelope, or the verdict on a fault, a bare HTTP status or silence."""
    if isinstance(answer, Verdict):
        return answer
    try:
        element = reading.answer_of(answer.body)
    except UnreadableError:
        return errors.verdict_of_http(answer.status, write=write)
    fault = reading.fault_of(element)
    return errors.verdict_of(fault, write=write) if fault is not None else element


def _of_new(outcome: Outcome) -> Outcome:
    """A record that is only just made cannot be missing: what NetSuite misses is one that it refers to."""
    if isinstance(outcome, NotThere):
        return NeedsAttention("invalid_reference", outcome.message)
    return outcome


def _or_raise(outcome: Outcome) -> Created:
    if isinstance(outcome, Verdict):
        raise outcome
    return outcome


def _only_outcome(answer: Element) -> Outcome:
    return _outcome(reading.required(answer, "writeResponse"))


def _outcomes(answer: Element, expected: int) -> list[Outcome]:
    responses = _unless_refused(reading.responses_of(answer, expected), write=True)
    return [_of_new(_outcome_in_list(response)) for response in responses]


def _outcome_in_list(response: Element) -> Outcome:
    """One answer that makes no sense must not hide what became of the other records."""
    try:
        return _outcome(response)
    except UnreadableError as error:
        reason = f"NetSuite's answer for this record was not understood: {error}."
    return errors.lost(reason, write=True)


def _outcome(response: Element) -> Outcome:
    created = reading.created_of(response)
    return errors.verdict_of(created, write=True) if isinstance(created, Refusal) else created


def _records(answer: Element, expected: int) -> list[Element | None]:
    responses = _unless_refused(reading.responses_of(answer, expected), write=False)
    return [_record(response) for response in responses]


def _record(response: Element) -> Element | None:
    """None only when NetSuite says that there is none; a missing permission is never taken for that."""
    record = reading.record_of(response)
    if not isinstance(record, Refusal):
        return record
    verdict = errors.verdict_of(record, write=False)
    if isinstance(verdict, NotThere):
        return None
    raise verdict


def _snapshot(record: Element) -> Snapshot:
    try:
        return reading.snapshot_of(record)
    except UnreadableError as error:
        reason = f"NetSuite's record was not understood: {error}."
    raise errors.lost(reason, write=False)


def _result(answer: Element, name: str) -> Element:
    return _unless_refused(reading.result_of(answer, name), write=False)


def _page(answer: Element) -> Page:
    return reading.page_of(_result(answer, "searchResult"))


def _server_time(answer: Element) -> datetime:
    moment = reading.instant(reading.text(_result(answer, "getServerTimeResult"), "serverTime"))
    if moment is None:
        raise UnreadableError("no time")
    return moment


def _unless_refused(part: T | Refusal, *, write: bool) -> T:
    if isinstance(part, Refusal):
        raise errors.verdict_of(part, write=write)
    return part


def _key(record_type: RecordType, name: str, value: str) -> Typed:
    return Typed("core", "RecordRef", {"type": record_type, name: value})


def _internal_id(record: Element, external_id: str) -> str:
    """The internal id of what was found, once it has proved to be what was asked for."""
    internal_id, answered = record.get("internalId", ""), record.get("externalId", external_id)
    if answered.casefold() != external_id.casefold() or not internal_id.isdigit():
        raise UnknownAnswer(
            "wrong_record_found", f"Asked for {external_id}, NetSuite gave {answered} ({internal_id})."
        )
    return internal_id
