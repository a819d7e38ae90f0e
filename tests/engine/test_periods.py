"""A closed posting period holds a document, or moves it, as the account says; never in silence."""

from __future__ import annotations

import pytest

from connector.engine import actions
from connector.models import Action, AuditEntry, Decision, Job, MappedRecord, StripeAccount
from connector.models.audit import Verb
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from tests.stories.expected import second_pass_writes_nothing
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


@pytest.mark.rule("K18", "OM-9", "CH-18")
@pytest.mark.parametrize("allowed", [True, False])
def test_a_second_payment_of_a_closed_period_moves_and_stands_alone_where_both_are_allowed(
    allowed: bool, stage: Stage
) -> None:
    StripeAccount.objects.update(closed_period_policy=NEXT_OPEN, allow_duplicate_payments=allowed)
    made = stories.play(stage.world, "duplicate_payment").objects
    for invoice in (one for one in made if one.startswith("in_")):
        stage.bring(invoice)

    books = stage.world.netsuite.books()["records"]
    payments = {one["unapplied"]: one for one in books if one["type"] == "customerPayment"}
    assert {one["date"] for one in payments.values()} == {"2026-12-01"}
    asking = [job.code for job in Job.objects.filter(status__in=Job.OPEN)]
    assert (sorted(payments), asking) == (
        (["0.00", "275.00"], []) if allowed else (["0.00"], ["invoice_already_paid"])
    )
    if allowed:
        second_pass_writes_nothing(stage)
        memo = payments["275.00"]["memo"]
        assert memo.startswith("Stripe Payment Error: could not apply to invoice ")
        assert "Original transaction date: 2026-11-" in memo


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


# A person decides about one document


def decide(job: Job) -> None:
    job.refresh_from_db()
    actions.date_anew([job.pk], actions.version([job]), who="vera", why="Our auditor agreed.")


@pytest.mark.rule("K18", "OM-9")
def test_a_person_has_one_document_dated_in_the_next_open_period(stage: Stage) -> None:
    invoice, job = brought(stage)
    other = next(one for one in stories.play(stage.world, "standalone_charge").objects if one[:3] == "ch_")
    stage.bring(other)
    decide(job)
    stage.bring(invoice)  # news from Stripe books nothing while it can be undone
    assert not MappedRecord.objects.filter(external_id=invoice, state="mapped").exists()

    for _ in range(2):
        stage.ten_seconds_pass()
        stage.bring(invoice)
    newest = Job.objects.filter(subject=invoice).latest("pk")
    assert (newest.status, newest.code) == (Job.Status.SUCCESSFUL, "")
    books = stage.world.netsuite.books()["records"]
    dates = [(one["type"], one["date"]) for one in books if one["type"] in ("invoice", "customerPayment")]
    assert sorted(dates) == [("customerPayment", "2026-12-01"), ("invoice", "2026-12-01")]
    assert MappedRecord.objects.get(external_id=invoice).memo.endswith("transaction date: 2026-11-02")
    assert Job.objects.filter(subject=other).latest("pk").code == "period_closed"
    decision = Decision.objects.get()
    assert (decision.kind, decision.stripe_id, decision.who) == ("next_open_period", invoice, "vera")
    told = AuditEntry.objects.get(verb=Verb.NEXT_OPEN_PERIOD)
    assert (told.subject, told.reason) == (invoice, "Our auditor agreed.")
    assert "netsuite_allow_duplicate" not in str(stage.world.stripe.store.get("invoice", invoice))


@pytest.mark.rule("K18")
def test_undone_in_time_it_is_as_if_nobody_had_decided(stage: Stage) -> None:
    invoice, job = brought(stage)
    decide(job)
    actions.undo(Action.objects.get().pk, who="vera")
    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "period_closed")
    assert Decision.objects.get().withdrawn_by == "vera"
    assert AuditEntry.objects.filter(verb=Verb.UNDO, subject=invoice).count() == 1
    stage.ten_seconds_pass()
    stage.bring(invoice)
    assert Job.objects.filter(subject=invoice).latest("pk").code == "period_closed"
    decide(Job.objects.filter(subject=invoice).latest("pk"))
    stage.ten_seconds_pass()
    stage.run_jobs()
    assert MappedRecord.objects.filter(external_id=invoice, state="mapped").exists()
