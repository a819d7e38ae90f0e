"""Results: what was measured, as a table for people and as bench.json for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its unit, its goal (empty when it only informs) and what to hold it against."""

    name: str
    title: str
    value: float
    unit: str
    goal: str = ""
    against: str = ""
    holds: bool = True

    @property
    def shown(self) -> str:
        """The number with about three digits that mean something."""
        digits = 0 if self.value >= 100 else 1 if self.value >= 10 else 2
        text = f"{self.value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


def at_most(name: str, title: str, value: float, limit: float, unit: str, against: str = "") -> Measure:
    """A measure that must not be above its limit."""
    return Measure(name, title, value, unit, f"at most {limit:g} {unit}", against, value <= limit)


def at_least(name: str, title: str, value: float, limit: float, unit: str, against: str = "") -> Measure:
    """A measure that must not be below its limit."""
    return Measure(name, title, value, unit, f"at least {limit:g} {unit}", against, value >= limit)


def print_table(measures: Sequence[Measure], console: Console) -> None:
    """Print one row for each measure."""
    table = Table(title="SuiteSync, measured on this machine")
    for heading in ("Measure", "Value", "Goal", "Beside it"):
        table.add_column(heading, justify="right" if heading == "Value" else "left")
    table.add_column("Holds")
    for one in measures:
        verdict = "" if not one.goal else "[green]yes[/]" if one.holds else "[bold red]NO[/]"
        table.add_row(one.title, f"{one.shown} {one.unit}", one.goal, one.against, verdict)
    console.print(table)


def write_json(measures: Sequence[Measure], path: Path) -> None:
    """Write `{name: {"value", "unit", "goal", "against", "holds"}}`; texts but for number and truth."""
    keys = ("unit", "goal", "against", "holds")
    document = {
        one.name: {"value": round(one.value, 3), **{key: getattr(one, key) for key in keys}}
        for one in measures
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
