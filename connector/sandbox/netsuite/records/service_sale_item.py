"""Service Item for sale."""

from .item import ItemKind


class ServiceSaleItemKind(ItemKind):
    name = "serviceSaleItem"
    wire = "ServiceSaleItem"
    title = "Service Item"
