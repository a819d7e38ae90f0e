"""The shape of Stripe's JSON: how its fields are read, and what is said when one is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from connector.errors import UnknownAnswer

Json = Mapping[str, Any]

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters and halves of characters, which neither a database nor NetSuite can keep."""


class UnexpectedShape(ValueError):
    """Stripe's answer lacks something that the pinned API version promises."""

    def __init__(self, kind: str, path: str, found: object) -> None:
        super().__init__(f"Stripe sent a {kind} whose “{path}” is {found!r}.")


T = TypeVar("T")


def understood(read: Callable[[Json], T], data: Json) -> T:
    """What `read` makes of an object. Raises UnknownAnswer when it is not shaped as it should be."""
    try:
        return read(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        which = f"{data.get('object', 'object')} {data.get('id', '')}".strip()
        text = f"Stripe’s {which} cannot be read: {str(fault)[:300]}"
        raise UnknownAnswer("stripe_object_unreadable", text) from fault


def required(data: Json, path: str) -> Any:
    """The value at a dotted path. Raises UnexpectedShape when there is none."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None:
        raise UnexpectedShape(str(data.get("object", "object")), path, value)
    return value


def optional(data: Json, path: str) -> Any:
    """The value at a dotted path, or None."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def id_of(value: Any) -> str:
    """The id of an expandable field, expanded or not; empty when there is none."""
    return str(value.get("id", "") if isinstance(value, Mapping) else value or "")


def moment(seconds: Any) -> datetime | None:
    """A Unix time as a moment; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def text(value: Any) -> str:
    """Words as a database and NetSuite can keep them, and empty when there are none."""
    return "" if value is None else _NO_TEXT.sub("", str(value))


def metadata_of(data: Json) -> dict[str, str]:
    """The metadata of an object, as text."""
    return {str(key): text(value) for key, value in (data.get("metadata") or {}).items()}
