"""Invoice (netsuite.md 4.2)."""

from typing import ClassVar

from ..refusal import Refused, links_exceed_total
from ..store import Line, Record, Transaction
from ..values import ZERO, Data, names
from .deposit_application import deposit_applications, open_deposits
from .sale import SaleKind
from .sales_order import check_billable, unbilled_lines


class InvoiceKind(SaleKind):
    name = "invoice"
    wire = "Invoice"
    title = "Invoice"
    permission = "Transactions -> Invoice"
    prefix = "INV"
    line_wire = "InvoiceItem"
    list_wire = "InvoiceItemList"
    references = {**SaleKind.references, "createdFrom": ("salesOrder",)}
    plain: ClassVar[frozenset[str]] = SaleKind.plain | names(
        "dueDate startDate endDate shipDate fob trackingNumbers terms shipMethod"
    )
    dates = ("tranDate", "dueDate", "startDate", "endDate", "salesEffectiveDate", "shipDate")

    def over_applied(self) -> Refused:
        return links_exceed_total()

    # -- billing a sales order -----------------------------------------------------------------------------

    def check_source(self, source: Transaction) -> None:
        super().check_source(source)
        check_billable(self.company, source)

    def lines_to_take(self, source: Transaction) -> tuple[Line, ...]:
        return unbilled_lines(self.company, source)

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        """Billing an order applies its customer deposits, the oldest first (netsuite.md 4.6)."""
        order = record.fields.get("createdFrom")
        if not is_new or order is None:
            return
        store, kind = self.company.store, deposit_applications(self.company)
        for deposit in open_deposits(self.company, record, order["@internalId"]):
            amount = min(store.open_amount(deposit), store.open_amount(record))
            if amount > ZERO:
                kind.apply_to(record, deposit, amount)

    # -- showing -------------------------------------------------------------------------------------------

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
