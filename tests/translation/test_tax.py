"""Taxes: a line for each rate, taken out of what includes them, on items that post to the tax account."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import Shipping, TaxAmount, TaxRate
from connector.translation import items, tax
from connector.translation.invoice import translate
from tests.translation.builders import codes, invoice, line, only, rules_of, settings, usd

rule = pytest.mark.rule
ACCOUNT = Ref("account", internal_id="57")


def written(bill: records.Invoice) -> list[tuple[str, str, Ref | None]]:
    return [(each.item.key, str(each.amount), each.account) for each in bill.lines]


@rule("TX-H1")
@rule("TX-1")
@rule("K20")
def test_a_tax_on_top_is_one_line_for_each_rate_over_the_whole_invoice() -> None:
    lines = [
        line("100.00", taxes=(TaxAmount(usd("5.00"), "txr_gst"), TaxAmount(usd("7.00"), "txr_pst"))),
        line("20.00", id="il_2", taxes=(TaxAmount(usd("1.00"), "txr_gst"),)),
    ]
    plan = translate(invoice(lines, total=usd("133.00")), (), {}, settings())
    assert written(only(plan, records.Invoice)) == [
        ("price_1", "100.00", None),
        ("price_1", "20.00", None),
        ("txr_gst", "6.00", ACCOUNT),
        ("txr_pst", "7.00", ACCOUNT),
    ]
    assert {"TX-H1", "TX-H2"} & rules_of(plan) == {"TX-H1"}


@rule("TX-H2")
def test_a_tax_that_is_included_is_taken_out_of_its_line() -> None:
    one = line("120.00", taxes=(TaxAmount(usd("20.00"), "txr_vat", inclusive=True),))
    plan = translate(invoice([one]), (), {}, settings())
    assert written(only(plan, records.Invoice)) == [
        ("price_1", "100.00", None),
        ("txr_vat", "20.00", ACCOUNT),
    ]
    assert "TX-H2" in rules_of(plan)


@rule("SH-H1")
def test_the_tax_of_shipping_stands_with_the_others_of_its_rate_or_alone() -> None:
    one = line("100.00", taxes=(TaxAmount(usd("20.00"), "txr_vat"),))
    by_rate = Shipping(usd("12.00"), (TaxAmount(usd("2.00"), "txr_vat"),))
    bill = only(
        translate(invoice([one], shipping=by_rate, total=usd("132.00")), (), {}, settings()), records.Invoice
    )
    assert written(bill)[1:] == [("stripe_shipping", "10.00", None), ("txr_vat", "22.00", ACCOUNT)]
    unnamed = Shipping(usd("12.00"), (TaxAmount(usd("2.00")),))
    bill = only(
        translate(invoice([one], shipping=unnamed, total=usd("132.00")), (), {}, settings()), records.Invoice
    )
    assert written(bill)[2:] == [("txr_vat", "20.00", ACCOUNT), ("stripe_tax", "2.00", ACCOUNT)]


@rule("SH-H1")
@pytest.mark.parametrize(
    ("whole", "written_as"),
    [
        ({"txr_vat": "22.00"}, [("txr_vat", "22.00")]),
        ({"txr_vat": "20.00", "txr_city": "2.00"}, [("txr_vat", "20.00"), ("txr_city", "2.00")]),
        ({"txr_vat": "20.00"}, [("txr_vat", "20.00"), ("stripe_tax", "2.00")]),
        ({"txr_vat": "19.00", "txr_city": "3.00"}, [("txr_vat", "20.00"), ("stripe_tax", "2.00")]),
    ],
    ids=["same rate", "other rate", "not told", "not to be told apart"],
)
def test_the_invoices_own_taxes_tell_the_rates_of_shipping(
    whole: dict[str, str], written_as: list[tuple[str, str]]
) -> None:
    one = line("100.00", taxes=(TaxAmount(usd("20.00"), "txr_vat"),))
    taxes = tuple(TaxAmount(usd(amount), rate_id) for rate_id, amount in whole.items())
    shipping = Shipping(usd("12.00"), (TaxAmount(usd("2.00")),))
    bill = invoice([one], shipping=shipping, taxes=taxes, total=usd("132.00"))
    made = only(translate(bill, (), {}, settings()), records.Invoice)
    assert [(item, amount) for item, amount, _ in written(made)][2:] == written_as


def test_a_tax_of_nothing_is_no_line() -> None:
    one = line("120.00", taxes=(TaxAmount(usd("0.00"), "txr_zero"),))
    plan = translate(invoice([one]), (), {}, settings(tax_account=""))
    assert written(only(plan, records.Invoice)) == [("price_1", "120.00", None)]


@rule("TX-6")
@rule("TX-2")
def test_a_tax_that_was_billed_as_a_line_posts_to_the_tax_account() -> None:
    lines = [
        line("100.00", metadata={"netsuite_tax_percent": "20", "netsuite_tax_amount": "20"}),
        line("20.00", id="il_2", price_id="", metadata={"netsuite_tax": "true"}),
    ]
    plan = translate(invoice(lines), (), {}, settings())
    assert written(only(plan, records.Invoice)) == [
        ("price_1", "100.00", None),
        ("stripe_tax", "20.00", ACCOUNT),
    ]
    assert "TX-6" in rules_of(plan)


@rule("TX-H1")
def test_without_a_tax_account_no_tax_is_booked_and_no_item_made() -> None:
    one = line("100.00", taxes=(TaxAmount(usd("20.00"), "txr_vat"),))
    without = settings(tax_account="")
    assert codes(translate(invoice([one], total=usd("120.00")), (), {}, without)) == ["tax_account_missing"]
    assert codes(tax.translate(TaxRate("txr_vat"), without)) == ["tax_account_missing"]


@rule("TX-H1")
@rule("OM-3")
@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (TaxRate("txr_1", "VAT", Decimal("20.0"), "GB"), "VAT 20% (GB)"),
        (TaxRate("txr_1", "Sales Tax", Decimal("8.875"), "NY"), "Sales Tax 8.875% (NY)"),
        (TaxRate("txr_1", "GST"), "GST"),
        (TaxRate("txr_1"), "txr_1"),
    ],
)
def test_a_tax_rate_is_an_item_that_posts_to_the_tax_account(rate: TaxRate, name: str) -> None:
    record = only(tax.translate(rate, settings()), records.OtherChargeSaleItem)
    assert record == records.OtherChargeSaleItem("txr_1", "txr_1", ACCOUNT, name, name)


@rule("SH-1")
@rule("CB-7")
@rule("TX-6")
def test_the_items_that_stand_for_no_object_bear_their_documented_names() -> None:
    made = [plan(settings(subsidiary="3")) for plan in (items.shipping, items.debit, tax.global_item)]
    found = [only(plan, records.OtherChargeSaleItem) for plan in made]
    assert [(one.external_id, one.item_id, one.income_account.internal_id) for one in found] == [
        ("stripe_shipping", "Stripe Shipping", "54"),
        ("stripe_customer_balance_debit_item", "Stripe Customer Balance Debit Item", "54"),
        ("stripe_tax", "Stripe Tax", "57"),
    ]
    assert {one.subsidiary for one in found} == {Ref("subsidiary", internal_id="3")}
    for plan in (items.shipping, items.debit):
        assert codes(plan(settings(income_account=""))) == ["income_account_missing"]
