"""What the tests of Needs you share: people who may settle records, and records that wait for them."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.test import Client

from connector.models import Job, StripeAccount
from tests.dashboard.test_job import words
from tests.factories import JobFactory, UserFactory

S = Job.Status
CLOSED = "period_closed"


def resolver(name: str) -> Client:
    """The browser of somebody who may settle records."""
    user = UserFactory.create(username=name)
    user.user_permissions.add(Permission.objects.get(codename="resolve_job"))
    client = Client()
    client.force_login(user)
    return client


def three_closed(account: StripeAccount) -> list[Job]:
    """Three records whose month is closed."""
    return [
        JobFactory.create(
            account=account,
            subject=f"in_{place}",
            title=f"Invoice INV-{place}",
            status=S.NEEDS_ATTENTION,
            code=CLOSED,
            message=f"October {place} is closed.",
        )
        for place in range(3)
    ]


def page(client: Client, query: str = "") -> str:
    """The words of Needs you."""
    answer = client.get(f"/needs-you/?{query}")
    assert answer.status_code == 200
    return words(answer.content.decode())


def states(chosen: list[Job]) -> list[str]:
    """How the records stand now."""
    return [Job.objects.get(pk=job.pk).status for job in chosen]
