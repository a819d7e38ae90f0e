"""Inserting: one row by one statement, for the inbox, whose speed is measured.

`Model.save()` takes longer to decide what to do than the database takes to do it. Here
the statement is written once for each model; signals are not sent, and the row's
number is known only when `returning` asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, models

PLAIN = (
    models.CharField,
    models.TextField,
    models.PositiveIntegerField,
    models.BooleanField,
    models.ForeignKey,
)


def insert(row: models.Model, conflict: str = "", returning: str = "", more: tuple[Any, ...] = ()) -> Any:
    """Insert `row`; with `returning`, the row that the statement gives back.

    `conflict` is an ON CONFLICT clause in which the table is called `kept`; `more` are the
    parameters of `conflict` and `returning`, moments adapted by the caller. Raises IntegrityError.
    """
    values = [
        prepared(getattr(row, name), connection) if prepared else getattr(row, name)
        for name, prepared in _values(type(row))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row), conflict, returning), [*values, *more])
        return cursor.fetchone() if returning else None


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _values(model: type[models.Model]) -> tuple[tuple[str, Callable[..., Any] | None], ...]:
    """Each attribute, and what makes a database value of it; None where the driver takes it as it is."""
    return tuple(
        (field.attname, None if type(field) in PLAIN else field.get_db_prep_save) for field in _fields(model)
    )


@cache
def _statement(model: type[models.Model], conflict: str, returning: str) -> str:
    columns = [str(field.column) for field in _fields(model)]
    marks = ", ".join(["%s"] * len(columns))
    tail = f"{conflict} RETURNING {returning}" if returning else conflict
    return f"INSERT INTO {model._meta.db_table} AS kept ({', '.join(columns)}) VALUES ({marks}) {tail}"  # noqa: S608
