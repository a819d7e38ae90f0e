"""The doorkeeper: the accounts that events come in for, and that each page names, held for a few seconds.

Reading an account takes as long as keeping an event. A change made in this process
counts at once, one made elsewhere after HELD_SECONDS; while a signing secret is
rolled both are valid, so nothing is refused in between.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.models.signals import post_delete, post_save

from connector.models import StripeAccount

HELD_SECONDS = 5.0

_held: dict[str, tuple[float, StripeAccount]] = {}
_all: list[tuple[float, list[StripeAccount]]] = []


def account_named(name: str) -> StripeAccount | None:
    """The account of this name, as it is or was a few seconds ago."""
    now = time.monotonic()
    since, account = _held.get(name, (0.0, None))
    if account and now - since < HELD_SECONDS:
        return account
    account = StripeAccount.objects.filter(name=name).first()
    if account:
        _held[name] = (now, account)
    return account


def accounts() -> list[StripeAccount]:
    """Every account by name, as they are or were a few seconds ago: for what stands around each page."""
    now = time.monotonic()
    if not _all or now - _all[0][0] >= HELD_SECONDS:
        _all[:] = [(now, list(StripeAccount.objects.order_by("name")))]
    return _all[0][1]


def forget(**_: Any) -> None:
    """Read every account anew."""
    _held.clear()
    _all.clear()


post_save.connect(forget, sender=StripeAccount)
post_delete.connect(forget, sender=StripeAccount)
