"""When stories of refunds and disputes take place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories.given_back import MONDAY
from tests.stories.stage import Stage


@pytest.fixture
def november(stage: Stage) -> Iterator[None]:
    """Nothing is done on a day of which no posting period is known."""
    with stage.world.clock.at(MONDAY):
        yield
