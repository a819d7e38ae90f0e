"""Comparing now: what the night does, asked for by a person; in the background, one at a time per account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import transaction
from django_q.tasks import async_task

from connector.failures import Failure, describe
from connector.models import StripeAccount

SECONDS = 300
"""For so long a comparison that was asked for, and did not say that it has ended, is not asked for again."""
TOLD_SECONDS = 3600
"""For so long what stopped one is told."""
FINISHED = "finished"


def ask(account: StripeAccount, first: date, last: date, *, records: bool) -> bool:
    """Have payouts that arrived from `first` to `last` compared, and the balances; False while another is.

    With `records` NetSuite's records are looked at first, as in the night. Only reads.
    """
    if not cache.add(_key(account.pk), 1, SECONDS):
        return False
    cache.delete(_key(account.pk, "trouble"))
    with transaction.atomic():
        task = "compare" if records else "compare_payouts"
        async_task(f"connector.tasks.{task}", account.pk, first.isoformat(), last.isoformat())
    return True


def ended(account_id: int, outcome: str) -> None:
    """The next one may be asked for. An outcome other than FINISHED is a code of the catalogue, and told."""
    cache.delete(_key(account_id))
    if outcome != FINISHED:
        cache.set(_key(account_id, "trouble"), outcome, TOLD_SECONDS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a comparison was asked for and has not ended, and what stopped the last one."""

    under_way: bool
    trouble: Failure | None


def standing(accounts: Iterable[StripeAccount]) -> dict[int, Standing]:
    """How comparing stands for each account, by its key."""
    keys = {account.pk: (_key(account.pk), _key(account.pk, "trouble")) for account in accounts}
    held = cache.get_many([key for both in keys.values() for key in both])
    return {
        pk: Standing(asked in held, describe(held[trouble]) if trouble in held else None)
        for pk, (asked, trouble) in keys.items()
    }


def _key(account_id: int, what: str = "asked") -> str:
    return f"comparing:{what}:{account_id}"
