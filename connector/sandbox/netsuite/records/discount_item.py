"""Discount item: takes a percentage or an amount off the lines above it, with or without its own account."""

from typing import ClassVar

from ..refusal import please_enter
from ..store import Record
from ..values import Data, names
from .item import ItemKind
from .kind import Writing


class DiscountItemKind(ItemKind):
    name = "discountItem"
    wire = "DiscountItem"
    title = "Discount Item"
    plain: ClassVar[frozenset[str]] = names(
        "itemId displayName description upcCode isInactive includeChildren nonPosting rate isPreTax"
        " availableToPartners vendorName customForm issueProduct taxSchedule"
    )
    references = {
        "account": ("account",),
        "department": ("department",),
        "class": ("classification",),
        "location": ("location",),
    }
    account_fields: ClassVar[tuple[str, ...]] = ("account",)
    lengths = {"itemId": 60, "displayName": 60, "description": 4000}

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        if not fields.get("nonPosting") and "account" not in fields:
            raise please_enter(["Account"])
        return super().build(old, fields, writing)

    def computed(self, record: Record) -> Data:
        return {**super().computed(record), "nonPosting": bool(record.fields.get("nonPosting"))}
