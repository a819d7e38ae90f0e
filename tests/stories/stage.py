"""The stage: a practice world whose events come in through our webhook address, and jobs run at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from connector.engine import actions, jobs, sync
from connector.models import Action, Decision, Job, StripeAccount
from connector.sandbox import stories
from connector.sandbox.world import World

PATIENCE_SECONDS = 20


class Stage:
    """Plays stories; the test's own thread is the worker."""

    def __init__(self, world: World, account: StripeAccount, address: str = "") -> None:
        self.world = world
        self.account = account
        if address:
            world.stripe.deliver_to(f"{address}/webhooks/stripe/{account.name}/")

    def play(self, name: str) -> stories.Played:
        """Play a story, take in its events, and run what they ring for."""
        played = stories.play(self.world, name)
        self.settle()
        return played

    def settle(self, *, last_first: bool = False) -> None:
        """Wait for the events that are on their way, then run the jobs; until what we write makes no news."""
        heard = -1
        while heard != len(self.world.stripe.events()):
            heard = len(self.world.stripe.events())
            assert self.world.stripe.wait_delivered(PATIENCE_SECONDS)
            self.run_jobs(last_first=last_first)

    def run_jobs(self, *, last_first: bool = False) -> None:
        """Run every job that is due, until none is, or none can be leased."""
        while True:
            due = Job.objects.filter(status=Job.Status.READY, run_after__lte=timezone.now())
            due = due.order_by("-pk" if last_first else "pk")
            if all(sync.run(pk) == "not due" for pk in list(due.values_list("pk", flat=True))):
                return

    def run(self, job: Job) -> None:
        """Run one job now."""
        sync.run(job.pk)

    def ten_seconds_pass(self) -> None:
        """What a person did can no longer be undone, and begins."""
        now = timezone.now()
        Job.objects.filter(status=Job.Status.READY, run_after__gt=now).update(run_after=now)
        Action.objects.filter(undo_until__gt=now).update(undo_until=now - actions.UNDO)
        Decision.objects.filter(note_after__gt=now).update(note_after=now)
        Decision.objects.filter(holds_from__gt=now).update(holds_from=now)

    def enqueue(self, subject: str) -> Job:
        """Have a subject looked at, as news from Stripe would."""
        (job,) = jobs.enqueue_all(self.account, [subject])
        return job

    @contextmanager
    def step_by_step(self) -> Iterator[None]:
        """Whenever time passes in a story, all that was told till then is taken in and booked first."""
        advance = self.world.clock.advance

        def settle_first(delta: timedelta) -> None:
            self.settle()
            advance(delta)

        self.world.clock.advance = settle_first  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.world.clock.advance = advance  # type: ignore[method-assign]

    def bring(self, subject: str) -> None:
        """Have a subject looked at, and run what is due."""
        self.enqueue(subject)
        self.run_jobs()
