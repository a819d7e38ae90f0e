"""Customers: companies and people, their names and addresses, links, and the one for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from connector.netsuite import records
from connector.netsuite.records import Ref
from connector.stripe.objects import PostalAddress
from connector.translation.customer import UNALLOCATED_KEY, customer_ref, translate, unallocated
from tests.translation.builders import codes, customer, only, rules_of, settings

rule = pytest.mark.rule
MUNICH = PostalAddress("Lindwurmstrasse 21", "2. OG", "Munich", "BY", "80337", "de")


def made(**changes: Any) -> records.Customer:
    return only(translate(customer(**changes), settings()), records.Customer)


@rule("CU-1")
@rule("CU-2")
@rule("CU-5")
@rule("CU-7")
@rule("OM-4")
def test_a_customer_becomes_a_company_under_its_stripe_id() -> None:
    plan = translate(customer(), settings())
    record = only(plan, records.Customer)
    assert (record.external_id, record.entity_id) == ("cus_1", "cus_1")
    assert (record.is_person, record.company_name) == (False, "Acme Inc.")
    assert (record.first_name, record.last_name, record.phone, record.addresses) == ("", "", "", ())
    assert {"CU-1", "CU-2", "CU-5", "CU-7"} <= rules_of(plan)
    assert (plan.summary.title, plan.summary.customer) == ("Customer Acme Inc.", "Acme Inc.")


@rule("CU-5")
@rule("K5")
def test_netsuite_numbers_the_customer_itself_when_the_account_says_so() -> None:
    plan = translate(customer(), settings(let_netsuite_number_customers=True))
    assert only(plan, records.Customer).entity_id == ""
    assert only(plan, records.Customer).external_id == "cus_1"
    assert "CU-5" not in rules_of(plan)


@rule("CU-12")
@pytest.mark.parametrize(
    ("changes", "first", "last"),
    [
        ({"individual_name": "Ada Byron"}, "Ada", "Byron"),
        ({"name": "Ada Byron", "individual_name": "Jane Sally Doe"}, "Jane", "Sally Doe"),
        ({"individual_name": "  Ada   Byron "}, "Ada", "Byron"),
        ({"metadata": {"netsuite_first_name": "Sir Ian", "netsuite_last_name": "Holm"}}, "Sir Ian", "Holm"),
        (
            {
                "individual_name": "Ian Holm",
                "metadata": {"netsuite_first_name": "Sir Ian", "netsuite_last_name": "Holm"},
            },
            "Sir Ian",
            "Holm",
        ),
        ({"individual_name": "Ian Holm", "metadata": {"netsuite_first_name": "Sir Ian"}}, "Ian", "Holm"),
    ],
)
def test_a_person_has_a_first_and_a_last_name(changes: dict[str, Any], first: str, last: str) -> None:
    plan = translate(customer(**changes), settings())
    record = only(plan, records.Customer)
    assert (record.is_person, record.first_name, record.last_name) == (True, first, last)
    assert record.company_name == ""
    assert "CU-12" in rules_of(plan)


@rule("CU-12")
@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Ada Byron"},
        {"individual_name": "Ada Byron", "business_name": "Engines Ltd"},
        {"metadata": {"netsuite_last_name": "Byron"}},
    ],
)
def test_a_customer_is_a_company_unless_stripe_calls_it_an_individual(changes: dict[str, Any]) -> None:
    assert made(**changes).is_person is False


@rule("CU-7")
@rule("CU-12")
def test_a_single_word_is_no_first_and_last_name_so_it_names_a_company() -> None:
    record = made(name="", individual_name="Madonna", email="m@example.com")
    assert (record.is_person, record.company_name) == (False, "Madonna")


@rule("CU-7")
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"business_name": "Engines Ltd", "name": "Ada"}, "Engines Ltd"),
        ({"name": " Ada Byron Ltd "}, "Ada Byron Ltd"),
        ({"name": "", "description": "Shop in Leeds"}, "Shop in Leeds"),
        ({"name": "   ", "description": "Shop in Leeds"}, "Shop in Leeds"),
        ({"name": ""}, "ap@acme.example"),
        ({"name": "", "email": ""}, "cus_1"),
    ],
)
def test_a_company_without_a_name_takes_the_next_best(changes: dict[str, Any], name: str) -> None:
    assert made(**changes).company_name == name


@rule("CU-7")
def test_a_customer_without_any_name_takes_the_one_on_its_document() -> None:
    plan = translate(customer(name="", email=""), settings(), bill_to="Billed Ltd")
    assert only(plan, records.Customer).company_name == "Billed Ltd"


@rule("CU-6")
def test_the_email_is_taken_over() -> None:
    plan = translate(customer(), settings())
    assert only(plan, records.Customer).email == "ap@acme.example"
    assert "CU-6" in rules_of(plan)


@rule("CU-6")
@rule("CU-H2")
def test_without_an_email_the_field_stays_blank_because_an_id_is_no_address() -> None:
    plan = translate(customer(email=""), settings())
    assert only(plan, records.Customer).email == ""
    assert "CU-6" not in rules_of(plan)


@rule("CU-8")
def test_the_phone_is_taken_over() -> None:
    plan = translate(customer(phone="+49 89 1234"), settings())
    assert only(plan, records.Customer).phone == "+49 89 1234"
    assert "CU-8" in rules_of(plan)
    assert "CU-8" not in rules_of(translate(customer(), settings()))


@rule("CU-9")
@rule("CU-10")
@rule("CU-11")
def test_the_shipping_and_the_billing_address_are_the_default_of_their_kind() -> None:
    shipping = PostalAddress("1 Dock Rd", "", "Hull", "", "HU1", "GB", name="Goods In", phone="+44 1")
    plan = translate(customer(address=MUNICH, shipping=shipping), settings())
    assert only(plan, records.Customer).addresses == (
        records.Address(
            country="GB",
            addressee="Goods In",
            phone="+44 1",
            addr1="1 Dock Rd",
            city="Hull",
            zip="HU1",
            default_shipping=True,
        ),
        records.Address(
            country="DE",
            addr1="Lindwurmstrasse 21",
            addr2="2. OG",
            city="Munich",
            state="BY",
            zip="80337",
            default_billing=True,
        ),
    )
    assert {"CU-9", "CU-10", "CU-11"} <= rules_of(plan)


@rule("CU-10")
def test_a_billing_address_alone_is_not_a_shipping_address() -> None:
    plan = translate(customer(address=MUNICH), settings())
    (address,) = only(plan, records.Customer).addresses
    assert (address.default_billing, address.default_shipping) == (True, False)
    assert "CU-9" not in rules_of(plan)


@rule("CU-11")
@pytest.mark.parametrize("country", ["", "Deutschland", "D", "1A", "USA"])
def test_a_country_that_is_no_iso_code_is_left_to_netsuite(country: str) -> None:
    (address,) = made(address=PostalAddress(line1="1 Main St", country=country)).addresses
    assert address.country == ""


@rule("CU-13")
def test_the_same_customer_gives_the_same_plan_whatever_happened_before() -> None:
    """There is no plan that changes a customer: only one that makes it, under its external id."""
    plan = translate(customer(), settings())
    assert plan == translate(customer(), settings())
    assert "CU-13" in rules_of(plan)


@rule("CU-14")
@rule("K9")
def test_a_new_customer_gets_every_active_currency() -> None:
    plan = translate(customer(currency="EUR"), settings())
    record = only(plan, records.Customer)
    assert record.currency == Ref("currency", "EUR")
    assert [ref.key for ref in record.currencies] == ["EUR", "JPY", "KWD", "USD"]
    assert "CU-14" in rules_of(plan)


@rule("CU-14")
@rule("MC-3")
def test_with_the_setting_off_it_gets_its_own_and_its_documents_currency() -> None:
    off = settings(add_currencies_to_new_customers=False)
    both = only(translate(customer(currency="EUR"), off, currency="USD"), records.Customer)
    assert (both.currency, [ref.key for ref in both.currencies]) == (
        Ref("currency", "EUR"),
        ["EUR", "USD"],
    )
    plan = translate(customer(currency=""), off, currency="USD")
    assert [ref.key for ref in only(plan, records.Customer).currencies] == ["USD"]
    assert "CU-14" not in rules_of(plan)


def test_a_customer_without_a_currency_leaves_it_to_netsuite() -> None:
    record = only(
        translate(customer(currency=""), settings(add_currencies_to_new_customers=False)), records.Customer
    )
    assert (record.currency, record.currencies) == (None, ())


@rule("MC-2")
def test_a_currency_that_netsuite_lacks_waits_for_a_person() -> None:
    plan = translate(customer(currency="NOK"), settings())
    assert codes(plan) == ["currency_missing"]
    assert "NOK" in plan.problems[0].message


@rule("CU-18")
@rule("OM-3")
def test_the_comments_hold_the_stripe_id() -> None:
    plan = translate(customer(), settings())
    assert only(plan, records.Customer).comments == "cus_1"
    assert "CU-18" in rules_of(plan)


@rule("CU-17")
@rule("CU-18")
@rule("ME-1")
def test_a_customer_named_in_metadata_is_linked_and_not_made() -> None:
    plan = translate(customer(metadata={"netsuite_customer_id": " 4471 "}), settings())
    assert (plan.records, plan.problems) == ((), ())
    (link,) = plan.links
    assert (link.type, link.key, link.internal_id) == ("customer", "cus_1", "4471")
    assert link.metadata_key == "netsuite_customer_id"
    assert link.rules == ("CU-17", "CU-18", "ME-1")


@rule("CU-17")
def test_a_link_that_is_no_internal_id_needs_a_person() -> None:
    plan = translate(customer(metadata={"netsuite_customer_id": "CUST-12"}), settings())
    assert codes(plan) == ["metadata_not_an_id"]
    assert plan.links == ()
    for word in ("netsuite_customer_id", "cus_1", "CUST-12"):
        assert word in plan.problems[0].message


@rule("K9")
def test_a_link_needs_no_currency_of_ours() -> None:
    plan = translate(customer(currency="NOK", metadata={"netsuite_customer_id": "4471"}), settings())
    assert (plan.problems, len(plan.links)) == ((), 1)


def test_a_deleted_customer_is_made_from_what_its_document_says() -> None:
    gone = customer(name="", email="", currency="", deleted=True)
    record = only(translate(gone, settings(), currency="USD", bill_to="Billed Ltd"), records.Customer)
    assert (record.external_id, record.company_name) == ("cus_1", "Billed Ltd")
    assert record.currency == Ref("currency", "USD")


@rule("SU-2")
def test_a_customer_belongs_to_the_accounts_subsidiary() -> None:
    record = only(translate(customer(), settings(subsidiary="3")), records.Customer)
    assert record.subsidiary == Ref("subsidiary", internal_id="3")
    assert made().subsidiary is None


@rule("CU-3")
def test_a_customer_with_the_mark_is_held() -> None:
    marked = customer(metadata={"netsuite_block_integration": "true", "netsuite_customer_id": "12"})
    plan = translate(marked, settings(denylist_payments=True))
    assert plan.skip is not None
    assert (plan.skip.code, plan.records, plan.links) == ("held_by_metadata", (), ())
    assert translate(marked, settings()).skip is None


@rule("CU-4")
@rule("CH-10")
def test_there_is_one_customer_for_everybody_whom_stripe_does_not_name() -> None:
    plan = unallocated(settings(), "EUR")
    record = only(plan, records.Customer)
    assert record.company_name == record.entity_id == "Stripe Unallocated Charges"
    assert record.external_id == UNALLOCATED_KEY
    assert record.currency == Ref("currency", "EUR")
    assert rules_of(plan) == {"CU-4", "CH-10"}
    numbered = unallocated(settings(let_netsuite_number_customers=True), "EUR")
    assert only(numbered, records.Customer).entity_id == ""


@rule("CU-1")
@rule("CU-4")
def test_documents_are_booked_on_their_customer_or_on_the_one_for_everybody() -> None:
    for_all = Ref("customer", UNALLOCATED_KEY)
    assert customer_ref("cus_1", settings()) == Ref("customer", "cus_1")
    assert customer_ref("", settings()) == for_all
    assert customer_ref("cus_1", settings(global_customer_workflow=True)) == for_all
