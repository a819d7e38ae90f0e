"""Items: one for each price, one for everything else, and links to items that exist."""

from __future__ import annotations

import pytest

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import Price
from connector.translation.price import GLOBAL_KEY, LINK_KEYS, global_item, item_ref, translate
from tests.translation.builders import codes, only, price, rules_of, settings

rule = pytest.mark.rule
INCOME = Ref("account", internal_id="54")


@rule("PI-1")
@rule("PI-9")
@rule("OM-3")
@rule("OM-4")
def test_every_price_has_an_item_of_its_own() -> None:
    plan = translate(price(nickname="Monthly"), settings(subsidiary="3"))
    assert only(plan, records.ServiceSaleItem) == records.ServiceSaleItem(
        external_id="price_1",
        item_id="price_1",
        display_name="price_1",
        sales_description="Team plan - Monthly",
        income_account=INCOME,
        subsidiary=Ref("subsidiary", internal_id="3"),
    )
    assert {"PI-1", "PI-9", "OM-3"} <= rules_of(plan)


@pytest.mark.parametrize(
    ("product", "nickname", "described"),
    [("Team plan", "", "Team plan"), ("", "Monthly", "Monthly"), ("", "", "price_1")],
)
@rule("PI-H1")
def test_an_item_is_described_by_product_and_nickname_or_by_its_id(
    product: str, nickname: str, described: str
) -> None:
    plan = translate(price(product_name=product, nickname=nickname), settings())
    assert only(plan, records.ServiceSaleItem).sales_description == described


@rule("PI-9")
def test_without_an_income_account_no_item_is_made() -> None:
    without = settings(income_account="")
    for plan in (translate(price(), without), global_item(without)):
        assert codes(plan) == ["income_account_missing"]


@rule("PI-2")
@rule("PI-6")
@rule("ME-1")
@pytest.mark.parametrize("key", LINK_KEYS)
def test_a_price_may_be_linked_to_an_item_of_each_lawful_type(key: str) -> None:
    plan = translate(price(metadata={key: " 31 "}), settings(income_account=""))
    assert (plan.records, plan.problems) == ((), ())
    (link,) = plan.links
    assert (link.type, link.key, link.internal_id, link.metadata_key) == ("item", "price_1", "31", key)
    assert link.rules == ("PI-2", "PI-6", "ME-1")


@rule("PI-6")
def test_the_four_lawful_types_are_those_of_the_rulebook() -> None:
    assert set(LINK_KEYS) == {
        "netsuite_service_sale_item_id",
        "netsuite_service_resale_item_id",
        "netsuite_non_inventory_sale_item_id",
        "netsuite_non_inventory_resale_item_id",
    }


@rule("PI-6")
def test_a_link_that_is_no_internal_id_needs_a_person() -> None:
    plan = translate(price(metadata={"netsuite_service_sale_item_id": "SKU-9"}), settings())
    assert codes(plan) == ["metadata_not_an_id"]
    assert "SKU-9" in plan.problems[0].message


@rule("PI-7")
@rule("PI-2")
def test_the_global_item_bears_its_documented_name() -> None:
    plan = global_item(settings())
    record = only(plan, records.ServiceSaleItem)
    assert record.external_id == GLOBAL_KEY
    assert {record.item_id, record.display_name, record.sales_description} == {"Stripe Item"}
    assert record.income_account == INCOME
    assert {"PI-7", "PI-9"} <= rules_of(plan)
    assert plan.records[0].stripe_id == ""


@rule("PI-1")
@rule("PI-2")
@rule("PI-7")
@pytest.mark.parametrize(
    ("price_id", "known", "in_global_mode", "sold"),
    [
        ("price_1", price(), False, "price_1"),
        ("price_1", None, False, "price_1"),
        ("price_1", price(one_time=True), False, "price_1"),
        ("price_1", price(active=False), False, "price_1"),
        ("price_1", price(one_time=True, active=False), False, GLOBAL_KEY),
        ("", None, False, GLOBAL_KEY),
        ("price_1", price(), True, GLOBAL_KEY),
    ],
    ids=["own", "own, known", "one-time", "archived plan", "used once", "no price", "global mode"],
)
def test_a_line_sells_the_item_of_its_price_or_the_global_one(
    price_id: str, known: Price | None, in_global_mode: bool, sold: str
) -> None:
    chosen = settings(global_item_workflow=in_global_mode)
    assert item_ref(price_id, known, chosen) == Ref("item", sold)


@rule("PI-18")
@rule("RR-2")
@rule("K13")
def test_an_item_carries_the_revenue_rule_and_the_deferred_account_of_the_settings() -> None:
    chosen = settings(deferred_revenue_account="71", revenue_recognition_rule="2")
    plan = translate(price(), chosen)
    record = only(plan, records.ServiceSaleItem)
    assert record.deferred_revenue_account == Ref("account", internal_id="71")
    assert record.revenue_recognition_rule == Ref("revenueRecognitionRule", internal_id="2")
    assert {"PI-18", "RR-2"} <= rules_of(plan)
    assert not {"PI-18", "RR-2"} & rules_of(translate(price(), settings()))
