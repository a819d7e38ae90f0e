"""Other Charge Item for sale."""

from .item import ItemKind


class OtherChargeSaleItemKind(ItemKind):
    name = "otherChargeSaleItem"
    wire = "OtherChargeSaleItem"
    title = "Other Charge Item"
