"""Causes: who looks after one, what was noted, until when it is put aside, and whether it came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from connector.engine import audit
from connector.engine.actions import Stale
from connector.models import Cause, Job, StripeAccount
from connector.models.audit import Verb

MORE = 10
"""Put aside until so many more records have it."""


def sweep() -> None:
    """Note which causes are settled and which came back; once a minute.

    A cause is settled when no record has it any more, not even one that is being tried again.
    """
    now = timezone.now()
    asking = set(_causes_of(Job.OPEN))
    alive = asking | set(_causes_of((Job.Status.READY, Job.Status.RUNNING)))
    known = {(row.account_id, row.code): row for row in Cause.objects.all()}
    new = [Cause(account_id=one.account_id, code=one.code) for one in asking - known.keys()]
    Cause.objects.bulk_create(new, ignore_conflicts=True)
    settled = [row.pk for key, row in known.items() if row.settled_at is None and key not in alive]
    back = [row.pk for key, row in known.items() if row.settled_at is not None and key in asking]
    Cause.objects.filter(pk__in=settled).update(
        settled_at=now, came_back_at=None, aside_until=None, aside_count=None
    )
    Cause.objects.filter(pk__in=back).update(settled_at=None, came_back_at=now)


def _causes_of(states: tuple[str, ...]) -> Any:
    rows = Job.objects.filter(status__in=states).exclude(code="").order_by()
    return rows.values_list("account_id", "code", named=True).distinct()


def assign(account: StripeAccount, code: str, person: Any, *, seen: int, who: str) -> None:
    """Make a person look after a cause, or nobody. Raises Stale."""
    _change(account, code, seen, who, Verb.ASSIGN, assignee=person)


def note(account: StripeAccount, code: str, text: str, *, seen: int, who: str) -> None:
    """Write what the next one should know; the one before stays in the audit. Raises Stale."""
    _change(account, code, seen, who, Verb.NOTE, note=text, noted_by=who, noted_at=timezone.now())


def put_aside(
    account: StripeAccount, code: str, *, until: datetime | None, count: int | None, seen: int, who: str
) -> None:
    """Keep a cause out of sight until a moment, or until `count` records have it. Raises Stale."""
    verb = Verb.PUT_ASIDE
    _change(account, code, seen, who, verb, aside_until=until, aside_count=count, aside_by=who)


def take_up(account: StripeAccount, code: str, *, seen: int, who: str) -> None:
    """Bring a cause back into sight. Raises Stale."""
    _change(account, code, seen, who, Verb.TAKE_UP, aside_until=None, aside_count=None, aside_by="")


def _change(account: StripeAccount, code: str, seen: int, who: str, verb: Verb, **changed: Any) -> None:
    with transaction.atomic():
        Cause.objects.get_or_create(account=account, code=code)
        row = Cause.objects.select_for_update(of=("self",)).get(account=account, code=code)
        if row.version != seen:
            raise Stale
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        audit.record(who, verb, account=account, subject=code, before=before, after=changed)
