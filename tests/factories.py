"""Rows for tests: small, whole and believable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory

from connector.credentials import Secret
from connector.models import Attempt, Event, Job, MappedRecord, NetSuiteAccount, StripeAccount

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """A member of the finance staff with these `roles`, none if not said; their password is PASSWORD."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"alice{number or ''}")
    password = factory.django.Password(PASSWORD)
    is_staff = True

    @factory.post_generation  # type: ignore[untyped-decorator]
    def roles(self, create: bool, names: Iterable[str] | None, **kwargs: Any) -> None:
        """Put the user into the groups."""
        if names:
            cast(User, self).groups.set(Group.objects.filter(name__in=names))


class NetSuiteAccountFactory(DjangoModelFactory[NetSuiteAccount]):
    """A NetSuite company."""

    class Meta:
        model = NetSuiteAccount

    name = factory.Sequence(lambda number: f"books-{number}")
    netsuite_account_id = "1234567_SB1"


class StripeAccountFactory(DjangoModelFactory[StripeAccount]):
    """A live Stripe account in New York; `key` is its secret key as text."""

    class Meta:
        model = StripeAccount

    class Params:
        key = "rk_live_throwaway"

    name = factory.Sequence(lambda number: f"acme-{number}")
    netsuite_account = factory.SubFactory(NetSuiteAccountFactory)
    stripe_api_key = factory.LazyAttribute(lambda account: Secret.of(account.key))
    time_zone = "America/New_York"


class JobFactory(DjangoModelFactory[Job]):
    """A waiting job about an invoice. `updated_at`, which saving always sets to now, may be given too."""

    class Meta:
        model = Job

    account = factory.SubFactory(StripeAccountFactory)
    subject = factory.Sequence(lambda number: f"in_{number:04d}")
    title = factory.Sequence(lambda number: f"Invoice INV-{1000 + number}")
    customer_name = "Borealis Ltd"
    amount = Decimal("120.00")
    currency = "USD"

    @classmethod
    def _create(cls, model_class: type[Job], *args: Any, **kwargs: Any) -> Job:
        moments = {name: kwargs.pop(name) for name in ("created_at", "updated_at") if name in kwargs}
        job: Job = super()._create(model_class, *args, **kwargs)  # type: ignore[no-untyped-call]
        if moments:
            Job.objects.filter(pk=job.pk).update(**moments)
            job.refresh_from_db()
        return job


class EventFactory(DjangoModelFactory[Event]):
    """Stripe's message about the job's subject."""

    class Meta:
        model = Event

    account = factory.SelfAttribute("job.account")
    job = factory.SubFactory(JobFactory)
    event_id = factory.Sequence(lambda number: f"evt_{number:04d}")
    type = "invoice.paid"
    object_id = factory.SelfAttribute("job.subject")
    api_version = "2026-10-28.endive"
    created = datetime(2026, 11, 18, 14, 12, tzinfo=UTC)
    body = factory.LazyAttribute(lambda event: {"id": event.event_id, "object": "event"})


class AttemptFactory(DjangoModelFactory[Attempt]):
    """A run of a job that has not ended."""

    class Meta:
        model = Attempt

    job = factory.SubFactory(JobFactory)
    fence = factory.Sequence(lambda number: number + 1)
    worker = "host:1"


class MappedRecordFactory(DjangoModelFactory[MappedRecord]):
    """The job's invoice, standing in NetSuite."""

    class Meta:
        model = MappedRecord

    job = factory.SubFactory(JobFactory)
    account = factory.SelfAttribute("job.account")
    netsuite_account = factory.SelfAttribute("account.netsuite_account")
    stripe_id = factory.SelfAttribute("job.subject")
    record_type = "invoice"
    external_id = factory.SelfAttribute("stripe_id")
    internal_id = factory.Sequence(lambda number: str(4000 + number))
    state = MappedRecord.State.MAPPED
    mapped_at = datetime(2026, 11, 18, 14, 13, tzinfo=UTC)
    amount = Decimal("120.00")
    currency = "USD"
