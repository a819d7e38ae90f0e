"""Fields in words: what an account's fixed values and mappings mean, as rows for a page."""

from __future__ import annotations

import json
from dataclasses import dataclass

from connector.engine.typed_json import Decoder
from connector.translation.mappings_read import is_empty, read


@dataclass(frozen=True, slots=True)
class Row:
    """One field that is filled: of which records, what NetSuite calls it, and what it gets."""

    record: str
    field: str
    gets: str


@dataclass(frozen=True, slots=True)
class Understood:
    """The rows that two texts mean, and what is wrong with them."""

    rows: tuple[Row, ...] = ()
    faults: tuple[str, ...] = ()


def understood(defaults: str, mappings: str) -> Understood:
    """Read both texts as they stand in the form; an empty one says nothing."""
    faults: list[str] = []
    written = [
        _json(name, text, faults)
        for name, text in (("Fixed values", defaults), ("Values from Stripe", mappings))
    ]
    found = read(*written)
    rows = [
        Row(kind, f"{one.field.name} ({one.field.type})", _gets(one.value))
        for kind, entries in found.fixed.items()
        for one in entries
    ]
    rows += [
        Row(kind, f"{one.field.name} ({one.field.type})", f"Stripe’s {'.'.join(one.path)}")
        for kind, mapped in found.from_stripe.items()
        for one in mapped
    ]
    return Understood(tuple(rows), (*faults, *found.faults))


def _json(name: str, text: str, faults: list[str]) -> object:
    try:
        return json.loads(text, cls=Decoder) if text.strip() else {}
    except ValueError as error:
        faults.append(f"{name}: this is not JSON yet. {error}")
        return {}


def _gets(value: object) -> str:
    return "nothing: it is cleared" if is_empty(value) else f"always {value}"
