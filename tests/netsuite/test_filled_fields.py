"""Fields that an account fills: each stands in NetSuite's real schemas with our type for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest

from connector.netsuite.records import CreditMemo, Filled, Invoice, Line, Record, Ref
from connector.netsuite.soap import SoapGateway
from connector.translation.mappings_fields import KINDS, Kind
from connector.translation.mappings_read import converted
from tests.netsuite import samples
from tests.netsuite.schemas import assert_valid
from tests.netsuite.wire import Stub, saved, soap

VALUES: dict[str, Any] = {"text": "words", "record": 5, "date": "2026-01-31", "switch": True}
CUSTOM = (
    ("a", "words", "StringCustomFieldRef"),
    ("b", True, "BooleanCustomFieldRef"),
    ("c", 7, "LongCustomFieldRef"),
    ("d", Decimal("0.25"), "DoubleCustomFieldRef"),
    ("e", date(2026, 1, 31), "DateCustomFieldRef"),
    ("f", Ref("listed", internal_id="5"), "SelectCustomFieldRef"),
)


def sample(kind: Kind) -> Record:
    """A record of the kind, or one that has such lines."""
    name = kind.key.removesuffix("_item") if kind.line else kind.key
    return next(one for one in samples.EVERY_KIND if isinstance(one, KINDS[name].record))


def with_all(kind: Kind) -> Record:
    """The record with every field of the table and a custom field of every type."""
    filled = [
        Filled(field.name, converted(field, VALUES[field.type], UTC))
        for field in kind.fields.values()
        if not field.ours
    ]
    filled += [Filled(f"{kind.custom}_{name}", value) for name, value, _ in CUSTOM]
    record = sample(kind)
    if kind.line:
        assert isinstance(record, Invoice | CreditMemo)
        lines = tuple(replace(line, filled=tuple(filled)) for line in record.lines)
        return replace(record, lines=lines)
    return replace(record, filled=tuple(filled))


@pytest.mark.rule("FM-1", "FM-2")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_field_that_can_be_filled_is_one_of_netsuites_own_with_its_type(
    kind: Kind, door: SoapGateway, netsuite: Stub
) -> None:
    netsuite.answers.append(soap("add", saved("42")))
    door.create(with_all(kind))
    assert_valid(netsuite.requests[0])
    text = str(netsuite.requests[0])
    for name, _, type_ in CUSTOM:
        assert f"{kind.custom}_{name}" in text
        assert type_ in text
    for field in kind.fields.values():
        assert field.ours or field.name in text


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_is_an_attribute_of_our_record_exists_there(kind: Kind) -> None:
    owner = Line if kind.line else kind.record
    for field in kind.fields.values():
        assert not field.ours or hasattr(sample(kind) if owner is not Line else _a_line(kind), field.ours)


def _a_line(kind: Kind) -> Line:
    record = sample(kind)
    assert isinstance(record, Invoice | CreditMemo)
    return record.lines[0]
