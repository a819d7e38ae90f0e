"""Rules that no single record shows: what is never touched, what makes nothing, what is kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector import netsuite
from connector.engine import inbox, readers
from connector.engine.choices import settings_of
from connector.models import Job, NetSuiteAccount, StripeAccount
from connector.netsuite import records
from connector.netsuite.gateway import Gateway
from connector.translation import customer as customers
from connector.translation.gate import blocked, held
from tests.factories import StripeAccountFactory
from tests.signed import event
from tests.translation.builders import NOON, customer, only, settings

rule = pytest.mark.rule


def _kinds(of: pytest.MarkDecorator, *kinds: str) -> list[Any]:
    return [pytest.param(kind, marks=of, id=kind) for kind in kinds]


MAKE_NOTHING = [
    *_kinds(rule("CU-13"), "customer.updated", "customer.deleted"),
    *_kinds(rule("CU-22"), "customer.source.created", "customer.discount.created", "payment_method.attached"),
    *_kinds(rule("CU-22"), "customer.subscription.created", "customer.subscription.deleted"),
    *_kinds(rule("PI-3"), "price.updated", "price.deleted"),
    *_kinds(rule("PI-12"), "coupon.created", "coupon.updated", "coupon.deleted"),
    *_kinds(rule("OM-1"), "product.created", "product.updated", "product.deleted"),
    *_kinds(rule("IN-1"), "invoice.created", "invoiceitem.created"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", MAKE_NOTHING)
def test_what_happens_to_these_in_stripe_makes_nothing(kind: str) -> None:
    account = StripeAccountFactory.create()
    assert inbox.receive(account, event(kind, {"id": "xx_1"})).job is None
    assert not Job.objects.exists()


@rule("OM-6")
def test_nothing_is_deleted_or_made_inactive_in_netsuite() -> None:
    door = {name for name in vars(Gateway) if not name.startswith("_")}
    assert {"create", "update", "find"} <= door
    assert not any(word in name for name in door for word in ("delete", "remove", "inactive"))
    texts = [path.read_text(encoding="utf-8") for path in Path(netsuite.__file__).parent.rglob("*.py")]
    assert not any(
        word in text for text in texts for word in ("deleteList", ".delete(", '"isInactive": True')
    )


@rule("OM-10")
def test_every_prefix_is_known_for_what_it_names() -> None:
    known = {"ch", "py", "re", "pyr", "dp", "du", "po", "in", "cus", "cn", "pi", "price"}
    assert known <= readers.READERS.keys()


@rule("ER-6")
@pytest.mark.parametrize(
    ("on", "metadata", "named"),
    [
        ("denylist_payments", {"netsuite_block_integration": "true"}, "netsuite_block_integration = true"),
        ("allowlist_payments", {}, "netsuite_allow_integration = true"),
    ],
)
def test_a_held_document_says_which_mark_holds_it(on: str, metadata: dict[str, str], named: str) -> None:
    chosen = settings(**{on: True})
    skip = held("in_1", NOON.date(), metadata, chosen)
    assert skip is not None
    assert named in skip.message
    assert "in_1" in skip.message
    assert blocked("in_1", {}, chosen) is None


@pytest.mark.django_db
@rule("SU-3")
def test_two_stripe_accounts_over_one_netsuite_account_keep_their_own_settings() -> None:
    books = NetSuiteAccount.objects.create(name="books", currencies={"USD": "1"})
    west, east = (
        settings_of(
            StripeAccountFactory.create(netsuite_account=books, subsidiary=subsidiary, time_zone=zone)
        )
        for subsidiary, zone in (("2", "America/Los_Angeles"), ("3", "America/New_York"))
    )
    assert (west.subsidiary, east.subsidiary) == ("2", "3")
    assert west.time_zone != east.time_zone
    assert west.currencies == east.currencies == {"USD": "1"}
    assert StripeAccount.objects.filter(netsuite_account=books).count() == 2


@rule("SU-H1")
def test_one_name_in_two_stripe_accounts_is_two_customers() -> None:
    first, second = (
        only(customers.translate(customer(id=key), settings()), records.Customer)
        for key in ("cus_1", "cus_2")
    )
    assert first.company_name == second.company_name
    assert (first.external_id, second.external_id) == ("cus_1", "cus_2")
    assert first.entity_id != second.entity_id
