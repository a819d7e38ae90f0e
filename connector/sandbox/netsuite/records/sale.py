"""Sales with item lines: what invoices, credit memos and sales orders have in common."""

from typing import ClassVar

from ..ledger import Posting, spread
from ..refusal import Refused, invalid_reference, negative_total
from ..store import Line, Record, Transaction
from ..values import Data, names, total
from .kind import Writing
from .sales_lines import LineReader, changed, line_data, lines_total, resent
from .transaction import COMMON_REFERENCES, Head, TransactionKind


class SaleKind(TransactionKind):
    """A transaction whose total is the sum of its item lines."""

    line_wire: ClassVar[str]
    list_wire: ClassVar[str]
    has_receivables: ClassVar[bool] = True
    debit_sign: ClassVar[int] = 1
    """1 when the total is owed by the customer, -1 when it is owed to the customer."""
    plain: ClassVar[frozenset[str]] = names(
        "tranDate tranId memo otherRefNum exchangeRate message email toBeEmailed toBePrinted toBeFaxed"
        " billingAddress"
    )
    references = {**COMMON_REFERENCES, "entity": ("customer",), "account": ("account",)}
    lists = {"itemList": "item"}

    def required(self, fields: Data) -> list[str]:
        return ["entity"]

    # -- lines -------------------------------------------------------------------------------------------

    def stored_list(self, old: Record, name: str) -> Data | None:
        if name != "itemList":
            return super().stored_list(old, name)
        lines = [resent(line) for line in self.company.store.transaction(old.internal_id).lines]
        return {"$": self.list_wire, "item": lines}

    def merge_list(self, name: str, old: Data | None, new: Data) -> Data:
        if name == "itemList":
            new = {**new, "item": [changed(line) for line in new.get("item", [])]}
        return super().merge_list(name, old, new)

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        lines = self._lines(head, old, fields, writing)
        amount = lines_total(lines)
        if amount < 0:
            raise negative_total()
        receivables = self._receivables(head, fields) if self.has_receivables else None
        kept = {name: value for name, value in fields.items() if name not in (*self.lists, "account")}
        return Transaction(
            **head.identity(),
            fields=kept,
            total=amount,
            account=receivables,
            receivables=receivables,
            lines=lines,
        )

    def _lines(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> tuple[Line, ...]:
        if old is not None and "itemList" not in fields:
            return old.lines
        used = max((line.number for line in old.lines), default=0) if old else 0
        reader = LineReader(self.company, head, writing, used)
        return reader.read(self.sent_lines(fields, head))

    def sent_lines(self, fields: Data, head: Head) -> list[Data]:
        """The lines that were sent; made from another transaction, its lines where they aren't given anew."""
        source = made_from(self, fields, head)
        sent: list[Data] = fields.get("itemList", {}).get("item", [])
        if source is None:
            return sent
        by_number = {line.number: line for line in source.lines}
        if not sent:
            return [self._from_order(line, {}) for line in source.lines]
        return [self._from_order(by_number.get(line.get("orderLine") or 0), line) for line in sent]

    def _from_order(self, origin: Line | None, sent: Data) -> Data:
        if origin is None:
            return sent
        given = {name: value for name, value in sent.items() if value is not None}
        taken = {**resent(origin), "orderLine": origin.number}
        if "amount" in given or "rate" in given or "quantity" in given:
            del taken["rate"], taken["quantity"]
            taken.pop("amount", None)
        del taken["line"]
        return {**taken, **given}

    def _receivables(self, head: Head, fields: Data) -> int:
        """The receivables account: given, or the customer's, or the company's."""
        if "account" in fields:
            account = int(fields["account"]["@internalId"])
            if self.company.record("account", account).fields["acctType"] != "_accountsReceivable":
                customer = f"customer {head.customer.internal_id}" if head.customer else ""
                raise invalid_reference("account", account, customer)
            return account
        own = head.customer.fields.get("receivablesAccount") if head.customer else None
        return int(own["@internalId"]) if own else self.company.accounts["receivables_account"]

    def postings(self, record: Transaction) -> list[Posting]:
        if record.receivables is None:
            return []
        lines = [(line.account, line.amount) for line in record.lines if line.account is not None]
        return spread(record, record.receivables, lines, self.debit_sign)

    # -- showing -----------------------------------------------------------------------------------------

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        lines = [line_data(self.company, line, self.line_wire) for line in held.lines]
        discounts = total(line.amount for line in held.lines if self._is_discount(line))
        shown = super().computed(record)
        shown["entity"] = self.company.refer("customer", held.entity)
        shown["subTotal"] = held.total - discounts
        shown["discountTotal"] = discounts
        shown["total"] = held.total
        shown["itemList"] = {"$": self.list_wire, "item": lines}
        if held.receivables is not None:
            shown["account"] = self.company.refer("account", held.receivables)
        return shown

    def _is_discount(self, line: Line) -> bool:
        return self.company.store.records[("item", line.item)].kind == "discountItem"


def is_closed(order: Transaction) -> bool:
    """Whether every line of a sales order is closed."""
    return all(line.fields.get("isClosed") for line in order.lines)


def made_from(kind: TransactionKind, fields: Data, head: Head) -> Transaction | None:
    """The transaction that `createdFrom` names; refused when it is another customer's."""
    if "createdFrom" not in fields:
        return None
    source = kind.company.store.transaction(int(fields["createdFrom"]["@internalId"]))
    if head.customer is None or source.entity != head.customer.internal_id:
        raise invalid_reference("createdFrom", source.internal_id, head.scope)
    if source.voided or (source.kind == "salesOrder" and is_closed(source)):
        name = kind.company.kinds[source.kind].title.lower()
        message = f"You have an invalid {name} {source.internal_id} or the order is already closed."
        raise Refused("INVALID_INITIALIZE_REF", message)
    return source
