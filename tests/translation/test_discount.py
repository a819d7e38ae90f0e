"""Discount items: one for each coupon, one for all by setting, or the one that the coupon names."""

from __future__ import annotations

import pytest

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.billing import Coupon
from connector.translation.discount import GLOBAL_KEY, LINK_KEY, global_item, translate
from tests.translation.builders import codes, only, rules_of, settings

rule = pytest.mark.rule
COUPON = Coupon("SPRING", "Spring sale")


@rule("PI-12")
@rule("PI-13")
@rule("PI-14")
@rule("OM-3")
@rule("OM-4")
@rule("K8")
def test_every_coupon_has_a_discount_item_that_does_not_post_by_itself() -> None:
    plan = translate(COUPON, settings(subsidiary="3"))
    assert only(plan, records.DiscountItem) == records.DiscountItem(
        external_id="SPRING",
        item_id="SPRING",
        display_name="SPRING",
        description="Spring sale",
        account=None,
        subsidiary=Ref("subsidiary", internal_id="3"),
    )
    assert {"PI-12", "PI-13", "PI-14", "OM-3", "OM-4"} == rules_of(plan)


@rule("PI-15")
@pytest.mark.parametrize(("own", "posts_to"), [("61", "61"), ("", "54")])
def test_a_discount_posts_to_its_account_by_setting(own: str, posts_to: str) -> None:
    plan = translate(COUPON, settings(discount_non_posting=False, discount_account=own))
    assert only(plan, records.DiscountItem).account == Ref("account", internal_id=posts_to)
    assert {"PI-14", "PI-15"} & rules_of(plan) == {"PI-15"}


@rule("PI-15")
def test_a_discount_that_posts_needs_an_account() -> None:
    without = settings(discount_non_posting=False, income_account="")
    assert codes(translate(COUPON, without)) == ["income_account_missing"]


@rule("PI-13")
@rule("ME-1")
def test_a_coupon_may_be_linked_to_a_discount_item() -> None:
    plan = translate(Coupon("SPRING", metadata={LINK_KEY: " 77 "}), settings())
    (link,) = plan.links
    assert plan.records == ()
    assert (link.type, link.key, link.internal_id, link.rules) == ("item", "SPRING", "77", ("PI-13", "ME-1"))


@rule("PI-13")
def test_a_link_that_is_no_internal_id_needs_a_person() -> None:
    assert codes(translate(Coupon("SPRING", metadata={LINK_KEY: "SALE"}), settings())) == [
        "metadata_not_an_id"
    ]


@rule("PI-13")
def test_one_discount_item_may_stand_for_all() -> None:
    record = only(global_item(settings()), records.DiscountItem)
    assert (record.external_id, record.item_id, record.account) == (GLOBAL_KEY, "Stripe Discount", None)
