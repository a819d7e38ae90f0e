"""The books as data: records, applications, the general ledger and the trial balance, for pages and tests."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .ledger import BASE_PLACES, Posting
from .records.funds import SIGNS, deposits_of
from .store import Application, Line, Record, Transaction
from .values import ZERO, as_date, decimals, money_text, total

if TYPE_CHECKING:
    from .company import Company

SHOWN_GROUPS = ("entity", "item", "transaction")
CREDITS = ("customerPayment", "creditMemo", "customerDeposit", "depositApplication")
DAYS = (
    ("revRecStartDate", "custcol_suitesync_rev_rec_start"),
    ("revRecEndDate", "custcol_suitesync_rev_rec_end"),
)
"""Where a line may keep its first and last day of service: NetSuite's own field, the bundle's column."""
SEGMENTS = (
    ("class", "class", "classification"),
    ("department", "department", "department"),
    ("location", "location", "location"),
)
LISTED = (("terms", "terms"), ("sales rep", "salesRep"))
"""What records refer to besides, and what the company does not keep as records."""
OWN_FIELDS = frozenset({script_id for _, script_id in DAYS} | {"custbody_suitesync_authorization_code"})
"""Custom fields of the bundle itself: days are shown on their own, and ids are different in every world."""
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
        row |= self._filled(record.fields)
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
        row |= self._money(record, places)
        if record.kind == "invoice":
            row["due_date"] = as_date(record.fields.get("dueDate", record.day)).isoformat()
            row["amount_remaining"] = remaining
        elif record.kind in CREDITS:
            row["unapplied"] = remaining
        return row

    def _money(self, record: Transaction, places: int) -> Row:
        """What a bank deposit holds, what a journal entry says, and where received money went."""
        if record.kind == "deposit":
            lists = {name: _lines(record, name) for name in ("paymentList", "otherList", "cashBackList")}
            return {
                "holds": [self._held(each, places) for each in lists["paymentList"]],
                "others": [self._money_line(each, places) for each in lists["otherList"]],
                "cash_back": [self._money_line(each, places) for each in lists["cashBackList"]],
            }
        if record.kind == "journalEntry":
            return {"entries": [self._money_line(each, places) for each in _lines(record, "lineList")]}
        row: Row = {}
        if record.kind in SIGNS:
            deposits = deposits_of(self.company, record)
            row["deposited_on"] = [self._brief(each.internal_id) for each in deposits]
        for title, name in (("sales_order", "salesOrder"), ("created_from", "createdFrom")):
            if name in record.fields:
                row[title] = self._brief(int(record.fields[name]["@internalId"]))
        return row

    def _held(self, line: Row, places: int) -> Row:
        amount = money_text(line["paymentAmount"], places)
        return {**self._brief(line["id"]), "line": line.get("lineId"), "amount": amount}

    def _money_line(self, line: Row, places: int) -> Row:
        """A line of a deposit's other lists, or of a journal entry; a credit is negative."""
        amount = line.get("amount") or line.get("debit", ZERO) - line.get("credit", ZERO)
        entity = line.get("entity") or {}
        return {
            "account": self.account_name(int(line["account"]["@internalId"])),
            "entity_name": entity.get("name"),
            "memo": line.get("memo"),
            "amount": money_text(amount, places),
        }

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
        row |= self._filled(line.fields)
        days = [_day(line.fields, *names) for names in DAYS]
        return row | ({"days": " to ".join(days)} if any(days) else {})

    def _filled(self, fields: Row) -> Row:
        """What a record or line says besides: its class and the like by name, then the custom fields."""
        found = {
            title: self.company.name(self.company.record(kind, int(fields[name]["@internalId"])))
            for title, name, kind in SEGMENTS
            if fields.get(name)
        }
        found |= {title: str(fields[name]["@internalId"]) for title, name in LISTED if fields.get(name)}
        custom = {each["@scriptId"]: each.get("value") for each in _custom_fields(fields)}
        found |= {name: _shown(value) for name, value in custom.items() if name not in OWN_FIELDS}
        return {"fields": found} if found else {}

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
        postings = self.company.ledger.postings(record)
        return [{**head, **self._posting(each), **self._foreign(record, each)} for each in postings]

    def _foreign(self, record: Transaction, posting: Posting) -> Row:
        """The same entry in the transaction's own currency; an exchange difference has no amount in it."""
        places = self.company.places(record.currency)
        return {
            "transaction_currency": self.company.symbol(record.currency),
            "exchange_rate": f"{record.rate.normalize():f}",
            "foreign_debit": money_text(posting.foreign, places) if posting.foreign > ZERO else "",
            "foreign_credit": money_text(-posting.foreign, places) if posting.foreign < ZERO else "",
        }

    def _accounts(self) -> list[Row]:
        balances, foreign = self.company.ledger.balances(), self.company.ledger.foreign_balances()
        return [
            {
                "internal_id": str(account.internal_id),
                "number": account.fields.get("acctNumber", ""),
                "name": account.fields["acctName"],
                "type": account.fields["acctType"].lstrip("_"),
                "balance": money_text(balances.get(account.internal_id, ZERO), BASE_PLACES),
                "balances": {
                    self.company.symbol(currency): money_text(amount, self.company.places(currency))
                    for (holder, currency), amount in sorted(foreign.items())
                    if holder == account.internal_id and amount
                },
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


def _day(fields: Row, name: str, script_id: str) -> str:
    """A day that a line keeps in one of two places; empty when in neither."""
    custom = {each["@scriptId"]: each["value"] for each in _custom_fields(fields) if "value" in each}
    found = fields.get(name) or custom.get(script_id)
    return as_date(found).isoformat() if found else ""


def _custom_fields(fields: Row) -> list[Row]:
    listed: list[Row] = (fields.get("customFieldList") or {}).get("customField", [])
    return listed


def _shown(value: Any) -> str:
    """The value of a custom field in words; of a record its internal id."""
    if isinstance(value, dict):
        return str(value.get("@internalId", ""))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _lines(record: Transaction, name: str) -> list[Row]:
    """The lines of a sublist that a transaction keeps in its fields."""
    lists = [each for each in record.fields.get(name, {}).values() if isinstance(each, list)]
    return lists[0] if lists else []


def _base(amount: Decimal) -> str:
    """Base currency money; an empty side of an entry is an empty text."""
    return money_text(amount, BASE_PLACES) if amount else ""


def _totals(trial: list[Row]) -> dict[str, str]:
    return {
        side: money_text(total(Decimal(row[side] or 0) for row in trial), BASE_PLACES)
        for side in ("debit", "credit")
    }
