"""The rulebook as an accountant reads it: rules with their settings, beside worked entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from django.urls import reverse

from connector.engine import account_settings
from connector.engine.described import plan_json
from connector.models import StripeAccount
from connector.rulebook import AREAS, Area, Rule
from connector.rulebook.examples import EXAMPLES, NAMES, Example
from dashboard.postings import Posting, postings
from dashboard.setting_tabs import TAB_OF
from dashboard.setting_words import label, value_in_words

BUILT, NOT_BUILT = "built", "not_built"


@dataclass(frozen=True, slots=True)
class Steering:
    """A setting that steers a rule; how it stands, and where, are empty while no account is looked at."""

    name: str
    label: str
    value: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with the settings that steer it."""

    rule: Rule
    settings: tuple[Steering, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """An example with what the translation makes of it; `nothing` says why it makes no record."""

    key: str
    title: str
    story: str
    postings: tuple[Posting, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Section:
    """One area of the page."""

    key: str
    title: str
    rules: tuple[ShownRule, ...]
    worked: tuple[Worked, ...]

    @property
    def built(self) -> int:
        """How many of the shown rules are built."""
        return sum(shown.rule.built for shown in self.rules)


def sections(find: str = "", state: str = "", account: StripeAccount | None = None) -> list[Section]:
    """The areas with the rules that hold every word of `find`, in reading order; empty areas are left out."""
    words = find.casefold().split()
    found = ((area, _found(area, words, state)) for area in AREAS)
    return [
        Section(
            area.key, area.title, tuple(_shown(rule, account) for rule in rules), tuple(_worked(area.key))
        )
        for area, rules in found
        if rules
    ]


def _found(area: Area, words: list[str], state: str) -> list[Rule]:
    return [
        rule
        for rule in area.rules
        if (not state or rule.built == (state == BUILT))
        and all(word in _haystack(rule, area.title) for word in words)
    ]


@cache
def _haystack(rule: Rule, title: str) -> str:
    """All that a rule can be found by."""
    labels = (_label(name) for name in rule.settings)
    parts = (rule.id, title, rule.statement, rule.source, rule.setting, rule.why_not, *labels)
    return " ".join(parts).casefold()


def _shown(rule: Rule, account: StripeAccount | None) -> ShownRule:
    return ShownRule(rule, tuple(_steering(name, account) for name in rule.settings))


def _steering(name: str, account: StripeAccount | None) -> Steering:
    if account is None:
        return Steering(name, _label(name))
    page = reverse("dashboard:settings_tab", args=[account.name, TAB_OF[name].key])
    value = value_in_words(account_settings.fields()[name], getattr(account, name))
    return Steering(name, _label(name), value, f"{page}#{name}")


def _label(name: str) -> str:
    return label(account_settings.fields()[name])


def _worked(area: str) -> Iterable[Worked]:
    of_area = [example for example in EXAMPLES if example.area == area]
    for number, example in enumerate(of_area, start=1):
        yield _example(example, f"worked-{area}-{number}")


def _example(example: Example, key: str) -> Worked:
    plan = example.plan
    shown = postings(None, plan_json(plan, NAMES, {}, {}), key)
    unsent = tuple(replace(posting, standing=None) for posting in shown)
    return Worked(key, example.title, example.story, unsent, plan.skip.message if plan.skip else "")
