"""Search criteria: whether a value meets a search field with its operator."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .refusal import Refused
from .values import Data, as_date

NO_RECORD = "@NONE@"
NEGATIONS = {
    "isNot": "is",
    "doesNotContain": "contains",
    "doesNotStartWith": "startsWith",
    "notEmpty": "empty",
    "noneOf": "anyOf",
    "notEqualTo": "equalTo",
    "notBetween": "between",
    "notWithin": "within",
    "notOn": "on",
    "notAfter": "after",
    "notBefore": "before",
    "notOnOrAfter": "onOrAfter",
    "notOnOrBefore": "onOrBefore",
    "notGreaterThan": "greaterThan",
    "notGreaterThanOrEqualTo": "greaterThanOrEqualTo",
    "notLessThan": "lessThan",
    "notLessThanOrEqualTo": "lessThanOrEqualTo",
}
TEXT: dict[str, Callable[[str, str], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "contains": lambda value, wanted: wanted in value,
    "startsWith": lambda value, wanted: value.startswith(wanted),
    "hasKeywords": lambda value, wanted: all(word in value for word in wanted.split()),
}
ORDER: dict[str, Callable[[Any, Any, Any], bool]] = {
    "equalTo": lambda value, low, _: value == low,
    "on": lambda value, low, _: value == low,
    "greaterThan": lambda value, low, _: value > low,
    "after": lambda value, low, _: value > low,
    "greaterThanOrEqualTo": lambda value, low, _: value >= low,
    "onOrAfter": lambda value, low, _: value >= low,
    "lessThan": lambda value, low, _: value < low,
    "before": lambda value, low, _: value < low,
    "lessThanOrEqualTo": lambda value, low, _: value <= low,
    "onOrBefore": lambda value, low, _: value <= low,
    "between": lambda value, low, high: low <= value <= high,
    "within": lambda value, low, high: low <= value <= high,
}


def meets(value: object, field: Data) -> bool:
    """Whether a value meets a search field; Refused for a field without what its operator needs."""
    kind = field["$"]
    if kind == "RecordRef":
        return _any_of(value, [field])
    if kind == "SearchBooleanField":
        return bool(value) is bool(field.get("searchValue"))
    operator: str = field.get("@operator", "")
    if not operator:
        raise Refused("INVALID_SEARCH_OPERATOR", "The search operator is missing or invalid.")
    positive = NEGATIONS.get(operator, operator)
    return _meets(kind, value, positive, field) != (positive != operator)


def _meets(kind: str, value: object, operator: str, field: Data) -> bool:
    if operator == "empty":
        return value in (None, "", frozenset())
    if operator == "anyOf":
        return _any_of(value, field.get("searchValue", []))
    if value is None:
        return False
    if kind in ("SearchStringField", "SearchStringCustomField"):
        wanted = field.get("searchValue")
        if wanted is None:
            raise Refused("INVALID_SEARCH_CRITERIA", "The search value is missing.")
        return TEXT[operator](str(value).lower(), wanted.lower())
    return _in_order(value, operator, field)


def _any_of(value: object, wanted: list[Any]) -> bool:
    """A value that is a set holds every id of the records that it means: ("id", "12"), ("external", "x").

    The internal id @NONE@ means that there is no such record.
    """
    if value == frozenset() and any(each.get("@internalId") == NO_RECORD for each in wanted):
        return True
    for each in wanted:
        if isinstance(each, str):
            if value == each:
                return True
        elif isinstance(value, frozenset):
            keys = {("id", each.get("@internalId")), ("external", (each.get("@externalId") or "").lower())}
            if keys & value:
                return True
    return False


def _in_order(value: object, operator: str, field: Data) -> bool:
    low, high = field.get("searchValue"), field.get("searchValue2")
    if low is None or (operator in ("between", "within") and high is None):
        raise Refused("INVALID_SEARCH_CRITERIA", "The search value is missing.")
    if isinstance(value, date) and not isinstance(value, datetime):
        low, high = as_date(low), None if high is None else as_date(high)
    elif isinstance(value, int | Decimal):
        low, high = Decimal(low), None if high is None else Decimal(high)
    elif isinstance(value, str):
        low, high = str(low), None if high is None else str(high)
    return ORDER[operator](value, low, high)
