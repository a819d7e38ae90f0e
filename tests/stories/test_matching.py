"""Customers and items that NetSuite has had for long are found by comparing fields and used as they are."""

from __future__ import annotations

import pytest

from connector.models import MappedRecord, StripeAccount
from connector.sandbox.agreement import disagreements
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

STORY = "customer_and_item_known_to_netsuite"


@pytest.mark.rule("CU-15", "CU-16", "CU-18", "PI-4")
def test_the_books_name_what_netsuite_had_before(stage: Stage, request: pytest.FixtureRequest) -> None:
    StripeAccount.objects.update(
        customer_match_stripe_field="email",
        customer_match_netsuite_field="email",
        item_match_stripe_field="nickname",
        item_match_netsuite_field="itemId",
    )

    stage.play(STORY)

    expect_books(stage, STORY, request)
    assert disagreements(stage.world) == []
    found = MappedRecord.objects.filter(found=True).values_list("record_type", flat=True)
    assert sorted(found) == ["customer", "item"]
    second_pass_writes_nothing(stage)
