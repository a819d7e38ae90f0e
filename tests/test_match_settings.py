"""The settings of comparing customers and items: what may be chosen, and that both sides are."""

from __future__ import annotations

import pytest

from connector.engine import accounts
from connector.models import StripeAccount

CUSTOMERS, ITEMS = "customer_match_{}_field", "item_match_{}_field"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "stripe", "netsuite"),
    [
        (CUSTOMERS, "email", "email"),
        (CUSTOMERS, "metadata.ERP number", "custentity_erp"),
        (CUSTOMERS, "", ""),
        (ITEMS, "product.name", "itemId"),
        (ITEMS, "metadata.sku", "custitem_sku"),
    ],
)
def test_a_field_of_each_side_can_be_chosen(kind: str, stripe: str, netsuite: str) -> None:
    values = {kind.format("stripe"): stripe, kind.format("netsuite"): netsuite}
    accounts.configure("acme", values, who="vera")
    account = StripeAccount.objects.get(name="acme")
    assert {name: getattr(account, name) for name in values} == values


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "stripe", "netsuite", "told"),
    [
        (CUSTOMERS, "email", "", "Choose a field on both sides, or on neither."),
        (ITEMS, "", "itemId", "Choose a field on both sides, or on neither."),
        (CUSTOMERS, "balance", "email", "Write one of id, email, name"),
        (CUSTOMERS, "metadata.", "email", "metadata.erp_number"),
        (CUSTOMERS, "email", "custitem_sku", "custentity_stripe_email"),
        (CUSTOMERS, "email", "email\n", "Write one of email, entityId"),
        (ITEMS, "product", "itemId", "product.name"),
        (ITEMS, "nickname", "email", "Write one of itemId"),
    ],
)
def test_anything_else_is_refused_with_what_could_be_written(
    kind: str, stripe: str, netsuite: str, told: str
) -> None:
    values = {kind.format("stripe"): stripe, kind.format("netsuite"): netsuite}
    with pytest.raises(accounts.BadSetting, match=told):
        accounts.configure("acme", values, who="vera")
    assert not StripeAccount.objects.exists()
