"""Prorations: a change of plan in mid-period, as lines of their own with periods of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.translation.invoice import translate
from tests.translation.builders import charge, invoice, line, only, paid_by, settings, usd

rule = pytest.mark.rule
CHANGED, END = datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 12, 3, 12, tzinfo=UTC)


@rule("PR-2")
@rule("PR-H1")
@rule("PI-H3")
def test_an_upgrade_is_the_unused_time_and_the_new_plan_over_the_rest_of_the_period() -> None:
    rest = {"subscription_id": "sub_1", "period_start": CHANGED, "period_end": END}
    unused = line("-60.00", description="Unused time on Team plan", **rest)
    remaining = line(
        "150.00", id="il_2", price_id="price_2", description="Remaining time on Scale plan", **rest
    )
    bill = only(translate(invoice([unused, remaining]), (), {}, settings()), records.Invoice)
    assert [(each.item, each.amount) for each in bill.lines] == [
        (Ref("item", "price_1"), Decimal("-60.00")),
        (Ref("item", "price_2"), Decimal("150.00")),
    ]
    assert {(each.start_date, each.end_date) for each in bill.lines} == {
        (date(2026, 11, 18), date(2026, 12, 2))
    }
    assert bill.total == Decimal("90.00")


@rule("PR-H1")
def test_a_proration_keeps_its_own_period_beside_the_next_cycle() -> None:
    credit = line("-20.00", subscription_id="sub_1", period_start=CHANGED, period_end=END)
    cycle = line(
        "150.00",
        id="il_2",
        subscription_id="sub_1",
        period_start=END,
        period_end=datetime(2027, 1, 3, 12, tzinfo=UTC),
    )
    bill = only(translate(invoice([credit, cycle]), (), {}, settings()), records.Invoice)
    assert [(each.start_date, each.end_date) for each in bill.lines] == [
        (date(2026, 11, 18), date(2026, 12, 2)),
        (date(2026, 12, 3), date(2027, 1, 2)),
    ]


@rule("PR-3")
def test_the_unused_value_of_a_downgrade_is_a_balance_that_the_next_invoice_uses() -> None:
    downgrade = invoice(
        [line("-60.00"), line("20.00", id="il_2", price_id="price_2")],
        starting_balance=usd("0.00"),
        ending_balance=usd("-40.00"),
    )
    bill = only(translate(downgrade, (), {}, settings()), records.Invoice)
    assert bill.total == 0
    assert bill.memo == "Stripe: in_1. 40.00 USD was added to the customer's balance."

    following = invoice([line("50.00")], starting_balance=usd("-40.00"), ending_balance=usd("0.00"))
    plan = translate(following, (paid_by(charge("10.00"), "10.00"),), {}, settings())
    assert only(plan, records.CustomerPayment).total == Decimal("10.00")
    assert only(plan, records.CreditMemo).total == Decimal("40.00")
