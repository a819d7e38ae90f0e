"""The tie-out: what of a payout is missing, extra or different, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.money import Amount
from connector.translation.plan import Problem
from connector.translation.tie_out import Booked, Held, Part, Split, compare, lacking

DAY = date(2026, 11, 18)
PARTS = (Part("ch_1", Decimal("450.00"), "811"), Part("ch_2", Decimal("120.00"), "812"))
SPLIT = Split("po_1", Amount(Decimal("556.65"), "USD"), DAY, PARTS, Decimal("-13.35"))
BOOKED = Booked(Decimal("556.65"), "11")
FUNDS = {"811": Decimal("450.00"), "812": Decimal("120.00")}
HELD = Held(SPLIT.amount.value, SPLIT.others, FUNDS, frozenset({DAY}), frozenset({"11"}))
ENTRY = replace(HELD, funds=None, others=Decimal(0), accounts=frozenset())


@pytest.mark.rule("PO-H7")
def test_a_payout_is_the_sum_of_its_parts() -> None:
    assert SPLIT.sum == SPLIT.amount.value


@pytest.mark.rule("PO-H7", "PO-15")
@pytest.mark.parametrize(
    ("held", "found"),
    [
        (HELD, []),
        (ENTRY, []),
        (
            replace(HELD, total=Decimal("436.65"), funds={"811": Decimal(450)}),
            [("record_not_on_deposit", "ch_2")],
        ),
        (
            replace(HELD, funds={**FUNDS, "812": Decimal("119.99")}),
            [("record_differs_on_deposit", "ch_2")],
        ),
        (replace(HELD, funds={**FUNDS, "999": Decimal(5)}), [("record_not_of_payout", "")]),
        (replace(HELD, others=Decimal("-13.00")), [("deposit_lines_differ", "")]),
        (replace(HELD, days=frozenset({date(2026, 11, 20)})), [("deposit_date_differs", "po_1")]),
        (replace(HELD, accounts=frozenset({"12"})), [("deposit_account_differs", "po_1")]),
        (replace(ENTRY, total=Decimal("556.64")), [("held_deposit_differs", "po_1")]),
        (Held(Decimal(0), gone=("901",)), [("deposit_gone", "")]),
    ],
)
def test_each_difference_is_named_and_only_it(held: Held, found: list[tuple[str, str]]) -> None:
    assert [(one.problem.code, one.key) for one in compare(SPLIT, BOOKED, held)] == found


def test_a_part_that_came_to_nothing_need_not_be_on_the_deposit() -> None:
    nothing = replace(SPLIT, parts=(*PARTS, Part("ch_3", Decimal(0), "813")))
    assert compare(nothing, BOOKED, HELD) == ()


def test_what_keeps_a_payout_from_being_booked_is_each_record_that_lacks_something() -> None:
    why = Problem("customer_inactive", "The customer is inactive.")
    waiting = replace(SPLIT, parts=(PARTS[0], replace(PARTS[1], lacking=why)))
    (one,) = lacking(waiting)
    assert (one.problem, one.key, one.stripe, one.netsuite) == (why, "ch_2", Decimal("120.00"), None)
