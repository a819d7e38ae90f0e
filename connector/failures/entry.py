"""The shape of a catalogue entry, who can act on it, and what a page can offer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["retry", "open_netsuite", "open_stripe", "settings"]

ANYBODY = "Anybody who resolves records"
ADMIN = "The person who looks after the connection"
ENGINEER = "An engineer"
ACCOUNTANT = "An accountant who knows this customer"
NOBODY = "Nobody has to: it goes on by itself"

TRIED_AGAIN = "Nothing needs to be done: SuiteSync tries again by itself."


@dataclass(frozen=True, slots=True)
class Failure:
    """`actions` are the buttons that a job with this code offers."""

    code: str
    title: str
    cause: str
    next_step: str
    who: str = ANYBODY
    actions: tuple[Action, ...] = ("retry",)


def nobody_acts(code: str, *, title: str, cause: str, next_step: str = TRIED_AGAIN) -> Failure:
    """An entry without a button: it is tried again by itself, or was skipped on purpose."""
    return Failure(code, title=title, cause=cause, next_step=next_step, who=NOBODY, actions=())
