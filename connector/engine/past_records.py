"""Past records: a backfill in the background, turn by turn, with a look before it.

    ask -> look (writes nothing) -> start -> turn, turn, turn -> complete | incomplete
                                          stop -> interrupted -> start goes on

A worker may run one thing for JOB_TIME_LIMIT only, so a run works for half of that, rests, and rings for
its next turn. A turn that broke off is found by the sweep once its lease has run out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from connector.engine import audit, backfill_hold
from connector.engine.backfill import Desk, Interrupted, Run, TurnOver
from connector.engine.backfill_hold import NotBegun
from connector.engine.backfill_period import KINDS, period_of
from connector.engine.backfill_preview import Preview
from connector.errors import Verdict
from connector.failures import describe
from connector.models import Backfill, BackfillLook, StripeAccount
from connector.models.audit import Verb

log = structlog.get_logger("suitesync.engine")
LOOK_EVERY = 1.0
"""Seconds between two questions whether to stop, and between two notes of how far it is."""
MEASURED_FROM = 5.0
"""Seconds after which a turn can say how fast it is."""
MARGIN = 60
"""Seconds of the time limit that a look leaves for its last page."""
BROKE = "SuiteSync made a mistake, and it was written down. An engineer finds it in the log."


def kinds_of(wanted: Sequence[str]) -> list[str]:
    """The kinds in the order of the work; all of them where none is named."""
    return [word for word in KINDS if not wanted or word in wanted]


# Looking


def ask(
    account: StripeAccount, first: date, last: date | None, kinds: Sequence[str], *, who: str
) -> tuple[BackfillLook, bool]:
    """Have somebody look at what would be brought. While a look is under way, that one; whether it is new."""
    with transaction.atomic():
        StripeAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        moving = BackfillLook.objects.filter(account=account, state__in=BackfillLook.MOVING)
        for known in moving:
            if known.is_moving:
                return known, False
        made = BackfillLook.objects.create(
            account=account, date_from=first, date_to=last, kinds=list(kinds), asked_by=who
        )
        async_task("connector.tasks.look_at_past", made.pk)
    return made, True


def look(pk: int, *, seconds: float | None = None) -> str:
    """Look, if nobody else does; returns the state that it ends in. Raises nothing."""
    looks = BackfillLook.objects.filter(pk=pk)
    if not looks.filter(state=BackfillLook.State.ASKED).update(
        state=BackfillLook.State.LOOKING, touched_at=timezone.now()
    ):
        return "not due"
    row = looks.select_related("account__netsuite_account").get()
    watch = Watch(settings.JOB_TIME_LIMIT - MARGIN if seconds is None else seconds)
    desk = Desk(lambda *step: watch.note(row, *step), lambda: False, watch.is_over)
    period = period_of(row.account, row.date_from, row.date_to, timezone.now())
    told, message, state = {}, "", BackfillLook.State.DONE
    try:
        told = Preview(row.account, period, row.kinds, desk).told()
        told["until"] = period.until.isoformat(timespec="seconds")
    except TurnOver:
        state = BackfillLook.State.TOO_LONG
    except Verdict as verdict:
        state, message = (
            BackfillLook.State.BROKEN_OFF,
            f"{verdict.message} {describe(verdict.code).next_step}",
        )
    except Exception:
        log.exception("look at past records failed", look=pk)
        state, message = BackfillLook.State.BROKEN_OFF, BROKE
    looks.update(state=state, told=told, message=message, touched_at=timezone.now())
    return state.value


# Bringing


def start(
    account: StripeAccount, first: date, last: date | None, kinds: Sequence[str], *, who: str
) -> Backfill:
    """Begin a run in the background, or go on with the one of the same days and kinds. Raises NotBegun."""
    with transaction.atomic():
        row, _ = backfill_hold.begin(account, first, last, kinds, who=who, background=True)
        _ring(row.pk)
    return row


def stop(row: Backfill, *, who: str) -> bool:
    """Ask a run to stop after the document in hand; False when it is none that can be stopped here."""
    with transaction.atomic():
        going = Backfill.objects.filter(
            pk=row.pk, state=Backfill.State.RUNNING, in_background=True, stop_asked_by=""
        )
        if not going.update(stop_asked_by=who):
            return False
        waiting = Backfill.objects.filter(pk=row.pk, holder__startswith=backfill_hold.BACKGROUND)
        waiting.update(state=Backfill.State.INTERRUPTED, ended_at=timezone.now(), lease_expires_at=None)
        audit.record(who, Verb.STOP_BACKFILL, account=row.account, subject=str(row))
    return True


def turn(pk: int, *, seconds: float | None = None) -> str:
    """Work on a run for a while; returns its state, or `goes on` when another turn is rung for.

    Raises nothing: what breaks it off stands in its message.
    """
    row = backfill_hold.take(pk)
    if row is None:
        return "not due"
    watch = Watch(settings.JOB_TIME_LIMIT / 2 if seconds is None else seconds)
    desk = Desk(lambda *step: watch.note(row, *step), lambda: watch.is_stopped(row), watch.is_over)
    message = ""
    try:
        Run(row, desk).bring()
    except TurnOver:
        _ring(pk)
        return "goes on"
    except (Interrupted, NotBegun):
        pass
    except Verdict as verdict:
        message = f"{verdict.message} {describe(verdict.code).next_step}"
    except Exception:
        log.exception("past records broke off", backfill=pk)
        message = BROKE
    if message:
        Backfill.objects.filter(pk=pk, state=Backfill.State.INTERRUPTED).update(message=message)
    row.refresh_from_db()
    return row.state


def sweep() -> int:
    """Ring for runs whose turn was not heard, or broke off; returns how many."""
    silent = Backfill.objects.filter(
        state=Backfill.State.RUNNING, in_background=True, lease_expires_at__lt=timezone.now()
    )
    left = list(silent.filter(account__paused_at=None).values_list("pk", flat=True))
    for pk in left:
        _ring(pk)
    return len(left)


def wake(account: StripeAccount) -> None:
    """Ring for the run of an account that is resumed; a turn that is under way loses nothing by it."""
    going = Backfill.objects.filter(account=account, state=Backfill.State.RUNNING, in_background=True)
    for pk in going.values_list("pk", flat=True):
        _ring(pk)


def _ring(pk: int) -> None:
    async_task("connector.tasks.bring_past", pk)


@dataclass(slots=True)
class Watch:
    """The clock of one turn of so many seconds. Every turn takes at least one step."""

    seconds: float
    began: float = field(default_factory=time.monotonic)
    noted: float = float("-inf")
    asked: float = float("-inf")
    steps: int = 0
    began_with: dict[str, tuple[float, int]] = field(default_factory=dict)
    """For each thing to do: when this turn began with it, and how far it was then."""

    def note(self, row: Backfill | BackfillLook, doing: str, kind: str, done: int, total: int) -> None:
        """Keep what is being done, for the page, not oftener than every second; and `rate`, in a minute."""
        self.steps += doing != "waiting"  # waiting brings nothing further
        since, at_first = self.began_with.setdefault(doing, (time.monotonic(), done))
        if time.monotonic() - self.noted < LOOK_EVERY:
            return
        self.noted = time.monotonic()
        row.now = {"doing": doing, "kind": kind, "done": done, "total": total}
        if done > at_first and (took := self.noted - since) >= MEASURED_FROM:
            row.now["rate"] = round(60 * (done - at_first) / took, 1)
        if isinstance(row, BackfillLook):
            row.save(update_fields=["now", "touched_at"])
        else:
            Backfill.objects.filter(pk=row.pk).update(now=row.now)

    def is_over(self) -> bool:
        """Whether the time is over."""
        return self.steps > 0 and time.monotonic() - self.began >= self.seconds

    def is_stopped(self, row: Backfill) -> bool:
        """Whether a person asked for a stop, as seen within the last second."""
        if time.monotonic() - self.asked < LOOK_EVERY:
            return False
        self.asked = time.monotonic()
        return Backfill.objects.filter(pk=row.pk).exclude(stop_asked_by="").exists()
