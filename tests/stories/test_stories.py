"""Every story of the practice world is played through the wire, and the books are held against a text."""

from __future__ import annotations

import pytest

from connector.engine import jobs
from connector.models import Event, Job, MappedRecord
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from tests.stories.expected import expect_books, second_pass_writes_nothing
from tests.stories.stage import Stage

REFUSED, MENDED = "netsuite_requires_a_field", "required_field_mended"
PLAYED_ALONE = [name for name in stories.STORIES if name not in (REFUSED, MENDED)]
BILLED = (
    "discounted_invoice_paid",
    "standing_discount_of_a_customer",
    "free_by_coupon",
    "taxed_invoice_paid",
    "inclusive_tax_invoice_paid",
    "invoice_with_shipping",
    "invoice_with_zero_and_negative_lines",
    "tiered_and_fractional_prices",
    "debit_balance_on_next_invoice",
    "invoice_too_small_to_charge",
    "negative_invoice_in_yen",
    "upgrade_in_mid_period",
    "quantity_changes_billed_with_the_next_period",
    "trial_started",
    "trial_ended_and_paid",
    "cycles_on_a_test_clock",
    "invoice_with_due_date",
)
"""What Stripe can bill besides plain lines: discounts, taxes, shipping, balance, prorations, trials."""


@pytest.mark.rule(
    "OM-1", "OM-4", "OM-5", "OM-8", "IN-1", "IN-3", "IN-4", "IN-9", "CH-2", "CH-3", "CH-6", "UN-1"
)
@pytest.mark.rule(
    "IN-5", "IN-10", "IN-12", "PI-13", "PI-16", "PR-H1", "TX-H1", "TX-H2", "SH-1", "SH-H1", "CB-7", "NE-1"
)
@pytest.mark.rule("CB-9", "DI-2", "MC-1", "MC-9", "MC-H3", "RR-3", "RR-4", "TZ-1", "TZ-2", "K1", "K12")
@pytest.mark.parametrize("name", [*PLAYED_ALONE, *BILLED])
def test_the_books_stand_as_expected_and_asecond_pass_writes_nothing(
    name: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.play(name)

    expect_books(stage, name, request)
    assert disagreements(stage.world) == []
    assert not Job.objects.filter(status__in=Job.OPEN).exists()
    second_pass_writes_nothing(stage)


@pytest.mark.rule("ER-2")
def test_a_refused_invoice_waits_for_a_person_and_is_booked_by_a_retry_after_the_mend(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    stage.play(REFUSED)

    job = Job.objects.get(status=Job.Status.NEEDS_ATTENTION)
    assert job.code == "required_field_missing"
    assert "Department" in job.message
    refused = MappedRecord.objects.get(record_type="invoice")
    assert (refused.state, refused.internal_id) == (MappedRecord.State.REFUSED, "")
    assert not any(record["type"] == "invoice" for record in stage.world.netsuite.books()["records"])
    assert not any(record["type"] == "customerPayment" for record in stage.world.netsuite.books()["records"])

    stage.play(MENDED)
    job.refresh_from_db()
    assert job.status == Job.Status.NEEDS_ATTENTION
    assert jobs.retry(job)
    stage.run_jobs()

    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.SUCCESSFUL, "")
    expect_books(stage, REFUSED, request)
    assert disagreements(stage.world) == []
    second_pass_writes_nothing(stage)


def test_each_event_is_kept_once_however_often_it_comes(stage: Stage) -> None:
    played = stage.play("webhooks_out_of_order_and_twice")

    assert Event.objects.count() == len(stage.world.stripe.events())
    told = Event.objects.filter(event_id__in=played.events)
    assert told.count() == len(played.events)
    assert not told.filter(duplicates=0).exists()
