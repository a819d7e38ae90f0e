"""Messages: who wants to be told what of an account, and that each thing is told once.

A mail is claimed in the database before it is sent. When a worker dies between the two, the mail is lost
rather than doubled: what it said stands on the console all the same, and the row that was left open is
shown there. A second mail would be a second alarm, which people learn to overlook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from connector.engine import audit
from connector.engine.actions import Stale
from connector.models import Message, Recipient, StripeAccount
from connector.models.audit import Verb

MORNING = time(7)
NOON = time(12)
"""The morning's mail is sent between the two; after noon, as when the machine was down, there is none."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What is told to one person of one account."""

    morning: bool = False
    at_once: bool = False
    days: int = 3

    def __str__(self) -> str:
        parts = ["every morning"] * self.morning
        parts += [f"at once, and money after {self.days} days"] * self.at_once
        return "; ".join(parts) or "nothing"


# Who wants what


def people() -> Sequence[User]:
    """Everybody who may be told: active staff."""
    return list(User.objects.filter(is_active=True, is_staff=True).order_by("username"))


def wishes(account: StripeAccount) -> dict[int, Wish]:
    """What each person wants to be told of an account, by the person's key."""
    rows = Recipient.objects.filter(account=account)
    return {row.user_id: Wish(row.morning, row.at_once, row.days) for row in rows}


def version(account: StripeAccount) -> str:
    """What a page has seen of the wishes."""
    return sha256(str(sorted(wishes(account).items(), key=lambda one: one[0])).encode()).hexdigest()[:16]


def choose(account: StripeAccount, wanted: Mapping[User, Wish], *, seen: str, who: str) -> bool:
    """Keep what people are told; nobody else is touched. Returns whether anything changed. Raises Stale."""
    with transaction.atomic():
        StripeAccount.objects.select_for_update().get(pk=account.pk)
        if seen != version(account):
            raise Stale
        before = wishes(account)
        new = {user: wish for user, wish in wanted.items() if before.get(user.pk, Wish()) != wish}
        for user, wish in new.items():
            told = {"morning": wish.morning, "at_once": wish.at_once, "days": wish.days}
            Recipient.objects.update_or_create(account=account, user=user, defaults=told)
        if new:
            audit.record(
                who,
                Verb.CHANGE_MESSAGES,
                account=account,
                subject=account.name,
                before={user.username: str(before.get(user.pk, Wish())) for user in new},
                after={user.username: str(wish) for user, wish in new.items()},
            )
    return bool(new)


def recipients() -> dict[User, list[Recipient]]:
    """Everybody who wants to be told something and can be, with what they want."""
    rows = (
        Recipient.objects.filter(user__is_active=True, user__is_staff=True)
        .exclude(user__email="")
        .exclude(morning=False, at_once=False)
        .select_related("user__preferences", "account__netsuite_account")
        .order_by("user__username", "account__name")
    )
    found: dict[User, list[Recipient]] = {}
    for row in rows:
        found.setdefault(row.user, []).append(row)
    return found


# What is told once


def is_morning(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is the morning of a weekday in `zone`."""
    there = now.astimezone(zone)
    return there.weekday() < SATURDAY and MORNING <= there.time() < NOON


def claim(user: User, kind: str, key: str) -> Message | None:
    """Take it upon oneself to tell somebody something; None when that was taken already.

    It is committed before any mail is sent: call it outside a transaction.
    """
    row, is_new = Message.objects.get_or_create(user=user, kind=kind, key=key[:200])
    return row if is_new else None


def unclaimed(user: User, kind: str, keys: Iterable[str]) -> set[str]:
    """Which of these nobody has told a person yet."""
    keys = {key[:200] for key in keys}
    told = Message.objects.filter(user=user, kind=kind, key__in=keys)
    return keys - set(told.values_list("key", flat=True))


def note(rows: Iterable[Message], **what: Any) -> None:
    """Write down what became of some messages: `sent_at`, `needless` or `refused`."""
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(**what)


def last_of(user: User | Any, count: int = 5) -> Sequence[Message]:
    """The newest messages to a person."""
    return list(Message.objects.filter(user=user.pk, needless=False)[:count])
