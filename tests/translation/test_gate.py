"""The gate: what stays outside until a date is reached or a mark is changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.translation.gate import blocked, held
from connector.translation.plan import Skip
from tests.translation.builders import settings

rule = pytest.mark.rule
DAY = date(2026, 11, 3)


def code(skip: Skip | None) -> str:
    return skip.code if skip else ""


@rule("BF-1")
@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (None, ""),
        (date(2026, 11, 2), ""),
        (date(2026, 11, 3), ""),
        (date(2026, 11, 4), "before_start_date"),
    ],
)
def test_nothing_dated_before_the_start_date_comes_in(start: date | None, expected: str) -> None:
    assert code(held("in_1", DAY, {}, settings(sync_start_date=start))) == expected


@rule("BF-1")
def test_the_reason_names_the_document_and_both_days() -> None:
    skip = held("in_1", DAY, {}, settings(sync_start_date=date(2026, 12, 1)))
    assert skip is not None
    for word in ("in_1", "2026-11-03", "2026-12-01"):
        assert word in skip.message


@rule("SY-1")
@rule("SY-3")
@pytest.mark.parametrize(
    ("choices", "metadata", "expected"),
    [
        ({}, {"netsuite_block_integration": "true"}, ""),
        ({"denylist_payments": True}, {}, ""),
        ({"denylist_payments": True}, {"netsuite_block_integration": "true"}, "held_by_metadata"),
        ({"denylist_payments": True}, {"netsuite_block_integration": ""}, ""),
        ({"allowlist_payments": True}, {}, "not_released"),
        ({"allowlist_payments": True}, {"netsuite_allow_integration": "false"}, "not_released"),
        ({"allowlist_payments": True}, {"netsuite_allow_integration": "true"}, ""),
        (
            {"allowlist_payments": True, "denylist_payments": True},
            {"netsuite_allow_integration": "true", "netsuite_block_integration": "true"},
            "held_by_metadata",
        ),
    ],
)
def test_a_mark_counts_only_under_its_setting(
    choices: dict[str, Any], metadata: dict[str, str], expected: str
) -> None:
    assert code(held("ch_1", DAY, metadata, settings(**choices))) == expected


@rule("SY-2")
@rule("SY-3")
def test_what_a_document_rests_on_is_asked_for_the_blocking_mark_alone() -> None:
    both = settings(allowlist_payments=True, denylist_payments=True)
    assert code(blocked("cus_1", {}, both)) == ""
    assert code(blocked("cus_1", {"netsuite_block_integration": "true"}, both)) == "held_by_metadata"
