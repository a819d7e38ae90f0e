"""What an invoice of the practice Stripe comes to: discounts, taxes, shipping and odd prices."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.sandbox.stripe.errors import Refusal
from tests.sandbox.billing import Row, Till


def off(line: Row) -> list[int]:
    return [one["amount"] for one in line["discount_amounts"]]


def test_a_lines_own_discounts_come_before_the_invoices_which_are_spread_by_what_is_left() -> None:
    till = Till()
    own = till.coupon(percent_off=50)
    both = [till.coupon(percent_off=10), till.coupon(amount_off=100, currency="usd")]
    made = till.draft({"amount": 2000, "discounts": [own]}, 333, discounts=both)
    first, second = till.lines(made)
    assert (off(first), off(second)) == ([1000, 100, 75], [33, 25])
    assert made["subtotal"] == 1333
    assert [one["amount"] for one in made["total_discount_amounts"]] == [1000, 133, 100]
    assert made["total"] == 1100


def test_a_discount_never_takes_more_than_there_is() -> None:
    till = Till()
    made = till.draft(700, 300, discounts=[till.coupon(amount_off=5000, currency="usd")])
    assert made["total"] == 0
    assert [off(line) for line in till.lines(made)] == [[700], [300]]


def test_a_coupon_for_some_products_leaves_the_others_alone() -> None:
    till = Till()
    wine, beer = (
        till.stripe.post("/v1/prices", currency="usd", unit_amount=1000, product_data={"name": name})
        for name in ("Wine", "Beer")
    )
    coupon = till.coupon(percent_off=20, applies_to={"products": [wine["product"]]})
    lines = [{"pricing": {"price": one["id"]}} for one in (wine, beer)]
    made = till.draft(*lines, discounts=[coupon])
    assert [off(line) for line in till.lines(made)] == [[200], []]


def test_negative_lines_are_not_discounted() -> None:
    till = Till()
    made = till.draft(1000, -400, discounts=[till.coupon(percent_off=10)])
    assert ([off(line) for line in till.lines(made)], made["total"]) == ([[100], []], 500)


def test_a_discount_is_shown_whole_on_request_with_its_coupon() -> None:
    till = Till()
    coupon = till.coupon(percent_off=10, name="Autumn", metadata={"netsuite_discount_item_id": "7"})
    made = till.draft({"amount": 1000, "discounts": [coupon]}, discounts=[coupon])
    paths = ["discounts.source.coupon", "lines.data.discounts"]
    seen = till.stripe.get(f"/v1/invoices/{made['id']}", expand=paths)
    assert made["discounts"] == [seen["discounts"][0]["id"]]
    assert seen["discounts"][0]["source"]["coupon"]["name"] == "Autumn"
    line = seen["lines"]["data"][0]
    assert (line["discounts"][0]["invoice_item"] or "").startswith("ii_")
    coupon_seen = till.stripe.get(
        f"/v1/invoices/{made['id']}", expand=["total_discount_amounts.discount.source.coupon"]
    )["total_discount_amounts"][0]["discount"]["source"]["coupon"]
    assert coupon_seen["metadata"] == {"netsuite_discount_item_id": "7"}


def test_a_deleted_coupon_still_discounts() -> None:
    till = Till()
    coupon = till.coupon(percent_off=10)
    made = till.draft(discounts=[coupon])
    till.stripe.request("DELETE", f"/v1/coupons/{coupon['coupon']}")
    till.stripe.post("/v1/invoiceitems", customer=till.customer, invoice=made["id"], amount=1000)
    assert till.invoice(made["id"])["total"] == 900


def test_a_standing_discount_is_taken_over_unless_the_invoice_has_none_on_purpose() -> None:
    till = Till()
    till.stripe.discount_customer(till.customer, till.coupon(percent_off=25)["coupon"])
    assert till.draft(1000)["total"] == 750
    assert till.draft(1000, discounts="")["total"] == 1000


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"percent_off": 10, "amount_off": 5, "currency": "usd"},
        {"percent_off": 101},
        {"amount_off": 0, "currency": "usd"},
        {"percent_off": 10, "duration": "repeating"},
        {"percent_off": 10, "duration": "sometimes"},
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Till().coupon(**terms)


def test_a_coupon_of_another_currency_is_refused() -> None:
    till = Till()
    coupon = till.coupon(amount_off=100, currency="eur")
    with pytest.raises(Refusal, match="eur, not usd"):
        till.draft(1000, discounts=[coupon])


def test_exclusive_taxes_are_reckoned_by_line_after_discounts_and_added() -> None:
    till = Till()
    rates = [till.tax("2.9"), till.tax("5.15")]
    made = till.draft(999, 4321, default_tax_rates=rates, discounts=[till.coupon(percent_off=10)])
    first, second = till.lines(made)
    assert [tax["amount"] for tax in first["taxes"]] == [26, 46]
    assert [tax["amount"] for tax in second["taxes"]] == [113, 200]
    assert [(tax["amount"], tax["taxable_amount"]) for tax in made["total_taxes"]] == [
        (139, 4788),
        (246, 4788),
    ]
    assert (made["total_excluding_tax"], made["total"]) == (4788, 5173)


def test_inclusive_taxes_lie_within_the_amount() -> None:
    till = Till()
    made = till.draft(11_900, default_tax_rates=[till.tax("19", inclusive=True)])
    (tax,) = made["total_taxes"]
    assert (tax["amount"], tax["taxable_amount"], tax["tax_behavior"]) == (1900, 10_000, "inclusive")
    assert (made["total"], made["total_excluding_tax"], made["subtotal_excluding_tax"]) == (
        11_900,
        10_000,
        10_000,
    )


def test_a_lines_own_tax_rates_replace_the_invoices() -> None:
    till = Till()
    made = till.draft(
        1000, {"amount": 1000, "tax_rates": [till.tax("4")]}, default_tax_rates=[till.tax("10")]
    )
    assert [[tax["amount"] for tax in line["taxes"]] for line in till.lines(made)] == [[100], [40]]


@pytest.mark.parametrize(("state", "reason"), [("exempt", "customer_exempt"), ("reverse", "reverse_charge")])
def test_who_is_exempt_pays_no_tax(state: str, reason: str) -> None:
    till = Till(tax_exempt=state)
    made = till.draft(1000, default_tax_rates=[till.tax("10")])
    (tax,) = made["total_taxes"]
    assert (made["total"], tax["amount"], tax["taxability_reason"]) == (1000, 0, reason)


def test_shipping_is_added_and_taxed_by_the_invoices_rates() -> None:
    till = Till()
    rate = till.stripe.post(
        "/v1/shipping_rates",
        display_name="Ground",
        type="fixed_amount",
        fixed_amount={"amount": 500, "currency": "usd"},
    )
    terms = {"shipping_cost": {"shipping_rate": rate["id"]}, "default_tax_rates": [till.tax("10")]}
    made = till.draft(1000, **terms)
    assert (made["total"], made["amount_shipping"], made["total_taxes"][0]["amount"]) == (1650, 500, 150)
    cost = till.stripe.get(f"/v1/invoices/{made['id']}", expand=["shipping_cost.taxes"])["shipping_cost"]
    assert (cost["amount_subtotal"], cost["amount_tax"], cost["amount_total"]) == (500, 50, 550)
    assert [(tax["amount"], tax["rate"]["percentage"]) for tax in cost["taxes"]] == [(50, 10.0)]
    assert "taxes" not in made["shipping_cost"]
    without = till.stripe.post(f"/v1/invoices/{made['id']}", shipping_cost="")
    assert (without["shipping_cost"], without["total"]) == (None, 1100)


TIERS = [
    {"up_to": 10, "unit_amount": 100, "flat_amount": 250},
    {"up_to": "inf", "unit_amount_decimal": "7.5"},
]


@pytest.mark.parametrize(
    ("mode", "quantity", "lines"),
    [
        ("graduated", 4, [(4, 400), (1, 250)]),
        ("graduated", 13, [(10, 1000), (1, 250), (3, 23)]),
        ("volume", 4, [(4, 400), (1, 250)]),
        ("volume", 13, [(13, 98)]),
    ],
)
def test_each_tier_that_is_reached_is_a_line(mode: str, quantity: int, lines: list[tuple[int, int]]) -> None:
    till = Till()
    price = till.plan(0, billing_scheme="tiered", tiers_mode=mode, tiers=TIERS)
    items = [{"price": price, "quantity": quantity}]
    made = till.stripe.post("/v1/subscriptions", customer=till.customer, items=items)
    found = till.lines({"id": made["latest_invoice"]})
    assert [(line["quantity"], line["amount"]) for line in found] == lines
    seen = till.stripe.get(f"/v1/prices/{price}", expand=["tiers"])
    assert [tier["up_to"] for tier in seen["tiers"]] == [10, None]
    assert "tiers" not in till.stripe.get(f"/v1/prices/{price}")


def test_a_broken_package_is_charged_whole() -> None:
    till = Till()
    price = till.plan(1500, transform_quantity={"divide_by": 10, "round": "up"})
    items = [{"price": price, "quantity": 23}]
    made = till.stripe.post("/v1/subscriptions", customer=till.customer, items=items)
    (line,) = till.lines({"id": made["latest_invoice"]})
    assert (line["quantity"], line["amount"], line["pricing"]["unit_amount_decimal"]) == (23, 4500, "1500")


@pytest.mark.parametrize("change", [{"tiers": TIERS[:1]}, {"tiers": []}, {"tiers_mode": "other"}])
def test_tiers_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Till().plan(0, **{"billing_scheme": "tiered", "tiers_mode": "volume", "tiers": TIERS, **change})


PERCENTS = st.integers(1, 1000).map(lambda tenths: f"{tenths / 10}")


@settings(max_examples=60, deadline=None)
@given(
    amounts=st.lists(st.integers(-5_000, 50_000), min_size=1, max_size=6),
    percents=st.lists(PERCENTS, max_size=3),
    fixed=st.lists(st.integers(1, 30_000), max_size=2),
    taxes=st.lists(st.tuples(st.integers(0, 30).map(str), st.booleans()), max_size=3),
)
def test_every_total_is_the_sum_of_its_lines_to_the_cent(
    amounts: list[int], percents: list[str], fixed: list[int], taxes: list[tuple[str, bool]]
) -> None:
    till = Till()
    coupons = [till.coupon(percent_off=one) for one in percents]
    coupons += [till.coupon(amount_off=one, currency="usd") for one in fixed]
    rates = [till.tax(percent, inclusive=inside) for percent, inside in taxes]
    made = till.draft(*amounts, discounts=coupons, default_tax_rates=rates)
    lines = till.lines(made)
    outside = [tax for line in lines for tax in line["taxes"] if tax["tax_behavior"] == "exclusive"]
    discounts = sum(sum(off(line)) for line in lines)
    assert made["total"] == sum(amounts) - discounts + sum(tax["amount"] for tax in outside)
    assert discounts == sum(one["amount"] for one in made["total_discount_amounts"])
    assert all(sum(off(line)) <= max(line["amount"], 0) for line in lines)
    assert sum(tax["amount"] for tax in made["total_taxes"]) == sum(
        tax["amount"] for line in lines for tax in line["taxes"]
    )
