"""The inbox: which events ring, for which document, and that they are kept whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError

from connector.engine import inbox, jobs
from connector.models import Event, Job, MappedRecord, StripeAccount
from tests.crowd import at_once
from tests.factories import MappedRecordFactory, StripeAccountFactory
from tests.full_disk import no_room_for_events
from tests.rings import rings, silence
from tests.signed import event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def acme() -> StripeAccount:
    return StripeAccountFactory.create(name="acme")


def invoice(key: str = "in_1") -> dict[str, Any]:
    return {"id": key, "object": "invoice"}


def charge(key: str = "ch_1") -> dict[str, Any]:
    return {"id": key, "object": "charge"}


# What is kept


def test_an_event_is_kept_as_it_came_with_the_job_that_it_rang_for(acme: StripeAccount) -> None:
    body = event("invoice.paid", invoice())
    kept = inbox.receive(acme, body)
    kept.refresh_from_db()
    assert kept.body == body
    assert (kept.event_id, kept.type, kept.object_id) == ("evt_1", "invoice.paid", "in_1")
    assert (kept.api_version, kept.duplicates) == ("2026-10-28.endive", 0)
    assert kept.created == datetime(2026, 11, 20, 12, 12, tzinfo=UTC)
    assert kept.job == Job.objects.get(account=acme, subject="in_1", status=Job.Status.READY)
    assert rings() == [kept.job_id]


def test_several_events_of_one_document_ring_once_and_hang_on_one_job(acme: StripeAccount) -> None:
    kinds = ["invoice.finalized", "invoice.updated", "invoice.payment_succeeded", "invoice.paid"]
    kept = [inbox.receive(acme, event(kind, invoice(), number=n)) for n, kind in enumerate(kinds)]
    assert len({one.job_id for one in kept}) == 1
    assert rings() == [kept[0].job_id]


def test_the_same_event_of_two_accounts_is_two_events(acme: StripeAccount) -> None:
    globex = StripeAccountFactory.create()
    for account in (acme, globex):
        inbox.receive(account, event())
    assert Event.objects.filter(event_id="evt_1").count() == Job.objects.count() == 2


def test_a_duplicate_is_counted_and_neither_rings_nor_opens_anything(acme: StripeAccount) -> None:
    first = inbox.receive(acme, event())
    taken = jobs.lease(first.job_id or 0, "host:1")
    assert taken is not None
    jobs.finish(taken, jobs.Ending(Job.Status.NEEDS_ATTENTION, "closed_period"))
    silence()
    for _ in range(2):
        with pytest.raises(inbox.Duplicate):
            inbox.receive(acme, event())
    first.refresh_from_db()
    assert first.duplicates == 2
    assert Event.objects.count() == 1
    assert Job.objects.get().status == Job.Status.NEEDS_ATTENTION
    assert rings() == []


def test_when_the_last_of_the_three_rows_cannot_be_written_none_of_them_is(acme: StripeAccount) -> None:
    with no_room_for_events(), pytest.raises(DatabaseError):
        inbox.receive(acme, event())
    assert not Event.objects.exists()
    assert not Job.objects.exists()
    assert rings() == []
    assert inbox.receive(acme, event()).job is not None


def test_what_was_settled_is_not_opened_by_an_event_that_could_not_be_kept(acme: StripeAccount) -> None:
    job = Job.objects.create(account=acme, subject="in_1", status=Job.Status.NEEDS_ATTENTION)
    with no_room_for_events(), pytest.raises(DatabaseError):
        inbox.receive(acme, event())
    job.refresh_from_db()
    assert job.status == Job.Status.NEEDS_ATTENTION
    assert rings() == []


# For which document


@pytest.mark.parametrize("kind", sorted(inbox.BOOKED))
def test_every_event_that_changes_the_books_makes_a_job(acme: StripeAccount, kind: str) -> None:
    thing = {"id": "xx_1", "invoice": "in_1"}
    kept = inbox.receive(acme, event(kind, thing))
    assert kept.job is not None
    assert kept.job.subject == ("in_1" if kind.startswith(("invoice_payment.", "credit_note.")) else "xx_1")


@pytest.mark.rule("CH-26")
def test_a_debit_rings_when_it_begins_since_nothing_more_may_come_for_days(acme: StripeAccount) -> None:
    kept = inbox.receive(acme, event("charge.pending", charge("py_1")))
    assert kept.job is not None
    assert kept.job.subject == "py_1"


@pytest.mark.parametrize(
    "kind", ["invoice.created", "invoice.upcoming", "customer.updated", "balance.available", "a.kind.to.come"]
)
def test_an_event_that_books_nothing_is_kept_without_a_job(acme: StripeAccount, kind: str) -> None:
    kept = inbox.receive(acme, event(kind, {"object": "something"}))
    assert (kept.job, kept.object_id) == (None, "")
    assert not Job.objects.exists()
    assert rings() == []


def test_the_payment_of_an_invoice_rings_for_its_invoice(acme: StripeAccount) -> None:
    payment = {"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1"}
    first = inbox.receive(acme, event("invoice_payment.paid", payment))
    second = inbox.receive(acme, event("invoice.paid", invoice(), number=2))
    assert first.job == second.job
    assert first.job is not None
    assert first.job.subject == "in_1"


def test_a_credit_note_rings_for_its_invoice(acme: StripeAccount) -> None:
    note = {"id": "cn_1", "object": "credit_note", "invoice": "in_1"}
    kept = inbox.receive(acme, event("credit_note.voided", note))
    assert kept.job is not None
    assert (kept.job.subject, kept.object_id) == ("in_1", "cn_1")


def _applied(account: StripeAccount, **changes: Any) -> MappedRecord:
    applied_to = [{"type": "invoice", "external_id": "in_1", "internal_id": "41", "amount": "20.00"}]
    given = {"record_type": "customerPayment", "stripe_id": "ch_1", "applied_to": applied_to} | changes
    return MappedRecordFactory.create(job__account=account, job__status="successful", **given)


def test_a_charge_that_was_booked_with_an_invoice_rings_for_the_invoice(acme: StripeAccount) -> None:
    _applied(acme)
    kept = inbox.receive(acme, event("charge.updated", charge()))
    assert kept.job is not None
    assert kept.job.subject == "in_1"


def test_a_charge_that_was_booked_alone_rings_for_itself(acme: StripeAccount) -> None:
    _applied(acme, applied_to=[])
    kept = inbox.receive(acme, event("charge.updated", charge()))
    assert kept.job is not None
    assert kept.job.subject == "ch_1"


def test_a_dispute_rings_for_itself(acme: StripeAccount) -> None:
    dispute = {"id": "du_1", "object": "dispute", "charge": "ch_1"}
    kept = inbox.receive(acme, event("charge.dispute.created", dispute))
    assert kept.job is not None
    assert kept.job.subject == "du_1"


@pytest.mark.parametrize("switched_on", [True, False])
@pytest.mark.rule("CU-2", "K6")
def test_a_sign_up_rings_only_where_customers_are_made_at_sign_up(
    acme: StripeAccount, switched_on: bool
) -> None:
    acme.create_customers_on_signup = switched_on
    kept = inbox.receive(acme, event("customer.created", {"id": "cus_1", "object": "customer"}))
    assert (kept.job is not None) == switched_on


@pytest.mark.parametrize("one_item", [True, False])
@pytest.mark.rule("PI-3")
def test_a_new_price_rings_unless_everything_is_sold_as_one_item(acme: StripeAccount, one_item: bool) -> None:
    acme.global_item_workflow = one_item
    kept = inbox.receive(acme, event("price.created", {"id": "price_1", "object": "price"}))
    assert (kept.job is None) == one_item


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_twelve_events_of_one_new_document_at_once_make_twelve_rows_and_one_job() -> None:
    acme = StripeAccountFactory.create()
    for turn in range(5):
        thing = invoice(f"in_{turn}")
        bodies = [event("invoice.updated", thing, number=100 * turn + n) for n in range(12)]
        kept = at_once(*[partial(inbox.receive, acme, body) for body in bodies])
        assert len({one.event_id for one in kept}) == 12
        assert {one.job_id for one in kept} == {Job.objects.get(subject=f"in_{turn}").pk}


@pytest.mark.django_db(transaction=True)
def test_events_that_come_while_the_job_runs_and_ends_are_all_kept_and_served() -> None:
    acme = StripeAccountFactory.create()

    def work() -> str:
        for pk in set(rings()):
            if job := jobs.lease(pk, "host:1"):
                jobs.finish(job, jobs.Ending(Job.Status.SUCCESSFUL))
        return "worked"

    for turn in range(12):
        bodies = [event("invoice.updated", invoice(), number=10 * turn + n) for n in range(5)]
        taken = [partial(inbox.receive, acme, body) for body in bodies]
        at_once(*taken, work, work)
        for one in Event.objects.filter(event_id__in=[body["id"] for body in bodies]).select_related("job"):
            assert one.job is not None
            assert one.job.attempts.exists() or one.job.pk in rings()
    assert Event.objects.count() == 60


# Our own key in Stripe's metadata


def told_of_metadata(value: str, before: dict[str, Any]) -> dict[str, Any]:
    body = event("invoice.updated", {**invoice(), "metadata": {"netsuite_invoice_id": value}})
    body["data"]["previous_attributes"] = before
    return body


def test_news_of_the_id_that_we_wrote_ourselves_rings_for_nobody(acme: StripeAccount) -> None:
    MappedRecordFactory.create(
        account=acme,
        netsuite_account=acme.netsuite_account,
        record_type="invoice",
        stripe_id="in_1",
        external_id="in_1",
        internal_id="901",
    )
    kept = inbox.receive(acme, told_of_metadata("901", {"metadata": {"netsuite_invoice_id": None}}))
    assert kept.job is None
    assert rings() == []


@pytest.mark.parametrize(
    ("value", "before"),
    [
        pytest.param("902", {"metadata": {"netsuite_invoice_id": None}}, id="another id than ours"),
        pytest.param(
            "901", {"metadata": {"netsuite_invoice_id": None}, "status": "open"}, id="the status as well"
        ),
        pytest.param(
            "901",
            {"metadata": {"netsuite_invoice_id": None, "netsuite_block_integration": "true"}},
            id="a release as well",
        ),
    ],
)
def test_what_a_person_changed_beside_our_own_id_is_news(
    acme: StripeAccount, value: str, before: dict[str, Any]
) -> None:
    MappedRecordFactory.create(
        account=acme,
        netsuite_account=acme.netsuite_account,
        record_type="invoice",
        stripe_id="in_1",
        external_id="in_1",
        internal_id="901",
    )
    assert inbox.receive(acme, told_of_metadata(value, before)).job is not None
