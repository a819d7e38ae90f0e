"""The shape of a rule: what it says, what steers it, where it comes from, and whether it is built."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `setting` names fields of the account, separated by spaces; `why_not` is empty once built."""

    id: str
    area: str
    statement: str
    source: str
    setting: str = ""
    why_not: str = ""

    @property
    def built(self) -> bool:
        """Whether SuiteSync does what the rule says."""
        return not self.why_not

    @property
    def settings(self) -> tuple[str, ...]:
        """The account's fields that steer it."""
        return tuple(self.setting.split())


@dataclass(frozen=True, slots=True)
class Area:
    """The rules about one thing, in the order in which they are read; `key` is its address on a page."""

    key: str
    title: str
    rules: tuple[Rule, ...]
