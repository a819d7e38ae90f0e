"""A day on which every story of the practice world is past."""

from __future__ import annotations

from collections.abc import Generator

import pytest
import time_machine

from tests.commands.moments import LATER


@pytest.fixture
def later() -> Generator[None]:
    """That day, whatever today is."""
    with time_machine.travel(LATER, tick=True):
        yield
