"""Typed JSON: JSON as a person writes it into a setting; nothing of it is dropped in silence.

A key that is written twice, a figure or a depth that no field needs, and characters that neither the
database nor NetSuite can keep are faults like a missing brace.
"""

from __future__ import annotations

import json
from typing import Any

from connector.netsuite.lengths import legal


class Decoder(json.JSONDecoder):
    """Raises json.JSONDecodeError with what is wrong."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_object)

    def decode(self, s: str, *args: Any) -> Any:
        """The value of a text."""
        try:
            return super().decode(s, *args)
        except json.JSONDecodeError:
            raise
        except RecursionError:
            raise json.JSONDecodeError("It is nested too deeply", s, 0) from None
        except ValueError as fault:
            raise json.JSONDecodeError(str(fault), s, 0) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"“{key}” is written twice")
        for text in (key, value):
            if isinstance(text, str) and text.strip() != legal(text):
                raise ValueError(f"{text[:80]!r} has characters that cannot be kept")
        found[key] = value
    return found
