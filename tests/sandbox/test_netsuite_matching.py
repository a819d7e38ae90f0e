"""What the practice NetSuite finds customers and items by, own fields included, and how customers merge."""

from typing import Any

import pytest

from connector.sandbox.netsuite import Refused, ref
from connector.sandbox.stories.matching import held_customer, held_item
from connector.sandbox.world import World

from .soap_client import SoapClient


def custom(script: str, value: str) -> dict[str, Any]:
    one = {"$": "StringCustomFieldRef", "@scriptId": script, "value": value}
    return {"customFieldList": {"$": "CustomFieldList", "customField": [one]}}


def by_custom(soap: SoapClient, basic: str, script: str, operator: str, value: str) -> list[str]:
    field = soap.make("core:SearchStringCustomField", scriptId=script, operator=operator, searchValue=value)
    found = soap.search(soap.make(f"common:{basic}", customFieldList={"customField": [field]}))
    return [each.internalId for each in found.recordList.record] if found.recordList else []


def test_customers_and_items_are_found_by_a_text_field_of_ones_own(soap: SoapClient) -> None:
    world = soap.world
    held = held_customer(world, "One", "one@mail.example", **custom("custentity_erp", "E-1"))
    held_customer(world, "Two", "two@mail.example", **custom("custentity_erp", "E-10"))
    held_customer(world, "Three", "three@mail.example")
    item = held_item(world, "Tea", **custom("custitem_sku", "T"))
    assert by_custom(soap, "CustomerSearchBasic", "custentity_erp", "is", "e-1") == [str(held)]
    assert len(by_custom(soap, "CustomerSearchBasic", "custentity_erp", "startsWith", "e-1")) == 2
    assert by_custom(soap, "CustomerSearchBasic", "custentity_other", "is", "E-1") == []
    assert by_custom(soap, "ItemSearchBasic", "custitem_sku", "is", "t") == [str(item)]


def test_a_merge_hands_all_over_and_leaves_one() -> None:
    world = World()
    user = world.netsuite.user
    loser, master = (held_customer(world, name, f"{name}@mail.example") for name in ("Loser", "Master"))
    line = {"$": "InvoiceItem", "item": ref(held_item(world, "Tea")), "rate": "5.0"}
    items = {"$": "InvoiceItemList", "item": [line]}
    bill = user.create("invoice", {"entity": ref(loser), "itemList": items})

    user.merge_customers(loser, master)

    assert user.show("invoice", bill)["entity"]["@internalId"] == str(master)
    user.edit("invoice", bill, {"memo": "still to be edited"})
    with pytest.raises(Refused, match="specified key"):
        user.show("customer", loser)
    with pytest.raises(Refused, match="referenced by other records"):
        user.delete("customer", master)
