"""Every code that the source can give is in the catalogue, in words that finance people read."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.engine.jobs import Ending
from connector.errors import AlreadyThere, NeedsAttention, NotThere, UnknownAnswer, Verdict
from connector.failures import ENGINEER, FAILURES, Failure, _catalogue, describe, skips
from connector.netsuite import errors as netsuite
from connector.stripe import errors as stripe
from connector.translation.plan import Problem, Skip

ROOT = Path(__file__).resolve().parent.parent
NOT_READ = ("connector/sandbox/", "connector/failures/", "connector/migrations/")
GIVERS: Mapping[str, type] = {
    giver.__name__: giver for giver in (*Verdict.__subclasses__(), Problem, Skip, Ending)
}
FOR_A_PERSON = {kind.__name__ for kind in (NeedsAttention, NotThere, UnknownAnswer, AlreadyThere)}

FORBIDDEN = re.compile(
    r"\b(?:queue|task|worker|retry|retries|retried|exception|idempoten\w*|SOAP|HTTP|WSDL|XML|JSON|[45]\d\d|[45]xx"
    r"|job|lease|webhook|event|payload|request|response|backfill|mapping|rate.limit|timeout|time.out|traceback"
    r"|bug|null|database|thread|process)s?\b",
    re.IGNORECASE,
)
NAMES = {"NetSuite", "Stripe", "SuiteSync", "Undeposited", "Funds", "Accounts", "Receivable"}


# Reading the source


@dataclass(frozen=True)
class Given:
    """A code, where the source gives it, and the names that stand beside it."""

    code: str
    at: str
    beside: frozenset[str]


@dataclass(frozen=True)
class Module:
    """One file of ours, with what is needed to tell which code a call of it gives."""

    path: str
    tree: ast.Module

    def given(self) -> Iterator[Given]:
        """Every code that this file gives. What cannot be read here is given as an empty code."""
        for node in ast.walk(self.tree):
            for value in self._code_arguments(node):
                beside = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
                for code in self._codes(value):
                    yield Given(code, f"{self.path}:{value.lineno}", beside)

    def _code_arguments(self, node: ast.AST) -> Iterator[ast.expr]:
        if isinstance(node, ast.Dict) and self._word == "code":
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "code":
                    yield value
        if not isinstance(node, ast.Call):
            return
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = self._places.get(name)
        if place is not None and place < len(node.args):
            yield node.args[place]
        word = "code" if name in GIVERS else self._word
        yield from (keyword.value for keyword in node.keywords if keyword.arg == word)

    @property
    def _word(self) -> str:
        """What this part of the source calls a code of ours; at the doors, `code` is the vendor’s."""
        parts = {
            "connector/engine/": "code",
            "connector/netsuite/": "failure",
            "connector/stripe/": "failure",
        }
        return next((word for part, word in parts.items() if self.path.startswith(part)), "")

    @cached_property
    def _places(self) -> dict[str, int]:
        """At which place a call of this name takes a code: of the shared givers, and of this file's own."""
        words_of = {name: list(inspect.signature(giver).parameters) for name, giver in GIVERS.items()}
        shared = {name: words.index("code") for name, words in words_of.items()}
        mine = self._own_parameters()
        own = {name: words.index(self._word) for name, words in mine if self._word in words}
        return own | shared

    def _own_parameters(self) -> Iterator[tuple[str, list[str]]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                words = [argument.arg for argument in node.args.args]
                yield node.name, [word for word in words if word != "self"]
            elif isinstance(node, ast.ClassDef):
                fields = [field.target for field in node.body if isinstance(field, ast.AnnAssign)]
                yield node.name, [field.id for field in fields if isinstance(field, ast.Name)]

    def _codes(self, value: ast.expr) -> Iterator[str]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield from [value.value] if value.value else []
        elif isinstance(value, ast.IfExp):
            yield from self._codes(value.body)
            yield from self._codes(value.orelse)
        elif isinstance(value, ast.Name):
            found = [*self._constants(value.id), *self._from_loops(value)]
            yield from found or ([] if self._is_handed_on(value) else [""])
        elif not re.search(r"(?:\.code|\.failure|\['code'\])$", ast.unparse(value)):
            yield ""

    def _constants(self, name: str) -> Iterator[str]:
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                if name in names:
                    yield str(node.value.value)

    def _from_loops(self, name: ast.Name) -> Iterator[str]:
        """The values of a loop's variable, where the loop runs over a list that stands right there."""
        for loop in ast.walk(self.tree):
            parts = [loop] if isinstance(loop, ast.For) else getattr(loop, "generators", [])
            for part in parts:
                words = [each.id for each in ast.walk(part.target) if isinstance(each, ast.Name)]
                if name.id in words and any(node is name for node in ast.walk(loop)):
                    yield from self._column(part.iter, words.index(name.id))

    def _column(self, rows: ast.expr, place: int) -> Iterator[str]:
        for row in getattr(rows, "elts", []):
            value = row.elts[place] if isinstance(row, ast.Tuple) else row
            yield str(value.value) if isinstance(value, ast.Constant) else ""

    def _is_handed_on(self, name: ast.Name) -> bool:
        """Whether it is a parameter, whose callers are read as well, or was taken from a verdict."""
        for function in ast.walk(self.tree):
            if isinstance(function, ast.FunctionDef) and any(node is name for node in ast.walk(function)):
                place = self._places.get(function.name)
                takes_it = name.id in [argument.arg for argument in function.args.args]
                taken = re.search(
                    rf"^\W*{name.id}\b[^=]*= \W*\w+\.code\b", ast.unparse(function), re.MULTILINE
                )
                if (takes_it and place is not None) or taken:
                    return True
        return False


@cache
def given_codes() -> tuple[Given, ...]:
    """Every code that our source gives, with its place."""
    found: list[Given] = []
    for file in sorted([*ROOT.glob("connector/**/*.py"), *ROOT.glob("dashboard/**/*.py")]):
        path = file.relative_to(ROOT).as_posix()
        if not path.startswith(NOT_READ):
            found += Module(path, ast.parse(file.read_text(encoding="utf-8"))).given()
    return tuple(found)


def read(text: str) -> list[str]:
    return [one.code for one in Module("connector/engine/example.py", ast.parse(text)).given()]


# The catalogue and the source


def test_every_code_that_the_source_gives_is_in_the_catalogue() -> None:
    assert [f"{one.at}: {one.code}" for one in given_codes() if one.code and one.code not in FAILURES] == []


def test_the_catalogue_has_no_code_that_the_source_cannot_give() -> None:
    assert set(FAILURES) - {one.code for one in given_codes()} == set()


def test_every_code_is_given_in_a_way_that_can_be_read_here() -> None:
    assert [one.at for one in given_codes() if not one.code] == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("raise RetryLater('a', 'words')", ["a"]),
        ("raise NeedsAttention(message='words', code='a')", ["a"]),
        ("Ending(Status.SKIPPED, 'a')", ["a"]),
        ("Ending(Status.SUCCESSFUL)", []),
        ("Problem('a' if late else 'b', 'words')", ["a", "b"]),
        ("LOST = 'a'\nAnswerLost(LOST, 'words')", ["a"]),
        ("tuple(Problem(code, name) for code, name in (('a', 'x'), ('b', 'y')))", ["a", "b"]),
        ("def end(code, message):\n    Problem(code, message)\nend('a', 'words')", ["a"]),
        ("def end(verdict):\n    code = verdict.code\n    Problem(code, 'words')", []),
        ("def end(verdict):\n    code, text = verdict.code, verdict.message\n    Problem(code, text)", []),
        ("Problem(refusal.code, 'words')", []),
        ("Problem(first['code'], 'words')", []),
        ("older.update(status=SKIPPED, code='a')", ["a"]),
        ("{'status': SKIPPED, 'code': 'a'}", ["a"]),
        ("Problem(chosen(), 'words')", [""]),
        ("Problem(f'{kind}_missing', 'words')", [""]),
        ("def end(kind):\n    Problem(kind, 'words')", [""]),
    ],
)
def test_a_code_is_found_however_it_is_given(text: str, codes: list[str]) -> None:
    assert sorted(read(text)) == codes


def test_every_table_of_the_doors_is_read() -> None:
    codes = {one.code for one in given_codes()}
    assert {row.failure for row in netsuite.ROWS} <= codes
    assert {row.failure for row in netsuite.HTTP_ROWS} <= codes
    assert {row.failure for row in stripe.TABLE} <= codes


def test_two_entries_with_one_code_are_refused() -> None:
    one, other = (Failure("same", title, "Why.", "What.") for title in ("One", "Other"))
    with pytest.raises(ValueError, match="same code"):
        _catalogue(one, other)


# Its words


def sentences(failure: Failure) -> tuple[str, str]:
    return failure.cause, failure.next_step


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_an_entry_reads_well(failure: Failure) -> None:
    assert "manage.py" not in f"{failure.cause} {failure.next_step}"  # who reads it has only the console
    for text in (failure.title, *sentences(failure), failure.who):
        assert text == " ".join(text.split())
        assert text[0].isupper()
        assert not FORBIDDEN.search(text)
    assert all(text.endswith(".") for text in sentences(failure))
    assert not failure.title.endswith(".")
    assert len(failure.title) <= 60


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_title_is_in_sentence_case(failure: Failure) -> None:
    capitals = [word for word in failure.title.split()[1:] if word[0].isupper()]
    assert [word for word in capitals if word.removesuffix("’s") not in NAMES] == []


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_cause_is_one_or_two_sentences(failure: Failure) -> None:
    assert 1 <= len(re.findall(r"[.?!](?:\s|$)", failure.cause)) <= 2


def test_no_two_entries_say_the_same_for_different_reasons() -> None:
    titles = [failure.title for failure in FAILURES.values()]
    # One lost answer, noticed at the door or by the engine: to the reader the same thing.
    again = {title for title in titles if titles.count(title) > 1}
    assert again == {"Checking whether it arrived"}


# Its buttons


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_button_leads_to_a_place_that_the_next_step_names(failure: Failure) -> None:
    named = {"open_netsuite": ("NetSuite", " > "), "open_stripe": ("Stripe",), "settings": ("settings",)}
    for action in failure.actions:
        assert action == "retry" or any(word in failure.next_step for word in named[action])
    assert len(set(failure.actions)) == len(failure.actions)


def test_what_is_skipped_on_purpose_offers_no_button() -> None:
    skipped = {one.code for one in given_codes() if {"Skip", "SKIPPED"} & one.beside}
    assert skipped
    assert {code for code in skipped if FAILURES[code].actions} == set()
    assert skipped <= {failure.code for failure in skips.FAILURES}


def test_what_ends_with_a_person_offers_a_button() -> None:
    waiting = {one.code for one in given_codes() if one.beside & FOR_A_PERSON}
    assert waiting
    assert {code for code in waiting if not FAILURES[code].actions} == set()


def test_a_setting_can_be_opened_wherever_it_is_to_be_changed() -> None:
    changing = re.compile(r"(?:choose|enter|correct|turn)\b[^.]* in the account’s settings", re.IGNORECASE)
    wanting = [one for one in FAILURES.values() if one.actions and changing.search(one.next_step)]
    assert wanting
    assert [one.code for one in wanting if "settings" not in one.actions] == []


# Describing


@pytest.mark.parametrize("code", FAILURES)
def test_a_known_code_is_described_by_its_entry(code: str) -> None:
    assert describe(code) is FAILURES[code]


@given(st.text())
def test_any_text_can_be_described(code: str) -> None:
    described = describe(code)
    assert described.code == code
    assert all(text.endswith(".") for text in sentences(described))


def test_an_unknown_code_is_for_an_engineer_and_says_its_name() -> None:
    described = describe("never_heard_of")
    assert described.who == ENGINEER
    assert "never_heard_of" in described.cause
    assert not FORBIDDEN.search(f"{described.title} {described.next_step}")


def test_the_catalogue_loads_without_django() -> None:
    program = "import sys, connector.failures\nprint('django' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "False"
