"""Non-inventory Item for sale."""

from .item import ItemKind


class NonInventorySaleItemKind(ItemKind):
    name = "nonInventorySaleItem"
    wire = "NonInventorySaleItem"
    title = "Non-inventory Item"
