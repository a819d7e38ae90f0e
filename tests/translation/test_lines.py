"""Lines: discounts, credits, shipping and debits as lines of their own, and their sum to the cent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.money import Amount
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import Coupon, DiscountAmount, Shipping, TaxAmount
from connector.stripe.objects import Invoice, InvoiceLine, Price
from connector.translation.invoice import parents, translate
from connector.translation.plan import Plan
from connector.translation.settings import Settings
from tests.translation.builders import NOON, codes, invoice, line, only, price, rules_of, settings, usd

rule = pytest.mark.rule
SPRING, LOYAL = Coupon("SPRING", "Spring sale"), Coupon("LOYAL")
COUPONS = {"di_1": SPRING, "di_2": LOYAL}
TAX = Ref("account", internal_id="57")


def off(amount: str, discount_id: str = "di_1") -> DiscountAmount:
    return DiscountAmount(discount_id, usd(amount))


def bill(*lines: InvoiceLine, total: str, **changes: Any) -> Invoice:
    given = {"total": usd(total), "amount_due": usd(total), "coupons": COUPONS, **changes}
    return invoice(lines, **given)


def planned(one: Invoice, chosen: Settings | None = None, prices: dict[str, Price] | None = None) -> Plan:
    return translate(one, (), prices or {}, chosen or settings())


def written(plan: Plan) -> list[tuple[str, str]]:
    """Item and amount of each line, as a bookkeeper would read them."""
    lines = only(plan, records.Invoice).lines
    return [(each.item.key or each.item.internal_id, str(each.amount)) for each in lines]


# Discounts


@rule("PI-16")
@rule("PI-H2")
@rule("DI-2")
def test_each_discount_of_a_line_is_a_line_directly_after_it() -> None:
    one = bill(
        line("100.00", discounts=(off("20.00"), off("8.00", "di_2"))),
        line("50.00", id="il_2", price_id="price_2", discounts=(off("10.00"),)),
        total="112.00",
    )
    plan = planned(one)
    assert written(plan) == [
        ("price_1", "100.00"),
        ("SPRING", "-20.00"),
        ("LOYAL", "-8.00"),
        ("price_2", "50.00"),
        ("SPRING", "-10.00"),
    ]
    assert {"PI-16", "PI-H2"} <= rules_of(plan)
    described = [each.description for each in only(plan, records.Invoice).lines]
    assert described[1:3] == ["Discount Spring sale", "Discount LOYAL"]
    assert [each.account for each in only(plan, records.Invoice).lines] == [None] * 5


@rule("IN-5")
@rule("PI-H2")
def test_a_discount_covers_the_days_of_the_line_that_it_discounts() -> None:
    period: dict[str, Any] = {"period_start": NOON, "period_end": datetime(2026, 12, 3, 12, tzinfo=UTC)}
    one = bill(line("100.00", subscription_id="sub_1", discounts=(off("20.00"),), **period), total="80.00")
    for each in only(planned(one), records.Invoice).lines:
        assert (each.start_date, each.end_date) == (date(2026, 11, 3), date(2026, 12, 2))


@rule("PI-H2")
def test_a_discount_of_nothing_is_no_line() -> None:
    assert written(planned(bill(line("100.00", discounts=(off("0.00"),)), total="100.00"))) == [
        ("price_1", "100.00")
    ]


@rule("PI-H2")
def test_a_discount_below_zero_gives_back_on_the_lines_own_item() -> None:
    one = bill(line("100.00"), line("-50.00", id="il_2", discounts=(off("-10.00"),)), total="60.00")
    assert written(planned(one)) == [("price_1", "100.00"), ("price_1", "-50.00"), ("price_1", "10.00")]


@rule("PI-13")
@pytest.mark.parametrize(("on", "coupons"), [(True, COUPONS), (False, {})], ids=["by setting", "unknown"])
def test_one_discount_item_stands_for_all_coupons(on: bool, coupons: dict[str, Coupon]) -> None:
    one = bill(line("100.00", discounts=(off("20.00"),)), total="80.00", coupons=coupons)
    plan = planned(one, settings(global_discount_workflow=on))
    assert written(plan) == [("price_1", "100.00"), ("stripe_discount", "-20.00")]


@rule("PI-15")
def test_a_discount_that_posts_by_itself_names_its_account() -> None:
    one = bill(line("100.00", discounts=(off("20.00"),)), total="80.00")
    own = only(planned(one, settings(discount_non_posting=False, discount_account="61")), records.Invoice)
    income = only(planned(one, settings(discount_non_posting=False)), records.Invoice)
    assert own.lines[1].account == Ref("account", internal_id="61")
    assert income.lines[1].account == Ref("account", internal_id="54")


# Negative lines


@rule("PI-H3")
@rule("PR-2")
def test_an_upgrade_credits_the_old_plan_and_bills_the_new_one() -> None:
    unused, new = line("-30.00", id="il_1"), line("80.00", id="il_2", price_id="price_2")
    plan = planned(bill(unused, new, total="50.00"))
    assert written(plan) == [("price_1", "-30.00"), ("price_2", "80.00")]
    assert "PI-H3" in rules_of(plan)


@rule("PI-17")
@pytest.mark.parametrize("by_price", [False, True])
def test_a_negative_line_may_name_a_discount_item_and_then_follows_what_it_lowers(by_price: bool) -> None:
    key = {"netsuite_discount_item_id": " 77 "}
    credit = line("-30.00", id="il_1", price_id="price_2", metadata={} if by_price else key)
    prices = {"price_2": price(id="price_2", metadata=key)} if by_price else {}
    one = bill(credit, line("80.00", id="il_2"), total="50.00")
    plan = planned(one, prices=prices)
    assert written(plan) == [("price_1", "80.00"), ("77", "-30.00")]
    assert {"PI-17"} == rules_of(plan) & {"PI-17", "PI-H3"}
    assert Ref("item", internal_id="77") in parents(one, prices, settings())


@rule("PI-17")
def test_a_discount_item_on_a_positive_line_has_no_effect() -> None:
    plan = planned(bill(line(metadata={"netsuite_discount_item_id": "5"}), total="120.00"))
    assert written(plan) == [("price_1", "120.00")]


@rule("PI-17")
def test_a_discount_item_that_is_no_internal_id_needs_a_person() -> None:
    credit = line("-30.00", id="il_2", metadata={"netsuite_discount_item_id": "SALE"})
    plan = planned(bill(line(), credit, total="90.00"))
    assert codes(plan) == ["metadata_not_an_id"]
    assert "il_2" in plan.problems[0].message


# Shipping, taxes, everything at once


@rule("SH-1")
def test_shipping_is_a_line_on_its_own_item() -> None:
    plan = planned(bill(line("100.00"), total="112.00", shipping=Shipping(usd("12.00"))))
    assert written(plan) == [("price_1", "100.00"), ("stripe_shipping", "12.00")]
    assert "SH-1" in rules_of(plan)
    free = planned(bill(line("100.00"), total="100.00", shipping=Shipping(usd("0.00"))))
    assert written(free) == [("price_1", "100.00")]


@rule("SH-H1")
@rule("TX-H1")
@rule("CB-7")
def test_all_that_an_invoice_can_have_adds_up_to_what_stripe_collects() -> None:
    vat = TaxAmount(usd("8.40"), "txr_vat")
    one = bill(
        line("100.00", discounts=(off("20.00"),), taxes=(vat,)),
        total="94.30",
        shipping=Shipping(usd("5.90"), (TaxAmount(usd("0.90"), "txr_vat"),)),
        starting_balance=usd("0.30"),
        amount_due=usd("94.60"),
    )
    plan = planned(one)
    assert written(plan) == [
        ("price_1", "100.00"),
        ("SPRING", "-20.00"),
        ("stripe_shipping", "5.00"),
        ("txr_vat", "9.30"),
        ("stripe_customer_balance_debit_item", "0.30"),
    ]
    assert only(plan, records.Invoice).total == one.amount_due.value
    assert {"SH-1", "SH-H1", "TX-H1", "CB-7"} <= rules_of(plan)
    assert [ref.key for ref in parents(one, {}, settings())] == [
        "cus_1",
        "price_1",
        "SPRING",
        "stripe_shipping",
        "txr_vat",
        "stripe_customer_balance_debit_item",
    ]


# Balance and small sums


@rule("CB-7")
def test_an_invoice_of_nothing_that_collects_a_debit_is_booked_over_the_debit() -> None:
    one = bill(line("0.00"), total="0.00", starting_balance=usd("5.00"), amount_due=usd("5.00"))
    record = only(planned(one), records.Invoice)
    assert (record.total, len(record.lines)) == (Decimal("5.00"), 2)


@rule("CB-7")
def test_a_debit_that_is_still_owed_afterwards_is_not_billed_yet() -> None:
    kept = {"starting_balance": usd("5.00"), "ending_balance": usd("5.00")}
    for more in (kept, {"starting_balance": usd("5.00"), "ending_balance": None, "status": "open"}):
        assert written(planned(bill(line(), total="120.00", **more))) == [("price_1", "120.00")]


@rule("IN-12")
@pytest.mark.parametrize(("start", "end"), [("0.00", "0.30"), ("0.10", "0.40")])
def test_an_invoice_below_the_minimum_charge_is_left_out(start: str, end: str) -> None:
    small = bill(
        line("0.30"),
        total="0.30",
        amount_due=usd("0.00"),
        starting_balance=usd(start),
        ending_balance=usd(end),
    )
    plan = planned(small)
    assert plan.skip is not None
    assert plan.skip.code == "below_minimum_charge"


@rule("NE-1")
@rule("NE-H1")
@rule("IN-11")
def test_a_negative_invoice_is_booked_over_nothing_and_keeps_its_figures_in_words() -> None:
    one = bill(
        line("-100.00", description="Unused time"),
        line("50.00", id="il_2", discounts=(off("5.00"),)),
        total="-55.00",
        amount_due=usd("0.00"),
        ending_balance=usd("-55.00"),
    )
    plan = planned(one)
    record = only(plan, records.Invoice)
    assert [each.amount for each in record.lines] == [Decimal(0)] * 3
    assert [each.description for each in record.lines] == [
        "-100.00 USD: Unused time",
        "50.00 USD: Team plan",
        "-5.00 USD: Discount Spring sale",
    ]
    assert record.memo == "Stripe: in_1. 55.00 USD was added to the customer's balance."
    assert {"NE-1", "NE-H1", "IN-11"} <= rules_of(plan)
    assert plan.summary.amount == usd("-55.00")


@rule("NE-1")
def test_a_negative_invoice_must_add_up_all_the_same() -> None:
    one = bill(line("-100.00"), total="-99.00", amount_due=usd("0.00"), ending_balance=usd("-99.00"))
    assert codes(planned(one)) == ["totals_differ"]


# Trials and free invoices


@rule("TZ-2")
@rule("IN-7")
def test_an_invoice_that_a_coupon_makes_free_is_booked_with_its_lines() -> None:
    plan = planned(bill(line("120.00", discounts=(off("120.00"),)), total="0.00"))
    assert written(plan) == [("price_1", "120.00"), ("SPRING", "-120.00")]
    assert only(plan, records.Invoice).total == 0
    assert "TZ-2" in rules_of(plan)


@rule("TZ-1")
@pytest.mark.parametrize("wanted", [True, False])
def test_a_trial_is_booked_by_setting(wanted: bool) -> None:
    plan = planned(bill(line("0.00"), total="0.00"), settings(sync_trial_invoices=wanted))
    assert bool(plan.records) is wanted


# What cannot be booked


@rule("IN-H3")
def test_a_discount_that_the_total_does_not_know_is_refused() -> None:
    plan = planned(bill(line("100.00", discounts=(off("20.00"),)), total="100.00"))
    assert codes(plan) == ["totals_differ"]


def test_a_line_of_an_unknown_kind_is_refused_by_its_kind() -> None:
    plan = planned(bill(line(kind="rate_card_details"), total="120.00"))
    assert codes(plan) == ["line_kind_unknown"]
    assert "rate_card_details" in plan.problems[0].message


@pytest.mark.parametrize("kind", ["", "invoice_item_details", "subscription_item_details"])
def test_a_line_of_a_known_kind_is_booked(kind: str) -> None:
    assert written(planned(bill(line(kind=kind), total="120.00"))) == [("price_1", "120.00")]


def test_billing_credits_are_refused_by_name() -> None:
    plan = planned(bill(line(credits=usd("20.00")), total="100.00"))
    assert codes(plan) == ["invoice_not_supported"]
    assert "20.00 USD" in plan.problems[0].message


def test_every_line_of_a_long_invoice_is_there() -> None:
    many = [line("1.01", id=f"il_{n}", description="x" * 5000, discounts=(off("0.01"),)) for n in range(250)]
    record = only(planned(bill(*many, total="250.00")), records.Invoice)
    assert (len(record.lines), record.total) == (500, Decimal("250.00"))


@rule("IN-H3")
@pytest.mark.parametrize(
    ("one", "needed"),
    [
        (bill(line(), total="120.00"), False),
        (bill(line(), line("1.00", id="il_2"), total="121.00"), False),
        (bill(line("100.00", discounts=(off("20.00"),)), total="80.00"), True),
        (bill(line("100.00", taxes=(TaxAmount(usd("20.00")),)), total="120.00"), True),
        (invoice([line(Amount(Decimal(500), "JPY"))]), False),
        (invoice([line(Amount(Decimal(500), "JPY")), line(Amount(Decimal(1), "JPY"), id="il_2")]), True),
    ],
    ids=["plain", "two lines", "discount", "tax", "yen", "two lines of yen"],
)
def test_netsuites_total_is_read_back_where_it_may_be_rounded_anew(one: Invoice, needed: bool) -> None:
    assert only(planned(one), records.Invoice).needs_proof is needed


@rule("ME-1")
def test_the_lines_of_a_linked_invoice_are_somebody_elses() -> None:
    taxed = line("100.00", kind="rate_card_details", taxes=(TaxAmount(usd("20.00")),))
    linked = bill(taxed, total="120.00", metadata={"netsuite_invoice_id": "881"})
    plan = planned(linked, settings(tax_account=""))
    assert (plan.problems, plan.records) == ((), ())
    assert [link.internal_id for link in plan.links] == ["881"]
