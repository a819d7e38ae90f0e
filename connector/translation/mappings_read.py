"""Fixed values and mappings as people write them: read, checked, and told what is wrong with them (FM-1).

    fixed values   {"invoice": {"klass_id": 5, "memo": null}, "invoice_item": {"department_id": 12}}
    from Stripe    {"customer": {"metadata.region": "custentity_region"}}

Every fault is told at once, each with its key and with what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from numbers import Real

from connector.money import Amount
from connector.netsuite.records import Ref, is_internal_id
from connector.translation.mappings_fields import KINDS, Field, Kind, field_of, path_of

Value = str | bool | int | Decimal | date | Ref
MOST_SECONDS = 253_402_300_799
"""The last second of the year 9999: what is larger is no Unix time in seconds."""
DIGITS_OF_A_DAY = 8
"""A Unix time of so few digits lies before May 1973; somebody meant a day."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A field and the value that it always gets, as it was written; None clears the field."""

    field: Field
    value: object


@dataclass(frozen=True, slots=True)
class FromStripe:
    """A field and the path of the Stripe value that it gets."""

    field: Field
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mappings:
    """What an account writes into fields, by kind of record. `faults` are told, and nothing is then used."""

    fixed: Mapping[str, tuple[Fixed, ...]]
    from_stripe: Mapping[str, tuple[FromStripe, ...]]
    faults: tuple[str, ...] = ()


def read(defaults: object, mappings: object) -> Mappings:
    """Both settings of an account, understood."""
    fixed, wrong = read_defaults(defaults)
    mapped, wrong_too = read_mappings(mappings)
    return Mappings(fixed, mapped, (*wrong, *wrong_too))


def read_defaults(written: object) -> tuple[dict[str, tuple[Fixed, ...]], list[str]]:
    """The fixed values by kind of record, and the faults."""
    found: dict[str, tuple[Fixed, ...]] = {}
    faults: list[str] = []
    for kind, entries in _kinds(written, '{"klass_id": 5}', faults):
        good: list[Fixed] = []
        for key, value in entries.items():
            try:
                field = field_of(kind, key)
                _check_not_taken(field, [one.field.name for one in good])
                _check_fixed(field, value)
            except ValueError as fault:
                faults.append(f"{kind.key}: {fault}")
            else:
                good.append(Fixed(field, value))
        found[kind.key] = tuple(good)
    return found, faults


def read_mappings(written: object) -> tuple[dict[str, tuple[FromStripe, ...]], list[str]]:
    """The values from Stripe by kind of record, and the faults."""
    found: dict[str, tuple[FromStripe, ...]] = {}
    faults: list[str] = []
    for kind, entries in _kinds(written, '{"metadata.class": "klass_id"}', faults):
        good: list[FromStripe] = []
        for path, key in entries.items():
            try:
                good.append(_mapping(kind, path, key, [one.field.name for one in good]))
            except ValueError as fault:
                faults.append(f"{kind.key}: {fault}")
        found[kind.key] = tuple(good)
    return found, faults


def _kinds(written: object, example: str, faults: list[str]) -> list[tuple[Kind, Mapping[str, object]]]:
    if not isinstance(written, Mapping):
        faults.append(f'Write the fields of each kind of record, like {{"invoice": {example}}}.')
        return []
    found: list[tuple[Kind, Mapping[str, object]]] = []
    for name, entries in written.items():
        kind = KINDS.get(name)
        if kind is None:
            faults.append(f"“{name}” is no kind of record. There are {', '.join(KINDS)}.")
        elif not isinstance(entries, Mapping):
            faults.append(f'{name}: write its fields in braces, like "{name}": {example}.')
        else:
            found.append((kind, entries))
    return found


def _mapping(kind: Kind, path: str, key: object, taken: list[str]) -> FromStripe:
    if key is None:
        raise ValueError(f"“{path}” leads nowhere. To clear a field, write it with null as a fixed value.")
    if not isinstance(key, str):
        raise ValueError(f"“{path}” needs the name of a field in quotes, not {key!r}.")
    field = field_of(kind, key)
    _check_not_taken(field, taken)
    return FromStripe(field, path_of(kind, path))


def _check_not_taken(field: Field, taken: list[str]) -> None:
    """A field of one's own has two spellings: `_id` behind it says that it holds a record."""
    if field.name in taken:
        raise ValueError(f"Two values would be written into “{field.key}”.")


def _check_fixed(field: Field, value: object) -> None:
    if is_empty(value):
        if not field.may_be_empty:
            raise ValueError(f"“{field.key}” must not be empty in NetSuite.")
        return
    try:
        converted(field, value, UTC)
    except ValueError as fault:
        raise ValueError(f"“{field.key}” {fault}") from None


def is_empty(value: object) -> bool:
    """Whether a value clears its field (FM-3)."""
    return value is None or (isinstance(value, str) and not value.strip())


def converted(field: Field, value: object, zone: tzinfo) -> Value:
    """A value as the field can hold it. Raises ValueError that says what it would have to be.

    A moment becomes its day in the account's time zone (K17).
    """
    match field.type:
        case "record":
            return Ref(field.ref, internal_id=_internal_id(value))
        case "date":
            return _day(value, zone)
        case "switch":
            return _switch(value)
        case "text":
            return _text(value, zone)
        case "any":
            return _as_it_is(value, zone)


def _internal_id(value: object) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not is_internal_id(text.removeprefix("-")):  # NetSuite's own list entries are below zero
        raise ValueError(f"must be NetSuite's internal id, like 5, not {_quoted(value)}.")
    return text


def _day(value: object, zone: tzinfo) -> date:
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    text = str(value).strip() if not isinstance(value, bool) else ""
    try:
        if len(text) == DIGITS_OF_A_DAY and text.isdigit():  # 20260131 would be a day of August 1970
            raise ValueError(text)
        if text.isascii() and text.isdigit() and int(text) <= MOST_SECONDS:
            return datetime.fromtimestamp(int(text), UTC).astimezone(zone).date()
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        told = f"must be a Unix time in seconds or a day like 2026-01-31, not {_quoted(value)}."
        raise ValueError(told) from None


def _switch(value: object) -> bool:
    known = {"true": True, "false": False}
    text = str(value).strip().lower()
    if isinstance(value, bool | str) and text in known:
        return known[text]
    raise ValueError(f"must be true or false, not {_quoted(value)}.")


def _text(value: object, zone: tzinfo) -> str:
    plain = _as_it_is(value, zone)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return plain.isoformat() if isinstance(plain, date) else str(plain)


def _as_it_is(value: object, zone: tzinfo) -> str | bool | int | Decimal | date:
    match value:
        case str():
            return value.strip()
        case bool() | int() | Decimal():
            return value
        case datetime():
            return value.astimezone(zone).date()
        case Amount():
            return value.value
        case Real():
            return _number(repr(value))
    raise ValueError(f"must be one value: text, a number, true or false, not {_quoted(value)}.")


def _number(value: str) -> Decimal:
    """A number of JSON with a point in it, digit by digit as it was written."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"must be a number, not {value}.") from None
    if not number.is_finite():
        raise ValueError(f"must be a number, not {value}.")
    return number


def _quoted(value: object) -> str:
    return f"“{str(value)[:80]}”"
