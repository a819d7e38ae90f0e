"""The shape of the house: who may import whom, and the rules that every file keeps."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("suitesync", "connector", "dashboard")
OURS = (*PACKAGES, "tests", "bench", "manage")

# What each part may import of ours, itself apart. A part that is not listed stands above all these.
DIRECTIONS = {
    "dashboard": (
        "connector.engine",
        "connector.models",
        "connector.money",
        "connector.failures",
        "connector.rulebook",
    ),
    "connector/engine": (
        "connector.models",
        "connector.credentials",
        "connector.translation",
        "connector.stripe",
        "connector.netsuite",
        "connector.money",
        "connector.errors",
        "connector.failures",
    ),
    "connector/models": (
        "connector.translation.mappings_read",
        "connector.credentials",
        "connector.money",
        "connector.errors",
        "connector.failures",
    ),
    "connector/translation": (
        "connector.stripe.objects",
        "connector.stripe.billing",
        "connector.stripe.credit_note",
        "connector.stripe.customer_balance",
        "connector.stripe.balance",
        "connector.stripe.reversals",
        "connector.netsuite.records",
        "connector.money",
    ),
    "connector/rulebook": (
        "connector.translation",
        "connector.stripe.objects",
        "connector.stripe.billing",
        "connector.stripe.credit_note",
        "connector.stripe.balance",
        "connector.stripe.reversals",
        "connector.netsuite.records",
        "connector.money",
    ),
    "connector/stripe": ("connector.money", "connector.errors"),
    "connector/netsuite": ("connector.money", "connector.errors"),
    "connector/sandbox": (),
    "connector/money.py": (),
    "connector/errors.py": (),
    "connector/failures": ("connector.errors",),
}
WITHOUT_DJANGO = (
    "connector/rulebook",
    "connector/translation",
    "connector/stripe",
    "connector/netsuite",
    "connector/sandbox",
    "connector/money.py",
    "connector/errors.py",
)
MONEY_PATHS = (
    "connector/rulebook",
    "connector/translation",
    "connector/netsuite/records.py",
    "connector/stripe/objects.py",
    "connector/money.py",
)
# A vendor's library, and the one place that knows it. The practice world speaks for itself.
DOORS = {
    "zeep": "connector/netsuite/soap",
    "stripe": "connector/stripe",
    "environ": "suitesync/settings.py",
}
DJANGO = re.compile(r"django(_\w+)?$|csp$|whitenoise$")
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES = 500


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the top, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> list[str]:
        return list(Path(self.path).parent.parts)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything imported, also inside functions and for type checking only."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = self.package[: len(self.package) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


@lru_cache
def sources(place: str) -> tuple[Source, ...]:
    """The Python files at a file's or folder's path."""
    top = ROOT / place
    files = [top] if top.is_file() else sorted(top.rglob("*.py"))
    return tuple(
        Source(str(file.relative_to(ROOT)), text, ast.parse(text))
        for file in files
        for text in [file.read_text(encoding="utf-8")]
    )


def within(name: str, parents: tuple[str, ...]) -> bool:
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def dotted(place: str) -> str:
    return place.removesuffix(".py").replace("/", ".")


ALL_FILES = [source for package in (*PACKAGES, "tests", "bench", "manage.py") for source in sources(package)]
OUR_FILES = [source for source in ALL_FILES if not source.path.startswith(("tests/", "bench/"))]


@pytest.mark.parametrize("part", DIRECTIONS)
def test_imports_run_one_way(part: str) -> None:
    assert sources(part), f"{part} is missing"
    allowed = (dotted(part), *DIRECTIONS[part])
    wrong = [
        f"{source.at(line)} imports {name}"
        for source in sources(part)
        for line, name in source.imports()
        if name.split(".")[0] in OURS and not within(name, allowed)
    ]
    assert wrong == []


@pytest.mark.parametrize("part", WITHOUT_DJANGO)
def test_the_pure_parts_do_not_name_django(part: str) -> None:
    wrong = [
        f"{source.at(line)} imports {name}"
        for source in sources(part)
        for line, name in source.imports()
        if DJANGO.match(name.split(".")[0])
    ]
    assert wrong == []


def test_the_pure_parts_load_without_django() -> None:
    modules = [
        dotted(source.path).removesuffix(".__init__") for part in WITHOUT_DJANGO for source in sources(part)
    ]
    program = (
        f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules if name.startswith('django')}))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert loaded.stderr == ""
    assert loaded.stdout.split() == []


def test_only_commands_and_tests_import_the_practice_world() -> None:
    wrong = [
        f"{source.at(line)} imports {name}"
        for source in OUR_FILES
        if not source.path.startswith(("connector/sandbox/", "connector/management/commands/"))
        for line, name in source.imports()
        if within(name, ("connector.sandbox",))
    ]
    assert wrong == []


@pytest.mark.parametrize("library", DOORS)
def test_one_place_knows_each_library_of_the_outside(library: str) -> None:
    door = DOORS[library]
    wrong = [
        f"{source.at(line)} imports {name}"
        for source in OUR_FILES
        if not Path(source.path).is_relative_to(door) and not source.path.startswith("connector/sandbox/")
        for line, name in source.imports()
        if name.split(".")[0] == library
    ]
    assert wrong == []


def test_only_the_settings_read_the_environment() -> None:
    """Handing the whole environment on to a child process is no reading."""
    reading = re.compile(
        r"os\.getenv|os\.environ\.get|os\.environ\[[^]]+\](?!\s*=[^=])|import getenv|import environ$"
    )
    wrong = [
        f"{source.at(number)}: {line.strip()}"
        for source in OUR_FILES
        if source.path not in ("suitesync/settings.py", "manage.py")
        for number, line in enumerate(source.text.splitlines(), start=1)
        if reading.search(line)
    ]
    assert wrong == []


def test_translation_reads_no_clock_and_no_setting() -> None:
    outside = ("os", "time", "random", "secrets", "uuid", "pathlib")
    wrong = [
        f"{source.at(line)} imports {name}"
        for source in sources("connector/translation")
        for line, name in source.imports()
        if within(name, outside)
    ] + [
        f"{source.at(node.lineno)} asks for {node.attr}"
        for source in sources("connector/translation")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
    ]
    assert wrong == []


@pytest.mark.parametrize("part", MONEY_PATHS)
def test_money_is_never_a_float(part: str) -> None:
    wrong = [
        source.at(node.lineno)
        for source in sources(part)
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert wrong == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        source.path
        for source in ALL_FILES
        if "migrations" not in source.package and not ast.get_docstring(source.tree)
    ]
    assert silent == []


def test_no_file_is_named_for_nothing() -> None:
    assert [
        source.path for source in ALL_FILES if NAMELESS & {*Path(source.path).parts, Path(source.path).stem}
    ] == []


def test_no_file_is_too_long_to_know() -> None:
    long = [
        source.path
        for source in ALL_FILES
        if "migrations" not in source.package and len(source.text.splitlines()) > MOST_LINES
    ]
    assert long == []


def test_nothing_is_left_unfinished() -> None:
    unfinished = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|Not" + r"ImplementedError)\b")
    wrong = [
        f"{source.at(number)}: {line.strip()}"
        for source in ALL_FILES
        for number, line in enumerate(source.text.splitlines(), start=1)
        if unfinished.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", ["requirements/run.txt", "requirements/dev.txt"])
def test_the_pinned_lists_name_packages_and_no_place(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    place = re.compile(r"://|\s@\s|^\s*-(?!-hash=)|(?:^|\s)[/~.]|index|find-links|trusted")
    assert [line for line in lines if not line.lstrip().startswith("#") and place.search(line.strip())] == []
    assert [line for line in lines if "://" in line or re.search(r"\s/\w", line)] == []


@pytest.mark.parametrize("lock", ["requirements/run.txt", "requirements/dev.txt"])
def test_every_pinned_package_has_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.findall(
        r"^(\S+)==\S+((?:.*\\\n)?(?:\s+--hash=sha256:[0-9a-f]{64}(?: \\)?\n)*)", text, re.MULTILINE
    )
    assert len(entries) > 20
    assert [name for name, hashes in entries if "--hash=" not in hashes] == []
