"""NetSuite's SOAP answers, read by local name: order, prefixes and unknown elements do not matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from lxml import etree

from connector.netsuite.errors import Refusal
from connector.netsuite.gateway import (
    Applied,
    Created,
    ItemLine,
    LedgerAccount,
    LedgerLine,
    Period,
    Snapshot,
    Subsidiary,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
"""The zone of NetSuite's dates (netsuite.md 3.5)."""

START_DATE = "custcol_suitesync_rev_rec_start"
END_DATE = "custcol_suitesync_rev_rec_end"
"""Line fields for the days of service (rulebook section 23)."""

_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

Element = etree._Element


class UnreadableError(ValueError):
    """The answer is no SOAP, or lacks what every such answer has."""


def answer_of(body: bytes) -> Element:
    """The one element in the body of the SOAP envelope: an answer or a fault."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    soap_body = child(root, "Body") if root.tag == _ENVELOPE else None
    if soap_body is None or len(soap_body) == 0:
        raise UnreadableError("no SOAP body")
    return soap_body[0]


def fault_of(answer: Element) -> Refusal | None:
    """The typed fault that the answer is, or None."""
    if name_of(answer) != "Fault":
        return None
    words = text(answer, "faultstring")
    detail = child(answer, "detail")
    for typed in detail if detail is not None else ():
        if name_of(typed).endswith("Fault"):
            return Refusal(text(typed, "code"), text(typed, "message") or words, name_of(typed))
    return Refusal("", words)


@dataclass(frozen=True, slots=True)
class Status:
    """Whether it worked, why not, and what NetSuite said besides."""

    refusal: Refusal | None
    warning: str = ""


def status_of(element: Element) -> Status:
    """Read `status`; only `isSuccess` decides: a success may carry details too (netsuite.md 3.2)."""
    status = child(element, "status")
    if status is None:
        raise UnreadableError("no status")
    details = [part for part in status if name_of(part) == "statusDetail"]
    if status.get("isSuccess") in ("true", "1"):
        return Status(None, " ".join(filter(None, map(_warning, details))))
    errors = [part for part in details if part.get("type", "ERROR") == "ERROR"] or details
    code = text(errors[0], "code") if errors else ""
    return Status(Refusal(code, " ".join(text(part, "message") for part in errors)))


def _warning(detail: Element) -> str:
    words = text(detail, "message")
    if text(detail, "afterSubmitFailed") == "true":
        return f"Saved, but a script in NetSuite failed after saving. {words}".strip()
    return words


def created_of(write_response: Element) -> Created | Refusal:
    """The new internal id, or NetSuite's refusal. A success without an id is unreadable."""
    status = status_of(write_response)
    if status.refusal is not None:
        return status.refusal
    reference = child(write_response, "baseRef")
    internal_id = reference.get("internalId", "") if reference is not None else ""
    if not internal_id.isdigit():
        raise UnreadableError(f"success without an internal id: {internal_id!r}")
    return Created(internal_id, status.warning)


def record_of(read_response: Element) -> Element | Refusal:
    """The record that was read, or NetSuite's refusal."""
    status = status_of(read_response)
    if status.refusal is not None:
        return status.refusal
    record = child(read_response, "record")
    if record is None:
        raise UnreadableError("success without a record")
    return record


def required(element: Element, name: str) -> Element:
    """The child of that name. Raises UnreadableError when there is none."""
    part = child(element, name)
    if part is None:
        raise UnreadableError(f"no {name}")
    return part


def result_of(answer: Element, name: str) -> Element | Refusal:
    """The result of that name which carries its own status, or NetSuite's refusal."""
    result = required(answer, name)
    return status_of(result).refusal or result


def responses_of(answer: Element, expected: int) -> list[Element] | Refusal:
    """The responses of a list operation, one for each record asked; a refusal when it stands for them all."""
    listed = answer[0] if len(answer) else answer
    responses = [part for part in listed if name_of(part) in ("writeResponse", "readResponse")]
    if len(responses) == expected:
        return responses
    refusal = status_of(listed).refusal
    if refusal is None:
        raise UnreadableError(f"{len(responses)} answers for {expected} records")
    return refusal


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search; `pages` in all, holding `total` records."""

    records: tuple[Element, ...]
    total: int
    pages: int
    search_id: str


def page_of(result: Element) -> Page:
    """Read a `searchResult` that succeeded."""
    records = tuple(child_or_none(result, "recordList"))
    return Page(
        records=records,
        total=_count(result, "totalRecords", len(records)),
        pages=_count(result, "totalPages", 1),
        search_id=text(result, "searchId"),
    )


def _count(element: Element, name: str, otherwise: int) -> int:
    words = text(element, name)
    if words and not words.isdigit():
        raise UnreadableError(f"{name} is {words!r}")
    return int(words) if words else otherwise


def snapshot_of(record: Element) -> Snapshot:
    """The fields that we compare, of any record."""
    first_and_last = f"{text(record, 'firstName')} {text(record, 'lastName')}".strip()
    return Snapshot(
        type=type_of(record),
        internal_id=record.get("internalId", ""),
        external_id=record.get("externalId", ""),
        number=first_text(record, "tranId", "entityId", "itemId"),
        name=first_text(record, "companyName", "displayName") or first_and_last,
        email=text(record, "email"),
        tran_date=day(text(record, "tranDate")),
        customer=reference(record, "entity") or reference(record, "customer"),
        currency=reference(record, "currency"),
        total=number(first_text(record, "payment", "total")),
        open_amount=number(first_text(record, "amountRemaining", "unapplied")),
        status=text(record, "status"),
        memo=first_text(record, "memo", "comments"),
        inactive=truth(record, "isInactive"),
        exchange_rate=number(text(record, "exchangeRate")),
        account=reference(record, "account"),
        subsidiary=reference(record, "subsidiary"),
        payment_method=reference(record, "paymentMethod"),
        applied=tuple(_applied(record)),
        lines=tuple(_item_lines(record)),
        funds=tuple(_funds(record)),
        ledger_lines=tuple(_ledger_lines(record)),
        texts=_texts(record),
    )


def _texts(record: Element) -> dict[str, str]:
    """The simple fields, and custom ones by their script id."""
    plain = {name_of(part): text(record, name_of(part)) for part in record if len(part) == 0}
    return {name: words for name, words in (plain | _custom_texts(record)).items() if words}


def _custom_texts(record: Element) -> dict[str, str]:
    fields = child_or_none(record, "customFieldList")
    return {part.get("scriptId", ""): text(part, "value") for part in fields}


def _applied(record: Element) -> Iterator[Applied]:
    for line in child_or_none(record, "applyList"):
        if truth(line, "apply"):
            yield Applied(text(line, "doc"), number(text(line, "amount")) or Decimal(0))


def _item_lines(record: Element) -> Iterator[ItemLine]:
    for line in child_or_none(record, "itemList"):
        if name_of(line) == "item":
            custom = _custom_texts(line)
            yield ItemLine(
                item=reference(line, "item"),
                amount=number(text(line, "amount")) or Decimal(0),
                quantity=number(text(line, "quantity")),
                description=text(line, "description"),
                start_date=day(custom.get(START_DATE, "")),
                end_date=day(custom.get(END_DATE, "")),
            )


def _funds(record: Element) -> Iterator[Applied]:
    for line in child_or_none(record, "paymentList"):
        if truth(line, "deposit"):
            yield Applied(text(line, "id"), number(text(line, "paymentAmount")) or Decimal(0))


_SIGNED_LISTS = (
    ("otherList", "amount", 1),
    ("cashBackList", "amount", -1),
    ("lineList", "debit", 1),
    ("lineList", "credit", -1),
)
"""Where deposits and journal entries keep their lines, the amount on them, and which way it goes."""


def _ledger_lines(record: Element) -> Iterator[LedgerLine]:
    for name, side, sign in _SIGNED_LISTS:
        for line in child_or_none(record, name):
            if amount := number(text(line, side)):
                yield LedgerLine(reference(line, "account"), sign * amount, text(line, "memo"))


def ledger_account_of(record: Element) -> LedgerAccount:
    """An account of the chart; NetSuite's `_otherCurrentAsset` becomes `otherCurrentAsset`."""
    return LedgerAccount(
        internal_id=record.get("internalId", ""),
        number=text(record, "acctNumber"),
        name=text(record, "acctName"),
        type=text(record, "acctType").removeprefix("_"),
        currency=reference(record, "currency"),
        inactive=truth(record, "isInactive"),
        subsidiaries=tuple(one.get("internalId", "") for one in child_or_none(record, "subsidiaryList")),
        include_children=truth(record, "includeChildren"),
    )


def subsidiary_of(record: Element) -> Subsidiary:
    """A subsidiary."""
    return Subsidiary(
        internal_id=record.get("internalId", ""),
        name=text(record, "name"),
        currency=reference(record, "currency"),
        parent=reference(record, "parent"),
        inactive=truth(record, "isInactive"),
    )


def period_of(record: Element) -> Period | None:
    """A posting period; None for a quarter or a year, which hold no postings of their own."""
    start, end = day(text(record, "startDate")), day(text(record, "endDate"))
    if truth(record, "isQuarter") or truth(record, "isYear") or start is None or end is None:
        return None
    return Period(
        internal_id=record.get("internalId", ""),
        name=text(record, "periodName"),
        start=start,
        end=end,
        closed=truth(record, "closed"),
        receivables_locked=truth(record, "arLocked"),
        all_locked=truth(record, "allLocked"),
    )


# -- elements by local name ----------------------------------------------------------------------


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def type_of(record: Element) -> str:
    """NetSuite's record type from `xsi:type`: `tranSales:Invoice` is `invoice`."""
    name = record.get(_XSI_TYPE, "").rpartition(":")[2]
    return name[:1].lower() + name[1:]


def child(element: Element, name: str) -> Element | None:
    """The first child of that name."""
    return next((part for part in element if name_of(part) == name), None)


def child_or_none(element: Element, name: str) -> Iterator[Element]:
    """The children of the child of that name; none when there is no such child."""
    part = child(element, name)
    return iter(part) if part is not None else iter(())


def text(element: Element, name: str) -> str:
    """The text of the child of that name, empty when absent or nil."""
    part = child(element, name)
    if part is None or part.get(_XSI_NIL) in ("true", "1"):
        return ""
    return (part.text or "").strip()


def first_text(element: Element, *names: str) -> str:
    """The first text that is not empty."""
    return next(filter(None, (text(element, name) for name in names)), "")


def reference(element: Element, name: str) -> str:
    """The internal id that the child of that name points at."""
    part = child(element, name)
    return part.get("internalId", "") if part is not None else ""


def truth(element: Element, name: str) -> bool:
    """A boolean child; absent is false."""
    return text(element, name) in ("true", "1")


def number(words: str) -> Decimal | None:
    """A double as the decimal that NetSuite printed, `1.2345678E7` included; None when absent."""
    if not words:
        return None
    try:
        value = Decimal(words)
    except InvalidOperation as error:
        raise UnreadableError(f"{words!r} is no number") from error
    if not value.is_finite():
        raise UnreadableError(f"{words!r} is no number")
    return value


def day(words: str) -> date | None:
    """The date of a midnight: in its own offset if midnight there, else in Pacific time (netsuite.md 3.5)."""
    moment = instant(words)
    if moment is None:
        return None
    at_midnight = (moment.hour, moment.minute) == (0, 0)
    return moment.date() if at_midnight else moment.astimezone(PACIFIC).date()


def instant(words: str) -> datetime | None:
    """A moment; Pacific when NetSuite gives no offset."""
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise UnreadableError(f"{words!r} is no time") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=PACIFIC)
