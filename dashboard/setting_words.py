"""Settings in words: what a setting is called, and how a value of it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.text import capfirst

from connector.engine import account_settings
from dashboard import figures

Field = models.Field[Any, Any]
Names = Mapping[str, str]
"""What NetSuite calls things, by internal id."""
NOT_SET = "not set"


def label(field: Field) -> str:
    """`Undeposited Funds`, `Start date`."""
    return capfirst(str(field.verbose_name))


def value_in_words(field: Field, value: Any, names: Names | None = None) -> str:
    """`on`, `18 Nov 2026`, `4000 Income (54)`; of a credential only whether there is one."""
    named = names or {}
    if account_settings.is_secret(field.name):
        return {"replaced": "another one"}.get(str(value), "stored") if value else NOT_SET
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(field, models.DateField) and isinstance(value, str) and value:
        value = date.fromisoformat(value)  # as the audit keeps it
    if isinstance(value, date):
        return figures.day(value)
    if isinstance(value, dict):
        return figures.joined([f"{key} {_one(value[key], named)}" for key in sorted(value)]) or NOT_SET
    return str(dict(field.flatchoices).get(value, "") or _one(value, named) or NOT_SET)


def _one(value: Any, names: Names) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return f"{names[value]} ({value})" if value in names else str(value)
