"""The stage: a practice world whose events come in through our webhook address, and jobs run at once."""

from __future__ import annotations

from django.utils import timezone

from connector.engine import jobs, sync
from connector.models import Job, StripeAccount
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

    def settle(self) -> None:
        """Wait for the events that are on their way, then run the jobs."""
        assert self.world.stripe.wait_delivered(PATIENCE_SECONDS)
        self.run_jobs()

    def run_jobs(self) -> None:
        """Run every job that is due, until none is, or none can be leased."""
        while True:
            due = Job.objects.filter(status=Job.Status.READY, run_after__lte=timezone.now())
            if all(sync.run(pk) == "not due" for pk in list(due.values_list("pk", flat=True))):
                return

    def run(self, job: Job) -> None:
        """Run one job now."""
        sync.run(job.pk)

    def enqueue(self, subject: str) -> Job:
        """Have a subject looked at, as news from Stripe would."""
        (job,) = jobs.enqueue_all(self.account, [subject])
        return job

    def bring(self, subject: str) -> None:
        """Have a subject looked at, and run what is due."""
        self.enqueue(subject)
        self.run_jobs()
