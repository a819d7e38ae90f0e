"""Customer payment (netsuite.md 4.4)."""

from decimal import Decimal
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, applied_exceeds_payment, no_matching_apply_line
from ..store import Application, Record, Transaction
from ..values import Data, names, total
from .applying import (
    Applier,
    Portion,
    amount_received,
    apply_line,
    check_auto_apply,
    check_total,
    credit_line,
    grouped,
)
from .customer_deposit import is_reserved_elsewhere
from .deposit_application import chosen_deposits, deposit_applications
from .funds import received_status
from .kind import Writing
from .money_account import money_account
from .receivables_account import receivables_account
from .transaction import COMMON_REFERENCES, Head, TransactionKind

CREDITS = ("creditMemo", "customerPayment")
DEBITS = ("invoice",)


class CustomerPaymentKind(TransactionKind):
    name = "customerPayment"
    wire = "CustomerPayment"
    title = "Payment"
    permission = "Transactions -> Customer Payment"
    party = "customer"
    prefix = "PYMT"
    amount_field = "payment"
    plain: ClassVar[frozenset[str]] = names(
        "tranDate tranId memo exchangeRate payment autoApply undepFunds checkNum customForm"
    )
    references = {
        **COMMON_REFERENCES,
        "customer": ("customer",),
        "arAcct": ("account",),
        "account": ("account",),
        "paymentMethod": ("paymentMethod",),
    }
    lists = {"applyList": "apply", "creditList": "credit", "depositList": "deposit"}
    list_keys = {"applyList": "doc", "creditList": "doc", "depositList": "doc"}
    labels = {**TransactionKind.labels, "customer": "Customer", "payment": "Payment Amount"}

    def over_applied(self) -> Refused:
        return applied_exceeds_payment()

    def required(self, fields: Data) -> list[str]:
        applied = any(line.get("amount") for line in fields.get("applyList", {}).get("apply", []))
        return ["customer"] if applied else ["customer", "payment"]

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        amount = self._payment(head, fields)
        kept = {
            name: value for name, value in fields.items() if name not in self.lists and name != "autoApply"
        }
        kept["payment"] = amount
        return Transaction(
            **head.identity(),
            fields=kept,
            total=amount,
            account=money_account(self.company, fields, head),
            receivables=receivables_account(self.company, fields, "arAcct", head),
        )

    def _payment(self, head: Head, fields: Data) -> Decimal:
        """The amount received; left out, it is the sum of what is applied."""
        amount: Decimal | None = fields.get("payment")
        if amount is None:
            lines = fields.get("applyList", {}).get("apply", [])
            amount = total(line["amount"] for line in lines if line.get("apply") and line.get("amount"))
        return amount_received(head, amount)

    # -- applying ----------------------------------------------------------------------------------------

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        check_auto_apply(fields, "applyList")
        if not (fields.get("autoApply") or any(name in fields for name in self.lists)):
            return
        applier, store = Applier(self.company, record), self.company.store
        lists = {
            name: fields[name] if name in fields else self.stored_list(record, name) for name in self.lists
        }
        store.apply(record.internal_id, ())
        money = store.open_amount(record)
        credits = applier.chosen((lists["creditList"] or {}).get("credit", []), CREDITS, None)
        deposits = chosen_deposits(self.company, record, (lists["depositList"] or {}).get("deposit", []))
        room = money + total(portion.amount for portion in (*credits, *deposits))
        debits = self._debits(applier, lists["applyList"] or {}, room, bool(fields.get("autoApply")))
        check_total(debits, [*credits, *deposits], money)
        applier.save(debits, [*credits, *self._drawn(record, deposits, debits)])

    def _drawn(self, record: Transaction, deposits: list[Portion], debits: list[Portion]) -> list[Portion]:
        """A deposit application for each deposit used, unless it waits for a sales order (A14)."""
        for each in deposits:
            for debit in debits:
                if is_reserved_elsewhere(self.company, each.document, debit.document):
                    raise no_matching_apply_line(each.document.internal_id, None)
        kind = deposit_applications(self.company)
        return [Portion(kind.draw(record, each.document, each.amount), each.amount) for each in deposits]

    def _debits(self, applier: Applier, sent: Data, room: Decimal, auto: bool) -> list[Portion]:
        chosen = applier.chosen(sent.get("apply", []), DEBITS, room)
        if not auto:
            return chosen
        known = {portion.document.internal_id for portion in chosen}
        left = room - total(portion.amount for portion in chosen)
        return [
            *chosen,
            *(each for each in applier.oldest_first(left) if each.document.internal_id not in known),
        ]

    # -- posting and showing ---------------------------------------------------------------------------------

    def postings(self, record: Transaction) -> list[Posting]:
        amount = in_base(record, record.total)
        receivables, account = record.receivables, record.account
        if receivables is None or account is None:
            raise TypeError(f"payment {record.internal_id} has no account")
        posted = [Posting.of(account, amount, record.total), Posting.of(receivables, -amount, -record.total)]
        for each in self.company.store.owned.get(record.internal_id, ()):
            discount = in_base(self.company.store.transaction(each.credit), each.discount)
            discounts = self.company.accounts["discounts_account"]
            posted.append(Posting.of(discounts, discount, each.discount))
            posted.append(Posting.of(receivables, -discount, -each.discount))
        return [posting for posting in posted if posting.amount]

    def status(self, record: Transaction) -> str:
        if record.voided:
            return "Voided"
        return received_status(self.company, record)

    def stored_list(self, old: Record, name: str) -> Data | None:
        """A deposit list is used up once it is saved: its deposit applications are records of their own."""
        if name in ("applyList", "creditList"):
            shown: Data | None = self.computed(old)[name]
            return shown
        return None if name == "depositList" else super().stored_list(old, name)

    def computed(self, record: Record) -> Data:
        store = self.company.store
        held = store.transaction(record.internal_id)
        unapplied = store.open_amount(held)
        mine = store.owned.get(held.internal_id, ())
        others = [each for each in mine if each.credit != held.internal_id]
        shown = super().computed(record)
        shown |= {"payment": held.total, "total": held.total, "applied": held.total - unapplied}
        shown |= {
            "unapplied": unapplied,
            "customer": self.company.refer("customer", held.entity),
            "arAcct": self.company.refer("account", held.receivables),
            "undepFunds": held.account == self.company.accounts["undeposited_funds_account"],
        }
        shown["account"] = None if shown["undepFunds"] else self.company.refer("account", held.account)
        shown["applyList"] = self._apply_list(mine)
        shown["creditList"] = self._credit_list(others)
        return shown

    def _apply_list(self, mine: tuple[Application, ...]) -> Data:
        lines = [
            apply_line(
                self.company, self.company.store.transaction(document), applied, "CustomerPaymentApply"
            )
            for document, applied in grouped(mine, "debit").items()
        ]
        return {"$": "CustomerPaymentApplyList", "apply": lines}

    def _credit_list(self, others: list[Application]) -> Data:
        lines = [
            credit_line(self.company, self.company.store.transaction(document), applied)
            for document, applied in grouped(others, "credit").items()
        ]
        return {"$": "CustomerPaymentCreditList", "credit": lines}
