"""The general ledger: what each transaction posts in base currency, always balanced, and the balances."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .store import Application, Transaction
from .values import ZERO, round_to, total

if TYPE_CHECKING:
    from .company import Company

BASE_PLACES = 2


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry on a ledger account, in base currency; exactly one of the two is not zero.

    `foreign` is debit minus credit in the transaction's own currency, zero for an exchange difference.
    """

    account: int
    debit: Decimal
    credit: Decimal
    foreign: Decimal = ZERO

    @classmethod
    def of(cls, account: int, amount: Decimal, foreign: Decimal = ZERO) -> "Posting":
        """A debit of a positive amount, or a credit of a negative one."""
        return cls(account, max(amount, ZERO), max(-amount, ZERO), foreign)

    @property
    def amount(self) -> Decimal:
        """Debit minus credit."""
        return self.debit - self.credit


def in_base(record: Transaction, amount: Decimal) -> Decimal:
    """An amount of a transaction's currency in base currency at that transaction's exchange rate."""
    return round_to(amount * record.rate, BASE_PLACES)


def spread(
    record: Transaction, account: int, lines: Iterable[tuple[int, Decimal]], sign: int
) -> list[Posting]:
    """Post the total to `account` and the lines against it, in base currency.

    `sign` is 1 when the total is a debit (an invoice) and -1 when it is a credit. Rounding each line may
    leave cents over; they go to the largest line, so that the entry balances.
    """
    amounts = [(target, in_base(record, amount), amount) for target, amount in lines if amount]
    whole = in_base(record, record.total)
    rest = whole - total(amount for _, amount, _ in amounts)
    if rest and amounts:
        largest = max(range(len(amounts)), key=lambda index: abs(amounts[index][1]))
        target, amount, foreign = amounts[largest]
        amounts[largest] = (target, amount + rest, foreign)
    merged: dict[int, tuple[Decimal, Decimal]] = {}
    for target, amount, foreign in amounts:
        before = merged.get(target, (ZERO, ZERO))
        merged[target] = (before[0] + amount, before[1] + foreign)
    postings = [Posting.of(account, sign * whole, sign * record.total)]
    postings += [Posting.of(each, -sign * amount, -sign * own) for each, (amount, own) in merged.items()]
    return [posting for posting in postings if posting.amount]


class Ledger:
    """Computes postings from the records and their applications; nothing is kept twice."""

    def __init__(self, company: "Company") -> None:
        self.company = company

    def postings(self, record: Transaction) -> list[Posting]:
        """All that a transaction posts, with the realised exchange differences of what was applied on it."""
        if record.voided:
            return []
        postings = [*self.company.kinds[record.kind].postings(record), *self._differences(record)]
        if total(posting.amount for posting in postings) != ZERO:
            raise AssertionError(f"{record.kind} {record.internal_id} does not balance: {postings}")
        return sorted(postings, key=lambda posting: posting.debit == ZERO)

    def _differences(self, record: Transaction) -> list[Posting]:
        store = self.company.store
        found: list[Posting] = []
        for each in store.owned.get(record.internal_id, ()):
            credit, debit = store.transaction(each.credit), store.transaction(each.debit)
            gain = self._settled(credit, each) + in_base(credit, each.discount) - self._settled(debit, each)
            liability = self.company.accounts["customer_deposits_account"]
            account = liability if each.funding else debit.receivables
            if gain and account is not None:
                found.append(Posting.of(account, gain))
                found.append(Posting.of(self.company.accounts["fx_account"], -gain))
        return found

    def _settled(self, document: Transaction, application: Application) -> Decimal:
        """The base currency of the document that the application settles; the last takes the cents left."""
        before = ZERO
        is_debit = application.debit == document.internal_id
        for each in self.company.store.applications(document.internal_id):
            if (each.debit if is_debit else each.credit) != document.internal_id:
                continue
            after = before + each.amount
            if each.debit == document.internal_id:
                after += each.discount
            if each == application:
                return in_base(document, after) - in_base(document, before)
            before = after
        raise LookupError("the application does not belong to the document")

    def balances(self) -> dict[int, Decimal]:
        """Ledger account -> debit minus credit, over all transactions."""
        found: dict[int, Decimal] = {}
        for record in self.company.store.of_group("transaction"):
            if isinstance(record, Transaction):
                for posting in self.postings(record):
                    found[posting.account] = found.get(posting.account, ZERO) + posting.amount
        return found

    def foreign_balances(self) -> dict[tuple[int, int], Decimal]:
        """Ledger account and currency -> debit minus credit of what was posted in that currency."""
        found: dict[tuple[int, int], Decimal] = {}
        for record in self.company.store.of_group("transaction"):
            if isinstance(record, Transaction):
                for posting in self.postings(record):
                    key = (posting.account, record.currency)
                    found[key] = found.get(key, ZERO) + posting.foreign
        return found
