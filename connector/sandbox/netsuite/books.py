"""The books as data: records, applications, the general ledger and the trial balance, for pages and tests."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .ledger import BASE_PLACES, Posting
from .store import Application, Line, Record, Transaction
from .values import ZERO, decimals, money_text, total

if TYPE_CHECKING:
    from .company import Company

SHOWN_GROUPS = ("entity", "item", "transaction")
CREDITS = ("customerPayment", "creditMemo", "customerDeposit", "depositApplication")
Row = dict[str, Any]


class Books:
    """Reads one company; call under its lock."""

    def __init__(self, company: "Company") -> None:
        self.company = company
        self.store = company.store

    def data(self) -> Row:
        """The content of /books.json, without the counters of calls."""
        transactions = self.transactions()
        ledger = [entry for record in transactions for entry in self._entries(record)]
        trial = self.trial_balance()
        return {
            "base_currency": self.company.symbol(self.company.base_currency),
            "records": [self.record(each) for each in self.records()],
            "applications": [self._application(each) for each in self._applications()],
            "accounts": self._accounts(),
            "general_ledger": ledger,
            "trial_balance": trial,
            "totals": _totals(trial),
            "balanced": _totals(trial)["debit"] == _totals(trial)["credit"],
        }

    def records(self) -> list[Record]:
        """Customers, items and transactions, each by internal id."""
        found = [each for group in SHOWN_GROUPS for each in self.store.of_group(group)]
        order = list(self.company.kinds)
        return sorted(found, key=lambda each: (order.index(each.kind), each.internal_id))

    def transactions(self) -> list[Transaction]:
        """By date, then by internal id."""
        found = [each for each in self.store.of_group("transaction") if isinstance(each, Transaction)]
        return sorted(found, key=lambda each: (each.day, each.internal_id))

    # -- records -----------------------------------------------------------------------------------------

    def record(self, record: Record) -> Row:
        """One record as a row of the books."""
        row: Row = {
            "type": record.kind,
            "title": self.company.kinds[record.kind].title,
            "internal_id": str(record.internal_id),
            "external_id": record.external_id,
        }
        return row | (self._transaction(record) if isinstance(record, Transaction) else self._listed(record))

    def _listed(self, record: Record) -> Row:
        fields = record.fields
        row: Row = {
            "number": fields.get("entityId") or fields.get("itemId"),
            "name": self.company.name(record),
            "memo": fields.get("comments"),
            "inactive": bool(fields.get("isInactive")),
        }
        if record.kind == "customer":
            row["currency"] = self.company.symbol(int(fields["currency"]["@internalId"]))
            row |= {"full_name": self.company.kinds["customer"].computed(record)["altName"]}
            row |= {name: fields.get(name) for name in ("email", "phone")}
        else:
            row["account"] = self._account_of(fields)
        return row

    def _account_of(self, fields: Row) -> str | None:
        for name in ("deferredRevenueAccount", "incomeAccount", "account"):
            if name in fields:
                return self.account_name(int(fields[name]["@internalId"]))
        return None

    def _transaction(self, record: Transaction) -> Row:
        places = self.company.places(record.currency)
        remaining = money_text(self.store.open_amount(record), places)
        row: Row = {
            "number": record.number,
            "date": record.day.isoformat(),
            "period": self.company.name(self.company.record("accountingPeriod", record.period)),
            "entity": None if record.entity is None else str(record.entity),
            "entity_name": self._entity_name(record),
            "currency": self.company.symbol(record.currency),
            "exchange_rate": f"{record.rate.normalize():f}",
            "total": money_text(record.total, places),
            "status": self.company.kinds[record.kind].computed(record).get("status"),
            "memo": record.fields.get("memo"),
            "lines": [self._line(line, places) for line in record.lines],
            "applied_to": self._linked(record, "credit", "debit"),
            "applied_by": self._linked(record, "debit", "credit"),
            "voided": record.voided,
            "postings": [self._posting(each) for each in self.company.ledger.postings(record)],
        }
        if record.kind == "invoice":
            row["amount_remaining"] = remaining
        elif record.kind in CREDITS:
            row["unapplied"] = remaining
        return row

    def _entity_name(self, record: Transaction) -> str | None:
        if record.entity is None:
            return None
        return self.company.name(self.company.record("customer", record.entity))

    def _line(self, line: Line, places: int) -> Row:
        row = {
            "line": line.number,
            "item": self.company.name(self.store.records[("item", line.item)]),
            "description": line.fields.get("description"),
            "quantity": f"{line.quantity.normalize():f}",
            "rate": _rate(line.rate, places),
            "amount": money_text(line.amount, places),
            "account": None if line.account is None else self.account_name(line.account),
        }
        for name in ("revRecStartDate", "revRecEndDate"):
            if name in line.fields:
                row[name] = line.fields[name].isoformat()
        return row

    def _linked(self, record: Transaction, mine: str, theirs: str) -> list[Row]:
        found: dict[int, Decimal] = {}
        for each in self.store.applications(record.internal_id):
            if getattr(each, mine) == record.internal_id:
                other = getattr(each, theirs)
                found[other] = found.get(other, ZERO) + each.amount
        places = self.company.places(record.currency)
        return [
            {**self._brief(other), "amount": money_text(amount, places)} for other, amount in found.items()
        ]

    def _brief(self, internal_id: int) -> Row:
        record = self.store.transaction(internal_id)
        return {
            "type": record.kind,
            "internal_id": str(internal_id),
            "external_id": record.external_id,
            "number": record.number,
        }

    def _applications(self) -> list[Application]:
        found = [each for owned in self.store.owned.values() for each in owned]
        return sorted(found, key=lambda each: each.sequence)

    def _application(self, each: Application) -> Row:
        credit = self.store.transaction(each.credit)
        places = self.company.places(credit.currency)
        return {
            "date": each.day.isoformat(),
            "from": self._brief(each.credit),
            "to": self._brief(each.debit),
            "entity_name": self._entity_name(credit),
            "currency": self.company.symbol(credit.currency),
            "amount": money_text(each.amount, places),
            "discount": money_text(each.discount, places),
        }

    # -- the ledger --------------------------------------------------------------------------------------

    def account_name(self, account: int) -> str:
        return self.company.name(self.company.record("account", account))

    def _posting(self, posting: Posting) -> Row:
        return {
            "account": self.account_name(posting.account),
            "debit": _base(posting.debit),
            "credit": _base(posting.credit),
        }

    def _entries(self, record: Transaction) -> list[Row]:
        head = {
            "date": record.day.isoformat(),
            "record_type": record.kind,
            "title": self.company.kinds[record.kind].title,
            "number": record.number,
            "internal_id": str(record.internal_id),
            "external_id": record.external_id,
            "currency": self.company.symbol(self.company.base_currency),
            "memo": record.fields.get("memo"),
        }
        return [{**head, **self._posting(each)} for each in self.company.ledger.postings(record)]

    def _accounts(self) -> list[Row]:
        balances = self.company.ledger.balances()
        return [
            {
                "internal_id": str(account.internal_id),
                "number": account.fields.get("acctNumber", ""),
                "name": account.fields["acctName"],
                "type": account.fields["acctType"].lstrip("_"),
                "balance": money_text(balances.get(account.internal_id, ZERO), BASE_PLACES),
            }
            for account in self.store.of_group("account")
        ]

    def trial_balance(self) -> list[Row]:
        """Every account that has a balance, on the side on which it stands."""
        balances = self.company.ledger.balances()
        accounts = [(self.account_name(account), account) for account, balance in balances.items() if balance]
        rows = []
        for name, account in sorted(accounts):
            posting = Posting.of(account, balances[account])
            row = {"account": str(account), "name": name}
            rows.append({**row, "debit": _base(posting.debit), "credit": _base(posting.credit)})
        return rows


def _rate(text: str, places: int) -> str:
    """A line's rate with at least its currency's decimals; a percentage as it is."""
    if text.endswith("%"):
        return text
    rate = Decimal(text)
    return money_text(rate, max(places, decimals(rate)))


def _base(amount: Decimal) -> str:
    """Base currency money; an empty side of an entry is an empty text."""
    return money_text(amount, BASE_PLACES) if amount else ""


def _totals(trial: list[Row]) -> dict[str, str]:
    return {
        side: money_text(total(Decimal(row[side] or 0) for row in trial), BASE_PLACES)
        for side in ("debit", "credit")
    }
