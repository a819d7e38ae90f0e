"""Customers and items that NetSuite holds are found by comparing fields before anything is made."""

from __future__ import annotations

from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from connector.engine import sync
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.matching import held_customer, held_item
from tests.crowd import at_once
from tests.stories.stage import Stage

STORY = "subscription_invoice_paid"
CHARGE = "standalone_charge"
ERP = "custentity_erp"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought."""
    return Stage(sandbox.world, account)


def choose(**settings: Any) -> None:
    """Change the account's settings."""
    StripeAccount.objects.update(**settings)


def compare_customers(stripe: str = "email", netsuite: str = "email", **more: Any) -> None:
    """Have customers found by comparing these fields."""
    choose(customer_match_stripe_field=stripe, customer_match_netsuite_field=netsuite, **more)


def compare_items(stripe: str, netsuite: str, **more: Any) -> None:
    """Have items found by comparing these fields."""
    choose(item_match_stripe_field=stripe, item_match_netsuite_field=netsuite, **more)


def custom(script: str, value: str) -> dict[str, Any]:
    """A text field of one's own, as NetSuite's screens fill it in."""
    one = {"$": "StringCustomFieldRef", "@scriptId": script, "value": value}
    return {"customFieldList": {"$": "CustomFieldList", "customField": [one]}}


def played(stage: Stage, story: str, *prefixes: str) -> tuple[str, ...]:
    """The ids of what a story made, by their prefixes."""
    objects = stories.play(stage.world, story).objects
    return tuple(next(one for one in objects if one.startswith(prefix)) for prefix in prefixes)


def email_of(stage: Stage, customer: str) -> str:
    return str(stage.world.stripe.get(f"/v1/customers/{customer}")["email"])


def job_of(subject: str) -> Job:
    return Job.objects.filter(subject=subject).latest("pk")


def records(stage: Stage, kind: str) -> list[dict[str, Any]]:
    return [one for one in stage.world.netsuite.books()["records"] if one["type"] == kind]


# Customers


@pytest.mark.rule("CU-15", "CU-16", "CU-18", "K7")
def test_the_oldest_customer_with_the_email_is_used_and_no_other_is_made(stage: Stage) -> None:
    compare_customers()
    customer, invoice = played(stage, STORY, "cus_", "in_")
    email = email_of(stage, customer)
    first = held_customer(stage.world, "Long known", f"{email.upper()}")
    second = held_customer(stage.world, "Known twice", email)
    held_customer(stage.world, "Somebody else", f"x{email}")

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    row = MappedRecord.objects.get(record_type="customer")
    assert (row.external_id, row.internal_id, row.found) == (customer, str(first), True)
    assert {"CU-15", "CU-16"} <= set(row.rules)
    assert str(second) in row.warning
    assert {bill["entity"] for bill in records(stage, "invoice")} == {str(first)}
    held = stage.world.netsuite.user.show("customer", first)
    assert held["comments"] == customer
    assert held["companyName"] == "Long known"
    assert disagreements(stage.world) == []
    writes = stage.world.netsuite.writes
    stage.bring(invoice)
    assert stage.world.netsuite.writes == writes


@pytest.mark.rule("CU-16")
def test_a_customer_that_fits_none_is_made(stage: Stage) -> None:
    compare_customers()
    held_customer(stage.world, "Somebody else", "nobody@else.example")
    customer, invoice = played(stage, STORY, "cus_", "in_")

    stage.bring(invoice)

    assert MappedRecord.objects.get(record_type="customer").found is False
    assert len(records(stage, "customer")) == 2
    assert customer in {one["external_id"] for one in records(stage, "customer")}


@pytest.mark.rule("CU-16")
def test_by_setting_what_fits_no_customer_is_booked_under_the_one_for_all(stage: Stage) -> None:
    compare_customers(global_customer_without_match=True)
    customer, invoice = played(stage, STORY, "cus_", "in_")
    (charge,) = played(stage, CHARGE, "ch_")

    stage.bring(invoice)
    stage.bring(charge)

    (everybody,) = records(stage, "customer")
    assert everybody["external_id"] == "stripe_unallocated_charges"
    assert {one["entity"] for one in records(stage, "invoice")} == {everybody["internal_id"]}
    assert {one["entity"] for one in records(stage, "customerPayment")} == {everybody["internal_id"]}
    assert not MappedRecord.objects.filter(external_id=customer).exists()
    assert "CU-16" in MappedRecord.objects.get(record_type="invoice").rules


@pytest.mark.rule("CU-16", "CH-6")
def test_a_payment_goes_where_its_invoice_stands_though_its_customer_has_turned_up_since(
    stage: Stage,
) -> None:
    compare_customers(global_customer_without_match=True)
    customer, invoice = played(stage, "invoice_left_open", "cus_", "in_")
    stage.bring(invoice)
    held_customer(stage.world, "Turned up", email_of(stage, customer))
    stage.world.stripe.post(f"/v1/invoices/{invoice}/pay", payment_method="pm_card_visa")

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    (bill,), (payment,) = records(stage, "invoice"), records(stage, "customerPayment")
    assert payment["entity"] == bill["entity"]
    assert (bill["amount_remaining"], payment["unapplied"]) == ("0.00", "0.00")


@pytest.mark.rule("CU-15", "CU-17")
def test_metadata_goes_before_a_customer_that_fits(stage: Stage) -> None:
    compare_customers()
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    held_customer(stage.world, "Fits", email_of(stage, customer))
    named = held_customer(stage.world, "Named", "other@mail.example")
    stage.world.stripe.post(f"/v1/customers/{customer}", metadata={"netsuite_customer_id": str(named)})

    stage.bring(charge)

    assert MappedRecord.objects.get(record_type="customer").internal_id == str(named)


@pytest.mark.rule("CU-15")
@pytest.mark.parametrize("field", [ERP, "accountNumber", "vatRegNumber", "phone", "externalId", "internalId"])
def test_any_field_may_be_compared_with_metadata(field: str, stage: Stage) -> None:
    compare_customers("metadata.erp", field)
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    value = "E-4711"
    given: dict[str, Any] = {ERP: custom(ERP, value)}.get(field) or {field: value}
    given = {} if field in ("externalId", "internalId") else given
    held = held_customer(stage.world, "Held", "held@mail.example", **given)
    if field == "externalId":
        stage.world.netsuite.user.edit("customer", held, {"@externalId": value})
    held_customer(stage.world, "Other", "other@mail.example")
    stage.world.stripe.post(
        f"/v1/customers/{customer}",
        metadata={"erp": f" {held} " if field == "internalId" else value.lower()},
    )

    stage.bring(charge)

    assert job_of(charge).status == Job.Status.SUCCESSFUL
    assert MappedRecord.objects.get(record_type="customer").internal_id == str(held)


@pytest.mark.rule("CU-15")
def test_a_customer_without_the_field_in_stripe_fits_nobody(stage: Stage) -> None:
    compare_customers("metadata.erp", ERP)
    held_customer(stage.world, "No number", "none@mail.example")
    (charge,) = played(stage, CHARGE, "ch_")
    stage.bring(charge)
    assert MappedRecord.objects.get(record_type="customer").found is False


@pytest.mark.rule("CU-H1")
def test_nobody_is_made_beside_the_one_that_fits_and_is_inactive(stage: Stage) -> None:
    compare_customers()
    customer, charge = played(stage, CHARGE, "cus_", "ch_")
    held = held_customer(stage.world, "Asleep", email_of(stage, customer))
    stage.world.netsuite.user.deactivate("customer", held)

    stage.bring(charge)

    job = job_of(charge)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "match_inactive")
    assert str(held) in job.message
    assert stage.world.netsuite.writes == 0


@pytest.mark.rule("K22")
def test_the_customer_with_our_external_id_is_ours_before_one_that_fits(stage: Stage) -> None:
    """As after a restore of yesterday's database, where nothing is written to Stripe."""
    choose(write_ids_to_stripe=False)
    (customer, charge) = played(stage, CHARGE, "cus_", "ch_")
    stage.bring(charge)
    ours = MappedRecord.objects.get(record_type="customer").internal_id
    MappedRecord.objects.all().delete()
    compare_customers(global_customer_without_match=True)
    stage.world.stripe.post(f"/v1/customers/{customer}", email="new@mail.example")
    held_customer(stage.world, "Fits now", "new@mail.example")

    stage.bring(charge)

    assert job_of(charge).status == Job.Status.SUCCESSFUL
    assert MappedRecord.objects.get(record_type="customer").internal_id == ours


@pytest.mark.rule("CU-2", "CU-7")
def test_a_customer_deleted_in_stripe_is_booked_as_its_invoice_still_knows_it(stage: Stage) -> None:
    customer, invoice = played(stage, STORY, "cus_", "in_")
    bill = stage.world.stripe.get(f"/v1/invoices/{invoice}")
    stage.world.stripe.request("DELETE", f"/v1/customers/{customer}", {})

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    row = MappedRecord.objects.get(record_type="customer")
    held = stage.world.netsuite.user.show("customer", row.internal_id)
    assert (row.external_id, held["companyName"]) == (customer, bill["customer_name"])
    assert held["email"] == bill["customer_email"]
    assert disagreements(stage.world) == []


@pytest.mark.rule("CU-15")
def test_a_customer_deleted_in_stripe_is_still_found_by_what_its_invoice_says(stage: Stage) -> None:
    compare_customers()
    customer, invoice = played(stage, STORY, "cus_", "in_")
    held = held_customer(stage.world, "Held", email_of(stage, customer))
    stage.world.stripe.request("DELETE", f"/v1/customers/{customer}", {})
    stage.bring(invoice)
    assert MappedRecord.objects.get(record_type="customer").internal_id == str(held)


@pytest.mark.rule("CU-15", "CU-H1")
def test_a_deleted_customer_whose_field_is_gone_waits_for_a_person(stage: Stage) -> None:
    compare_customers("metadata.erp", ERP)
    customer, invoice = played(stage, STORY, "cus_", "in_")
    stage.world.stripe.request("DELETE", f"/v1/customers/{customer}", {})
    stage.bring(invoice)
    job = job_of(invoice)
    assert (job.status, job.code) == (Job.Status.NEEDS_ATTENTION, "deleted_customer_unmatched")
    assert stage.world.netsuite.writes == 0


@pytest.mark.rule("CU-15", "CU-16")
def test_a_sign_up_is_linked_made_or_left_to_the_one_for_all(stage: Stage) -> None:
    compare_customers()
    (customer,) = played(stage, CHARGE, "cus_")
    held = held_customer(stage.world, "Held", email_of(stage, customer))
    stage.bring(customer)
    assert MappedRecord.objects.get(external_id=customer).internal_id == str(held)

    compare_customers(global_customer_without_match=True)
    other = stage.world.stripe.post("/v1/customers", name="Other", email="other@mail.example")["id"]
    stage.bring(other)
    assert job_of(other).code == "booked_under_one_customer"
    stage.bring(customer)
    assert job_of(customer).status == Job.Status.SUCCESSFUL


# Items


@pytest.mark.rule("PI-4", "PI-5")
def test_an_item_that_fits_goes_before_the_one_that_metadata_names(stage: Stage) -> None:
    compare_items("product.name", "displayName")
    price, invoice = played(stage, STORY, "price_", "in_")
    product = stage.world.stripe.get(f"/v1/prices/{price}", expand=["product"])["product"]["name"]
    fits = held_item(stage.world, "Held", displayName=product.upper())
    named = held_item(stage.world, "Named")
    stage.world.stripe.post(f"/v1/prices/{price}", metadata={"netsuite_service_sale_item_id": str(named)})

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    row = MappedRecord.objects.get(record_type="item")
    assert (row.external_id, row.internal_id) == (price, str(fits))
    assert {"PI-4", "PI-5"} <= set(row.rules)
    assert disagreements(stage.world) == []


@pytest.mark.rule("PI-4", "PI-5")
def test_where_no_item_fits_metadata_is_followed_and_else_one_is_made(stage: Stage) -> None:
    compare_items("nickname", "itemId", global_item_without_match=True)
    price, invoice = played(stage, STORY, "price_", "in_")
    named = held_item(stage.world, "Named")
    stage.world.stripe.post(f"/v1/prices/{price}", metadata={"netsuite_service_sale_item_id": str(named)})
    stage.bring(invoice)
    assert MappedRecord.objects.get(record_type="item").internal_id == str(named)

    compare_items("nickname", "itemId", global_item_without_match=False)
    other, invoice = played(stage, STORY, "price_", "in_")
    stage.bring(invoice)
    assert MappedRecord.objects.get(external_id=other).found is False


@pytest.mark.rule("PI-4")
def test_by_setting_what_fits_no_item_is_sold_as_the_one_for_all(stage: Stage) -> None:
    compare_items("metadata.sku", "upcCode", global_item_without_match=True)
    price, invoice = played(stage, STORY, "price_", "in_")

    stage.bring(invoice)
    stage.bring(price)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert [one["external_id"] for one in records(stage, "serviceSaleItem")] == ["stripe_item"]
    assert job_of(price).code == "sold_as_global_item"
    assert disagreements(stage.world) == []


@pytest.mark.rule("PI-4", "PI-6")
def test_an_item_of_a_type_that_nothing_is_sold_as_never_fits(stage: Stage) -> None:
    compare_items("metadata.sku", "itemId")
    price, invoice = played(stage, STORY, "price_", "in_")
    stage.world.stripe.post(f"/v1/prices/{price}", metadata={"sku": "Freight"})
    income = ref(stage.account.income_account)
    stage.world.netsuite.user.create("otherChargeSaleItem", {"itemId": "Freight", "incomeAccount": income})

    stage.bring(invoice)

    assert MappedRecord.objects.get(external_id=price).found is False


@pytest.mark.rule("PI-7", "PI-4")
def test_a_price_for_one_invoice_is_sold_as_the_item_of_its_product(stage: Stage) -> None:
    compare_items("product.name", "custitem_product")
    invoice, *_ = played(stage, "standalone_invoice_paid", "in_")
    once = next(one for one in stage.world.stripe.store.all("price") if not one["active"])
    product = stage.world.stripe.get(f"/v1/products/{once['product']}")["name"]
    fits = held_item(stage.world, "Held", **custom("custitem_product", product))

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert MappedRecord.objects.get(external_id=once["id"]).internal_id == str(fits)
    assert disagreements(stage.world) == []


@pytest.mark.rule("PI-7")
def test_a_price_for_one_invoice_whose_product_leads_nowhere_is_sold_as_the_one_for_all(
    stage: Stage,
) -> None:
    compare_items("product.name", "itemId")
    invoice, *_ = played(stage, "standalone_invoice_paid", "in_")
    once = next(one for one in stage.world.stripe.store.all("price") if not one["active"])

    stage.bring(invoice)

    assert job_of(invoice).status == Job.Status.SUCCESSFUL
    assert not MappedRecord.objects.filter(external_id=once["id"]).exists()
    assert MappedRecord.objects.filter(external_id="stripe_item").exists()


# Two jobs at once


@pytest.mark.rule("CU-15", "PI-4")
@pytest.mark.parametrize(("kind", "operation"), [("customer", "update"), ("item", "search")])
def test_two_jobs_that_find_the_same_record_at_once_map_it_once(
    kind: str, operation: str, stage: Stage, transactional_db: None
) -> None:
    if kind == "customer":
        compare_customers()
        second, first = played(stage, "invoice_left_open", "cus_", "in_")
        held = held_customer(stage.world, "Held", email_of(stage, second))
    else:
        compare_items("nickname", "itemId")
        held = held_item(stage.world, "Ink")
        first, second = _two_invoices_over_ink(stage)
    made, gate = [stage.enqueue(one) for one in (first, second)], Barrier(2)

    def meet(asked: bytes, answered: bytes, name: str) -> None:
        """Neither goes on before both are about to map it."""
        if name == operation:
            try:
                gate.wait(2)
            except BrokenBarrierError:
                gate.reset()

    stop = stage.world.netsuite.on_request(meet)
    at_once(*[partial(sync.run, job.pk) for job in made])
    stop()
    stage.run_jobs()

    assert {job_of(one).status for one in (first, second)} == {Job.Status.SUCCESSFUL}
    rows = MappedRecord.objects.filter(record_type=kind)
    assert list(rows.values_list("internal_id", flat=True)) == [str(held)]
    assert disagreements(stage.world) == []


def _two_invoices_over_ink(stage: Stage) -> list[str]:
    stripe, made = stage.world.stripe, []
    product = stripe.post("/v1/products", name="Ink")["id"]
    sold = {"product": product, "unit_amount": 1_000, "currency": "usd", "nickname": "Ink"}
    price = stripe.post("/v1/prices", **sold)["id"]
    for name in ("One", "Two"):
        customer = stripe.post("/v1/customers", name=name)["id"]
        made.append(stripe.post("/v1/invoices", customer=customer, currency="usd")["id"])
        stripe.post("/v1/invoiceitems", customer=customer, invoice=made[-1], pricing={"price": price})
        stripe.post(f"/v1/invoices/{made[-1]}/finalize")
    return made
