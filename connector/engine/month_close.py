"""Month close: who said that a month is complete, and has it changed since?

    look -> a person ticks -> what was seen is kept with the tick

The nightly comparison looks again; what differs reopens the month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from connector.engine import audit
from connector.engine.months import Figure, Item, Json, Key, Look, Month, look, moment
from connector.models import MonthClose, StripeAccount
from connector.models.audit import Verb

NOT_COMPARED = ("balances",)
"""What says how things stand now, not in that month, so that a later state of it reopens nothing."""


class NotTicked(Exception):
    """It cannot be ticked or taken back; the message says why, for the person who pressed."""


class Stale(NotTicked):
    """The month is no longer as the person saw it."""

    def __init__(self) -> None:
        super().__init__("The month has changed since you opened this page. Look at it anew, then tick.")


class ReasonNeeded(NotTicked):
    """Something is open and no reason was given."""

    def __init__(self) -> None:
        super().__init__("Something of the month is open. Say why it is ticked all the same.")


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was when the month was ticked: an item of the list, or a figure."""

    what: str
    currency: str
    before: tuple[int, str]
    after: tuple[int, str]


def standing_tick(month: Month) -> MonthClose | None:
    """The tick that stands."""
    return MonthClose.objects.filter(account=month.account, month=month.first, ended_at=None).first()


def seen(found: Look, tick: MonthClose | None) -> str:
    """The version of a month that a page shows; moments of comparisons are no part of it."""
    facts = found.facts
    for item in facts["items"]:
        del item["at"]
    told = json.dumps(facts, sort_keys=True).encode()
    return f"{tick.pk if tick else 0}.{hashlib.sha256(told).hexdigest()[:16]}"


def tick(month: Month, *, who: str, reason: str, seen_then: str) -> MonthClose:
    """Keep that somebody finds the month complete, or complete enough for `reason`. Raises NotTicked."""
    found, before = look(month), standing_tick(month)
    if seen_then != seen(found, before):
        raise Stale
    if before and not before.reopened_at and not changes(before, found):
        raise NotTicked(f"{before.who} has ticked it already, and nothing has changed since.")
    if not found.complete and not reason.strip():
        raise ReasonNeeded
    now = timezone.now()
    try:
        with transaction.atomic():
            if before and not _standing(before).update(ended_at=now, ended_by=who, ended_why="Ticked anew."):
                raise Stale
            made = MonthClose.objects.create(
                account=month.account, month=month.first, who=who, at=now, reason=reason, facts=found.facts
            )
            left = [item.key for item in found.items if not item.done]
            audit.record(
                who,
                Verb.CLOSE_MONTH,
                account=month.account,
                subject=f"{month.first:%Y-%m}",
                reason=reason,
                after={"complete": found.complete, "open": left},
            )
    except IntegrityError:  # somebody else ticked at the same moment
        raise Stale from None
    return made


def take_back(month: Month, *, who: str, reason: str, seen_then: str) -> None:
    """End the tick that stands. Raises NotTicked."""
    before = standing_tick(month)
    if before is None or seen_then != str(before.pk):
        raise Stale
    if not reason.strip():
        raise NotTicked("Say why the tick is taken back. It is kept with your name.")
    with transaction.atomic():
        if not _standing(before).update(ended_at=timezone.now(), ended_by=who, ended_why=reason):
            raise Stale
        audit.record(
            who,
            Verb.REOPEN_MONTH,
            account=month.account,
            subject=f"{month.first:%Y-%m}",
            reason=reason,
            before={"ticked_by": before.who, "ticked_at": moment(before.at)},
        )


def _standing(tick: MonthClose) -> QuerySet[MonthClose]:
    return MonthClose.objects.filter(pk=tick.pk, ended_at=None)


# Changed since


def changes(tick: MonthClose, now: Look) -> list[Change]:
    """What is not as it was: figures that differ, and items of which more is open."""
    return [*_worse(items_of(tick.facts), now.items), *_differing(figures_of(tick.facts), now.figures)]


def items_of(facts: Json) -> tuple[Item, ...]:
    """The checklist that was kept with a tick."""
    return tuple(Item(**{**one, "key": cast(Key, one["key"])}) for one in facts.get("items", ()))


def figures_of(facts: Json) -> tuple[Figure, ...]:
    """The figures that were kept with a tick."""
    return tuple(Figure(**one) for one in facts.get("figures", ()))


def _worse(then: Sequence[Item], now: Sequence[Item]) -> list[Change]:
    before = {item.key: item.count for item in then}
    more = [item for item in now if item.count > before.get(item.key, 0) and item.key not in NOT_COMPARED]
    return [Change(item.key, "", (before.get(item.key, 0), ""), (item.count, "")) for item in more]


def _differing(then: Sequence[Figure], now: Sequence[Figure]) -> list[Change]:
    old = {(one.what, one.currency): (one.count, one.sum) for one in then}
    new = {(one.what, one.currency): (one.count, one.sum) for one in now}
    nothing = (0, "")
    return [
        Change(what, currency, old.get((what, currency), nothing), new.get((what, currency), nothing))
        for what, currency in sorted({*old, *new})
        if old.get((what, currency)) != new.get((what, currency))
    ]


def reopen_changed(account: StripeAccount) -> int:
    """Reopen each ticked month of an account that has changed since; returns how many. After a comparison."""
    ticks = MonthClose.objects.filter(account=account, ended_at=None, reopened_at=None)
    changed = [one for one in ticks if changes(one, look(Month(account, one.month)))]
    return sum(
        MonthClose.objects.filter(pk=one.pk, ended_at=None, reopened_at=None).update(
            reopened_at=timezone.now()
        )
        for one in changed
    )
