"""Sales order (netsuite.md 4.10): posts nothing; invoices are made from it."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ..refusal import Refused
from ..store import Line, Record, Transaction
from ..values import ZERO, Data, total
from .kind import Writing
from .sale import SaleKind, closed_source
from .transaction import LINKED, Head

if TYPE_CHECKING:
    from ..company import Company

LABELS = {
    "_pendingApproval": "Pending Approval",
    "_pendingFulfillment": "Pending Fulfillment",
    "_pendingBilling": "Pending Billing",
    "_cancelled": "Cancelled",
    "_closed": "Closed",
    "_fullyBilled": "Billed",
}
SETTABLE = ("_pendingApproval", "_pendingFulfillment", "_pendingBilling", "_cancelled")
"""Closing is done on the lines, and billing with invoices."""


class SalesOrderKind(SaleKind):
    name = "salesOrder"
    wire = "SalesOrder"
    title = "Sales Order"
    permission = "Transactions -> Sales Order"
    prefix = "SO"
    line_wire = "SalesOrderItem"
    list_wire = "SalesOrderItemList"
    has_receivables = False
    references = {
        **{name: kinds for name, kinds in SaleKind.references.items() if name != "account"},
        "paymentMethod": ("paymentMethod",),
    }
    plain: ClassVar[frozenset[str]] = SaleKind.plain | {"startDate", "endDate", "orderStatus"}
    dates = ("tranDate", "startDate", "endDate")

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        sent = fields.get("orderStatus")
        if old is not None and sent == order_status(self.company, old):
            fields = {**fields, "orderStatus": old.fields.get("orderStatus", "_pendingBilling")}
        elif sent is not None and not self._may_become(sent, old):
            message = f"You have entered an Invalid Field Value {sent} for the following field: orderstatus"
            raise Refused("INVALID_FLD_VALUE", message)
        return super().compose(head, old, fields, writing)

    def _may_become(self, status: str, old: Transaction | None) -> bool:
        """A status that can be set; a cancelled or partly billed order takes no other any more."""
        if old is not None and status != old.fields.get("orderStatus"):
            started = bool(invoices_of(self.company, old))
            if old.fields.get("orderStatus") == "_cancelled" or (started and status != "_pendingBilling"):
                return False
        return status in SETTABLE

    def status(self, record: Transaction) -> str:
        return "Voided" if record.voided else LABELS[order_status(self.company, record)]

    def refuse_delete(self, record: Record) -> None:
        super().refuse_delete(record)
        if any(
            each.fields.get("salesOrder", {}).get("@internalId") == str(record.internal_id)
            for each in self.company.store.of_group("transaction")
        ):
            raise Refused("TRANS_IN_USE", LINKED)

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        shown = super().computed(record)
        billed = billed_by_line(self.company, held)
        for line in shown["itemList"]["item"]:
            line["quantityBilled"] = billed.get(line["line"], (ZERO, ZERO))[0]
        return {**shown, "orderStatus": order_status(self.company, held)}


def invoices_of(company: "Company", order: Transaction) -> list[Transaction]:
    """The invoices that were made from an order."""
    return [
        each
        for each in company.store.of_group("transaction")
        if isinstance(each, Transaction)
        and each.kind == "invoice"
        and not each.voided
        and each.fields.get("createdFrom", {}).get("@internalId") == str(order.internal_id)
    ]


def billed_by_line(company: "Company", order: Transaction) -> dict[int, tuple[Decimal, Decimal]]:
    """Line number of the order -> quantity and amount billed so far."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for invoice in invoices_of(company, order):
        for line in invoice.lines:
            number = line.fields.get("orderLine")
            if number is not None:
                quantity, amount = found.get(number, (ZERO, ZERO))
                found[number] = (quantity + line.quantity, amount + line.amount)
    return found


def unbilled_lines(company: "Company", order: Transaction) -> tuple[Line, ...]:
    """What is left to bill of an order: its open lines with the quantities and amounts left of them."""
    billed = billed_by_line(company, order)
    found = []
    for line in order.lines:
        quantity, amount = billed.get(line.number, (ZERO, ZERO))
        left = line.quantity - quantity
        if not line.fields.get("isClosed") and left > ZERO:
            found.append(replace(line, quantity=left, amount=line.amount - amount))
    return tuple(found)


def order_status(company: "Company", order: Transaction) -> str:
    """Closed and billed follow from the lines and the invoices; else it is what was set."""
    if order.fields.get("orderStatus") == "_cancelled":
        return "_cancelled"
    invoices = invoices_of(company, order)
    paid_for = total(each.total for each in invoices)
    if invoices and (paid_for >= order.total or not unbilled_lines(company, order)):
        return "_fullyBilled"
    if all(line.fields.get("isClosed") for line in order.lines):
        return "_closed"
    status: str = order.fields.get("orderStatus", "_pendingBilling")
    return status


def check_billable(company: "Company", order: Transaction) -> None:
    """Refuse an invoice of an order that waits for approval, or has nothing left to bill (A11)."""
    status = order_status(company, order)
    key = order.internal_id
    if status in ("_closed", "_cancelled"):
        raise closed_source(SalesOrderKind.title, order)
    if status == "_fullyBilled":
        message = f"You have an invalid sales order {key} or the order is already billed"
        raise Refused("INVALID_INITIALIZE_REF", message)
    if status == "_pendingApproval":
        raise Refused("INVALID_INITIALIZE_REF", f"You can not initialize invoice: invalid reference {key}.")
