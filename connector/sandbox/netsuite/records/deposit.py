"""Bank deposit (netsuite.md 4.8): takes funds out of Undeposited Funds into a bank account."""

from decimal import Decimal
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import (
    Refused,
    invalid_reference,
    may_not_set,
    negative_total,
    please_enter,
    too_many_lines,
)
from ..store import Record, Transaction
from ..values import ZERO, Data, total
from .applying import NOTHING_APPLIED
from .funds import Fund, funds_of, holder_of, release, take
from .kind import Writing
from .transaction import COMMON_REFERENCES, Head, TransactionKind

MOST_LINES = 10_000
"""How many payments a deposit holds (rule PO-10)."""
MONEY_LISTS = {"otherList": "depositOther", "cashBackList": "depositCashBack"}
LIST_WIRES = {"otherList": "DepositOtherList", "cashBackList": "DepositCashBackList"}
LINE_REFERENCES = {
    "account": ("account",),
    "entity": ("customer",),
    "paymentMethod": ("paymentMethod",),
    "department": ("department",),
    "class": ("classification",),
    "location": ("location",),
}


class DepositKind(TransactionKind):
    name = "deposit"
    wire = "Deposit"
    title = "Deposit"
    permission = "Transactions -> Make Deposit"
    party = ""
    prefix = "DEP"
    plain: ClassVar[frozenset[str]] = frozenset({"tranDate", "tranId", "memo", "exchangeRate"})
    references = {
        **{name: kinds for name, kinds in COMMON_REFERENCES.items() if name != "currency"},
        "account": ("account",),
    }
    lists = {"paymentList": "depositPayment", **MONEY_LISTS}
    list_keys = {"paymentList": "id lineId"}

    def required(self, fields: Data) -> list[str]:
        return ["account"]

    # -- the lines -----------------------------------------------------------------------------------------

    def _currency(self, old: Transaction | None, customer: Record | None, fields: Data, scope: str) -> int:
        """A deposit has the currency of its bank account."""
        bank = self.follow(fields, "account")
        if bank is None or bank.fields["acctType"] != "_bank":
            raise invalid_reference("account", fields["account"].get("@internalId"))
        currency = bank.fields.get("currency", {}).get("@internalId")
        return int(currency) if currency else self.company.base_currency

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        kept = dict(fields)
        payments = self._payments(head, fields, old)
        kept["paymentList"] = {"$": "DepositPaymentList", "depositPayment": payments}
        for name, element in MONEY_LISTS.items():
            lines = [self._line(head, each) for each in fields.get(name, {}).get(element, [])]
            kept[name] = {"$": LIST_WIRES[name], element: lines}
        others, backs = (_sum(kept[name][element]) for name, element in MONEY_LISTS.items())
        amount = total(each["paymentAmount"] for each in payments) + others - backs
        if not (payments or kept["otherList"]["depositOther"]):
            raise Refused("VALID_LINE_ITEM_REQD", NOTHING_APPLIED)
        if amount <= ZERO:
            raise negative_total()
        bank = int(fields["account"]["@internalId"])
        return Transaction(**head.identity(), fields=kept, total=amount, account=bank)

    def _payments(self, head: Head, fields: Data, old: Transaction | None) -> list[Data]:
        """The chosen lines, each another fund, which waits or is on this deposit already (D1)."""
        lines = fields.get("paymentList", {}).get("depositPayment", [])
        chosen = [each for each in lines if each.get("deposit", True)]
        if len(chosen) > MOST_LINES:
            raise too_many_lines(MOST_LINES)
        mine = old.internal_id if old else None
        taken: set[str] = set()
        shown = []
        for each in chosen:
            fund = self._fund(head, each)
            if fund is None or fund.key in taken or holder_of(self.company, fund) not in (None, mine):
                raise _not_to_deposit(each.get("id"))
            taken.add(fund.key)
            shown.append(self._payment(head, fund, each))
        return shown

    def _fund(self, head: Head, sent: Data) -> Fund | None:
        """The fund that a line means: `lineId` is needed where a journal entry has several."""
        company = self.company
        record = company.store.get("transaction", sent.get("id") or 0)
        if not isinstance(record, Transaction) or head.currency not in (
            record.currency,
            company.base_currency,
        ):
            return None
        line = sent.get("lineId")
        found = [fund for fund in funds_of(company, record) if line in (None, fund.line)]
        return found[0] if len(found) == 1 else None

    def _payment(self, head: Head, fund: Fund, sent: Data) -> Data:
        """A line as it is kept; only another currency than the bank's can arrive as another amount."""
        company, record = self.company, fund.record
        amount: Decimal | None = sent.get("paymentAmount")
        is_own = record.currency == head.currency
        worth = fund.amount if is_own else in_base(record, fund.amount)
        if amount not in (None, worth) and is_own:
            raise may_not_set("paymentAmount")
        head.check_decimals(amount)
        return {
            "$": "DepositPayment",
            "deposit": True,
            "id": record.internal_id,
            "lineId": fund.line or None,
            "docDate": record.day,
            "type": company.kinds[record.kind].title,
            "docNumber": record.number,
            "memo": record.fields.get("memo"),
            "entity": company.refer("customer", fund.entity),
            "currency": company.refer("currency", record.currency),
            "transactionAmount": fund.amount,
            "paymentAmount": worth if amount is None else amount,
        }

    def _line(self, head: Head, sent: Data) -> Data:
        """A positive amount on an account: money in on the other list, out on the cash back list (D3)."""
        line = {name: value for name, value in sent.items() if name not in LINE_REFERENCES}
        for name, kinds in LINE_REFERENCES.items():
            if sent.get(name):
                record = self.company.follow(kinds, sent[name], name)
                line[name] = self.company.refer(record.kind, record.internal_id)
        amount: Decimal | None = sent.get("amount")
        missing = [
            label for label, value in (("Amount", amount), ("Account", line.get("account"))) if not value
        ]
        if missing or amount is None:
            raise please_enter(missing)
        head.check_decimals(amount)
        if amount < ZERO:
            raise negative_total()
        return line

    # -- saving ----------------------------------------------------------------------------------------------

    def settle(self, record: Transaction, fields: Data, *, is_new: bool) -> None:
        release(self.company, record.internal_id)
        for fund in self._funds(record):
            take(self.company, fund, record.internal_id)

    def _funds(self, record: Transaction) -> list[Fund]:
        """What is on the deposit."""
        found = []
        for each in record.fields["paymentList"]["depositPayment"]:
            source = self.company.store.transaction(each["id"])
            known = {fund.line: fund for fund in funds_of(self.company, source)}
            found.append(known[each.get("lineId") or 0])
        return found

    def removed(self, record: Record) -> None:
        """Its funds wait in Undeposited Funds again."""
        super().removed(record)
        release(self.company, record.internal_id)

    def postings(self, record: Transaction) -> list[Posting]:
        """Money moves at the funds' own rates; another rate on the deposit is a realised difference."""
        if record.account is None:
            raise TypeError(f"deposit {record.internal_id} has no bank account")
        accounts = self.company.accounts
        moved = [(record.account, in_base(record, record.total), record.total)]
        for fund, line in zip(
            self._funds(record), record.fields["paymentList"]["depositPayment"], strict=True
        ):
            base = in_base(fund.record, fund.amount)
            moved.append((accounts["undeposited_funds_account"], -base, -line["paymentAmount"]))
        for name, sign in (("otherList", -1), ("cashBackList", 1)):
            for each in record.fields[name][MONEY_LISTS[name]]:
                own = sign * each["amount"]
                moved.append((int(each["account"]["@internalId"]), in_base(record, own), own))
        rest = total(base for _, base, _ in moved)
        return _by_account([*moved, (accounts["fx_account"], -rest, ZERO)])

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        shown = super().computed(record)
        del shown["status"], shown["currency"]
        return {**shown, "account": self.company.refer("account", held.account), "total": held.total}


def _by_account(moved: list[tuple[int, Decimal, Decimal]]) -> list[Posting]:
    """One posting an account, from (account, base currency, the deposit's currency)."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for account, base, own in moved:
        before = found.get(account, (ZERO, ZERO))
        found[account] = (before[0] + base, before[1] + own)
    return [Posting.of(account, base, own) for account, (base, own) in found.items() if base or own]


def _sum(lines: list[Data]) -> Decimal:
    return total(line["amount"] for line in lines)


def _not_to_deposit(key: object) -> Refused:
    """D1."""
    return Refused("USER_ERROR", f"Invalid id reference key {key}")
