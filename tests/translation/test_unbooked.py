"""Why a Stripe object rightly has no record of its own; what has no reason is missing."""

from __future__ import annotations

from typing import Any

import pytest

from connector.translation import unbooked
from connector.translation.settings import Settings
from tests.translation.builders import customer, invoice, price, settings, usd
from tests.translation.notes import note
from tests.translation.taken_back import dispute, moved, refund

HELD = {"netsuite_block_integration": "true"}


@pytest.mark.rule("CU-2", "K6", "PI-4", "SY-1", "CH-H1", "CN-5", "DS-1")
@pytest.mark.parametrize(
    ("thing", "chosen", "code"),
    [
        (customer(), settings(), "at_first_transaction"),
        (customer(), settings(create_customers_on_signup=True), None),
        (customer(), settings(global_customer_workflow=True), "booked_under_one_customer"),
        (price(), settings(global_item_workflow=True), "sold_as_global_item"),
        (price(), settings(), None),
        (refund(), settings(), None),
        (refund(movement=None), settings(), "refund_without_money"),
        (
            refund(movement=moved(usd("-9.00"), category="partial_capture_reversal")),
            settings(),
            "authorization_released",
        ),
        (refund(metadata=HELD), settings(denylist_payments=True), "held_by_metadata"),
        (dispute(), settings(), None),
        (dispute(movements=()), settings(), "dispute_without_money"),
        (dispute(metadata=HELD), settings(denylist_payments=True), "held_by_metadata"),
        (note(), settings(), None),
        (note(status="void"), settings(), "credit_note_void"),
        (invoice(), settings(), None),
    ],
)
def test_an_object_without_a_record_has_a_reason_or_is_missing(
    thing: Any, chosen: Settings, code: str | None
) -> None:
    skip = unbooked.reason(thing, chosen)
    assert (skip and skip.code) == code
