"""Invoice (netsuite.md 4.2)."""

from typing import ClassVar

from ..refusal import Refused, links_exceed_total
from ..store import Record, Transaction
from ..values import ZERO, Data
from .sale import SaleKind


class InvoiceKind(SaleKind):
    name = "invoice"
    wire = "Invoice"
    title = "Invoice"
    permission = "Transactions -> Invoice"
    prefix = "INV"
    line_wire = "InvoiceItem"
    list_wire = "InvoiceItemList"
    references = {**SaleKind.references, "createdFrom": ("salesOrder",)}
    plain: ClassVar[frozenset[str]] = SaleKind.plain | {"dueDate", "startDate", "endDate"}
    dates = ("tranDate", "dueDate", "startDate", "endDate")

    def over_applied(self) -> Refused:
        return links_exceed_total()

    def status(self, record: Transaction) -> str:
        if record.voided:
            return "Voided"
        return "Open" if self.company.store.open_amount(record) > ZERO else "Paid In Full"

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        remaining = self.company.store.open_amount(held)
        shown = super().computed(record)
        shown["dueDate"] = held.fields.get("dueDate", held.day)
        shown["amountPaid"] = held.total - remaining
        shown["amountRemaining"] = remaining
        return shown
