"""Deposit application (netsuite.md 4.7): moves part of a customer deposit to receivables, to settle with."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, applied_exceeds_payment, invalid_reference, no_matching_apply_line
from ..store import Application, Record, Transaction
from ..values import ZERO, Data, names, total
from .applying import NOTHING_APPLIED, Applier, Portion, apply_line, grouped
from .customer_deposit import is_reserved_elsewhere
from .kind import Writing, unknown_reference
from .receivables_account import receivables_account
from .transaction import COMMON_REFERENCES, Head, TransactionKind

if TYPE_CHECKING:
    from ..company import Company

DEBITS = ("invoice",)
DRAWN = "drawn"
"""A field of our own: how much to draw for a transaction that settles something with it by itself."""


class DepositApplicationKind(TransactionKind):
    """NetSuite makes one when it bills an order with a deposit, or when a payment or refund uses a deposit.

    It has its deposit's customer, currency and exchange rate.
    """

    name = "depositApplication"
    wire = "DepositApplication"
    title = "Deposit Application"
    permission = "Transactions -> Deposit Application"
    party = "customer"
    prefix = "DEPAPPL"
    plain: ClassVar[frozenset[str]] = names("tranDate tranId memo")
    references = {
        **COMMON_REFERENCES,
        "customer": ("customer",),
        "deposit": ("customerDeposit",),
        "arAcct": ("account",),
    }
    create_only: ClassVar[frozenset[str]] = TransactionKind.create_only | {"deposit", "arAcct"}
    lists = {"applyList": "apply"}
    list_keys = {"applyList": "doc"}
    labels = {**TransactionKind.labels, "deposit": "Deposit #"}

    def over_applied(self) -> Refused:
        return applied_exceeds_payment()

    def required(self, fields: Data) -> list[str]:
        return ["deposit"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        deposit = self._deposit(fields)
        customer, currency = _ref(deposit.entity), _ref(deposit.currency)
        sent = self.follow(fields, "customer")
        if sent is not None and sent.internal_id != deposit.entity:
            raise invalid_reference("deposit", deposit.internal_id, f"customer {sent.internal_id}")
        own = {"customer": customer, "currency": currency, "exchangeRate": deposit.rate}
        return super().build(old, {**fields, **own}, writing)

    def _deposit(self, fields: Data) -> Transaction:
        deposit = self.follow(fields, "deposit")
        if not isinstance(deposit, Transaction) or deposit.voided:
            raise unknown_reference("deposit", fields["deposit"])
        return deposit

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        """The total is what is applied; an update without an apply list leaves it alone."""
        deposit = self._deposit(fields)
        amount: Decimal = fields.get(DRAWN) or (old.total if old else ZERO)
        bare = Transaction(
            **head.identity(),
            fields={name: value for name, value in fields.items() if name not in ("applyList", DRAWN)},
            total=amount,
            account=self.company.accounts["customer_deposits_account"],
            receivables=receivables_account(self.company, fields, "arAcct", head),
        )
        if DRAWN in fields or (old is not None and "applyList" not in fields):
            return bare
        self.company.store.apply(bare.internal_id, ())
        amount = total(portion.amount for portion in self._portions(bare, deposit, fields))
        if not amount:
            raise Refused("VALID_LINE_ITEM_REQD", NOTHING_APPLIED)
        return Transaction(
            **head.identity(),
            fields=bare.fields,
            total=amount,
            account=bare.account,
            receivables=bare.receivables,
        )

    def _portions(self, record: Transaction, deposit: Transaction, fields: Data) -> list[Portion]:
        lines = fields.get("applyList", {}).get("apply", [])
        room = self.company.store.open_amount(deposit)
        found = Applier(self.company, record).chosen(lines, DEBITS, room)
        for portion in found:
            if is_reserved_elsewhere(self.company, deposit, portion.document):
                raise no_matching_apply_line(portion.document.internal_id, None)
        if total(portion.amount for portion in found) > room:
            raise applied_exceeds_payment()
        return found

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        if not is_new and "applyList" not in fields:
            return
        deposit = self._deposit(fields)
        portions = [] if DRAWN in fields else self._portions(record, deposit, fields)
        uses = [self._application(record, record, each.document, each.amount) for each in portions]
        funding = self._application(record, deposit, record, record.total, funding=True)
        self.company.store.apply(record.internal_id, (funding, *uses))

    def _application(
        self,
        record: Transaction,
        credit: Transaction,
        debit: Transaction,
        amount: Decimal,
        *,
        funding: bool = False,
    ) -> Application:
        return Application(
            owner=record.internal_id,
            credit=credit.internal_id,
            debit=debit.internal_id,
            amount=amount,
            discount=ZERO,
            day=record.day,
            sequence=self.company.store.next("application"),
            funding=funding,
        )

    def refuse_delete(self, record: Record) -> None:
        """Deleting it opens the deposit and the invoice again; a refund that uses it keeps it."""
        self.company.store.apply(record.internal_id, ())
        super().refuse_delete(record)

    # -- for the transactions that use deposits ----------------------------------------------------------

    def draw(self, user: Transaction, deposit: Transaction, amount: Decimal) -> Transaction:
        """A new application of part of a deposit, dated as the transaction that will settle with it."""
        return self._made(user, deposit, {DRAWN: amount})

    def apply_to(self, invoice: Transaction, deposit: Transaction, amount: Decimal) -> None:
        """Apply part of a deposit to an invoice, dated as the invoice."""
        line = {"$": "DepositApplicationApply", "apply": True, "doc": invoice.internal_id, "amount": amount}
        applied = {"$": "DepositApplicationApplyList", "apply": [line]}
        self._made(invoice, deposit, {"applyList": applied})

    def _made(self, user: Transaction, deposit: Transaction, fields: Data) -> Transaction:
        common = {
            "deposit": _ref(deposit.internal_id),
            "arAcct": _ref(user.receivables),
            "tranDate": user.day,
            "postingPeriod": _ref(user.period),
        }
        return self.company.store.transaction(self.save_new(None, {**common, **fields}).internal_id)

    # -- posting and showing -----------------------------------------------------------------------------

    def postings(self, record: Transaction) -> list[Posting]:
        if record.account is None or record.receivables is None:
            raise TypeError(f"deposit application {record.internal_id} has no account")
        amount = in_base(record, record.total)
        return [
            Posting.of(record.account, amount, record.total),
            Posting.of(record.receivables, -amount, -record.total),
        ]

    def status(self, record: Transaction) -> str:
        if record.voided:
            return "Voided"
        return "Unapplied" if self.company.store.open_amount(record) > ZERO else "Applied"

    def stored_list(self, old: Record, name: str) -> Data | None:
        if name == "applyList":
            shown: Data | None = self.computed(old)["applyList"]
            return shown
        return super().stored_list(old, name)

    def computed(self, record: Record) -> Data:
        store = self.company.store
        held = store.transaction(record.internal_id)
        deposit = self.company.seek(("customerDeposit",), held.fields["deposit"])
        unapplied = store.open_amount(held)
        mine = [each for each in store.applications(held.internal_id) if each.credit == held.internal_id]
        lines = [
            apply_line(self.company, store.transaction(document), applied, "DepositApplicationApply")
            for document, applied in grouped(mine, "debit").items()
        ]
        return {
            **super().computed(record),
            "customer": self.company.refer("customer", held.entity),
            "arAcct": self.company.refer("account", held.receivables),
            "deposit": self.company.refer("customerDeposit", deposit.internal_id) if deposit else None,
            "depDate": deposit.day if isinstance(deposit, Transaction) else None,
            "total": held.total,
            "applied": held.total - unapplied,
            "unapplied": unapplied,
            "applyList": {"$": "DepositApplicationApplyList", "apply": lines},
        }


def _ref(internal_id: int | None) -> Data:
    return {"$": "RecordRef", "@internalId": str(internal_id)}


def deposit_applications(company: "Company") -> DepositApplicationKind:
    """The record type of the company, for transactions that use deposits."""
    kind = company.kinds["depositApplication"]
    if not isinstance(kind, DepositApplicationKind):
        raise TypeError("the company has no deposit applications")
    return kind


def open_deposits(company: "Company", owner: Transaction, order: str) -> list[Transaction]:
    """The deposits on a sales order that still have money, the oldest first."""
    found = [
        each
        for each in company.store.of_group("transaction")
        if isinstance(each, Transaction)
        and each.kind == "customerDeposit"
        and not each.voided
        and each.fields.get("salesOrder", {}).get("@internalId") == order
        and (each.entity, each.currency) == (owner.entity, owner.currency)
        and company.store.open_amount(each) > ZERO
    ]
    return sorted(found, key=lambda each: (each.day, each.internal_id))


def chosen_deposits(company: "Company", owner: Transaction, lines: list[Data]) -> list[Portion]:
    """The parts of customer deposits that a payment's or refund's deposit list asks for (A1, A3)."""
    applier = Applier(company, owner)
    found: list[Portion] = []
    for line in lines:
        if line.get("apply"):
            deposit = company.store.get("transaction", line.get("doc") or 0)
            fits = (
                isinstance(deposit, Transaction)
                and deposit.kind == "customerDeposit"
                and (deposit.entity, deposit.currency) == (owner.entity, owner.currency)
                and not deposit.voided
            )
            taken = total(each.amount for each in found if each.document == deposit)
            if not isinstance(deposit, Transaction) or not fits or not company.store.open_amount(deposit):
                raise no_matching_apply_line(line.get("doc"), line.get("line"))
            found.append(applier.portion_of(deposit, line, company.store.open_amount(deposit) - taken))
    return found
