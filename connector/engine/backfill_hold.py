"""The hold on a backfill: one run of an account at a time, and a run that was cut off goes on.

A process that was killed says nothing. On its own machine it is known to be gone by its number, from
elsewhere once its lease has run out; then the run is interrupted, and what it held is free again.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from connector.engine import audit
from connector.engine.jobs import IS_PAUSED
from connector.models import Backfill, Job, StripeAccount
from connector.models.audit import Verb

State = Backfill.State
BACKGROUND = "background:0:"
"""How the holder of a run begins that waits for its next turn in the background."""


class NotBegun(Exception):
    """The run cannot begin, or was taken from us; the message says why, for the person who asked."""


class Paused(NotBegun):
    """The account stands still until a person resumes it."""

    def __init__(self, account: StripeAccount) -> None:
        super().__init__(
            f"{account} is paused, so nothing of it is brought. Resume it on the page Today first."
        )


def refuse_paused(account: StripeAccount) -> None:
    """Raises Paused while the account is."""
    if StripeAccount.objects.filter(pk=account.pk, paused_at__isnull=False).exists():
        raise Paused(account)


def begin(
    account: StripeAccount,
    first: date,
    last: date | None,
    kinds: Sequence[str],
    *,
    who: str,
    background: bool = False,
) -> tuple[Backfill, bool]:
    """A run for this process, and whether it goes on with one that was cut off. Raises NotBegun.

    With `background` it is held by nobody, for whoever takes its first turn.
    """
    refuse_paused(account)
    free_the_dead(account)
    wanted = Backfill.objects.filter(account=account, date_from=first, date_to=last, kinds=list(kinds))
    newest = wanted.order_by("-pk").first()
    now = timezone.now()
    held = {
        "state": State.RUNNING,
        "holder": _nobody() if background else _new_holder(),
        "lease_expires_at": _lease_end(),
        "in_background": background,
        "stop_asked_by": "",
        "message": "",
        "so_far": {},
    }
    try:
        with transaction.atomic():
            if newest and newest.state == State.INTERRUPTED:
                Backfill.objects.filter(pk=newest.pk, state=State.INTERRUPTED).update(**held, resumed_at=now)
                newest.refresh_from_db()
                if newest.holder == held["holder"]:
                    _record(who, newest, resumed=True)
                    return newest, True
                raise _under_way(newest)
            made = Backfill(account=account, date_from=first, date_to=last, kinds=list(kinds), started_at=now)
            made.started_by = who
            for name, value in held.items():
                setattr(made, name, value)
            made.save()
            _record(who, made, resumed=False)
            return made, False
    except IntegrityError:  # somebody else began at the same moment
        raise _under_way(Backfill.objects.get(account=account, state=State.RUNNING)) from None


def _record(who: str, row: Backfill, *, resumed: bool) -> None:
    period = {"from": row.date_from, "to": row.date_to, "kinds": row.kinds, "resumed": resumed}
    audit.record(who, Verb.START_BACKFILL, account=row.account, subject=str(row), after=period)


def free_the_dead(account: StripeAccount) -> None:
    """Mark a run whose process is gone as interrupted. Raises NotBegun while one goes on."""
    row = Backfill.objects.filter(account=account, state=State.RUNNING).first()
    if row is None:
        return
    if _is_alive(row):
        raise _under_way(row)
    let_go(row, State.INTERRUPTED)


def renew(row: Backfill) -> None:
    """Hold the run a while longer, and keep how far it has come. Raises NotBegun when it was taken away."""
    row.lease_expires_at = _lease_end()
    kept = _held(row).update(lease_expires_at=row.lease_expires_at, cursors=row.cursors)
    if not kept:
        raise NotBegun(f"Another process has taken over the backfill of {row}. This one stops.")


def take(pk: int) -> Backfill | None:
    """Hold a run that waits for its next turn, or whose last turn broke off; None if it is not to be had.

    While its account is paused it is not.
    """
    free = Q(holder__startswith=BACKGROUND) | Q(lease_expires_at__lt=timezone.now())
    waiting = Backfill.objects.filter(free, ~IS_PAUSED, pk=pk, state=State.RUNNING, in_background=True)
    holder = _new_holder()
    if not waiting.update(holder=holder, lease_expires_at=_lease_end()):
        return None
    return Backfill.objects.select_related("account__netsuite_account").get(pk=pk)


def rest(row: Backfill) -> None:
    """End a turn: the run stays under way, and is free for the next one."""
    kept = {"cursors": row.cursors, "so_far": row.so_far}
    if _held(row).update(holder=_nobody(), lease_expires_at=_lease_end(), **kept):
        _free_in_hand(row)


def let_go(row: Backfill, state: str) -> None:
    """End the run here. Documents that its process had in hand are free for whoever comes next."""
    if not _held(row).update(
        state=state,
        ended_at=timezone.now(),
        lease_expires_at=None,
        cursors=row.cursors,
        proof=row.proof,
        now={},
    ):
        return
    row.state = state
    _free_in_hand(row)


def _free_in_hand(row: Backfill) -> None:
    in_hand = Job.objects.filter(
        account=row.account_id,
        status=Job.Status.RUNNING,
        lease_owner__startswith=f"{row.holder.rpartition(':')[0]}:",
    )
    in_hand.update(lease_expires_at=timezone.now())


def _held(row: Backfill) -> models.QuerySet[Backfill]:
    return Backfill.objects.filter(pk=row.pk, holder=row.holder, state=State.RUNNING)


def _nobody() -> str:
    return f"{BACKGROUND}{uuid.uuid4().hex[:8]}"


def _new_holder() -> str:
    """This machine and process, as jobs name their holder too, and what tells it from an earlier one."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _is_alive(row: Backfill) -> bool:
    """Whether the run's process may still work."""
    if row.lease_expires_at is None or row.lease_expires_at < timezone.now():
        return False
    host, number, _ = row.holder.rsplit(":", 2)
    if host != socket.gethostname()[:60]:
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so it is there
        return True
    return True


def _under_way(row: Backfill) -> NotBegun:
    began = (row.resumed_at or row.started_at).astimezone(row.account.zone)
    where = "in the background" if row.in_background else f"process {row.holder.rpartition(':')[0]}"
    stop = "on the page Past records" if row.in_background else "there with Ctrl-C"
    return NotBegun(
        f"A backfill of {row} is under way since {began:%Y-%m-%d %H:%M} (by {row.started_by or 'somebody'}, "
        f"{row.done} of {row.total} looked at, {where}). Wait for its end, or stop it {stop}; the same "
        "command then goes on where it stopped."
    )
