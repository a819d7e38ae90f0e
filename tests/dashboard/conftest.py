"""Who looks at the pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings
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


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Generator[None]:
    """The background workers of a machine, on this test's database."""
    names = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker"]
    with (tmp_path / "worker.log").open("w") as log:
        process = subprocess.Popen(command, env={**os.environ, **names}, stdout=log, stderr=log)
        yield
        process.send_signal(signal.SIGTERM)
        process.wait(30)
