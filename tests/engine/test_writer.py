"""What is written is written once, whatever becomes of the answer."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from connector.engine import doors, jobs, steps, sync
from connector.engine.writer import Writer
from connector.errors import NeedsAttention
from connector.models import Job, MappedRecord, StripeAccount
from connector.netsuite.gateway import MOST_CREATED_AT_ONCE
from connector.netsuite.records import CustomerPayment, Ref
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories import props
from connector.translation.plan import Plan, Planned, Summary
from tests.stories.stage import Stage

State = MappedRecord.State
STORY = "subscription_invoice_paid"
WRITES = {1: "customer", 2: "serviceSaleItem", 3: "invoice", 4: "customerPayment"}
"""The writes of a paid invoice of which NetSuite knows nothing yet, one call each."""


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_was_saved_but_never_answered_is_found_by_its_external_id(
    stage: Stage, write: int
) -> None:
    invoice = _played(stage)
    stage.world.set_faults(f"lost:{write}")

    stage.bring(invoice)

    job = Job.objects.get(subject=invoice)
    assert (job.status, job.code) == (Job.Status.READY, "unconfirmed")
    lost = MappedRecord.objects.get(state=State.UNCONFIRMED)
    assert lost.record_type == WRITES[write]

    stage.world.set_faults("")
    _bring_forward(job)
    stage.run_jobs()

    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL
    lost.refresh_from_db()
    assert (lost.state, lost.found) == (State.MAPPED, True)
    assert disagreements(stage.world) == []
    assert max(_external_ids(stage).values()) == 1


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_never_arrived_is_sent_again_only_after_the_quiet_period(
    stage: Stage, write: int, settings: pytest.FixtureRequest
) -> None:
    invoice = _played(stage)
    stage.world.set_faults(f"lost-before:{write}")
    stage.bring(invoice)
    stage.world.set_faults("")
    writes = stage.world.netsuite.writes
    job = Job.objects.get(subject=invoice)

    _bring_forward(job)
    stage.run_jobs()
    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.READY, "unconfirmed")
    assert stage.world.netsuite.writes == writes

    MappedRecord.objects.filter(state=State.UNCONFIRMED).update(sent_at=timezone.now() - timedelta(hours=1))
    _bring_forward(job)
    stage.run_jobs()
    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL
    assert disagreements(stage.world) == []
    assert max(_external_ids(stage).values()) == 1


def test_more_new_items_than_one_call_takes_are_written_in_several_and_each_once(stage: Stage) -> None:
    world, one_more = stage.world, MOST_CREATED_AT_ONCE + 1
    product = world.stripe.post("/v1/products", name="Part")["id"]
    prices = [
        world.stripe.post("/v1/prices", product=product, unit_amount=100, currency="usd")["id"]
        for _ in range(one_more)
    ]
    customer = props.new_customer(world, "Meridian Kitchens", "ap@meridian.example", props.BOSTON)
    lines = [{"pricing": {"price": price}} for price in prices]
    invoice = props.paid_invoice(world, customer, lines)
    world.set_faults("lost:3")  # the customer, then two calls of items: the second's answer

    stage.bring(invoice)

    job, lost = Job.objects.get(subject=invoice), MappedRecord.objects.get(state=State.UNCONFIRMED)
    assert (job.status, job.code) == (Job.Status.READY, "unconfirmed")
    of_items = MappedRecord.objects.filter(record_type="serviceSaleItem")
    assert (lost.record_type, of_items.filter(state=State.MAPPED).count()) == (
        "serviceSaleItem",
        MOST_CREATED_AT_ONCE,
    )

    world.set_faults("")
    _bring_forward(job)
    stage.run_jobs()

    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL
    assert _record(stage, "invoice", invoice)["total"] == f"{one_more}.00"
    assert disagreements(world) == []
    assert max(_external_ids(stage).values()) == 1


def test_a_slow_run_that_was_overtaken_undoes_nothing_of_the_run_that_took_over(
    stage: Stage, settings: Any
) -> None:
    settings.QUIET_SECONDS = 0
    job = stage.enqueue(_played(stage))
    stage.world.set_faults(f"lost:{len(WRITES) + 1}")  # the slow run's own, after all of the other's

    def overtake(step: str, **_: object) -> None:
        if step == "intent" and steps.reached.disconnect(overtake):
            Job.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
            assert sync.run(job.pk) == Job.Status.SUCCESSFUL

    steps.reached.connect(overtake)
    stage.run(job)

    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL
    assert set(MappedRecord.objects.values_list("state", flat=True)) == {State.MAPPED}
    assert disagreements(stage.world) == []
    assert max(_external_ids(stage).values()) == 1


def test_a_worker_waits_for_others_no_longer_than_it_may_run(stage: Stage, settings: Any) -> None:
    settings.JOB_TIME_LIMIT = 0
    played = stories.play(stage.world, STORY)
    writing = Job.objects.create(account=stage.account, subject="in_other", status=Job.Status.RUNNING)
    MappedRecord.objects.create(
        netsuite_account=stage.account.netsuite_account,
        account=stage.account,
        job=writing,
        record_type="customer",
        external_id=_id(played, "cus_"),
        sent_at=timezone.now(),
    )

    job = stage.enqueue(_id(played, "in_"))
    stage.run(job)

    job.refresh_from_db()
    assert (job.status, job.code, job.attempts.count()) == (Job.Status.READY, "being_written", 1)


@pytest.mark.rule("SY-5")
def test_a_busy_netsuite_is_waited_for_and_no_alarm_is_raised(stage: Stage) -> None:
    invoice = _played(stage)
    stage.world.set_faults("busy:1.0")
    stage.bring(invoice)
    job = Job.objects.get(subject=invoice)
    assert (job.status, job.code, job.tries) == (Job.Status.READY, "netsuite_busy", 1)

    stage.world.set_faults("")
    _bring_forward(job)
    stage.run_jobs()
    job.refresh_from_db()
    assert (job.status, job.tries, job.delayed_since) == (Job.Status.SUCCESSFUL, 0, None)


def test_after_a_day_of_delays_a_person_is_told(stage: Stage) -> None:
    invoice = _played(stage)
    stage.world.set_faults("busy:1.0")
    stage.bring(invoice)
    Job.objects.update(delayed_since=timezone.now() - timedelta(hours=25), run_after=timezone.now())
    stage.run_jobs()
    job = Job.objects.get(subject=invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "gave_up_waiting")


@pytest.mark.rule("SY-H2")
def test_records_that_are_in_netsuite_already_are_found_and_mapped_untouched(
    stage: Stage,
) -> None:
    """As after a restore of yesterday's database: our map is empty, NetSuite's books are not."""
    invoice = _played(stage)
    stage.bring(invoice)
    books, amounts = stage.world.netsuite.books_text(), MappedRecord.objects.count()
    MappedRecord.objects.all().delete()

    stage.bring(invoice)

    job = Job.objects.filter(subject=invoice).latest("pk")
    assert job.status == Job.Status.SUCCESSFUL
    assert MappedRecord.objects.filter(state=State.MAPPED, found=True).count() == amounts
    assert stage.world.netsuite.books_text() == books


def test_an_invoice_with_any_problem_writes_nothing_at_all(stage: Stage) -> None:
    invoice = _played(stage)
    StripeAccount.objects.update(income_account="", receivables_account="", undeposited_funds_account="")

    stage.bring(invoice)

    job = Job.objects.get(subject=invoice)
    assert job.status == Job.Status.NEEDS_ATTENTION
    codes = {problem["code"] for problem in job.problems}
    assert codes == {
        "income_account_missing",
        "receivables_account_missing",
        "undeposited_funds_account_missing",
    }
    assert all(problem["next_step"] for problem in job.problems)
    assert stage.world.netsuite.writes == 0
    assert not MappedRecord.objects.exists()


@pytest.mark.rule("CU-17", "CU-18", "ME-1")
@pytest.mark.rule("K7")
def test_a_customer_named_in_metadata_is_linked_and_gets_the_stripe_id_in_its_comments(stage: Stage) -> None:
    existing = _bring_other_customer(stage)
    played = stories.play(stage.world, "standalone_charge")
    customer, charge = _id(played, "cus_"), _id(played, "ch_")
    stage.world.stripe.post(f"/v1/customers/{customer}", metadata={"netsuite_customer_id": existing})

    stage.bring(charge)

    linked = MappedRecord.objects.get(external_id=customer)
    assert (linked.internal_id, linked.found) == (existing, True)
    payment = _record(stage, "customerPayment", charge)
    assert payment["entity"] == existing
    held = next(one for one in stage.world.netsuite.books()["records"] if one["internal_id"] == existing)
    assert customer in str(held)


@pytest.mark.rule("ER-4", "ME-2", "CU-17")
@pytest.mark.rule("CU-H1")
def test_a_customer_in_metadata_that_netsuite_lacks_needs_a_person(stage: Stage) -> None:
    played = stories.play(stage.world, "standalone_charge")
    customer, charge = _id(played, "cus_"), _id(played, "ch_")
    stage.world.stripe.post(f"/v1/customers/{customer}", metadata={"netsuite_customer_id": "987654"})

    stage.bring(charge)

    job = Job.objects.get(subject=charge)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "metadata_record_missing")
    assert job.message == "Invalid record referenced in metadata key netsuite_customer_id (987654)."
    assert stage.world.netsuite.writes == 0


def test_an_answer_of_a_shape_that_stripe_never_sends_is_a_loud_failure(stage: Stage) -> None:
    invoice = _played(stage)
    stage.world.stripe.store.get("invoice", invoice)["total"] = None
    stage.bring(invoice)
    job = Job.objects.get(subject=invoice)
    assert job.status == Job.Status.FAILED
    attempt = job.attempts.get()
    assert (attempt.outcome, attempt.code) == (Job.Status.FAILED, job.code)


@pytest.mark.rule("K22")
def test_a_record_under_our_external_id_with_other_money_is_never_taken_for_ours(stage: Stage) -> None:
    invoice = _played(stage)
    stage.bring(invoice)
    MappedRecord.objects.filter(record_type__in=("invoice", "customerPayment")).delete()
    stage.world.stripe.store.get("invoice", invoice)["total"] -= 100
    for line in stage.world.stripe.store.all("line_item"):
        if line["invoice"] == invoice:
            line["amount"] -= 100

    stage.bring(invoice)

    job = Job.objects.filter(subject=invoice).latest("pk")
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "found_record_differs")
    assert "total 245" in job.message
    assert not MappedRecord.objects.filter(record_type="invoice", state=State.MAPPED).exists()


def test_an_external_id_of_ours_on_a_record_of_another_type_is_named_and_taken_for_nothing(
    stage: Stage,
) -> None:
    stage.bring(_id(stories.play(stage.world, "standalone_charge"), "ch_"))
    invoice = _played(stage)
    elsewhere = MappedRecord.objects.get(record_type="customerPayment").internal_id
    stage.world.netsuite.user.edit("customerPayment", elsewhere, {"@externalId": invoice})

    stage.bring(invoice)

    job = Job.objects.get(subject=invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "external_id_taken")
    assert invoice in job.message
    assert MappedRecord.objects.get(record_type="invoice").state == State.REFUSED
    assert not [one for one in stage.world.netsuite.books()["records"] if one["type"] == "invoice"]


def test_a_record_whose_customer_nobody_has_brought_is_not_sent(stage: Stage) -> None:
    job = jobs.lease(stage.enqueue("ch_1").pk, "host:1")
    assert job is not None
    books = doors.netsuite_gateway(stage.account.netsuite_account, "host:1")
    account = Ref("account", internal_id=stage.account.receivables_account)
    payment = CustomerPayment(
        external_id="ch_1",
        customer=Ref("customer", "cus_nobody"),
        currency=Ref("currency", internal_id="1"),
        tran_date=date(2026, 11, 3),
        account=Ref("account", internal_id=stage.account.undeposited_funds_account),
        receivables_account=account,
        payment=Decimal("10.00"),
    )
    plan = Plan(Summary("A payment"), records=(Planned(payment, "ch_1", ()),))
    with pytest.raises(NeedsAttention, match="customer cus_nobody is not in NetSuite") as told:
        Writer(job, books, partial(jobs.renew, job)).write(plan)
    assert told.value.code == "parent_missing"
    assert (stage.world.netsuite.writes, MappedRecord.objects.count()) == (0, 0)


@pytest.mark.rule("CH-6")
def test_a_payment_that_was_booked_before_its_invoice_is_applied_to_it_later(stage: Stage) -> None:
    played = stories.play(stage.world, STORY)
    invoice, charge = _id(played, "in_"), _id(played, "ch_")
    intent = stage.world.stripe.store.get("charge", charge)
    linked, intent["payment_intent"] = intent["payment_intent"], None
    stage.bring(charge)
    assert _record(stage, "customerPayment", charge)["unapplied"] == "245.00"
    intent["payment_intent"] = linked

    stage.bring(invoice)

    assert _record(stage, "customerPayment", charge)["unapplied"] == "0.00"
    assert disagreements(stage.world) == []
    writes = stage.world.netsuite.writes
    stage.bring(invoice)
    assert stage.world.netsuite.writes == writes

    # Killed after NetSuite had applied it, and before that was written down, the next run applies it once.
    MappedRecord.objects.filter(external_id=charge).update(applied_to=[])
    books = stage.world.netsuite.books_text()
    stage.bring(invoice)
    assert Job.objects.filter(subject=invoice).latest("pk").status == Job.Status.SUCCESSFUL
    assert stage.world.netsuite.books_text() == books
    assert MappedRecord.objects.get(external_id=charge).applied_to


@pytest.mark.rule("ME-1", "PO-14")
def test_a_payment_named_in_metadata_is_linked_and_not_made_again(stage: Stage) -> None:
    stage.bring(_id(stories.play(stage.world, "standalone_charge"), "ch_"))
    existing = MappedRecord.objects.get(record_type="customerPayment").internal_id
    MappedRecord.objects.all().delete()  # it is somebody else's
    stage.world.netsuite.user.edit("customerPayment", existing, {"@externalId": "by hand"})
    charge = _id(stories.play(stage.world, "standalone_charge"), "ch_")
    stage.world.stripe.post(f"/v1/charges/{charge}", metadata={"netsuite_customer_payment_id": existing})
    writes = stage.world.netsuite.writes

    stage.bring(charge)

    linked = MappedRecord.objects.get(external_id=charge)
    assert (linked.internal_id, linked.found) == (existing, True)
    assert stage.world.netsuite.writes == writes


@pytest.mark.rule("PI-6")
def test_an_item_named_in_metadata_may_be_of_any_item_type(stage: Stage) -> None:
    existing = stage.world.netsuite.user.create(
        "nonInventorySaleItem", {"itemId": "Crate of tea", "incomeAccount": ref(stage.account.income_account)}
    )
    played = stories.play(stage.world, STORY)
    price, invoice = _id(played, "price_"), _id(played, "in_")
    stage.world.stripe.post(
        f"/v1/prices/{price}", metadata={"netsuite_non_inventory_sale_item_id": str(existing)}
    )

    stage.bring(invoice)

    assert Job.objects.get(subject=invoice).status == Job.Status.SUCCESSFUL
    linked = MappedRecord.objects.get(external_id=price)
    assert (linked.record_type, linked.internal_id) == ("item", str(existing))


def test_a_job_that_kills_its_workers_is_stopped(stage: Stage) -> None:
    job = stage.enqueue(_played(stage))
    for _ in range(jobs.MOST_CUT_OFF):
        assert jobs.lease(job.pk, "doomed") is not None
        Job.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    stage.run(job)

    job.refresh_from_db()
    assert (job.status, job.code) == (Job.Status.FAILED, "cut_off_too_often")
    assert stage.world.netsuite.writes == 0


def test_attempts_keep_what_was_sent_and_answered_without_credentials(stage: Stage) -> None:
    invoice = _played(stage)
    stage.bring(invoice)

    attempt = Job.objects.get(subject=invoice).attempts.get()

    assert [exchange["operation"] for exchange in attempt.exchanges].count("addList") == len(WRITES)
    kept = str(attempt.exchanges)
    assert invoice in kept
    for name, secret in stage.world.netsuite.credentials.items():
        assert name == "netsuite_account_id" or secret not in kept, name
    states = [record["state"] for record in attempt.plan["records"]]
    assert states == ["written"] * len(states)
    for record in attempt.plan["records"]:
        assert record["rules"]


def test_news_in_mid_run_makes_one_more_job_and_no_second_record(stage: Stage) -> None:
    invoice = _played(stage)
    job = stage.enqueue(invoice)
    leased = jobs.lease(job.pk, "elsewhere")
    assert leased is not None

    other = stage.enqueue(invoice)
    stage.run_jobs()
    other.refresh_from_db()
    assert other.status == Job.Status.READY

    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    stage.run(job)
    stage.run_jobs()
    assert set(Job.objects.filter(subject=invoice).values_list("status", flat=True)) == {
        Job.Status.SUCCESSFUL
    }
    assert disagreements(stage.world) == []


def _played(stage: Stage) -> str:
    return _id(stories.play(stage.world, STORY), "in_")


def _id(played: stories.Played, prefix: str) -> str:
    return next(identity for identity in played.objects if identity.startswith(prefix))


def _bring_other_customer(stage: Stage) -> str:
    """The internal id of a customer that stands in NetSuite already."""
    stage.bring(_id(stories.play(stage.world, "standalone_charge"), "ch_"))
    return MappedRecord.objects.get(record_type="customer").internal_id


def _record(stage: Stage, kind: str, external_id: str) -> dict[str, str]:
    records: list[dict[str, str]] = stage.world.netsuite.books()["records"]
    return next(one for one in records if (one["type"], one["external_id"]) == (kind, external_id))


def _bring_forward(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())


def _external_ids(stage: Stage) -> Counter[str]:
    return Counter(
        one["external_id"] for one in stage.world.netsuite.books()["records"] if one["external_id"]
    )
