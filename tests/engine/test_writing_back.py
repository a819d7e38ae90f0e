"""What we wrote in Stripe is told from what a person wrote: after a restore, in a copy, for other books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from connector.engine import doors, links, writing_back
from connector.models import Job, MappedRecord, NetSuiteAccount, StripeAccount
from connector.sandbox import stories
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.till import paid_out, sale
from tests.stories.stage import Stage

Noted = MappedRecord.Noted
KEY = "netsuite_invoice_id"


pytestmark = pytest.mark.usefixtures("ids_in_stripe")


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


def an_invoice(stage: Stage, **terms: Any) -> str:
    """An open invoice over 10.00 USD of a new customer."""
    stripe = stage.world.stripe
    product = stripe.post("/v1/products", name="Ink")["id"]
    price = stripe.post("/v1/prices", product=product, unit_amount=1_000, currency="usd")["id"]
    customer = stripe.post("/v1/customers", name="Quill & Co")["id"]
    made = stripe.post("/v1/invoices", customer=customer, currency="usd", **terms)["id"]
    stripe.post("/v1/invoiceitems", customer=customer, invoice=made, pricing={"price": price})
    stripe.post(f"/v1/invoices/{made}/finalize")
    return str(made)


def booked(stage: Stage, subject: str) -> str:
    """The internal id of the invoice that a subject is booked as."""
    stage.bring(subject)
    rows = MappedRecord.objects.filter(netsuite_account=stage.account.netsuite_account)
    return rows.get(record_type="invoice", external_id=subject).internal_id


def metadata(stage: Stage, address: str) -> dict[str, str]:
    found: dict[str, str] = stage.world.stripe.get(f"/v1/{address}")["metadata"]
    return found


def job_of(subject: str) -> Job:
    return Job.objects.filter(subject=subject).latest("pk")


# Copies


@pytest.mark.rule("ME-1", "OM-2")
def test_a_copied_key_is_refused_though_our_map_has_lost_whose_record_it_names(stage: Stage) -> None:
    original = an_invoice(stage)
    number = booked(stage, original)
    MappedRecord.objects.all().delete()
    copy = an_invoice(stage, metadata={KEY: number})

    stage.bring(copy)

    assert job_of(copy).code == "metadata_record_taken"
    assert original in job_of(copy).message
    assert not MappedRecord.objects.filter(external_id=copy).exists()


@pytest.mark.rule("ME-1", "ED-1")
def test_a_revision_with_a_copied_key_is_booked_though_our_map_has_lost_its_original(stage: Stage) -> None:
    original = an_invoice(stage)
    number = booked(stage, original)
    copy = stage.world.stripe.post("/v1/invoices", from_invoice={"action": "revision", "invoice": original})
    MappedRecord.objects.all().delete()
    stage.world.stripe.post(f"/v1/invoices/{copy['id']}/finalize")

    own = booked(stage, copy["id"])

    assert own != number
    assert metadata(stage, f"invoices/{copy['id']}")[KEY] == own


# Contradictions


@pytest.mark.rule("ME-1")
def test_a_booked_invoice_whose_key_a_person_changes_waits_for_them(stage: Stage) -> None:
    made = an_invoice(stage)
    number = booked(stage, made)
    stage.world.stripe.post(f"/v1/invoices/{made}", metadata={KEY: str(_by_hand(stage, number))})

    stage.bring(made)

    job = job_of(made)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "metadata_names_another")
    assert f"booked as {number}" in job.message


@pytest.mark.rule("ME-1", "CH-24")
def test_a_charge_booked_as_a_payment_is_not_linked_to_a_deposit_besides(stage: Stage) -> None:
    charge = next(one for one in stories.play(stage.world, "standalone_charge").objects if one[:3] == "ch_")
    stage.bring(charge)
    stage.world.stripe.post(f"/v1/charges/{charge}", metadata={"netsuite_customer_deposit_id": "77"})

    stage.bring(charge)

    assert job_of(charge).code == "metadata_names_another"
    assert not MappedRecord.objects.filter(record_type="customerDeposit").exists()


@pytest.mark.rule("ER-4", "ME-1")
@pytest.mark.parametrize("value", ["0{number}", "²", "٤", "-5", "5.0", "9" * 40])
def test_only_a_number_as_netsuite_writes_it_names_a_record(value: str, stage: Stage) -> None:
    number = booked(stage, an_invoice(stage))
    made = an_invoice(stage, metadata={KEY: value.format(number=number)})
    stage.bring(made)
    assert job_of(made).code == "metadata_not_an_id"


# Where it is written


@pytest.mark.rule("OM-2")
@pytest.mark.parametrize("coupon", ["re_launch", "dp_2026", "cn_x", "SOMMERFÜR10"])
def test_a_coupon_gets_its_item_whatever_people_have_called_it(coupon: str, stage: Stage) -> None:
    stage.world.stripe.post("/v1/coupons", id=coupon, percent_off=10, duration="once")
    stage.bring(an_invoice(stage, discounts=[{"coupon": coupon}]))
    row = MappedRecord.objects.get(record_type="discountItem")
    assert metadata(stage, f"coupons/{coupon}") == {"netsuite_discount_item_id": row.internal_id}


@pytest.mark.rule("OM-2", "CH-11")
def test_the_invoice_that_we_made_for_a_charge_is_named_on_no_object_of_stripes(stage: Stage) -> None:
    StripeAccount.objects.update(create_invoices_for_payments=True)
    charge = next(one for one in stories.play(stage.world, "standalone_charge").objects if one[:3] == "ch_")
    stage.bring(charge)
    assert set(metadata(stage, f"charges/{charge}")) == {"netsuite_customer_payment_id"}
    assert MappedRecord.objects.get(record_type="invoice").noted == Noted.NOT


# When it is written


@pytest.mark.rule("OM-2")
def test_what_comes_after_a_refusal_waits_with_it_and_asks_stripe_nothing(stage: Stage) -> None:
    """One refused request an hour is enough, however many invoices are booked meanwhile."""
    stage.world.set_faults("stripe-read-only:1")
    first = an_invoice(stage)
    booked(stage, first)
    stage.world.set_faults("")
    second = an_invoice(stage)
    booked(stage, second)

    there, here = (
        MappedRecord.objects.get(record_type="invoice", external_id=one) for one in (first, second)
    )
    assert (here.noted, here.note_after, here.note_refusal) == (
        Noted.DUE,
        there.note_after,
        there.note_refusal,
    )
    assert there.note_refusal
    assert metadata(stage, f"invoices/{second}") == {}

    _an_hour_later()
    assert {KEY} == {*metadata(stage, f"invoices/{first}"), *metadata(stage, f"invoices/{second}")}


@pytest.mark.rule("OM-2", "OM-11")
def test_stripe_hears_of_a_record_that_was_linked_away_and_back_again(stage: Stage) -> None:
    """Under the idempotency key of the first time, Stripe would repeat its answer and keep the other id."""
    made = an_invoice(stage)
    number = booked(stage, made)
    gateway, other = doors.netsuite_gateway(stage.account.netsuite_account, "test"), _by_hand(stage, number)
    for target in (str(other), number):
        linking = links.prepare(stage.account, made, target, gateway)
        links.link(stage.account, linking, gateway, who="vera", why="By mistake, and back.")
        _an_hour_later()
        assert metadata(stage, f"invoices/{made}")[KEY] == target


@pytest.mark.rule("OM-11", "OM-2")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_linked_anew_while_stripe_is_told_is_told_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = an_invoice(stage)
    ask = stage.world.stripe.request
    rows = MappedRecord.objects.filter(record_type="invoice", noted=Noted.DUE)

    def linked_meanwhile(method: str, path: str, *given: Any, **named: Any) -> Any:
        answer = ask(method, path, *given, **named)
        if method == "POST" and made in path:
            rows.update(internal_id="4711")
            connection.close()  # that of the practice Stripe's thread
        return answer

    monkeypatch.setattr(stage.world.stripe, "request", linked_meanwhile)
    stage.bring(made)
    (row,) = rows
    assert metadata(stage, f"invoices/{made}")[KEY] != row.internal_id == "4711"

    rows.update(note_after=timezone.now() - timedelta(hours=1))
    assert writing_back.sweep() == 1
    assert metadata(stage, f"invoices/{made}")[KEY] == "4711"
    assert not rows.exists()


# The books of two companies


@pytest.mark.rule("OM-2", "ME-1")
@pytest.mark.parametrize("exchanged", [False, True])
def test_the_number_that_we_wrote_for_other_books_is_not_taken_for_a_persons(
    exchanged: bool, stage: Stage
) -> None:
    made = an_invoice(stage, metadata={KEY: "4711"})
    _written_for_others(stage, "invoice", made, exchanged=exchanged)
    own = booked(stage, made)
    assert own != "4711"
    assert metadata(stage, f"invoices/{made}")[KEY] == own


@pytest.mark.rule("OM-2", "ME-1", "PO-1")
def test_a_payout_that_names_a_deposit_of_other_books_is_deposited_in_ours(stage: Stage) -> None:
    with stage.world.clock.at(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        sold = sale(stage.world, "Juniper Bay Foods", 25_000)
        payout = paid_out(stage.world, "usd", 0)
    stage.bring(sold)
    stage.world.stripe.post(f"/v1/payouts/{payout}", metadata={"netsuite_deposit_id": "4711"})
    _written_for_others(stage, "deposit", payout)

    stage.bring(payout)

    assert job_of(payout).status == Job.Status.SUCCESSFUL
    rows = MappedRecord.objects.filter(netsuite_account=stage.account.netsuite_account, external_id=payout)
    assert metadata(stage, f"payouts/{payout}") == {"netsuite_deposit_id": rows.get().internal_id}


def _an_hour_later() -> None:
    """What is due to be written to Stripe has waited long enough."""
    MappedRecord.objects.filter(noted=Noted.DUE).update(note_after=timezone.now() - timedelta(hours=1))
    writing_back.sweep()


def _written_for_others(stage: Stage, record_type: str, key: str, *, exchanged: bool = False) -> None:
    """A row of another NetSuite company that 4711 stands for it, or did so until it was exchanged."""
    others = NetSuiteAccount.objects.create(name="others", netsuite_account_id="OTHERS")
    MappedRecord.objects.create(
        netsuite_account=others,
        account=StripeAccount.objects.create(name="others", netsuite_account=others),
        record_type=record_type,
        external_id=key,
        stripe_id=key,
        internal_id="4712" if exchanged else "4711",
        state=MappedRecord.State.MAPPED,
        noted=Noted.DONE,
        exchanged=[{"before": "4711", "after": "4712"}] if exchanged else [],
    )


def _by_hand(stage: Stage, like: str) -> int:
    shown = stage.world.netsuite.user.show("invoice", like)
    item = shown["itemList"]["item"][0]["item"]["@internalId"]
    line = {"$": "InvoiceItem", "item": ref(item), "amount": Decimal(10), "rate": "10"}
    fields = {
        "entity": ref(shown["entity"]["@internalId"]),
        "account": ref(stage.account.receivables_account),
        "tranDate": shown["tranDate"],
        "itemList": {"$": "InvoiceItemList", "item": [line]},
    }
    return stage.world.netsuite.user.create("invoice", fields)
