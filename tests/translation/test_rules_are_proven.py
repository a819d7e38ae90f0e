"""No rule is claimed without proof: every rule id on a planned record is carried by at least one test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from connector import translation

TESTS = Path(__file__).resolve().parent.parent
SOURCE = Path(translation.__file__).parent
RULE = re.compile(r"[A-Z]{2}-H?\d+")


def claimed() -> dict[str, set[str]]:
    """The rule ids that the translation puts on its records, and the modules that do."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and RULE.fullmatch(node.value):
                found.setdefault(node.value, set()).add(path.name)
    return found


def markers(path: Path) -> Iterator[str]:
    """The rule ids of a test file's markers: `pytest.mark.rule("CU-5")`, or `rule("CU-5")` for short."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "rule":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def test_every_rule_that_the_source_claims_is_carried_by_a_test() -> None:
    proven = {rule for path in sorted(TESTS.rglob("test_*.py")) for rule in markers(path)}
    without = {rule: sorted(modules) for rule, modules in claimed().items() if rule not in proven}
    assert without == {}


def test_the_source_names_rules_at_all() -> None:
    assert {"CU-5", "PI-1", "IN-3", "CH-2", "OM-1", "RR-4", "ME-1"} <= claimed().keys()


def test_every_marker_of_this_folder_is_a_rule_id() -> None:
    wrong = {
        (path.name, mark)
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for mark in markers(path)
        if not RULE.fullmatch(mark)
    }
    assert wrong == set()
