"""The rulebook is whole, and no rule is claimed without proof."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector import rulebook
from connector.models import StripeAccount
from connector.rulebook import AREAS, RULES, Area, Rule
from connector.rulebook.examples import EXAMPLES, NAMES, Example
from connector.translation.entries import entries
from tests.proofs import RULE, claimed, proven

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference" / "rulebook.md"

# How many rules each family has: those with a plain number, and those marked H, which close a hole.
FAMILIES = {
    "OM": (11, 3),
    "CU": (24, 3),
    "PI": (18, 3),
    "IN": (14, 4),
    "TZ": (2, 1),
    "PR": (4, 1),
    "DI": (2, 0),
    "TX": (8, 2),
    "SH": (1, 1),
    "CB": (10, 3),
    "NE": (1, 1),
    "ED": (1, 1),
    "UN": (8, 4),
    "RR": (10, 0),
    "CN": (12, 3),
    "CH": (30, 5),
    "RF": (15, 8),
    "DS": (11, 5),
    "PO": (16, 8),
    "MC": (9, 3),
    "SU": (5, 1),
    "ME": (2, 0),
    "FM": (4, 0),
    "SY": (5, 2),
    "ER": (8, 0),
    "PE": (7, 1),
    "BF": (5, 1),
    "IP": (10, 0),
}
DECISIONS = 25
IDS = (
    {f"{family}-{number}" for family, (plain, _) in FAMILIES.items() for number in range(1, plain + 1)}
    | {f"{family}-H{number}" for family, (_, holes) in FAMILIES.items() for number in range(1, holes + 1)}
    | {f"K{number}" for number in range(1, DECISIONS + 1)}
)
MENTION = re.compile(rf"\b(?:(?:{'|'.join(FAMILIES)})-H?|K)\d+\b(?!-)")


# The book


def test_every_rule_is_there_exactly_once() -> None:
    ids = [rule.id for area in AREAS for rule in area.rules]
    assert len(ids) == len(set(ids)) == len(IDS) == 342
    assert set(ids) == IDS


def test_the_list_of_ids_is_that_of_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"THE IDS ARE NOT COMPARED: the reference {REFERENCE.name} is not here.")
    text = REFERENCE.read_text(encoding="utf-8")
    ids = re.findall(r"^- ([A-Z]{2}-H?\d+)\.", text, re.MULTILINE) + re.findall(
        r"^\| (K\d+) ", text, re.MULTILINE
    )
    assert len(ids) == len(set(ids))
    assert set(ids) == IDS


def test_the_statements_are_our_own_words() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"THE WORDS ARE NOT COMPARED: the reference {REFERENCE.name} is not here.")
    text = " ".join(REFERENCE.read_text(encoding="utf-8").split())
    sentences = (
        (rule.id, each) for rule in RULES.values() for each in re.split(r"(?<=[.;:]) ", rule.statement)
    )
    assert [pair for pair in sentences if len(pair[1]) > 30 and pair[1].rstrip(".;:") in text] == []


def test_two_rules_with_one_id_are_refused() -> None:
    rule = Rule("XX-1", "x", "A.", "B")
    with pytest.raises(ValueError, match="same id"):
        rulebook._by_id((Area("x", "X", (rule,)), Area("y", "Y", (rule,))))


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.key)
def test_an_area_holds_its_own_rules_and_reads_well(area: Area) -> None:
    assert re.fullmatch(r"[a-z_]+", area.key)
    assert area.title[0].isupper()
    assert {rule.area for rule in area.rules} == {area.key}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_reads_well(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z“a-z].*[.”]", rule.statement)
    assert rule.statement.strip() == rule.statement
    assert "  " not in rule.statement
    assert len(rule.statement) <= 260
    assert rule.source[0].isupper()
    assert not rule.why_not or re.fullmatch(r"[A-Z][^.]*\.", rule.why_not)
    for setting in rule.settings:
        StripeAccount._meta.get_field(setting)


def test_rules_that_are_mentioned_in_a_rule_exist() -> None:
    mentioned = {id for rule in RULES.values() for id in MENTION.findall(rule.statement + rule.why_not)}
    assert mentioned <= IDS
    assert mentioned


def test_a_reason_is_said_in_one_way_and_every_one_is_used() -> None:
    from connector.rulebook import reasons

    written = {value for name, value in vars(reasons).items() if name.isupper()}
    assert set(rulebook.not_built()) == written


def test_what_is_not_built_is_counted_by_its_reason() -> None:
    by_reason = rulebook.not_built()
    assert sorted(id for ids in by_reason.values() for id in ids) == sorted(
        rule.id for rule in RULES.values() if not rule.built
    )


# Proof


def test_every_rule_that_the_source_names_is_built() -> None:
    named = claimed("translation", "engine")
    assert {rule: modules for rule, modules in named.items() if rule not in RULES} == {}
    assert {rule: modules for rule, modules in named.items() if not RULES[rule].built} == {}


def test_every_rule_that_the_translation_puts_on_a_record_is_carried_by_a_test() -> None:
    carried = proven()
    assert {rule: modules for rule, modules in claimed("translation").items() if rule not in carried} == {}


def test_every_rule_that_is_built_is_carried_by_a_test() -> None:
    carried = proven()
    assert [rule.id for rule in RULES.values() if rule.built and rule.id not in carried] == []


def test_no_test_carries_a_rule_that_is_not_built_or_not_there() -> None:
    wrong = {rule: files for rule, files in proven().items() if rule not in RULES or not RULES[rule].built}
    assert wrong == {}


def test_the_source_names_rules_at_all() -> None:
    assert {"CU-5", "PI-1", "IN-3", "CH-2", "OM-1", "RR-4", "ME-1"} <= claimed("translation").keys()
    assert all(RULE.fullmatch(rule) for rule in IDS)


def test_every_rule_that_a_text_mentions_exists() -> None:
    root = Path(rulebook.__file__).parents[2]
    places = (root / place for place in ("connector", "dashboard", "suitesync", "templates"))
    files = [path for place in places for path in place.rglob("*") if path.suffix in (".py", ".html")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    wrong = {
        (str(path.relative_to(root)), mention)
        for path, text in texts.items()
        for mention in MENTION.findall(text)
        if mention not in RULES
    }
    assert wrong == set()


# Worked entries


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_booked_by_the_translation_in_balance(example: Example) -> None:
    plan = example.plan
    assert (plan.problems, plan.later, plan.links) == ((), None, ())
    assert bool(plan.records) != bool(plan.skip)
    assert plan == example.plan
    for planned in plan.records:
        posted = entries(planned.record, NAMES)
        assert sum(entry.debit for entry in posted) == sum(entry.credit for entry in posted)
        assert not any(entry.account.startswith("account ") for entry in posted)


def test_every_family_of_invoices_has_an_example() -> None:
    shown = {example.area for example in EXAMPLES}
    assert shown <= {area.key for area in AREAS}
    families = "customers items invoices trials prorations discounts taxes shipping balance negative editing"
    assert {*families.split(), "closing", "revenue", "credit_notes", "charges", "currencies"} <= shown
