"""Sales order (netsuite.md 4.10): posts nothing; invoices are made from it."""

from decimal import Decimal
from typing import ClassVar

from ..store import Record, Transaction
from ..values import ZERO, Data, total
from .sale import SaleKind, is_closed

LABELS = {
    "_pendingApproval": "Pending Approval",
    "_pendingFulfillment": "Pending Fulfillment",
    "_pendingBilling": "Pending Billing",
    "_cancelled": "Cancelled",
    "_closed": "Closed",
    "_fullyBilled": "Billed",
}


class SalesOrderKind(SaleKind):
    name = "salesOrder"
    wire = "SalesOrder"
    title = "Sales Order"
    permission = "Transactions -> Sales Order"
    prefix = "SO"
    line_wire = "SalesOrderItem"
    list_wire = "SalesOrderItemList"
    has_receivables = False
    plain: ClassVar[frozenset[str]] = SaleKind.plain | {"startDate", "endDate", "orderStatus"}
    dates = ("tranDate", "startDate", "endDate")

    def order_status(self, record: Transaction) -> str:
        """Closed and billed follow from the lines and the invoices; else it is what was set."""
        if is_closed(record):
            return "_closed"
        if record.total > ZERO and self._billed(record) >= record.total:
            return "_fullyBilled"
        status: str = record.fields.get("orderStatus", "_pendingBilling")
        return status

    def _billed(self, record: Transaction) -> Decimal:
        return total(
            each.total
            for each in self.company.store.of_group("transaction")
            if isinstance(each, Transaction)
            and each.kind == "invoice"
            and each.fields.get("createdFrom", {}).get("@internalId") == str(record.internal_id)
        )

    def status(self, record: Transaction) -> str:
        return "Voided" if record.voided else LABELS.get(self.order_status(record), "Pending Billing")

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        return {**super().computed(record), "orderStatus": self.order_status(held)}
