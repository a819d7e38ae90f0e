"""A job's turns, as the inbox and the workers bring them about."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from connector.engine import jobs
from connector.engine.jobs import Ending
from connector.models import Job, StripeAccount

INVOICE = "in_1"
BOOKED = Ending(Job.Status.SUCCESSFUL)
ASKS = Ending(Job.Status.NEEDS_ATTENTION, "required_field_missing", "Please enter value(s) for: Department.")


def news(account: StripeAccount, subject: str = INVOICE) -> Job:
    """What the inbox does when an event comes in."""
    with transaction.atomic():
        return jobs.enqueue(account, subject)


def leased(job: Job, owner: str = "host:1") -> Job:
    """The job in a worker's hands."""
    taken = jobs.lease(job.pk, owner)
    assert taken is not None
    return taken


def later(seconds: float = 10) -> Ending:
    """The other side is busy: the same again after a while."""
    return Ending(Job.Status.READY, "netsuite_busy", "Later.", delay=timedelta(seconds=seconds))
