"""Sales with item lines: what invoices, credit memos and sales orders have in common."""

from typing import ClassVar

from ..ledger import Posting, spread
from ..refusal import Refused, invalid_reference, negative_total
from ..store import Line, Record, Transaction
from ..values import Data, names, total
from .kind import Writing
from .receivables_account import receivables_account
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
        " billingAddress fax vatRegNum excludeCommission salesEffectiveDate"
        " salesRep partner leadSource messageSel job customForm"
    )
    """The last six refer to lists that the practice company does not keep; their ids stay as sent."""
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
        receivables = (
            receivables_account(self.company, fields, "account", head) if self.has_receivables else None
        )
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
        return reader.read(self.sent_lines(fields, head, is_new=old is None))

    def _currency(self, old: Transaction | None, customer: Record | None, fields: Data, scope: str) -> int:
        """What is made from another transaction has its currency."""
        source = self.follow(fields, "createdFrom") if "createdFrom" in fields else None
        if old is not None or not isinstance(source, Transaction) or "currency" in fields:
            return super()._currency(old, customer, fields, scope)
        return source.currency

    def sent_lines(self, fields: Data, head: Head, *, is_new: bool) -> list[Data]:
        """The lines that were sent; made from another transaction, its lines where they aren't given anew."""
        source = made_from(self, fields, head) if "createdFrom" in fields else None
        sent: list[Data] = fields.get("itemList", {}).get("item", [])
        if source is None:
            return sent
        if is_new:
            self.check_source(source)
        by_number = {line.number: line for line in source.lines}
        if not sent:
            return [self._from_order(line, {}) for line in self.lines_to_take(source)]
        return [self._from_order(by_number.get(line.get("orderLine") or 0), line) for line in sent]

    def check_source(self, source: Transaction) -> None:
        """Refuse to make this transaction from another in its present state."""
        if source.voided:
            raise closed_source(self.company.kinds[source.kind].title, source)

    def lines_to_take(self, source: Transaction) -> tuple[Line, ...]:
        """Those lines of the other transaction that are taken when none are given."""
        return source.lines

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


def made_from(kind: TransactionKind, fields: Data, head: Head) -> Transaction:
    """The transaction that `createdFrom` names; refused when it is another customer's."""
    source = kind.company.store.transaction(int(fields["createdFrom"]["@internalId"]))
    if head.customer is None or source.entity != head.customer.internal_id:
        raise invalid_reference("createdFrom", source.internal_id, head.scope)
    return source


def closed_source(title: str, source: Transaction) -> Refused:
    """A11: the other transaction is finished."""
    name = title.lower()
    message = f"You have an invalid {name} {source.internal_id} or the order is already closed."
    return Refused("INVALID_INITIALIZE_REF", message)
