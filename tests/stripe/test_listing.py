"""Walks: everything of a period, once, oldest span first, a page at a time, and on from where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.stripe.listing import Kind, Page, Unread, page_of, params, walk

PAGE, LIMIT = 100, 5
START, END = 1_790_000_000, 1_790_000_400


class Shelf:
    """Lists as Stripe does: those of a span, newest first, some at a time."""

    def __init__(self, moments: list[int], limit: int = LIMIT) -> None:
        self.limit = limit
        self.moments = {f"ch_{number:04}": moment for number, moment in enumerate(moments)}
        self.asked = 0

    def fetch(self, _kind: Kind, since: int, until: int, after: str = "") -> Page:
        self.asked += 1
        there = [one for one, moment in self.moments.items() if since <= moment < until]
        there.sort(key=lambda one: (self.moments[one], one), reverse=True)
        left = there[there.index(after) + 1 :] if after else there
        page = left[: self.limit]
        return Page(tuple(map(Unread, page)), len(left) > self.limit, page[-1] if page else "")


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def walked(shelf: Shelf, since: int = START) -> Iterator[tuple[int, list[str]]]:
    for reached, page in walk("charge", moment(since), moment(END), shelf.fetch):
        yield int(reached.timestamp()), [one.id for one in page.objects]


@given(st.lists(st.integers(START - 5, END + 5), max_size=60), st.data())
def test_a_walk_meets_each_object_of_its_period_once_and_goes_on_from_any_stop(
    moments: list[int], data: st.DataObject
) -> None:
    shelf = Shelf(moments)
    pages = list(walked(shelf))
    met = [one for _, page in pages for one in page]
    assert sorted(met) == sorted(one for one, at in shelf.moments.items() if START <= at < END)
    assert all(len(page) <= LIMIT for _, page in pages)
    assert [at for at, _ in pages] == sorted(at for at, _ in pages)
    for one, other in pairwise(met):  # within the one second that is longer than a page, newest first
        assert shelf.moments[one] <= shelf.moments[other]

    stop = data.draw(st.integers(0, len(pages)))
    reached = pages[stop - 1][0] if stop else START
    rest = [one for _, page in walked(shelf, reached) for one in page]
    before = [one for _, page in pages[:stop] for one in page]
    assert set(before) | set(rest) == set(met)


def test_a_short_period_is_asked_for_once_and_a_long_list_in_few_more_pages_than_it_has() -> None:
    few = Shelf([START + 7, START + 9])
    assert len(list(walked(few))) == 1
    assert few.asked == 1
    many = Shelf([at for at in range(START, END) for _ in range(at % 20)], PAGE)
    list(walked(many))
    assert many.asked < 2.5 * len(many.moments) / PAGE


def test_an_object_of_a_strange_shape_does_not_keep_its_page_back() -> None:
    page = page_of("refund", {"data": [{"id": "re_1", "amount": "?"}], "has_more": True})
    assert (page.objects, page.more, page.last) == ((Unread("re_1"),), True, "re_1")


@pytest.mark.rule("PO-H1")
def test_payouts_are_listed_by_the_day_of_their_arrival() -> None:
    assert params("payout", 1, 2) == {"arrival_date": {"gte": 1, "lt": 2}}
    assert params("refund", 1, 2)["created"] == {"gte": 1, "lt": 2}
