"""A door to the practice Stripe, and a stub for what the practice Stripe never says."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from connector.sandbox.server import Server
from connector.stripe import client as door
from connector.stripe.client import Client
from tests.stripe.stub import Stub


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The door's clock: its pauses pass at once, and are written down here in seconds."""
    taken: list[float] = []
    monkeypatch.setattr(door, "time", SimpleNamespace(sleep=taken.append))
    return taken


@pytest.fixture
def client(sandbox: Server) -> Client:
    """Our door to the practice Stripe."""
    return Client(sandbox.world.stripe.api_key, api_base=sandbox.url)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A Stripe that says what the test lays ready."""
    with Stub() as running:
        yield running
