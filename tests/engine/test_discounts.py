"""Discounts in the books: the items of coupons, those that people named, and where they post."""

from __future__ import annotations

import pytest

from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from connector.sandbox.stories import props
from tests.stories.stage import Stage

STORY = "free_by_coupon"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


@pytest.mark.rule("PI-13", "ME-1")
def test_a_coupon_that_names_a_discount_item_uses_it(stage: Stage) -> None:
    existing = stage.world.netsuite.user.create("discountItem", {"itemId": "Charity", "nonPosting": True})
    invoice, coupon = _linked(stage, str(existing))

    stage.bring(invoice)

    assert Job.objects.get(subject=invoice).status == Job.Status.SUCCESSFUL
    row = MappedRecord.objects.get(external_id=coupon)
    assert (row.record_type, row.internal_id, row.found) == ("item", str(existing), True)
    assert not MappedRecord.objects.filter(record_type="discountItem").exists()


@pytest.mark.rule("ER-4")
def test_a_coupon_that_names_a_deleted_item_needs_a_person_and_nothing_is_written(stage: Stage) -> None:
    invoice, _ = _linked(stage, "99999")

    stage.bring(invoice)

    job = Job.objects.get(subject=invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "metadata_record_missing")
    assert stage.world.netsuite.writes == 0


@pytest.mark.rule("PI-15")
def test_a_discount_that_posts_has_its_own_account_in_the_books(stage: Stage) -> None:
    discounts = stage.world.netsuite.ledger_account("4100")
    StripeAccount.objects.update(discount_non_posting=False, discount_account=discounts)
    stage.bring(_made(stage)[0])
    balance = stage.world.netsuite.books_text().partition("TRIAL BALANCE")[2]
    assert "4000 Income" in balance
    assert "4100 Discounts" in balance


@pytest.mark.rule("PI-13")
def test_one_discount_item_stands_for_every_coupon_by_setting(stage: Stage) -> None:
    StripeAccount.objects.update(global_discount_workflow=True)
    stage.bring(_made(stage)[0])
    row = MappedRecord.objects.get(record_type="discountItem")
    assert (row.external_id, row.stripe_id) == ("stripe_discount", "")


def test_coupons_that_differ_only_in_capital_letters_never_share_an_item(stage: Stage) -> None:
    """NetSuite holds their ids for one and the same; a person names the second one's item."""
    world = stage.world
    customer = props.new_customer(world, "Meridian Kitchens", "ap@meridian.example", props.BOSTON)
    price = props.new_price(world, "Kettle", 4000)
    first, second = (
        props.paid_invoice(
            world, customer, [{"pricing": {"price": price}}], discounts=[{"coupon": _coupon(stage, name)}]
        )
        for name in ("SPRING", "spring")
    )
    stage.bring(first)

    stage.bring(second)

    job = Job.objects.get(subject=second)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "id_differs_in_case")
    own = MappedRecord.objects.get(external_id="SPRING")
    assert job.message == (
        f"NetSuite's discountItem {own.internal_id} stands for SPRING, and NetSuite takes spring for the "
        "same id."
    )
    assert MappedRecord.objects.get(external_id="spring").state == MappedRecord.State.REFUSED
    assert not MappedRecord.objects.filter(external_id=second).exists()

    other = world.netsuite.user.create("discountItem", {"itemId": "Spring by word", "nonPosting": True})
    world.stripe.post("/v1/coupons/spring", metadata={"netsuite_discount_item_id": str(other)})
    stage.bring(second)
    assert Job.objects.filter(subject=second).latest("pk").status == Job.Status.SUCCESSFUL
    assert disagreements(world) == []


def test_a_coupon_with_the_id_of_a_price_is_refused_whichever_was_booked_first(stage: Stage) -> None:
    world = stage.world
    customer = props.new_customer(world, "Meridian Kitchens", "ap@meridian.example", props.BOSTON)
    price, other = (props.new_price(world, name, 4000) for name in ("Kettle", "Toaster"))
    coupon = _coupon(stage, price)
    sold, together, apart = (
        props.paid_invoice(world, customer, [{"pricing": {"price": one}}], discounts=discounts)
        for one, discounts in ((price, []), (price, [{"coupon": coupon}]), (other, [{"coupon": coupon}]))
    )
    stage.bring(together)
    stage.bring(sold)
    assert Job.objects.get(subject=sold).status == Job.Status.SUCCESSFUL
    stage.bring(apart)
    for invoice in (together, apart):
        job = Job.objects.get(subject=invoice)
        assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "id_of_price_and_coupon")
        assert job.title.startswith("Invoice ")
        assert not MappedRecord.objects.filter(external_id=invoice).exists()


def _coupon(stage: Stage, name: str) -> str:
    return props.new_coupon(stage.world, name, id=name, percent_off=10, duration="once")


def _made(stage: Stage) -> tuple[str, str]:
    """An invoice and the coupon on it."""
    invoice = next(one for one in stories.play(stage.world, STORY).objects if one.startswith("in_"))
    (coupon,) = stage.world.stripe.store.all("coupon")
    return invoice, coupon["id"]


def _linked(stage: Stage, internal_id: str) -> tuple[str, str]:
    invoice, coupon = _made(stage)
    stage.world.stripe.post(f"/v1/coupons/{coupon}", metadata={"netsuite_discount_item_id": internal_id})
    return invoice, coupon
