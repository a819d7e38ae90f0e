"""Payments of every kind, played through the wire: the books, step by step, and a second pass."""

from __future__ import annotations

import pytest

from connector.models import Job
from connector.sandbox.agreement import disagreements
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

BOOKED = (
    "debit_comes_after_days",
    "debit_pending",
    "standalone_debit_bounced",
    "debit_bounced_that_never_held_money",
    "several_charges_on_one_invoice",
    "netsuite_invoice_paid",
    "netsuite_invoice_paid_twice_as_allowed",
    "several_netsuite_invoices_paid",
    "sales_order_deposit",
    "payment_of_a_netsuite_customer",
    "partial_capture",
    "authorization_expires",
    "paid_by_many_methods",
    "booked_debit_bounced",
    "booked_debit_comes",
)
FIRST_ACT = {"booked_debit_bounced": "debit_pending", "booked_debit_comes": "debit_pending"}
"""What is booked before the story itself is played."""
ON_ITS_WAY = "debit_pending"
"""Its invoice is paid in NetSuite and still open in Stripe, until the bank has answered (K4)."""


@pytest.mark.rule("CH-1", "CH-2", "CH-3", "CH-6", "CH-7", "CH-H1", "CH-H2", "CH-13", "CH-16", "CH-20")
@pytest.mark.rule("CH-26", "CH-27", "CH-28", "CH-29", "CU-17", "K4", "RF-10")
@pytest.mark.parametrize("name", BOOKED)
def test_the_books_stand_as_expected_and_a_second_pass_writes_nothing(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    if first := FIRST_ACT.get(name):
        stage.play(first)
    with stage.step_by_step():
        stage.play(name)

    expect_books(stage, name, request)
    assert name == ON_ITS_WAY or disagreements(stage.world) == []
    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    second_pass_writes_nothing(stage)
