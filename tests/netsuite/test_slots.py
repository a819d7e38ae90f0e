"""The number of slots halves when NetSuite is busy and grows back slowly, never above the account's limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from connector.netsuite.slots import CALM, GROW_AFTER, Limit

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def after(limit: Limit, answers: int) -> Limit:
    """The limit after so many answers."""
    for _ in range(answers):
        limit = limit.answered()
    return limit


def test_a_refusal_halves_and_a_calm_run_gives_one_back() -> None:
    limit = Limit.full(15).refused(NOW)
    assert limit.now == 7
    assert after(limit, GROW_AFTER - 1).now == 7
    assert after(limit, GROW_AFTER).now == 8
    assert after(limit, 8 * GROW_AFTER).now == 15
    assert after(limit, 100 * GROW_AFTER).now == 15


def test_a_crowd_of_refusals_shrinks_once() -> None:
    limit = Limit.full(8).refused(NOW)
    assert limit.refused(NOW + CALM / 2).refused(NOW + CALM / 2).now == 4
    assert limit.refused(NOW + CALM).now == 2


def test_a_refusal_ends_the_calm_run() -> None:
    limit = after(Limit.full(4).refused(NOW), GROW_AFTER - 1).refused(NOW + CALM / 2)
    assert limit.answered().now == 2


def test_a_lower_limit_of_the_account_holds_at_once() -> None:
    assert Limit.full(15).with_ceiling(5) == Limit(5, 5)
    assert Limit(15, 3).with_ceiling(20) == Limit(20, 3)
    assert Limit.full(0).now == 1


@given(some.integers(-1, 60), some.lists(some.tuples(some.booleans(), some.integers(0, 20)), max_size=200))
def test_there_is_always_one_slot_and_never_more_than_the_limit(
    ceiling: int, story: list[tuple[bool, int]]
) -> None:
    limit, now = Limit.full(ceiling), NOW
    for busy, seconds in story:
        now += timedelta(seconds=seconds)
        limit = limit.refused(now) if busy else limit.answered()
        assert 1 <= limit.now <= max(ceiling, 1)
