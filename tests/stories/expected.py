"""What every story's books are held against: a text for each, and a second pass that writes nothing.

The expected books stand in `books/<story>.txt`. After a wanted change write them anew with
`pytest tests/stories --accept-books`, and read the difference as an accountant would.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.models import Job
from tests.stories.stage import Stage

BOOKS = Path(__file__).parent / "books"


def expect_books(stage: Stage, name: str, request: pytest.FixtureRequest) -> None:
    """The practice NetSuite's books are those of `books/<name>.txt`, to the letter."""
    path, books = BOOKS / f"{name}.txt", stage.world.netsuite.books_text()
    if request.config.getoption("--accept-books"):
        path.write_text(books)
    assert books == path.read_text()


def second_pass_writes_nothing(stage: Stage) -> None:
    """Every event again, and every subject again: the books and the count of writes stay as they were."""
    books, writes = stage.world.netsuite.books_text(), stage.world.netsuite.writes
    stage.world.stripe.redeliver_all()
    stage.settle()
    for subject in set(Job.objects.values_list("subject", flat=True)):
        stage.bring(subject)
    assert stage.world.netsuite.writes == writes
    assert stage.world.netsuite.books_text() == books
