"""Ways from the console to both sides."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from connector.models import NetSuiteAccount, StripeAccount
from dashboard.links import netsuite_link, stripe_link
from tests.factories import NetSuiteAccountFactory, StripeAccountFactory


@pytest.mark.parametrize(
    ("stripe_id", "page"),
    [
        ("in_1", "invoices/in_1"),
        ("ch_1", "payments/ch_1"),
        ("py_1", "payments/py_1"),
        ("pi_1", "payments/pi_1"),
        ("cus_1", "customers/cus_1"),
        ("price_1", "prices/price_1"),
        ("odd_1", "search?query=odd_1"),
    ],
)
@pytest.mark.django_db
def test_a_stripe_object_is_linked_to_its_page(stripe_id: str, page: str) -> None:
    live = StripeAccountFactory.create(key="rk_live_x")
    test = StripeAccountFactory.create(key="rk_test_x")
    assert stripe_link(live, stripe_id) == f"https://dashboard.stripe.com/{page}"
    assert stripe_link(test, stripe_id) == f"https://dashboard.stripe.com/test/{page}"


@pytest.mark.django_db
def test_the_practice_world_is_linked_to_itself() -> None:
    account = StripeAccountFactory.create(stripe_api_base="http://127.0.0.1:8900/")
    assert stripe_link(account, "in_1") == "http://127.0.0.1:8900/#in_1"


@pytest.mark.django_db
def test_a_key_that_cannot_be_read_breaks_no_page(settings: Settings) -> None:
    pk = StripeAccountFactory.create(key="rk_live_x").pk
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    account = StripeAccount.objects.get(pk=pk)
    assert stripe_link(account, "in_1") == "https://dashboard.stripe.com/test/invoices/in_1"


@pytest.mark.parametrize(
    ("record_type", "page"),
    [
        ("invoice", "accounting/transactions/transaction.nl"),
        ("customerPayment", "accounting/transactions/transaction.nl"),
        ("customer", "common/entity/custjob.nl"),
        ("serviceSaleItem", "common/item/item.nl"),
        ("otherChargeSaleItem", "common/item/item.nl"),
        ("discountItem", "common/item/item.nl"),
    ],
)
def test_a_netsuite_record_is_linked_to_its_page(record_type: str, page: str) -> None:
    account = NetSuiteAccountFactory.build(netsuite_account_id="1234567_SB1")
    link = netsuite_link(account, record_type, "88")
    assert link == f"https://1234567-sb1.app.netsuite.com/app/{page}?id=88"


def test_practice_books_are_linked_to_themselves() -> None:
    account = NetSuiteAccountFactory.build(netsuite_base_url="http://127.0.0.1:8900/netsuite")
    assert netsuite_link(account, "invoice", "88") == "http://127.0.0.1:8900/books#invoice-88"


def test_a_host_that_only_looks_like_netsuite_is_not_taken_for_it() -> None:
    account = NetSuiteAccount(netsuite_base_url="https://evilnetsuite.com/")
    assert netsuite_link(account, "invoice", "88") == "https://evilnetsuite.com/books#invoice-88"


def test_what_is_not_there_yet_has_no_link() -> None:
    assert netsuite_link(NetSuiteAccountFactory.build(), "invoice", "") == ""
