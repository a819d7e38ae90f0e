"""Setting, Group and Tab: what the pages of Settings are made of."""

from __future__ import annotations

from dataclasses import dataclass

from connector.engine.lookups import Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its field's name, the records that it changes, and one case in figures."""

    name: str
    affects: str
    example: str
    lookup: Kind | None = None
    """What it is chosen from in NetSuite; none where it is typed."""
    required: bool = False
    """Whether nothing, or not everything, can be booked while it is empty."""
    help: str = ""
    """What it means, where the model's help text says how to write it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are looked at together."""

    title: str
    settings: tuple[Setting, ...]
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of Settings; `key` is its address."""

    key: str
    title: str
    sub: str
    groups: tuple[Group, ...]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All of its settings, in the order in which they are read."""
        return tuple(one for group in self.groups for one in group.settings)
