"""Which rules of the rulebook the source names, and which ones tests carry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
CONNECTOR = TESTS.parent / "connector"
RULE = re.compile(r"(?:[A-Z]{2}-H?|K)\d+")


def claimed(*parts: str) -> dict[str, set[str]]:
    """The rule ids that parts of `connector` put on their records, and the modules that do.

    They are texts of an id, or of several with spaces between them.
    """
    found: dict[str, set[str]] = {}
    for path in (path for part in parts for path in sorted((CONNECTOR / part).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            words = (
                node.value.split() if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            )
            for rule in words if all(map(RULE.fullmatch, words)) else ():
                found.setdefault(rule, set()).add(path.name)
    return found


def markers(path: Path) -> Iterator[str]:
    """The rule ids of a test file's markers: `pytest.mark.rule("CU-5")`, or `rule("CU-5")` for short."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "rule":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def proven() -> dict[str, set[str]]:
    """The rule ids that tests carry, and the files that do."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for rule in markers(path):
            found.setdefault(rule, set()).add(path.name)
    return found
