"""Searches in NetSuite's SOAP words: one condition at a time, its shape told by the WSDL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from connector.netsuite.gateway import Criterion, SearchType
from connector.netsuite.soap.writing import midnight
from connector.netsuite.soap.wsdl import Definitions, Typed

PAGE_SIZE = 1000

_BASICS: dict[SearchType, str] = {
    "customer": "CustomerSearchBasic",
    "item": "ItemSearchBasic",
    "invoice": "TransactionSearchBasic",
    "customerPayment": "TransactionSearchBasic",
    "customerDeposit": "TransactionSearchBasic",
    "creditMemo": "TransactionSearchBasic",
    "customerRefund": "TransactionSearchBasic",
    "deposit": "TransactionSearchBasic",
    "salesOrder": "TransactionSearchBasic",
    "cashSale": "TransactionSearchBasic",
    "cashRefund": "TransactionSearchBasic",
}

Value = str | date | Decimal | bool


def search_of(wsdl: Definitions, record_type: SearchType, criteria: Iterable[Criterion]) -> Typed:
    """The search for records of that type which meet all criteria. Raises ValueError for an unknown field."""
    basic = _BASICS[record_type]
    fields: dict[str, object] = {}
    if basic == "TransactionSearchBasic":
        # Transactions share one search; one type at a time (netsuite.md 4.14).
        fields["type"] = {"operator": "anyOf", "searchValue": [f"_{record_type}"]}
    custom = []
    for criterion in criteria:
        if criterion.field.startswith("cust"):
            custom.append(_custom(criterion))
        else:
            fields[criterion.field] = _condition(wsdl, basic, criterion)
    if custom:
        fields["customFieldList"] = {"customField": custom}
    return Typed("common", basic, fields)


def _condition(wsdl: Definitions, basic: str, criterion: Criterion) -> dict[str, object]:
    kind = wsdl.field_type("common", basic, criterion.field)
    values = criterion.values
    if kind == "SearchMultiSelectField":
        key = "externalId" if criterion.field == "externalId" else "internalId"
        return {"operator": criterion.operator, "searchValue": [{key: value} for value in values]}
    if kind == "SearchEnumMultiSelectField":
        return {"operator": criterion.operator, "searchValue": list(values)}
    if kind == "SearchBooleanField":
        return {"searchValue": values[0]}
    if kind.startswith("Search"):
        return {"operator": criterion.operator, **_bounds(values)}
    raise ValueError(f"NetSuite's {basic} has no field {criterion.field!r}.")


def _bounds(values: tuple[Value, ...]) -> dict[str, object]:
    plain = [midnight(value) if isinstance(value, date) else value for value in values]
    return dict(zip(("searchValue", "searchValue2"), plain, strict=False))


def _custom(criterion: Criterion) -> Typed:
    return Typed(
        "core",
        "SearchStringCustomField",
        {"scriptId": criterion.field, "operator": criterion.operator, "searchValue": criterion.values[0]},
    )
