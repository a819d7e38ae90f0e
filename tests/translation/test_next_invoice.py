"""What an invoice has open for earlier payments, and what of such a payment is left to use (CH-9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.netsuite.records import Application, CustomerPayment, Ref
from connector.translation.next_invoice import Waiting, open_for
from connector.translation.plan import Planned
from tests.translation.builders import charge, invoice, paid_by, usd

pytestmark = pytest.mark.rule("CH-9")
SENT: dict[str, Any] = {
    "status": "open",
    "collection_method": "send_invoice",
    "amount_remaining": usd("120.00"),
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "120.00"),
        ({"collection_method": "charge_automatically"}, "0.00"),
        ({"status": "uncollectible"}, "0.00"),
        ({"status": "paid", "amount_paid_off_stripe": usd("20.00")}, "20.00"),
    ],
)
def test_only_what_stripe_does_not_collect_is_open_for_other_money(
    changes: dict[str, Any], expected: str
) -> None:
    assert open_for(invoice(**{**SENT, **changes}), ()) == usd(expected)


def test_an_invoice_that_waits_for_a_bank_debit_is_open_for_nothing_else() -> None:
    debit = paid_by(charge(status="pending"), None, status="open")
    assert not open_for(invoice(**SENT), [debit])


def left(free: str = "120.00", used: str = "0.00", **changes: Any) -> Decimal:
    """What is left of ch_1 over 120.00 USD, of which NetSuite has so much free and we have used so much."""
    account = Ref("account", internal_id="1")
    applied = (Application(Ref("invoice", "in_0"), Decimal(used)),) if Decimal(used) else ()
    booked = CustomerPayment(
        "ch_1",
        Ref("customer", "cus_1"),
        Ref("currency", "USD"),
        date(2026, 11, 5),
        account,
        account,
        Decimal("120.00"),
        applied=applied,
    )
    made = charge(**{"amount_refunded": usd("0.00"), **changes})
    return Waiting(made, Planned(booked, "ch_1", ()), Decimal(free)).left


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "120.00"),
        ({"used": "50.00"}, "70.00"),
        ({"free": "30.00", "used": "50.00"}, "30.00"),
        ({"disputed": True}, "0"),
        ({"amount_refunded": usd("10.00")}, "0"),
        ({"status": "failed"}, "0"),
    ],
    ids=["all of it", "what we have not used", "what people have left", "disputed", "refunded", "failed"],
)
def test_of_a_payment_that_was_taken_back_or_used_nothing_is_given_to_an_invoice(
    given: dict[str, Any], expected: str
) -> None:
    assert left(**given) == Decimal(expected)


def test_what_was_never_captured_of_a_payment_is_not_taken_for_a_refund() -> None:
    released: dict[str, Any] = {
        "amount": usd("150.00"),
        "amount_captured": usd("120.00"),
        "amount_refunded": usd("30.00"),
    }
    assert left(**released) == Decimal("120.00")
