"""A closed posting period holds a document, or moves it, as the account says; never in silence."""

from __future__ import annotations

import pytest

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from tests.stories.stage import Stage

NEXT_OPEN = StripeAccount.ClosedPeriodPolicy.NEXT_OPEN


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world in which November 2026, the month of the stories, is closed."""
    sandbox.world.netsuite.user.close_period("Nov 2026")
    return Stage(sandbox.world, account)


def brought(stage: Stage) -> tuple[str, Job]:
    """A paid invoice of November, and the job that brought it."""
    made = stories.play(stage.world, "subscription_invoice_paid").objects
    invoice = next(one for one in made if one.startswith("in_"))
    stage.bring(invoice)
    return invoice, Job.objects.get(subject=invoice)


@pytest.mark.rule("K18")
def test_a_closed_period_holds_the_document_for_a_person(stage: Stage) -> None:
    _, job = brought(stage)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "period_closed")
    assert not MappedRecord.objects.filter(record_type="invoice", state="mapped").exists()


@pytest.mark.rule("K18", "OM-9", "OM-H3")
def test_or_moves_it_to_the_next_open_period_and_keeps_its_day_in_the_memo(stage: Stage) -> None:
    stage.world.netsuite.user.close_period("Dec 2026")
    StripeAccount.objects.update(closed_period_policy=NEXT_OPEN)
    invoice, job = brought(stage)

    assert job.status == Job.Status.SUCCESSFUL
    bill = MappedRecord.objects.get(external_id=invoice)
    assert bill.memo == f"Stripe: {invoice}. Original transaction date: 2026-11-02"
    assert {"OM-9", "K18"} <= set(bill.rules)
    books = stage.world.netsuite.books()["records"]
    dates = {one["date"] for one in books if one["type"] in ("invoice", "customerPayment")}
    assert dates == {"2027-01-01"}
    assert disagreements(stage.world) == []

    writes = stage.world.netsuite.writes
    stage.bring(invoice)
    assert stage.world.netsuite.writes == writes


@pytest.mark.rule("OM-9", "CH-7")
def test_a_long_memo_gives_way_to_the_original_day(stage: Stage) -> None:
    StripeAccount.objects.update(closed_period_policy=NEXT_OPEN)
    played = stories.play(stage.world, "standalone_charge").objects
    charge = next(one for one in played if one.startswith("ch_"))
    stage.world.stripe.store.get("charge", charge)["description"] = "An order of kayaks \U0001f6f6 " * 200

    stage.bring(charge)

    assert Job.objects.get(subject=charge).status == Job.Status.SUCCESSFUL
    (payment,) = [one for one in stage.world.netsuite.books()["records"] if one["external_id"] == charge]
    assert payment["memo"].startswith(f"Stripe: {charge}. Stripe description: An order")
    assert payment["memo"].endswith("… Original transaction date: 2026-11-05")


@pytest.mark.rule("K18")
def test_when_no_later_period_is_open_a_person_is_told(stage: Stage) -> None:
    StripeAccount.objects.update(closed_period_policy=NEXT_OPEN)
    for year in range(2026, 2032):
        for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]:
            stage.world.netsuite.user.close_period(f"{month} {year}")
    _, job = brought(stage)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "period_missing")
