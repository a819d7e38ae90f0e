"""Fields that an account fills by itself: fixed values, values from Stripe, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.netsuite import records
from connector.netsuite.records import Filled, Ref
from connector.stripe.objects import Invoice, PostalAddress
from connector.translation import customer as customers
from connector.translation import invoice as invoices
from connector.translation import mappings
from connector.translation import price as prices
from connector.translation.mappings_fields import KINDS, leaves
from connector.translation.mappings_read import read_defaults, read_mappings
from connector.translation.plan import Plan
from tests.translation.builders import charge, codes, customer, invoice, line, only, paid_by, price, settings

rule = pytest.mark.rule


def filled(bill: Invoice, *, booked: tuple[str, ...] = (), **chosen: Any) -> Plan:
    """The plan of a paid invoice of an account that fills fields."""
    choices = settings(**chosen)
    seen: dict[str, object] = {bill.id: bill, charge().id: charge(), **{one.id: one for one in bill.lines}}
    return mappings.apply(invoices.translate(bill, (paid_by(charge()),), {}, choices), seen, choices, booked)


def the_bill(plan: Plan) -> records.Invoice:
    return only(plan, records.Invoice)


@rule("FM-1", "FM-2")
def test_fixed_values_are_written_into_the_record_and_into_each_line() -> None:
    bill = the_bill(
        filled(
            invoice([line("100.00"), line("20.00", id="il_2")]),
            field_defaults={
                "invoice": {"klass_id": 5, "to_be_printed": True},
                "invoice_item": {"department_id": "12", "custcol_channel": "Online", "custcol_share": 0.25},
            },
        )
    )
    class_of_it = Filled("class", Ref("listed", internal_id="5"))
    assert {class_of_it, Filled("toBePrinted", True)} < set(bill.filled)
    assert [one.filled for one in bill.lines] == [
        (
            Filled("department", Ref("listed", internal_id="12")),
            Filled("custcol_channel", "Online"),
            Filled("custcol_share", Decimal("0.25")),
        )
    ] * 2


@rule("FM-1")
def test_the_rules_of_a_filled_record_say_so() -> None:
    plan = filled(invoice(), field_defaults={"invoice": {"klass_id": 5}})
    by_type = {planned.record.TYPE: planned.rules for planned in plan.records}
    assert {"FM-1", "FM-3"} <= set(by_type["invoice"])
    assert "FM-1" not in by_type["customerPayment"]


@rule("FM-3")
def test_a_value_from_stripe_goes_before_a_fixed_one_and_both_before_ours() -> None:
    chosen: dict[str, Any] = {
        "field_defaults": {"invoice": {"memo": "Subscriptions"}},
        "field_mappings": {"invoice": {"metadata.note": "memo"}},
    }
    assert the_bill(filled(invoice())).memo == "Stripe: in_1"
    assert the_bill(filled(invoice(), **chosen)).memo == "Subscriptions"
    assert the_bill(filled(invoice(metadata={"note": "Renewal"}), **chosen)).memo == "Renewal"


@rule("FM-3")
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_fixed_value_clears_the_field(empty: str | None) -> None:
    bill = the_bill(filled(invoice(), field_defaults={"invoice": {"memo": empty, "due_date": empty}}))
    assert (bill.memo, bill.due_date) == ("", None)


@rule("FM-3")
def test_a_blank_value_from_stripe_clears_and_a_missing_one_changes_nothing() -> None:
    chosen: dict[str, Any] = {"field_mappings": {"invoice": {"metadata.note": "memo"}}}
    assert the_bill(filled(invoice(metadata={"note": " "}), **chosen)).memo == ""
    assert the_bill(filled(invoice(metadata={"other": "x"}), **chosen)).memo == "Stripe: in_1"


@rule("FM-2")
@pytest.mark.parametrize("value", ["1764482400", "2025-11-29"])
def test_a_date_is_a_unix_time_on_the_accounts_own_day(value: str) -> None:
    plan = filled(
        invoice(metadata={"due": value, "start": value}),
        field_mappings={"invoice": {"metadata.due": "due_date", "metadata.start": "custbody_start_date"}},
        time_zone=ZoneInfo("Pacific/Honolulu"),
    )
    bill = the_bill(plan)
    assert bill.due_date == date(2025, 11, 29)
    assert Filled("custbody_start_date", date(2025, 11, 29)) in bill.filled


@rule("FM-2")
def test_id_behind_a_custom_field_says_that_it_holds_a_record() -> None:
    bill = the_bill(
        filled(
            invoice(metadata={"region": "7"}),
            field_mappings={"invoice": {"metadata.region": "custbody_region_id"}},
        )
    )
    assert Filled("custbody_region", Ref("listed", internal_id="7")) in bill.filled


@rule("FM-1")
def test_a_line_takes_values_of_its_own_and_of_its_invoice_and_so_does_its_discount() -> None:
    sold = line("120.00", metadata={"project": "Façade"})
    plan = filled(
        invoice([sold], metadata={"dept": "4"}),
        field_mappings={
            "invoice_item": {"metadata.project": "custcol_project", "invoice.metadata.dept": "department_id"}
        },
    )
    (only_line,) = the_bill(plan).lines
    department = Filled("department", Ref("listed", internal_id="4"))
    assert only_line.filled == (Filled("custcol_project", "Façade"), department)


@rule("FM-1", "PI-18")
def test_an_items_accounts_and_a_customers_fields_can_come_from_metadata() -> None:
    choices = settings(
        field_defaults={"service_sale_item": {"revenue_recognition_rule_id": 3}},
        field_mappings={
            "service_sale_item": {"metadata.deferred": "deferred_revenue_account_id"},
            "customer": {"metadata.region": "custentity_region", "address.city": "custentity_city"},
        },
    )
    sold = price(metadata={"deferred": "88"})
    item = only(
        mappings.apply(prices.translate(sold, choices), {"price_1": sold}, choices), records.ServiceSaleItem
    )
    assert item.deferred_revenue_account == Ref("account", internal_id="88")
    assert item.revenue_recognition_rule == Ref("revenueRecognitionRule", internal_id="3")
    buyer = customer(metadata={"region": "West"}, address=PostalAddress(city="Lyon"))
    made = only(
        mappings.apply(customers.translate(buyer, choices), {"cus_1": buyer}, choices), records.Customer
    )
    assert made.filled == (Filled("custentity_region", "West"), Filled("custentity_city", "Lyon"))


@rule("FM-1")
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("klass_id", "East", "internal id"),
        ("due_date", "tomorrow", "Unix time"),
        ("to_be_printed", "maybe", "true or false"),
    ],
)
def test_a_value_that_its_field_cannot_hold_is_refused_by_name(field: str, value: str, words: str) -> None:
    bill = invoice(metadata={"x": value})
    chosen: dict[str, Any] = {"field_mappings": {"invoice": {"metadata.x": field}}}
    plan = filled(bill, **chosen)
    assert (codes(plan), plan.records) == (["mapped_value_unusable"], ())
    for part in ("metadata.x of in_1", f"“{field}”", f"“{value}”", words):
        assert part in plan.problems[0].message
    assert filled(bill, booked=("in_1",), **chosen).records, "what stands in NetSuite is not refused"


def test_a_stored_mapping_that_is_not_understood_any_more_writes_nothing() -> None:
    plan = filled(invoice(), field_defaults={"invoice": {"colour": "red"}})
    assert (codes(plan), plan.records) == (["mapping_not_understood"], ())


def test_an_account_that_fills_nothing_gets_the_very_plan() -> None:
    choices = settings()
    plan = invoices.translate(invoice(), (paid_by(charge()),), {}, choices)
    assert mappings.apply(plan, {}, choices) is plan


@rule("FM-1", "FM-2")
@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([], "Write the fields of each kind"),
        ({"invoices": {}}, "no kind of record. There are customer"),
        ({"invoice": 5}, "in braces"),
        ({"invoice": {"colour": 1}}, "no field of invoice"),
        ({"invoice": {"class": 5}}, "Did you mean “klass_id”"),
        ({"invoice": {"departmnt_id": 5}}, "Did you mean “department_id”"),
        ({"invoice": {"terms": 5}}, "Did you mean “terms_id”"),
        ({"invoice": {"klass_id": "sales"}}, "internal id, like 5"),
        ({"invoice": {"klass_id": True}}, "internal id, like 5"),
        ({"invoice": {"due_date": "soon"}}, "2026-01-31"),
        ({"invoice": {"memo": {"a": 1}}}, "one value"),
        ({"invoice": {"amount": 5}}, "carries money"),
        ({"invoice_item": {"quantity": 5}}, "carries money"),
        ({"invoice": {"entity_id": 5}}, "ties the record"),
        ({"invoice_item": {"item_id": 5}}, "ties the record"),
        ({"invoice": {"external_id": "x"}}, "ties the record"),
        ({"customer_payment": {"apply_list": 1}}, "ties the record"),
        ({"invoice": {"currency_id": 1}}, "where or when the record posts"),
        ({"invoice": {"tran_date": "2026-01-31"}}, "where or when the record posts"),
        ({"customer_payment": {"account_id": 1}}, "where or when the record posts"),
        ({"invoice_item": {"tax_code_id": 1}}, "a tax of its own"),
        ({"invoice": {"custbody_suitesync_authorization_code": "x"}}, "fills it itself"),
        ({"invoice_item": {"custcol_suitesync_rev_rec_start": "x"}}, "fills it itself"),
        ({"invoice": {"custcol_x": "x"}}, "belongs under invoice_item"),
        ({"invoice": {"customfield": "x"}}, "begins with custbody"),
        ({"invoice": {"custbody_X": "x"}}, "small letters"),
        ({"customer": {"company_name": None}}, "must not be empty"),
    ],
)
def test_a_fixed_value_that_makes_no_sense_is_refused_by_its_key(written: object, words: str) -> None:
    _, faults = read_defaults(written)
    assert len(faults) == 1
    assert words in faults[0]


@rule("FM-1")
@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"invoice": {"metadata.x": None}}, "null as a fixed value"),
        ({"invoice": {"metadata.x": 5}}, "name of a field in quotes"),
        ({"invoice": {"metadata.x": "total"}}, "carries money"),
        ({"invoice": {"metadata": "memo"}}, "Write metadata.<key>"),
        ({"invoice": {"lines": "memo"}}, "Write metadata.<key>"),
        ({"invoice": {"nummer": "memo"}}, "number"),
        ({"invoice": {"": "memo"}}, "is no path"),
        ({"invoice_item": {"invoice.lines": "klass_id"}}, "invoice.…"),
        ({"other_charge_sale_item": {"metadata.x": "klass_id"}}, "write fixed values there"),
        ({"invoice": {"metadata.x": "memo", "metadata.y": "memo"}}, "Two values"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_refused_by_its_key(written: object, words: str) -> None:
    _, faults = read_mappings(written)
    assert len(faults) == 1
    assert words in faults[0]


def test_all_faults_are_told_at_once() -> None:
    _, faults = read_defaults({"invoice": {"amount": 1, "colour": 2}, "bill": {}})
    assert len(faults) == 3


def test_a_metadata_key_may_have_dots() -> None:
    chosen: dict[str, Any] = {"field_mappings": {"invoice": {"metadata.our.note": "memo"}}}
    assert the_bill(filled(invoice(metadata={"our.note": "hello"}), **chosen)).memo == "hello"


def test_no_value_of_stripe_that_a_path_reaches_breaks_a_text_field() -> None:
    for name in leaves(Invoice):
        plan = filled(invoice(), field_mappings={"invoice": {name: "custbody_x"}})
        assert plan.problems == (), name


@rule("IN-14")
def test_an_invoice_names_the_charge_that_paid_it() -> None:
    paid = invoices.translate(invoice(), (paid_by(charge()),), {}, settings())
    assert records.authorization_code(the_bill(paid)) == "ch_1"
    unpaid = invoices.translate(invoice(status="open", paid_at=None), (), {}, settings())
    assert records.authorization_code(the_bill(unpaid)) == ""


@rule("IN-14")
def test_of_several_charges_an_invoice_names_the_first() -> None:
    first, second = charge(id="ch_a"), charge(id="ch_b")
    later = replace(second, created=second.created.replace(hour=20))
    plan = invoices.translate(invoice(), (paid_by(later, id="inpay_2"), paid_by(first)), {}, settings())
    assert records.authorization_code(the_bill(plan)) == "ch_a"


def test_every_kind_of_record_that_we_write_can_be_filled() -> None:
    assert {kind.record for kind in KINDS.values()} >= {
        records.Customer,
        records.ServiceSaleItem,
        records.OtherChargeSaleItem,
        records.DiscountItem,
        records.Invoice,
        records.CustomerPayment,
        records.CreditMemo,
        records.Line,
    }
