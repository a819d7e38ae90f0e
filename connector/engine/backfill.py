"""Backfill: all of a period from Stripe into NetSuite, as if every message of Stripe's had come (BF-1).

    list a page -> one job for each document -> run them -> the next page; at the end, the proof

Objects come kind by kind, what others rest on first, and oldest first within a kind, as they once came
to Stripe. A document that was looked at since the run began is not looked at again for its charge
or its refund. Workers that are there are rung and help; this process works in any case, so it needs
none. No list of documents is held: where it stands is a moment of Stripe's for each kind, kept after
every page, and a run that was cut off goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django_q.status import Stat

from connector.engine import backfill_hold, choices, doors, jobs, sync
from connector.engine.backfill_period import Period, listed, period_of
from connector.engine.backfill_proof import Booked, Json, Proof, subject_of
from connector.errors import RetryLater
from connector.models import Attempt, Backfill, Job, StripeAccount
from connector.stripe.client import Client
from connector.stripe.listing import Fetch, Kind, Listed, Page

Status = Job.Status
PAUSES = (5, 10, 20, 40, 60, 60, 60, 60)
"""Seconds between asking a Stripe that is busy or away for a page once more."""
DEEPEST = 3
"""How often a document is handed on: a refund to its charge, that one to its invoice."""
SHORT = timedelta(minutes=2)
"""What is put off for longer is not waited for."""
AT_ONCE = 100
MOST_ROUNDS = 5
"""Of waiting for what was put off: a payout waits for its refunds, one of them for its invoice."""


class Interrupted(Exception):
    """Somebody asked for a stop. The same command goes on where it stopped."""


class TurnOver(Interrupted):
    """The time of this turn is over; the run goes on in another one."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Desk:
    """Who watches the run: told of its steps, and asked whether it is to stop."""

    tell: Callable[[str, str, int, int], None]
    """Called with what is being done, like `booking`, the kind, and how many of how many of all kinds.

    Of how many is zero where that is not known yet.
    """
    stop: Callable[[], bool]
    over: Callable[[], bool] = _never
    """Whether the time of a turn is over; always no where there are no turns."""

    def check(self) -> None:
        """Raise Interrupted when a stop was asked for, TurnOver at the end of a turn."""
        if self.stop():
            raise Interrupted
        if self.over():
            raise TurnOver

    def pause(self, seconds: float) -> None:
        """Sleep in short pieces. Raises Interrupted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            time.sleep(min(0.2, seconds))


class Run:
    """One run that this process holds."""

    def __init__(self, row: Backfill, desk: Desk) -> None:
        self.row, self.desk = row, desk
        self.account: StripeAccount = row.account
        self.period = period_of(self.account, row.date_from, row.date_to, row.started_at)

    def bring(self) -> None:
        """Bring everything over, then prove it. Raises Interrupted, NotBegun, and verdicts of the listing.

        After TurnOver the run is still under way, and free for whoever takes the next turn.
        """
        try:
            self._fetch = self._held(patiently(doors.stripe_client(self.account), self.desk))
            self._take_up()
            count(self.row.kinds, self.period, self._fetch, self.desk, self.row.cursors)
            for word in self.row.kinds:
                self._bring_kind(word)
            self._settle()
            self.row.proof = self._proof()
        except TurnOver:
            backfill_hold.rest(self.row)
            raise
        except BaseException:
            backfill_hold.let_go(self.row, Backfill.State.INTERRUPTED)
            raise
        complete = self.row.proof["complete"]
        backfill_hold.let_go(self.row, Backfill.State.COMPLETE if complete else Backfill.State.INCOMPLETE)

    def _held(self, fetch: Fetch) -> Fetch:
        """Pages of Stripe's lists; the run is held on to with each, for a long list takes its time."""

        def fetch_held(kind: Kind, since: int, until: int, after: str) -> Page:
            backfill_hold.renew(self.row)
            return fetch(kind, since, until, after)

        return fetch_held

    def _take_up(self) -> None:
        """Run what a process that was killed had in hand: other documents wait for what it was writing."""
        lost = Job.objects.filter(
            account=self.account, status=Status.RUNNING, lease_expires_at__lt=timezone.now()
        )
        for pk in list(lost.values_list("pk", flat=True)):
            self._run(pk)

    def _bring_kind(self, word: str) -> None:
        cursor = self.row.cursors[word]
        if cursor.get("ended"):
            return
        for moment, things in listed(word, self.period, self._fetch, _moment(cursor.get("reached"))):
            self._bring_page(word, things)
            cursor["done"] = cursor.get("done", 0) + len(things)
            cursor["reached"] = int(moment.timestamp())
            backfill_hold.renew(self.row)
        cursor["ended"] = True
        backfill_hold.renew(self.row)

    def _bring_page(self, word: str, things: Sequence[Listed]) -> None:
        """Run the documents of a page, those that this run has not looked at yet."""
        wanted = documents(word, things, self.account)
        looked_at = self._looked_at(wanted)
        left = [one for one in wanted if one not in looked_at]
        helped = bool(Stat.get_all())
        made = {job.subject: job.pk for job in jobs.enqueue_all(self.account, left, wake=helped)}
        for place, subject in enumerate(left, start=1):
            self._run(made[subject])
            self.desk.tell("booking", word, self.row.done + place, self.row.total)
        self._wait_for_workers(list(made.values()))

    def _looked_at(self, subjects: Sequence[str]) -> set[str]:
        """Which of these were looked at since the run began: they saw all that belongs to it."""
        attempts = Attempt.objects.filter(
            job__account=self.account, job__subject__in=subjects, started_at__gte=self.row.started_at
        )
        return set(attempts.exclude(outcome="").values_list("job__subject", flat=True))

    def _run(self, pk: int, depth: int = 0) -> bool:
        """Run a job here, if nobody has it, and the documents that it hands on to; whether it was run."""
        self.desk.check()
        backfill_hold.renew(self.row)
        if sync.run(pk) == "not due":
            self._stop_in_a_pause()
            return False
        roots = Job.objects.values_list("part_of", flat=True).get(pk=pk)
        if roots and depth < DEEPEST:
            handed = self._ready().filter(subject__in=roots, run_after__lte=timezone.now())
            for root in list(handed.values_list("pk", flat=True)):
                self._run(root, depth + 1)
        return True

    def _stop_in_a_pause(self) -> None:
        """While the account is paused: raises TurnOver in the background, Paused at a terminal."""
        try:
            backfill_hold.refuse_paused(self.account)
        except backfill_hold.Paused:
            if self.row.in_background:
                raise TurnOver from None
            raise

    def _ready(self) -> QuerySet[Job]:
        return Job.objects.filter(account=self.account, status=Status.READY)

    def _wait_for_workers(self, pks: Sequence[int]) -> None:
        """Until nobody works on these documents any more: the next kind rests on them."""
        in_hand = Job.objects.filter(pk__in=pks, status=Status.RUNNING)
        while in_hand.filter(lease_expires_at__gt=timezone.now()).exists():
            backfill_hold.renew(self.row)
            self.desk.pause(0.2)

    def _settle(self) -> None:
        """Run what was put off for a short while, and what others that were cut off had in hand."""
        if "proof" in self.row.so_far:
            return
        patience = max(settings.JOB_LEASE_SECONDS, settings.QUIET_SECONDS) + 60
        begun = datetime.fromisoformat(self.row.so_far.setdefault("settling", timezone.now().isoformat()))
        deadline = begun + timedelta(seconds=patience)
        for _ in range(MOST_ROUNDS):
            newest = Job.objects.filter(account=self.account).aggregate(Max("pk"))["pk__max"] or 0
            if not self._settle_up_to(newest, deadline):
                return

    def _settle_up_to(self, newest: int, deadline: datetime) -> bool:
        """Likewise for the jobs that there are; whether any of them was run."""
        ran = False
        while (now := timezone.now()) < deadline:
            soon = Q(status=Status.READY, run_after__lte=now + SHORT)
            held = Q(status=Status.RUNNING, lease_expires_at__lte=deadline)
            left = Job.objects.filter(soon | held, account=self.account, pk__lte=newest)
            if not (count := left.count()):
                return ran
            self.desk.tell("waiting", "", 0, count)
            due = left.filter(Q(run_after__lte=now, status=Status.READY) | Q(lease_expires_at__lt=now))
            turns = [self._run(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE])]
            ran = ran or any(turns)
            if not any(turns):
                backfill_hold.renew(self.row)
                self.desk.pause(0.5)
        return ran

    def _proof(self) -> Json:
        so_far = self.row.so_far
        proof = Proof(Booked(self.account), choices.settings_of(self.account), so_far.get("proof"))
        prove(proof, self.row.kinds, self.period, self._fetch, self.desk, self.row.cursors, so_far)
        return proof.told()


def documents(word: str, things: Sequence[Listed], account: StripeAccount) -> list[str]:
    """What is to be looked at for these objects, in their order: the document that booked one, or its own.

    Customers and prices that NetSuite has are done; those that the account does not want without a
    transaction are left to it (CU-2, PI-4).
    """
    standing = Booked(account).standing(word, things)
    alone = {"customers": account.create_customers_on_signup, "prices": not account.global_item_workflow}
    if word in alone:
        return [one.id for one in things if alone[word] and one.id not in standing]
    subjects = (standing[one.id].subject if one.id in standing else subject_of(one) for one in things)
    return list(dict.fromkeys(subjects))


def count(kinds: Iterable[str], period: Period, fetch: Fetch, desk: Desk, cursors: Json) -> None:
    """See how many objects of each kind there are, so that the time that is left can be told.

    A count that was cut off goes on at the moment of Stripe's that it had come to.
    """
    before = 0
    for word in kinds:
        cursor = cursors.setdefault(word, {})
        if "total" not in cursor:
            seen = cursor.get("seen", 0)
            for moment, things in listed(word, period, fetch, _moment(cursor.get("seen_to"))):
                desk.check()
                seen += len(things)
                _keep_at(moment, cursor, "seen_to", seen=seen)
                desk.tell("counting", word, before + seen, 0)
            cursor["total"] = seen
        before += cursor["total"]


def prove(
    proof: Proof,
    kinds: Iterable[str],
    period: Period,
    fetch: Fetch,
    desk: Desk,
    cursors: Json,
    so_far: Json | None = None,
) -> None:
    """List everything once more, and count where each object stands.

    `so_far` is what an earlier turn had come to; it is kept up to date for the next one.
    """
    so_far = {} if so_far is None else so_far
    done, total = so_far.get("done", 0), sum(one["total"] for one in cursors.values())
    for word in kinds:
        place = so_far.setdefault("proved", {}).setdefault(word, {})
        if place.get("ended"):
            continue
        for moment, things in listed(word, period, fetch, _moment(place.get("to"))):
            desk.check()
            proof.add(word, things)
            done += len(things)
            if _keep_at(moment, place, "to"):
                so_far |= {"proof": proof.kept(), "done": done}
            desk.tell("proving", word, done, total)
        place["ended"] = True


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _keep_at(moment: datetime, place: Json, name: str, **values: int) -> bool:
    """Keep how far a list was read, where a later reading can go on without repeating anything.

    That is where Stripe's clock has moved: of a second with more than a page, only the last page ends it.
    """
    reached = int(moment.timestamp())
    if reached <= place.get(name, 0):
        return False
    place |= {name: reached, **values}
    return True


def patiently(client: Client, desk: Desk) -> Fetch:
    """Pages of Stripe's lists; one that does not come now is asked for again for a few minutes."""

    def fetch(kind: Kind, since: int, until: int, after: str) -> Page:
        for seconds in PAUSES:
            try:
                return client.fetch_page(kind, since, until, after)
            except RetryLater:
                desk.pause(seconds)
        return client.fetch_page(kind, since, until, after)

    return fetch
