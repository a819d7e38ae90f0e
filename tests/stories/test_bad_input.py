"""Odd and broken documents, brought through the wire: booked right, or refused and nothing written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.failures import describe
from connector.models import Job, MappedRecord, StripeAccount
from connector.sandbox.agreement import disagreements
from connector.sandbox.netsuite import ref
from connector.sandbox.server import Server
from connector.sandbox.stories.props import (
    BOSTON,
    Line,
    new_coupon,
    new_customer,
    new_invoice,
    new_price,
    one_time,
    paid_invoice,
)
from tests.stories.stage import Stage

Row = dict[str, Any]
DELETED = "999999"
"""An internal id of which NetSuite holds no record any more."""
ODD = "Z\x07oë \U0001f680 <&> \U0001f469\u200d\U0001f4bb\r\n\ttab \u202eright to left \x85"
ODD_IN_NETSUITE = "Zoë \U0001f680 <&> \U0001f469\u200d\U0001f4bb"


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount) -> Stage:
    """A world whose events nobody delivers: the tests say what is to be brought, once it is broken."""
    return Stage(sandbox.world, account)


def test_an_invoice_without_its_optional_fields_is_booked(stage: Stage) -> None:
    made = _paid(stage)
    for kind, identity in (("invoice", made), ("line_item", _lines(stage, made)[0]["id"])):
        row = stage.world.stripe.store.get(kind, identity)
        for name in ("description", "metadata", "footer", "custom_fields", "due_date", "effective_at"):
            if name in row:
                row[name] = {} if name == "metadata" else None
    row = stage.world.stripe.store.get("customer", _only(stage, "customer")["id"])
    row |= dict.fromkeys(("name", "email", "phone", "description", "address", "shipping"))

    _is_booked(stage, made)

    (customer,) = [one for one in stage.world.netsuite.books()["records"] if one["type"] == "customer"]
    assert (customer["number"], customer["email"]) == (row["id"], None)


def test_a_currency_that_netsuite_lacks_is_named(stage: Stage) -> None:
    made = _paid(stage, currency="nok")
    _is_refused(stage, made, "currency_missing", "NOK")


def test_a_line_from_somewhere_that_we_do_not_know_is_refused(stage: Stage) -> None:
    made = _paid(stage)
    _lines(stage, made)[0]["parent"]["type"] = "contract_details"
    _is_refused(stage, made, "line_kind_unknown", "contract_details")


def test_names_with_control_characters_and_emoji_are_cleaned_and_booked(stage: Stage) -> None:
    customer = new_customer(stage.world, ODD, "zoe@example.com", BOSTON | {"line1": ODD, "city": ODD})
    price = new_price(stage.world, ODD, 1_000)
    made = paid_invoice(stage.world, customer, [{"pricing": {"price": price}, "description": ODD}])

    _is_booked(stage, made)

    records = stage.world.netsuite.books()["records"]
    (named,) = [one["full_name"] for one in records if one["type"] == "customer"]
    assert named.startswith(ODD_IN_NETSUITE)
    (line,) = _booked_lines(stage, made)
    assert line["description"].startswith(ODD_IN_NETSUITE)


def test_a_name_that_is_nothing_but_control_characters_is_no_name(stage: Stage) -> None:
    customer = new_customer(stage.world, "\x07\x1b", "bell@example.com", BOSTON)
    made = paid_invoice(stage.world, customer, _over(stage))

    _is_booked(stage, made)

    records = stage.world.netsuite.books()["records"]
    assert [one["full_name"] for one in records if one["type"] == "customer"] == ["bell@example.com"]


def test_a_very_long_description_is_cut_and_its_end_is_marked(stage: Stage) -> None:
    customer = new_customer(stage.world, "Long & Winding Roads", "ap@long.example", BOSTON)
    lines: list[Line] = [{"amount": 5_000, "description": "\U0001f6a7 gravel " * 500}]
    made = paid_invoice(stage.world, customer, lines)

    _is_booked(stage, made)

    (line,) = _booked_lines(stage, made)
    assert line["description"].endswith("…")
    assert 3_900 < len(line["description"].encode()) <= 4_000


def test_two_hundred_and_fifty_lines_with_taxes_and_discounts_stay_in_order(stage: Stage) -> None:
    customer = new_customer(stage.world, "Every Last Screw", "ap@screw.example", BOSTON)
    coupon = new_coupon(stage.world, "One percent", percent_off=1)
    lines: list[Line] = [{"amount": 100 + number, "description": f"Screw {number}"} for number in range(250)]
    made = paid_invoice(stage.world, customer, lines, discounts=[{"coupon": coupon}])

    _is_booked(stage, made)

    booked = _booked_lines(stage, made)
    sold = [line["description"] for line in booked if line["description"].startswith("Screw")]
    assert sorted(sold) == sorted(f"Screw {number}" for number in range(250))
    assert len(booked) > 450


NAMING = {
    "customer": "netsuite_customer_id",
    "price": "netsuite_service_sale_item_id",
    "coupon": "netsuite_discount_item_id",
    "invoice": "netsuite_invoice_id",
    "charge": "netsuite_customer_payment_id",
    "line_item": "netsuite_service_sale_item_id",
}
"""The key by which each kind of Stripe object names a NetSuite record (rulebook section 23)."""


@pytest.mark.rule("ER-4", "ME-2", "PI-8")
@pytest.mark.parametrize("kind", NAMING)
@pytest.mark.parametrize(
    ("value", "code"), [(DELETED, "metadata_record_missing"), ("INV-12 ", "metadata_not_an_id")]
)
def test_metadata_that_names_no_record_is_refused_before_anything_is_written(
    kind: str, value: str, code: str, stage: Stage
) -> None:
    world = stage.world
    customer = new_customer(world, "Gone Fishing Ltd", "ap@gone.example", BOSTON)
    coupon = new_coupon(world, "Spring", percent_off=10)
    line: Line = {"pricing": {"price": new_price(world, "Rod", 8_000)}, "discounts": [{"coupon": coupon}]}
    made = paid_invoice(world, customer, [line])
    (row,) = world.stripe.store.all(kind)
    row["metadata"] = {NAMING[kind]: value}

    _is_refused(stage, made, code, value.strip())


@pytest.mark.rule("ME-2", "CU-18")
def test_a_customer_that_is_there_stays_untouched_while_an_item_is_not(stage: Stage) -> None:
    customer = stage.world.netsuite.user.create(
        "customer", {"companyName": "Old friend", "subsidiary": ref(1)}
    )
    made = _paid(stage)
    _only(stage, "customer")["metadata"] = {"netsuite_customer_id": str(customer)}
    _only(stage, "price")["metadata"] = {"netsuite_service_sale_item_id": DELETED}

    _is_refused(stage, made, "metadata_record_missing", DELETED)

    assert "cus_" not in str(stage.world.netsuite.user.show("customer", customer).get("comments"))


@pytest.mark.parametrize("minor", [99_999_999, 999_999_999_999])
def test_an_absurdly_large_amount_is_booked_to_the_cent(minor: int, stage: Stage) -> None:
    customer = new_customer(stage.world, "Moon Mining plc", "ap@moon.example", BOSTON)
    made = new_invoice(stage.world, customer, [{"amount": minor, "description": "The moon"}])
    stage.world.stripe.post(f"/v1/invoices/{made}/finalize")

    _is_booked(stage, made)

    (record,) = [one for one in stage.world.netsuite.books()["records"] if one["external_id"] == made]
    assert Decimal(record["total"]) == Decimal(minor) / 100


@pytest.mark.usefixtures("transactional_db")
def test_an_amount_that_no_ledger_holds_is_never_booked(stage: Stage) -> None:
    customer = new_customer(stage.world, "Galaxy Mining plc", "ap@galaxy.example", BOSTON)
    made = new_invoice(stage.world, customer, [{"amount": 10**9, "description": "The galaxy"}])
    stage.world.stripe.post(f"/v1/invoices/{made}/finalize")
    _rewrite_amount(stage, made, 10**20)
    stage.bring(made)

    job = Job.objects.get(subject=made)
    assert job.status == Job.Status.FAILED
    assert describe(job.code).next_step
    assert stage.world.netsuite.writes == 0


@pytest.mark.parametrize(("quantity", "amount"), [(-3, -3_000), (-3, 3_000), (0, 2_000)])
def test_a_negative_or_empty_quantity_keeps_stripes_amount(quantity: int, amount: int, stage: Stage) -> None:
    customer = new_customer(stage.world, "Backwards Bikes", "ap@backwards.example", BOSTON)
    lines: list[Line] = [
        {"amount": amount, "description": "Given back"},
        {"amount": 10_000, "description": "A bike"},
    ]
    made = new_invoice(stage.world, customer, lines)
    stage.world.stripe.post(f"/v1/invoices/{made}/finalize")
    (row,) = [one for one in _lines(stage, made) if one["amount"] == amount]
    row |= {"quantity": quantity, "quantity_decimal": str(quantity)}

    _is_booked(stage, made)

    amounts = [Decimal(line["amount"]) for line in _booked_lines(stage, made)]
    assert sorted(amounts) == sorted([Decimal(amount) / 100, Decimal(100)])


@pytest.mark.rule("MC-9")
def test_a_fraction_of_a_yen_in_the_price_is_billed_in_whole_yen(stage: Stage) -> None:
    customer = new_customer(stage.world, "Hasu Ink KK", "keiri@hasu.example", BOSTON)
    line: Line = {"unit_amount_decimal": "33.5", "quantity": 3, "description": "Drops", "currency": "jpy"}
    made = new_invoice(stage.world, customer, [line], "jpy")
    stage.world.stripe.post(f"/v1/invoices/{made}/finalize")

    _is_booked(stage, made)

    assert [one["amount"] for one in _booked_lines(stage, made)] == ["101"]


@pytest.mark.rule("MC-9")
def test_an_amount_of_half_a_yen_is_never_booked(stage: Stage) -> None:
    """Stripe never sends one: a world in which it does has to be looked at by a person."""
    customer = new_customer(stage.world, "Hasu Ink KK", "keiri@hasu.example", BOSTON)
    lines: list[Line] = [{"amount": 100, "description": "Drops", "currency": "jpy"}]
    made = new_invoice(stage.world, customer, lines, "jpy")
    stage.world.stripe.post(f"/v1/invoices/{made}/finalize")
    _rewrite_amount(stage, made, 100.5)

    stage.bring(made)

    job = Job.objects.get(subject=made)
    assert (job.status, job.code) == (Job.Status.FAILED, "stripe_object_unreadable")
    assert stage.world.netsuite.writes == 0


def test_a_price_that_stripe_no_longer_finds_is_refused(stage: Stage) -> None:
    made = _paid(stage)
    stage.world.stripe.store.remove(_only(stage, "price"))
    _is_refused(stage, made, "stripe_object_missing", "price_")


def test_a_product_that_was_deleted_leaves_its_price_a_name(stage: Stage) -> None:
    made = _paid(stage)
    product = _only(stage, "product")
    stage.world.stripe.store.remove(product)
    _is_booked(stage, made)


def test_a_line_without_any_price_is_sold_as_the_global_item(stage: Stage) -> None:
    made = _paid(stage)
    _lines(stage, made)[0]["pricing"] = None
    _is_booked(stage, made)
    assert [line["item"] for line in _booked_lines(stage, made)] == ["Stripe Item"]


def test_one_bad_line_among_good_ones_keeps_the_whole_invoice_out(stage: Stage) -> None:
    customer = new_customer(stage.world, "Half & Half Dairy", "ap@half.example", BOSTON)
    price = new_price(stage.world, "Cream", 700)
    lines: list[Line] = [
        {"pricing": {"price": price}},
        {"price_data": one_time(stage.world, "Delivery", 900)},
        {"amount": 100, "description": "Bottle", "metadata": {"netsuite_service_sale_item_id": "bottle"}},
    ]
    made = paid_invoice(stage.world, customer, lines)
    _is_refused(stage, made, "metadata_not_an_id", "bottle")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("customer", "created", "yesterday"), ("charge", "amount_captured", "ten")],
)
def test_an_object_of_an_unexpected_shape_is_named_and_nothing_is_booked(
    kind: str, field: str, value: object, stage: Stage
) -> None:
    made = _paid(stage)
    _only(stage, kind)[field] = value

    stage.bring(made)

    job = Job.objects.get(subject=made)
    assert (job.status, job.code) == (Job.Status.FAILED, "stripe_object_unreadable")
    assert "cannot be read" in job.message
    assert stage.world.netsuite.writes == 0


def test_all_problems_of_a_document_are_told_at_once(stage: Stage) -> None:
    made = _paid(stage, currency="nok")
    _lines(stage, made)[0]["parent"]["type"] = "contract_details"
    _only(stage, "charge")["metadata"] = {"apply_to_invoices": "INV1"}

    stage.bring(made)

    job = Job.objects.get(subject=made)
    codes = {problem["code"] for problem in job.problems}
    assert codes == {"currency_missing", "line_kind_unknown", "metadata_not_supported"}
    assert stage.world.netsuite.writes == 0


def _over(stage: Stage, **more: Any) -> list[Line]:
    return [{"pricing": {"price": new_price(stage.world, "Widget", 4_200, **more)}}]


def _paid(stage: Stage, currency: str = "usd") -> str:
    """An ordinary paid invoice of an ordinary customer."""
    with stage.world.clock.at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        customer = new_customer(stage.world, "Plain & Simple", "ap@plain.example", BOSTON)
        lines = _over(stage, currency=currency)
        return paid_invoice(stage.world, customer, lines, currency=currency)


def _only(stage: Stage, kind: str) -> Row:
    (row,) = stage.world.stripe.store.all(kind)
    found: Row = row
    return found


def _lines(stage: Stage, invoice: str) -> list[Row]:
    return list(stage.world.stripe.store.where("line_item", invoice=invoice))


def _rewrite_amount(stage: Stage, invoice: str, minor: float) -> None:
    """Have Stripe say another amount than it could, on an invoice of one line."""
    (line,) = _lines(stage, invoice)
    line["amount"] = minor
    names = ("total", "subtotal", "amount_due", "amount_remaining")
    stage.world.stripe.store.get("invoice", invoice).update(dict.fromkeys(names, minor))


def _booked_lines(stage: Stage, invoice: str) -> list[Row]:
    (record,) = [one for one in stage.world.netsuite.books()["records"] if one["external_id"] == invoice]
    lines: list[Row] = record["lines"]
    return lines


def _is_booked(stage: Stage, subject: str) -> None:
    """Booked to the cent and without a word; a second pass writes nothing."""
    stage.bring(subject)
    job = Job.objects.filter(subject=subject).latest("pk")
    assert (job.status, job.code, job.message) == (Job.Status.SUCCESSFUL, "", "")
    assert disagreements(stage.world) == []
    writes = stage.world.netsuite.writes
    stage.bring(subject)
    assert stage.world.netsuite.writes == writes


def _is_refused(stage: Stage, subject: str, code: str, word: str) -> None:
    """Refused by name, with a next step, before the first write."""
    stage.bring(subject)
    job = Job.objects.filter(subject=subject).latest("pk")
    assert job.status == Job.Status.NEEDS_ATTENTION, (job.status, job.code, job.message)
    assert job.code == code
    assert word in job.message
    assert describe(job.code).next_step
    books = stage.world.netsuite.books()["records"]
    assert [one["external_id"] for one in books if one["type"] in ("invoice", "customerPayment")] == []
    assert stage.world.netsuite.writes == 0
    assert not MappedRecord.objects.filter(state="mapped").exists()
