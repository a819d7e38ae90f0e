"""A database that cannot keep events for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def no_room_for_events() -> Iterator[None]:
    """Writing an event fails, with an error of the database, until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE connector_event RENAME TO connector_event_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE connector_event_away RENAME TO connector_event")
