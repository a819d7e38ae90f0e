"""Customer deposit (netsuite.md 4.6): money before there is an invoice, a liability until it is applied."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, applied_exceeds_payment, invalid_reference, may_not_set
from ..store import Record, Transaction
from ..values import ZERO, Data, names
from .applying import amount_received, grouped
from .funds import received_status
from .kind import Writing
from .money_account import money_account
from .sales_order import order_status
from .transaction import COMMON_REFERENCES, Head, TransactionKind

if TYPE_CHECKING:
    from ..company import Company

MORE_THAN_ORDER = "Payment amount is greater than Sale Order amount. Do you want to continue?"
FINISHED = ("_fullyBilled", "_closed", "_cancelled")


class CustomerDepositKind(TransactionKind):
    name = "customerDeposit"
    wire = "CustomerDeposit"
    title = "Customer Deposit"
    permission = "Transactions -> Customer Deposit"
    party = "customer"
    prefix = "CUSTDEP"
    amount_field = "payment"
    plain: ClassVar[frozenset[str]] = names("tranDate tranId memo exchangeRate payment undepFunds checkNum")
    references = {
        **COMMON_REFERENCES,
        "customer": ("customer",),
        "salesOrder": ("salesOrder",),
        "account": ("account",),
        "paymentMethod": ("paymentMethod",),
    }
    labels = {**TransactionKind.labels, "customer": "Customer", "payment": "Payment Amount"}

    def over_applied(self) -> Refused:
        return applied_exceeds_payment()

    def required(self, fields: Data) -> list[str]:
        return ["payment"] if fields.get("salesOrder") else ["customer", "payment"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        """With a sales order the customer may be left out: it is the order's."""
        order = self.follow(fields, "salesOrder")
        if isinstance(order, Transaction) and "customer" not in fields:
            fields = {**fields, "customer": {"$": "RecordRef", "@internalId": str(order.entity)}}
        return super().build(old, fields, writing)

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        amount = amount_received(head, fields["payment"])
        self._check_order(head, old, fields, amount, writing)
        account = money_account(self.company, fields, head)
        return Transaction(
            **head.identity(), fields={**fields, "payment": amount}, total=amount, account=account
        )

    def _check_order(
        self, head: Head, old: Transaction | None, fields: Data, amount: Decimal, writing: Writing
    ) -> None:
        """The order must take deposits now (A12, A13); once attached, it can't be changed."""
        known = old.fields.get("salesOrder") if old else None
        sent = fields.get("salesOrder")
        if known is not None and (sent or {}).get("@internalId") != known["@internalId"]:
            raise may_not_set("salesOrder")
        if sent is None or known is not None:
            return
        order = self.company.store.transaction(int(sent["@internalId"]))
        mine = head.customer is not None and order.entity == head.customer.internal_id
        if not mine or order.currency != head.currency or not self._takes_deposits(order):
            raise invalid_reference("salesOrder", order.internal_id, head.scope)
        if amount > order.total:
            writing.warnings.append(MORE_THAN_ORDER)

    def _takes_deposits(self, order: Transaction) -> bool:
        status = order_status(self.company, order)
        pending = (
            status == "_pendingApproval" and not self.company.preferences.deposits_on_orders_pending_approval
        )
        return not (order.voided or status in FINISHED or pending or "paymentMethod" in order.fields)

    def postings(self, record: Transaction) -> list[Posting]:
        if record.account is None:
            raise TypeError(f"customer deposit {record.internal_id} has no account")
        amount = in_base(record, record.total)
        liability = self.company.accounts["customer_deposits_account"]
        return [
            Posting.of(record.account, amount, record.total),
            Posting.of(liability, -amount, -record.total),
        ]

    def status(self, record: Transaction) -> str:
        """Fully Applied only when the money has reached a bank too; until then it can be deposited."""
        if record.voided:
            return "Voided"
        received = received_status(self.company, record)
        used_up = self.company.store.open_amount(record) == ZERO
        return "Fully Applied" if used_up and received == "Deposited" else received

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        undeposited = held.account == self.company.accounts["undeposited_funds_account"]
        return {
            **super().computed(record),
            "payment": held.total,
            "customer": self.company.refer("customer", held.entity),
            "undepFunds": undeposited,
            "account": None if undeposited else self.company.refer("account", held.account),
            "applyList": self._apply_list(held),
        }

    def _apply_list(self, record: Transaction) -> Data:
        """Its deposit applications; read-only."""
        store = self.company.store
        lines = []
        for document, applied in grouped(store.applications(record.internal_id), "debit").items():
            application = store.transaction(document)
            lines.append(
                {
                    "$": "CustomerDepositApply",
                    "doc": document,
                    "line": 0,
                    "apply": True,
                    "applyDate": application.day,
                    "type": self.company.kinds[application.kind].title,
                    "refNum": application.number,
                    "total": application.total,
                    "amount": sum((each.amount for each in applied), ZERO),
                }
            )
        return {"$": "CustomerDepositApplyList", "customerDepositApply": lines}


def is_reserved_elsewhere(company: "Company", deposit: Transaction, invoice: Transaction) -> bool:
    """Whether a deposit waits for another invoice: one of its own sales order, still to be billed (A14)."""
    order = deposit.fields.get("salesOrder")
    if order is None or invoice.fields.get("createdFrom", {}).get("@internalId") == order["@internalId"]:
        return False
    return order_status(company, company.store.transaction(int(order["@internalId"]))) not in FINISHED
