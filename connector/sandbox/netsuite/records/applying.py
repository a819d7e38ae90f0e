"""Applying payments and credits to open invoices: which may be, how much, and how a record shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..refusal import (
    Refused,
    applied_exceeds_payment,
    links_exceed_total,
    no_matching_apply_line,
    too_many_decimals,
)
from ..store import Application, Transaction
from ..values import ZERO, Data, decimals, total

if TYPE_CHECKING:
    from ..company import Company
    from .transaction import Head

NOTHING_APPLIED = "You must have at least one valid line item for this transaction."
AMBIGUOUS = (
    "Ambiguous data: <autoApply> has been selected and lines have been selected in the <applyList> element."
)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of an open document that is to be settled, in the document's currency."""

    document: Transaction
    amount: Decimal
    discount: Decimal = ZERO


class Applier:
    """Works out the applications that one transaction, the owner, asks for."""

    def __init__(self, company: "Company", owner: Transaction) -> None:
        self.company = company
        self.store = company.store
        self.owner = owner

    def is_open(self, document: Transaction) -> bool:
        """Whether the owner may be applied to the document: same customer, currency and account, and open."""
        owner = self.owner
        same = (document.entity, document.currency, document.receivables)
        return (
            same == (owner.entity, owner.currency, owner.receivables)
            and not document.voided
            and document.internal_id != owner.internal_id
            and self.store.open_amount(document) > ZERO
        )

    def chosen(
        self, lines: Iterable[Data], kinds: tuple[str, ...], available: Decimal | None
    ) -> list[Portion]:
        """The portions that apply lines ask for; a line without an amount takes all it can (A1, A3)."""
        portions: list[Portion] = []
        for line in lines:
            if line.get("apply"):
                portion = self._portion(line, kinds, available)
                if portion.amount or portion.discount:
                    portions.append(portion)
                    available = None if available is None else available - portion.amount
        return portions

    def _portion(self, line: Data, kinds: tuple[str, ...], available: Decimal | None) -> Portion:
        document = self._document(line, kinds)
        return self.portion_of(document, line, self.store.open_amount(document), available)

    def portion_of(
        self, document: Transaction, line: Data, due: Decimal, available: Decimal | None = None
    ) -> Portion:
        """What a line asks of a document of which `due` is open; left out, all that there is room for."""
        discount: Decimal = line.get("disc") or ZERO
        amount: Decimal | None = line.get("amount")
        self._check_amounts(amount, discount)
        if amount is None:
            amount = due - discount if available is None else max(min(due - discount, available), ZERO)
        if amount + discount > due:
            raise links_exceed_total()
        return Portion(document, amount, discount)

    def _check_amounts(self, amount: Decimal | None, discount: Decimal) -> None:
        places = self.company.places(self.owner.currency)
        for value in (amount or ZERO, discount):
            if decimals(value) > places:
                raise too_many_decimals(places)
            if value < ZERO:
                message = f"Value {value} outside of valid min/max range for field amount"
                raise Refused("INVALID_FLD_VALUE", message)

    def _document(self, line: Data, kinds: tuple[str, ...]) -> Transaction:
        document = self.store.get("transaction", line.get("doc") or 0)
        if isinstance(document, Transaction) and document.kind in kinds and self.is_open(document):
            return document
        raise no_matching_apply_line(line.get("doc"), line.get("line"))

    def oldest_first(self, available: Decimal) -> list[Portion]:
        """What autoApply does: open invoices by date until the money is used up."""
        portions: list[Portion] = []
        invoices = [r for r in self.store.of_group("transaction") if isinstance(r, Transaction)]
        for invoice in sorted(invoices, key=lambda each: (each.day, each.internal_id)):
            if available > ZERO and invoice.kind == "invoice" and self.is_open(invoice):
                amount = min(available, self.store.open_amount(invoice))
                portions.append(Portion(invoice, amount))
                available -= amount
        return portions

    def save(self, debits: list[Portion], credits: list[Portion]) -> None:
        """Settle the debits, first with the credits in their order, then with the owner itself."""
        sources = [
            *credits,
            Portion(self.owner, total(p.amount for p in debits) - total(p.amount for p in credits)),
        ]
        if sources[-1].amount < ZERO:
            raise unbalanced(debits, credits)
        left: list[list[int | Decimal]] = [
            [portion.document.internal_id, portion.amount] for portion in sources
        ]
        made: dict[int, list[Application]] = {self.owner.internal_id: []}
        for debit in debits:
            for each in self._settle(debit, left):
                made.setdefault(each.owner, []).append(each)
        self.store.apply(self.owner.internal_id, tuple(made.pop(self.owner.internal_id)))
        for owner, found in made.items():
            self.store.apply(owner, (*self.store.owned.get(owner, ()), *found))

    def _settle(self, debit: Portion, left: list[list[int | Decimal]]) -> list[Application]:
        made: list[Application] = []
        wanted, discount = debit.amount, debit.discount
        for source in left:
            amount = min(wanted, Decimal(source[1]))
            if amount > ZERO or (discount and source is left[-1]):
                made.append(self._application(int(source[0]), debit, amount, discount))
                discount = ZERO
            source[1] -= amount
            wanted -= amount
        return made

    def _application(self, credit: int, debit: Portion, amount: Decimal, discount: Decimal) -> Application:
        """A deposit application keeps what it settles; other credits are settled on the owner."""
        drawn = self.store.transaction(credit).kind == "depositApplication"
        return Application(
            owner=credit if drawn else self.owner.internal_id,
            credit=credit,
            debit=debit.document.internal_id,
            amount=amount,
            discount=discount,
            day=self.owner.day,
            sequence=self.store.next("application"),
        )


def amount_received(head: "Head", amount: Decimal) -> Decimal:
    """Money received: positive, with no more decimals than its currency has (A5, A6, M3)."""
    head.check_decimals(amount)
    if amount < ZERO:
        raise Refused("NEGATIVE_PAYMENT_DISALLWD", "Negative payments not allowed")
    if amount == ZERO:
        raise Refused("INVALID_FLD_VALUE", "Value 0.0 outside of valid min/max range for field payment")
    return amount


def unbalanced(debits: list[Portion], credits: list[Portion]) -> Refused:
    """A4: more credit than there is to apply it to."""
    applied = total(each.amount for each in debits)
    deposits = total(each.amount for each in credits if each.document.kind == "depositApplication")
    credited = total(each.amount for each in credits) - deposits
    message = (
        f"Transaction is not in balance! Total to apply of ${applied} does not equal sum of payment $0.00 "
        f"and credits ${credited} and deposits ${deposits}"
    )
    return Refused("TRANS_APPLIED_AMTS_UNBALNCD", message)


def check_total(debits: list[Portion], credits: list[Portion], money: Decimal) -> None:
    """A2: not more may be applied than the payment and the credits amount to."""
    if total(p.amount for p in debits) > money + total(p.amount for p in credits):
        raise applied_exceeds_payment()


def check_auto_apply(fields: Data, *lists: str) -> None:
    """A7."""
    chosen = any(fields.get(name, {}).get(LINE_NAMES[name]) for name in lists)
    if fields.get("autoApply") and chosen:
        raise Refused("INVALID_AUTOAPPLY_VALUE", AMBIGUOUS)


LINE_NAMES = {"applyList": "apply", "creditList": "credit", "depositList": "deposit"}


def apply_line(company: "Company", document: Transaction, applied: list[Application], wire: str) -> Data:
    """A line of an apply list as a record shows it, for one invoice or refund."""
    amount = total(each.amount for each in applied)
    discount = total(each.discount for each in applied)
    line = {
        "$": wire,
        "apply": True,
        "doc": document.internal_id,
        "line": 0,
        "applyDate": document.day,
        "type": company.kinds[document.kind].title,
        "refNum": document.number,
        "total": document.total,
        "due": company.store.open_amount(document) + amount + discount,
        "currency": company.record("currency", document.currency).fields["name"],
        "amount": amount,
    }
    return {**line, "disc": discount} if discount else line


def credit_line(company: "Company", document: Transaction, applied: list[Application]) -> Data:
    """A line of a payment's credit list."""
    amount = total(each.amount for each in applied)
    return {
        "$": "CustomerPaymentCredit",
        "apply": True,
        "doc": document.internal_id,
        "line": 0,
        "creditDate": document.day,
        "type": company.kinds[document.kind].title,
        "refNum": document.number,
        "appliedTo": ",".join(company.store.transaction(each.debit).number for each in applied),
        "total": document.total,
        "due": company.store.open_amount(document) + amount,
        "currency": company.record("currency", document.currency).fields["name"],
        "amount": amount,
    }


def grouped(applications: Iterable[Application], side: str) -> dict[int, list[Application]]:
    """Applications by the document on one side, "debit" or "credit"."""
    found: dict[int, list[Application]] = {}
    for each in applications:
        found.setdefault(each.debit if side == "debit" else each.credit, []).append(each)
    return found
