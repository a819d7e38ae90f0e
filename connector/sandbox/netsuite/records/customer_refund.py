"""Customer refund (netsuite.md 4.5): pays back open credit memos and unapplied payments."""

from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, please_enter
from ..store import Application, Record, Transaction
from ..values import ZERO, Data, total
from .applying import Applier, Portion, apply_line, grouped
from .kind import Writing
from .money_account import checked_account
from .transaction import COMMON_REFERENCES, REFERRED, Head, TransactionKind

CREDITS = ("creditMemo", "customerPayment")
NOTHING_APPLIED = "You must have at least one valid line item for this transaction."


class CustomerRefundKind(TransactionKind):
    name = "customerRefund"
    wire = "CustomerRefund"
    title = "Customer Refund"
    permission = "Transactions -> Customer Refund"
    party = "customer"
    prefix = "RFND"
    plain: ClassVar[frozenset[str]] = frozenset({"tranDate", "tranId", "memo", "exchangeRate"})
    references = {
        **COMMON_REFERENCES,
        "customer": ("customer",),
        "arAcct": ("account",),
        "account": ("account",),
        "paymentMethod": ("paymentMethod",),
    }
    lists = {"applyList": "apply"}
    list_keys = {"applyList": "doc"}
    labels = {**TransactionKind.labels, "customer": "Customer"}

    def required(self, fields: Data) -> list[str]:
        return ["customer"]

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        """The total is what is applied; an update without an apply list leaves it alone."""
        if "account" not in fields:
            raise please_enter(["Account"])
        receivables = fields.get("arAcct", {}).get("@internalId")
        bare = Transaction(
            **head.identity(),
            fields={name: value for name, value in fields.items() if name != "applyList"},
            total=old.total if old else ZERO,
            account=checked_account(self.company, fields["account"], head),
            receivables=int(receivables or self.company.accounts["receivables_account"]),
        )
        if old is not None and "applyList" not in fields:
            return bare
        self.company.store.apply(bare.internal_id, ())
        amount = total(portion.amount for portion in self._portions(bare, fields))
        if not amount:
            raise Refused("VALID_LINE_ITEM_REQD", NOTHING_APPLIED)
        return Transaction(**head.identity(), **_rest(bare), total=amount)

    def _portions(self, record: Transaction, fields: Data) -> list[Portion]:
        lines = fields.get("applyList", {}).get("apply", [])
        return Applier(self.company, record).chosen(lines, CREDITS, None)

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        if "applyList" not in fields:
            return
        made = [
            Application(
                owner=record.internal_id,
                credit=portion.document.internal_id,
                debit=record.internal_id,
                amount=portion.amount,
                discount=ZERO,
                day=record.day,
                sequence=self.company.store.next("application"),
            )
            for portion in self._portions(record, fields)
        ]
        self.company.store.apply(record.internal_id, tuple(made))

    def refuse_delete(self, record: Record) -> None:
        """A refund on a bank deposit stays; its own applications go with it."""
        store = self.company.store
        if store.find_name("deposited", str(record.internal_id)) is not None:
            raise Refused("CANT_DELETE_TRANS", REFERRED)
        store.apply(record.internal_id, ())
        super().refuse_delete(record)

    def postings(self, record: Transaction) -> list[Posting]:
        amount = in_base(record, record.total)
        if record.receivables is None or record.account is None:
            raise TypeError(f"refund {record.internal_id} has no account")
        return [Posting.of(record.receivables, amount), Posting.of(record.account, -amount)]

    def stored_list(self, old: Record, name: str) -> Data | None:
        if name == "applyList":
            shown: Data | None = self.computed(old)["applyList"]
            return shown
        return super().stored_list(old, name)

    def status(self, record: Transaction) -> str | None:
        return "Voided" if record.voided else None

    def computed(self, record: Record) -> Data:
        store = self.company.store
        held = store.transaction(record.internal_id)
        lines = [
            apply_line(self.company, store.transaction(document), applied, "CustomerRefundApply")
            for document, applied in grouped(store.owned.get(held.internal_id, ()), "credit").items()
        ]
        return {
            **super().computed(record),
            "customer": self.company.refer("customer", held.entity),
            "arAcct": self.company.refer("account", held.receivables),
            "account": self.company.refer("account", held.account),
            "total": held.total,
            "applyList": {"$": "CustomerRefundApplyList", "apply": lines},
        }


def _rest(record: Transaction) -> Data:
    return {"fields": record.fields, "account": record.account, "receivables": record.receivables}
