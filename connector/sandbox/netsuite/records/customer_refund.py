"""Customer refund (netsuite.md 4.5): pays back open credit memos, unapplied payments and deposits."""

from functools import partial
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, please_enter
from ..store import Application, Record, Transaction
from ..values import ZERO, Data, total
from .applying import NOTHING_APPLIED, Applier, Portion, apply_line, grouped
from .deposit_application import chosen_deposits, deposit_applications
from .kind import Writing
from .money_account import checked_account
from .receivables_account import receivables_account
from .transaction import COMMON_REFERENCES, Head, TransactionKind

CREDITS = ("creditMemo", "customerPayment", "depositApplication")


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
    lists = {"applyList": "apply", "depositList": "customerRefundDeposit"}
    list_keys = {"applyList": "doc", "depositList": "doc"}
    labels = {**TransactionKind.labels, "customer": "Customer"}

    def required(self, fields: Data) -> list[str]:
        return ["customer"]

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        """The total is what is applied; an update without an apply list or deposit list leaves it alone."""
        if "account" not in fields:
            raise please_enter(["Account"])
        bare = Transaction(
            **head.identity(),
            fields={name: value for name, value in fields.items() if name not in self.lists},
            total=old.total if old else ZERO,
            account=checked_account(self.company, fields["account"], head),
            receivables=receivables_account(self.company, fields, "arAcct", head),
        )
        if old is not None and not any(name in fields for name in self.lists):
            return bare
        kept = self._kept(bare, fields)
        self.company.store.apply(bare.internal_id, kept)
        portions = [*self._portions(bare, fields), *self._deposits(bare, fields)]
        amount = total(each.amount for each in kept) + total(each.amount for each in portions)
        if not amount:
            raise Refused("VALID_LINE_ITEM_REQD", NOTHING_APPLIED)
        return Transaction(**head.identity(), **_rest(bare), total=amount)

    def _kept(self, record: Transaction, fields: Data) -> tuple[Application, ...]:
        """What stays applied: all of it, when only a deposit list is sent."""
        return () if "applyList" in fields else self.company.store.owned.get(record.internal_id, ())

    def _portions(self, record: Transaction, fields: Data) -> list[Portion]:
        lines = fields.get("applyList", {}).get("apply", [])
        return Applier(self.company, record).chosen(lines, CREDITS, None)

    def _deposits(self, record: Transaction, fields: Data) -> list[Portion]:
        lines = fields.get("depositList", {}).get("customerRefundDeposit", [])
        return chosen_deposits(self.company, record, lines)

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        """What is refunded is settled with this refund; of a deposit, through a deposit application."""
        if not any(name in fields for name in self.lists):
            return
        kind = deposit_applications(self.company)
        portions = self._portions(record, fields)
        portions += [
            Portion(kind.draw(record, each.document, each.amount), each.amount)
            for each in self._deposits(record, fields)
        ]
        made = [
            *self._kept(record, fields),
            *map(partial(self._application, record), portions),
        ]
        self.company.store.apply(record.internal_id, tuple(made))

    def _application(self, record: Transaction, portion: Portion) -> Application:
        return Application(
            owner=record.internal_id,
            credit=portion.document.internal_id,
            debit=record.internal_id,
            amount=portion.amount,
            discount=ZERO,
            day=record.day,
            sequence=self.company.store.next("application"),
        )

    def refuse_delete(self, record: Record) -> None:
        """Its own applications go with it."""
        self.company.store.apply(record.internal_id, ())
        super().refuse_delete(record)

    def postings(self, record: Transaction) -> list[Posting]:
        amount = in_base(record, record.total)
        if record.receivables is None or record.account is None:
            raise TypeError(f"refund {record.internal_id} has no account")
        return [
            Posting.of(record.receivables, amount, record.total),
            Posting.of(record.account, -amount, -record.total),
        ]

    def stored_list(self, old: Record, name: str) -> Data | None:
        """A deposit list is used up once it is saved: its deposit applications are on the apply list."""
        if name == "applyList":
            shown: Data | None = self.computed(old)["applyList"]
            return shown
        return None if name == "depositList" else super().stored_list(old, name)

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
