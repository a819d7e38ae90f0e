"""Two that bring the same, accounts of one Stripe account or runs of one job: it is booked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from connector.engine import doors, jobs, steps, sync
from connector.engine.writer import Writer
from connector.errors import RetryLater
from connector.models import Job, MappedRecord, StripeAccount
from connector.netsuite.gateway import Exchange
from connector.netsuite.records import Ref, ServiceSaleItem
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from connector.translation.plan import Plan, Planned, Summary
from tests.crowd import at_once
from tests.stories.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

State = MappedRecord.State


@pytest.fixture
def twin(sandbox: Server, account: StripeAccount) -> StripeAccount:
    call_command("account", "twin", sandbox=sandbox.url, netsuite="acme", verbosity=0)
    twin = StripeAccount.objects.get(name="twin")
    assert twin.netsuite_account_id == account.netsuite_account_id
    return twin


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    return Stage(sandbox.world, account)


def test_twins_that_book_the_same_at_the_same_moment_book_it_once(
    stage: Stage, account: StripeAccount, twin: StripeAccount
) -> None:
    payout = _payout(stage)
    charges = [one["id"] for one in stage.world.stripe.store.all("charge")]

    for key in (charges[0], payout):
        if key == payout:
            jobs.enqueue_all(account, charges)
            stage.run_jobs()
        made = [jobs.enqueue_all(one, [key], wake=False)[0] for one in (account, twin)]
        at_once(*[partial(sync.run, job.pk) for job in made])
        stage.run_jobs()

    _booked_once(stage)


def test_what_the_twin_brought_since_we_looked_is_not_sent_again(stage: Stage, twin: StripeAccount) -> None:
    payout = _paid_out_and_booked_but_for_the_deposit(stage)

    with pytest.raises(RetryLater, match="Another job is writing the same record"):
        _write(twin, payout, as_it_is_sent=partial(stage.bring, payout))

    writes = stage.world.netsuite.writes
    stage.run_jobs()
    assert stage.world.netsuite.writes == writes
    _booked_once(stage)


def test_a_deposit_whose_row_came_while_it_was_found_is_looked_at_again(
    stage: Stage, twin: StripeAccount
) -> None:
    payout = _paid_out_and_booked_but_for_the_deposit(stage)
    stage.bring(payout)
    row = MappedRecord.objects.get(record_type="deposit")
    row.delete()

    def keep_it_again(exchange: Exchange) -> None:
        if payout in exchange.request and not MappedRecord.objects.filter(record_type="deposit").exists():
            row.save()

    with pytest.raises(RetryLater, match="Another job is writing the same record"):
        _write(twin, payout, as_it_is_asked=keep_it_again)

    stage.run_jobs()
    _booked_once(stage)


def test_a_deposit_that_netsuite_refuses_as_made_already_is_found(stage: Stage, twin: StripeAccount) -> None:
    payout = _paid_out_and_booked_but_for_the_deposit(stage)

    def bring_and_forget() -> None:
        stage.bring(payout)
        MappedRecord.objects.get(record_type="deposit").delete()

    _write(twin, payout, as_it_is_sent=bring_and_forget)

    stage.run_jobs()
    _booked_once(stage)


def test_of_two_jobs_that_bring_the_same_items_in_another_order_one_makes_way(
    stage: Stage, account: StripeAccount, twin: StripeAccount
) -> None:
    items = _items(account, 100)
    done = at_once(partial(_bring, account, items), partial(_bring, twin, items[::-1]))

    assert sorted(done) in (["being_written", "written"], ["written", "written"])
    assert MappedRecord.objects.filter(state=State.MAPPED).count() == len(items)
    assert stage.world.netsuite.writes == 1


def test_of_two_jobs_that_try_a_refused_record_again_one_makes_way(
    stage: Stage, account: StripeAccount, twin: StripeAccount
) -> None:
    items = _items(account, 20)
    for one in items:
        netsuite, kind = account.netsuite_account, one.record.TYPE
        key = {"netsuite_account": netsuite, "record_type": kind, "external_id": one.stripe_id}
        MappedRecord.objects.create(**key, account=account, state=State.REFUSED)

    for one in items:
        at_once(partial(_bring, account, [one]), partial(_bring, twin, [one]))

    assert MappedRecord.objects.filter(state=State.MAPPED).count() == len(items)
    assert stage.world.netsuite.writes == len(items)


def test_an_answer_that_comes_after_a_run_was_overtaken_changes_nothing_of_the_map(
    stage: Stage, settings: Any
) -> None:
    settings.QUIET_SECONDS = 0
    job = stage.enqueue(_invoice(stage))
    mapped: list[object] = []

    def overtake(step: str, **_: object) -> None:
        if step == "answered" and steps.reached.disconnect(overtake):
            Job.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
            assert sync.run(job.pk) == Job.Status.SUCCESSFUL
            mapped.extend(MappedRecord.objects.values())

    steps.reached.connect(overtake)
    stage.run(job)

    assert list(MappedRecord.objects.values()) == mapped


def test_a_run_that_the_database_broke_off_is_put_back_and_writes_nothing_twice(
    stage: Stage, settings: Any
) -> None:
    settings.QUIET_SECONDS = 0
    job = stage.enqueue(_invoice(stage))

    def lose(step: str, **_: object) -> None:
        if step == "answered" and steps.reached.disconnect(lose):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$")

    steps.reached.connect(lose)
    stage.run(job)

    job.refresh_from_db()
    assert (job.status, job.code, job.tries) == (Job.Status.READY, "database_busy", 1)
    Job.objects.update(run_after=timezone.now())
    stage.run_jobs()
    job.refresh_from_db()
    assert job.status == Job.Status.SUCCESSFUL
    _booked_once(stage)


def _items(account: StripeAccount, count: int) -> list[Planned]:
    income = Ref("account", internal_id=account.income_account)
    ids = [f"price_{number}" for number in range(count)]
    return [Planned(ServiceSaleItem(one, f"Plan {one}", income), one, ()) for one in ids]


def _bring(account: StripeAccount, records: list[Planned]) -> str:
    """What came of a job that writes these, while others may."""
    subject = f"in_of_{records[0].stripe_id}"
    job = jobs.lease(jobs.enqueue_all(account, [subject], wake=False)[0].pk, "host:1")
    assert job is not None
    try:
        _writer(job).write(Plan(Summary("An invoice"), records=tuple(records)))
    except RetryLater as later:
        return later.code
    return "written"


def _invoice(stage: Stage) -> str:
    played = stories.play(stage.world, "subscription_invoice_paid")
    return next(key for key in played.objects if key.startswith("in_"))


def _payout(stage: Stage) -> str:
    (payout,) = [key for key in stories.play(stage.world, "daily_payout").objects if key.startswith("po_")]
    return payout


def _paid_out_and_booked_but_for_the_deposit(stage: Stage) -> str:
    payout = _payout(stage)
    jobs.enqueue_all(stage.account, [one["id"] for one in stage.world.stripe.store.all("charge")])
    stage.run_jobs()
    return payout


def _write(
    account: StripeAccount,
    key: str,
    *,
    as_it_is_sent: Callable[[], object] = lambda: None,
    as_it_is_asked: Callable[[Exchange], None] = lambda _: None,
) -> None:
    """Write what Stripe says of `key`, while something else happens; its job is due again afterwards."""
    job = jobs.lease(jobs.enqueue_all(account, [key], wake=False)[0].pk, "host:1")
    assert job is not None
    gateway = doors.netsuite_gateway(account.netsuite_account, "host:1")
    plan = sync.read(key, sync.open_source(account, gateway, keep=True), account, gateway)
    assert isinstance(plan, Plan)
    try:
        _writer(job, as_it_is_sent, as_it_is_asked).write(plan)
    finally:
        jobs.finish(job, jobs.Ending(Job.Status.READY, "being_written"))


def _writer(
    job: Job,
    as_it_is_sent: Callable[[], object] = lambda: None,
    as_it_is_asked: Callable[[Exchange], None] = lambda _: None,
) -> Writer:
    gateway = doors.netsuite_gateway(job.account.netsuite_account, f"job:{job.pk}", as_it_is_asked)

    def renew() -> bool:
        as_it_is_sent()
        return jobs.renew(job)

    return Writer(job, gateway, renew)


def _booked_once(stage: Stage) -> None:
    assert {*Job.objects.values_list("status", flat=True)} <= {Job.Status.SUCCESSFUL, Job.Status.SKIPPED}
    assert {*MappedRecord.objects.values_list("state", flat=True)} == {State.MAPPED}
    assert disagreements(stage.world) == []
    records = stage.world.netsuite.books()["records"]
    assert max(Counter(one["external_id"] for one in records if one["external_id"]).values()) == 1
