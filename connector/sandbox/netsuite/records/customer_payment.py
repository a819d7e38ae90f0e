"""Customer payment (netsuite.md 4.4)."""

from decimal import Decimal
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, applied_exceeds_payment, invalid_reference
from ..store import Application, Record, Transaction
from ..values import ZERO, Data, names, total
from .applying import Applier, Portion, apply_line, check_auto_apply, check_total, credit_line, grouped
from .kind import Writing
from .money_account import money_account
from .transaction import COMMON_REFERENCES, REFERRED, Head, TransactionKind

CREDITS = ("creditMemo", "customerPayment")
DEBITS = ("invoice",)


class CustomerPaymentKind(TransactionKind):
    name = "customerPayment"
    wire = "CustomerPayment"
    title = "Payment"
    permission = "Transactions -> Customer Payment"
    party = "customer"
    prefix = "PYMT"
    plain: ClassVar[frozenset[str]] = names(
        "tranDate tranId memo exchangeRate payment autoApply undepFunds checkNum"
    )
    references = {
        **COMMON_REFERENCES,
        "customer": ("customer",),
        "arAcct": ("account",),
        "account": ("account",),
        "paymentMethod": ("paymentMethod",),
    }
    lists = {"applyList": "apply", "creditList": "credit"}
    list_keys = {"applyList": "doc", "creditList": "doc"}
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
            receivables=self._receivables(head, fields),
        )

    def _payment(self, head: Head, fields: Data) -> Decimal:
        """The amount received; left out, it is the sum of what is applied (A5, A6, M3)."""
        amount: Decimal | None = fields.get("payment")
        if amount is None:
            lines = fields.get("applyList", {}).get("apply", [])
            amount = total(line["amount"] for line in lines if line.get("apply") and line.get("amount"))
        head.check_decimals(amount)
        if amount < ZERO:
            raise Refused("NEGATIVE_PAYMENT_DISALLWD", "Negative payments not allowed")
        if amount == ZERO:
            raise Refused("INVALID_FLD_VALUE", "Value 0.0 outside of valid min/max range for field payment")
        return amount

    def _receivables(self, head: Head, fields: Data) -> int:
        given = fields.get("arAcct")
        if given is None:
            own = head.customer.fields.get("receivablesAccount") if head.customer else None
            return int(own["@internalId"]) if own else self.company.accounts["receivables_account"]
        account = self.company.record("account", int(given["@internalId"]))
        if account.fields["acctType"] != "_accountsReceivable":
            raise invalid_reference("arAcct", account.internal_id, head.scope)
        return account.internal_id

    # -- applying ----------------------------------------------------------------------------------------

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        check_auto_apply(fields, "applyList")
        if not (fields.get("autoApply") or "applyList" in fields or "creditList" in fields):
            return
        applier, store = Applier(self.company, record), self.company.store
        lists = {
            name: fields[name] if name in fields else self.stored_list(record, name) for name in self.lists
        }
        store.apply(record.internal_id, ())
        money = store.open_amount(record)
        credits = applier.chosen((lists["creditList"] or {}).get("credit", []), CREDITS, None)
        room = money + total(portion.amount for portion in credits)
        debits = self._debits(applier, lists["applyList"] or {}, room, bool(fields.get("autoApply")))
        check_total(debits, credits, money)
        applier.save(debits, credits)

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
        posted = [Posting.of(account, amount), Posting.of(receivables, -amount)]
        for each in self.company.store.owned.get(record.internal_id, ()):
            discount = in_base(self.company.store.transaction(each.credit), each.discount)
            posted.append(Posting.of(self.company.accounts["discounts_account"], discount))
            posted.append(Posting.of(receivables, -discount))
        return [posting for posting in posted if posting.amount]

    def status(self, record: Transaction) -> str:
        if record.voided:
            return "Voided"
        waiting = record.account == self.company.accounts["undeposited_funds_account"]
        deposited = self.company.store.find_name("deposited", str(record.internal_id)) is not None
        return "Not Deposited" if waiting and not deposited else "Deposited"

    def refuse_delete(self, record: Record) -> None:
        super().refuse_delete(record)
        if self.company.store.find_name("deposited", str(record.internal_id)) is not None:
            raise Refused("CANT_DELETE_TRANS", REFERRED)

    def stored_list(self, old: Record, name: str) -> Data | None:
        if name in self.lists:
            shown: Data | None = self.computed(old)[name]
            return shown
        return super().stored_list(old, name)

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
