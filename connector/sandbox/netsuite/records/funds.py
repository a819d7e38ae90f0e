"""Funds: money that waits in Undeposited Funds until a bank deposit takes it; each is taken once."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..store import Transaction
from ..values import ZERO

if TYPE_CHECKING:
    from ..company import Company

SIGNS = {"customerPayment": 1, "customerDeposit": 1, "customerRefund": -1}
"""Record type -> whether it brings money in or takes it out."""
SPACE = "deposited"


@dataclass(frozen=True, slots=True)
class Fund:
    """Money in (positive) or out (negative), in its record's currency; `line` is a journal's line, or 0."""

    record: Transaction
    line: int
    amount: Decimal
    entity: int | None

    @property
    def key(self) -> str:
        """What tells this fund from all others."""
        return f"{self.record.internal_id}.{self.line}"


def funds_of(company: "Company", record: Transaction) -> list[Fund]:
    """What a transaction has put into Undeposited Funds, or taken out of it, deposited since or not."""
    undeposited = company.accounts["undeposited_funds_account"]
    if record.voided:
        return []
    if record.kind == "journalEntry":
        return _journal_funds(company, record, undeposited)
    if record.kind not in SIGNS or record.account != undeposited:
        return []
    return [Fund(record, 0, SIGNS[record.kind] * record.total, record.entity)]


def _journal_funds(company: "Company", record: Transaction, undeposited: int) -> list[Fund]:
    if not record.fields.get("approved", True):
        return []
    found = []
    for line in record.fields["lineList"]["line"]:
        amount: Decimal = line.get("debit", ZERO) - line.get("credit", ZERO)
        if amount and line["account"]["@internalId"] == str(undeposited):
            entity = line.get("entity", {}).get("@internalId")
            found.append(Fund(record, line["line"], amount, int(entity) if entity else None))
    return found


def holder_of(company: "Company", fund: Fund) -> int | None:
    """The internal id of the bank deposit that has taken a fund; None while it waits."""
    return company.store.find_name(SPACE, fund.key)


def deposited_funds(company: "Company", record: Transaction) -> list[Fund]:
    """Those funds of a transaction that are on a bank deposit."""
    return [fund for fund in funds_of(company, record) if holder_of(company, fund) is not None]


def deposits_of(company: "Company", record: Transaction) -> list[Transaction]:
    """The bank deposits that have taken a transaction's funds."""
    held = {holder_of(company, fund) for fund in funds_of(company, record)}
    return [company.store.transaction(each) for each in sorted(held - {None}, key=str) if each is not None]


def take(company: "Company", fund: Fund, deposit: int) -> None:
    """Put a fund on a bank deposit."""
    company.store.take_name(SPACE, fund.key, deposit)


def release(company: "Company", deposit: int) -> None:
    """Free all funds of a bank deposit: they wait in Undeposited Funds again."""
    names = company.store.names
    for key in [key for (space, key), owner in names.items() if (space, owner) == (SPACE, deposit)]:
        company.store.take_name(SPACE, key, None)


def received_status(company: "Company", record: Transaction) -> str:
    """Whether received money has reached a bank: "Deposited", or "Not Deposited" (netsuite.md 4.4)."""
    waiting = any(holder_of(company, fund) is None for fund in funds_of(company, record))
    return "Not Deposited" if waiting else "Deposited"
