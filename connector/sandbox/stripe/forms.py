"""Stripe's form encoding, `a[b][0][c]=d`, and the reading of single values."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import invalid

_PART = re.compile(r"\[([^\]]*)\]")


def parse(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested parameters from form pairs; numbered or empty brackets make lists."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        head, _, _ = key.partition("[")
        _put(tree, [head, *_PART.findall(key)], value)
    return {name: _listed(branch) for name, branch in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        branch = tree.setdefault(part or str(len(tree)), {})
        if not isinstance(branch, dict):
            raise invalid(f"Invalid parameter encoding at {part}.", param=part)
        tree = branch
    tree[path[-1] or str(len(tree))] = value


def _listed(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    inner = {name: _listed(value) for name, value in branch.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def flag(value: Any) -> bool:
    """A boolean parameter: true or false, as a word or a Python value."""
    if value in (True, "true", "True"):
        return True
    if value in (False, "false", "False"):
        return False
    raise invalid(f"Invalid boolean: {value}")


def whole(value: Any, param: str) -> int:
    """An integer parameter (minor units, Unix seconds, counts)."""
    try:
        return int(str(value))
    except ValueError:
        raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param) from None


def number(value: Any, param: str) -> Decimal:
    """A decimal parameter, such as a unit amount in minor units with up to twelve places."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"Invalid decimal: {value}", param=param) from None
    if not found.is_finite():
        raise invalid(f"Invalid decimal: {value}", param=param)
    return found


def text(value: Any) -> str | None:
    """A string parameter; an empty string unsets it."""
    return None if value in (None, "") else str(value)


def mapping(value: Any, param: str) -> dict[str, Any]:
    """A parameter that is a group of named parameters; an empty string is an empty group."""
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise invalid(f"Invalid object: {param}", param=param)
    return dict(value)


def merged_metadata(present: Mapping[str, str], given: Any) -> dict[str, str]:
    """Metadata after an update: an empty value removes its key, an empty string removes all keys."""
    if given == "":
        return {}
    changed = dict(present)
    for key, value in mapping(given, "metadata").items():
        if value in (None, ""):
            changed.pop(key, None)
        elif len(key) > 40:
            raise invalid(f"Metadata keys may have at most 40 characters: {key}", param="metadata")
        elif len(str(value)) > 500:
            raise invalid("Metadata values can have up to 500 characters.", param=f"metadata[{key}]")
        else:
            changed[key] = str(value)
    if len(changed) > 50:
        raise invalid("Metadata may have at most 50 keys.", param="metadata")
    return changed
