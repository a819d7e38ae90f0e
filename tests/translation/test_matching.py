"""Which record is the one that a Stripe object means: whole values, the first, and never an inactive one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.models import stripe_account
from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import Customer, Price
from connector.translation import matching
from connector.translation.invoice import translate
from connector.translation.matching import Candidate, Pair, fits, instead, link_to, value_of
from connector.translation.plan import Link, Problem
from connector.translation.price import item_ref
from tests.translation.builders import charge, customer, invoice, price, settings

rule = pytest.mark.rule
REF, PAIR = Ref("customer", "cus_1"), Pair("email", "email")


def found(value: str, *candidates: Candidate) -> Link | Problem | None:
    """What cus_1 is linked to."""
    return link_to(REF, value, PAIR, candidates, ("CU-15",))


@rule("CU-15")
@pytest.mark.parametrize("theirs", ["ap@acme.example", "AP@Acme.Example", "  ap@acme.example\t"])
def test_case_and_space_around_do_not_count(theirs: str) -> None:
    link = found(" Ap@acme.example", Candidate("7", theirs))
    assert isinstance(link, Link)
    assert (link.type, link.key, link.internal_id, link.metadata_key) == ("customer", "cus_1", "7", "")


@rule("CU-15")
@pytest.mark.parametrize("theirs", ["ap@acme.example.au", "map@acme.example", "ap @acme.example", "%", ""])
def test_a_part_of_a_value_is_not_enough(theirs: str) -> None:
    assert found("ap@acme.example", Candidate("7", theirs)) is None


@rule("CU-16", "PI-4")
def test_of_several_the_oldest_is_taken_and_the_others_are_told() -> None:
    link = found("a@b.example", *(Candidate(one, "A@b.example") for one in ("812", "1000", "64")))
    assert isinstance(link, Link)
    assert link.internal_id == "64"
    assert link.note == "The customers 812, 1000 have the email “a@b.example”, too."


@rule("CU-16")
def test_one_that_is_active_goes_before_an_older_one_that_is_not() -> None:
    link = found("a@b.example", Candidate("5", "a@b.example", inactive=True), Candidate("9", "a@b.example"))
    assert isinstance(link, Link)
    assert (link.internal_id, link.note) == ("9", "")


@rule("CU-H1")
def test_nobody_is_made_beside_one_that_is_inactive() -> None:
    problem = found("a@b.example", Candidate("5", "a@b.example", inactive=True))
    assert isinstance(problem, Problem)
    assert problem.code == "match_inactive"
    assert "customer 5" in problem.message


@given(st.text(), st.text())
def test_fitting_goes_both_ways_and_knows_itself(one: str, other: str) -> None:
    assert fits(one, one)
    assert fits(one, other) == fits(other, one)


def test_every_field_that_can_be_chosen_in_stripe_can_be_read() -> None:
    for field in stripe_account.CUSTOMER_FIELDS:
        assert hasattr(customer(), field.replace(".", "_")), field
    for field in stripe_account.PRICE_FIELDS:
        assert hasattr(price(), field.replace(".", "_")), field


@pytest.mark.parametrize(
    ("one", "field", "value"),
    [
        (customer(email=" a@b.example "), "email", "a@b.example"),
        (customer(metadata={"erp.no": "7"}), "metadata.erp.no", "7"),
        (customer(), "metadata.erp", ""),
        (price(product_name="Team plan"), "product.name", "Team plan"),
        (charge(metadata={"product_name": "Tea"}), "metadata.product_name", "Tea"),
    ],
)
def test_the_value_that_is_compared_is_read_by_its_path(
    one: Customer | Price, field: str, value: str
) -> None:
    assert value_of(one, field) == value


def test_half_a_comparison_compares_nothing() -> None:
    assert matching.of_customers(settings(customer_match_stripe_field="email")) is None
    assert matching.of_items(settings(item_match_netsuite_field="itemId")) is None


@rule("CU-16", "PI-4")
def test_the_one_for_all_takes_the_place_wherever_a_record_names_another() -> None:
    plan = translate(invoice(), (), {"price_1": price()}, settings())
    other = Ref("customer", "stripe_unallocated_charges")
    changed = instead(plan, Ref("customer", "cus_1"), other, "CU-16")
    changed = instead(changed, Ref("item", "price_1"), Ref("item", "stripe_item"), "PI-4")

    (bill,) = [one.record for one in changed.records if isinstance(one.record, records.Invoice)]
    assert bill.customer == other
    assert [line.item.key for line in bill.lines] == ["stripe_item"]
    assert {"CU-16", "PI-4"} <= set(changed.records[0].rules)
    assert instead(plan, Ref("customer", "cus_9"), other, "CU-16") == plan


@rule("PI-7")
def test_a_price_for_one_invoice_has_an_item_only_where_products_are_compared() -> None:
    once = price(one_time=True, active=False)
    by_product = settings(item_match_stripe_field="product.name", item_match_netsuite_field="itemId")
    by_price = settings(item_match_stripe_field="nickname", item_match_netsuite_field="itemId")
    assert item_ref("price_1", once, by_product) == Ref("item", "price_1")
    assert item_ref("price_1", once, by_price) == item_ref("price_1", once, settings())
    assert item_ref("price_1", once, settings()) == Ref("item", "stripe_item")
