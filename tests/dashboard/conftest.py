"""Who looks at the pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.models import StripeAccount
from tests.factories import StripeAccountFactory, UserFactory


@pytest.fixture
def alice(db: None) -> User:
    """Finance staff: a resolver."""
    return UserFactory.create(username="alice", roles=["resolver"])


@pytest.fixture
def console(alice: User) -> Client:
    """Alice's browser, signed in."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def acme(db: None) -> StripeAccount:
    """A live account in New York."""
    return StripeAccountFactory.create(name="acme")
