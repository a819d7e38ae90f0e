"""The stage: a practice world whose events come in through our webhook address, and jobs run at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from connector.engine import jobs, sync
from connector.models import Job, StripeAccount
from connector.sandbox import stories
from connector.sandbox.world import World

PATIENCE_SECONDS = 20


class Stage:
    """Plays stories; the test's own thread is the worker."""

    def __init__(self, world: World, account: StripeAccount, address: str) -> None:
        self.world = world
        self.account = account
        world.stripe.deliver_to(f"{address}/webhooks/stripe/{account.name}/")

    def play(self, name: str) -> stories.Played:
        """Play a story, take in its events, and run what they ring for."""
        played = stories.play(self.world, name)
        self.settle()
        return played

    def settle(self) -> None:
        """Wait for the events that are on their way, then run the jobs."""
        assert self.world.stripe.wait_delivered(PATIENCE_SECONDS)
        self.run_jobs()

    def run_jobs(self) -> None:
        """Run every job that is due, until none is."""
        while due := Job.objects.filter(status=Job.Status.READY, run_after__lte=timezone.now()).first():
            sync.run(due.pk)

    def bring_again(self, subject: str) -> None:
        """Look at a subject once more, as if Stripe had news of it."""
        with transaction.atomic():
            jobs.enqueue(self.account, subject)
        self.run_jobs()
