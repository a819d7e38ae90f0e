"""Bank deposit (netsuite.md 4.8): takes payments out of Undeposited Funds into a bank account."""

from decimal import Decimal
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, invalid_reference, negative_total, please_enter
from ..store import Record, Transaction
from ..values import ZERO, Data, total
from .kind import Writing
from .transaction import COMMON_REFERENCES, Head, TransactionKind

PAYMENTS = ("customerPayment", "customerRefund")
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
    list_keys = {"paymentList": "id"}

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
            message = "You must have at least one valid line item for this transaction."
            raise Refused("VALID_LINE_ITEM_REQD", message)
        if amount <= ZERO:
            raise negative_total()
        bank = int(fields["account"]["@internalId"])
        return Transaction(**head.identity(), fields=kept, total=amount, account=bank)

    def _payments(self, head: Head, fields: Data, old: Transaction | None) -> list[Data]:
        lines = fields.get("paymentList", {}).get("depositPayment", [])
        chosen = [each for each in lines if each.get("deposit", True)]
        if len({each.get("id") for each in chosen}) != len(chosen):
            raise _not_to_deposit(chosen[0].get("id"))
        return [self._payment(head, each, old) for each in chosen]

    def _payment(self, head: Head, sent: Data, old: Transaction | None) -> Data:
        """A payment or refund that waits in Undeposited Funds (D1)."""
        store, company = self.company.store, self.company
        record = store.get("transaction", sent.get("id") or 0)
        if not isinstance(record, Transaction) or record.kind not in PAYMENTS or record.voided:
            raise _not_to_deposit(sent.get("id"))
        holder = store.find_name("deposited", str(record.internal_id))
        waiting = record.account == company.accounts["undeposited_funds_account"]
        fits = head.currency in (record.currency, company.base_currency)
        if not (waiting and fits) or holder not in (None, old.internal_id if old else None):
            raise _not_to_deposit(sent.get("id"))
        sign = 1 if record.kind == "customerPayment" else -1
        own = record.total if record.currency == head.currency else in_base(record, record.total)
        return {
            "$": "DepositPayment",
            "deposit": True,
            "id": record.internal_id,
            "docDate": record.day,
            "type": company.kinds[record.kind].title,
            "docNumber": record.number,
            "entity": company.refer("customer", record.entity),
            "currency": company.refer("currency", record.currency),
            "transactionAmount": sign * record.total,
            "paymentAmount": sign * own,
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
        self._release(record.internal_id)
        for each in record.fields["paymentList"]["depositPayment"]:
            self.company.store.take_name("deposited", str(each["id"]), record.internal_id)

    def _release(self, deposit: int) -> None:
        names = self.company.store.names
        for key in [key for (space, key), owner in names.items() if (space, owner) == ("deposited", deposit)]:
            self.company.store.take_name("deposited", key, None)

    def removed(self, record: Record) -> None:
        """Its payments are Not Deposited again."""
        super().removed(record)
        self._release(record.internal_id)

    def postings(self, record: Transaction) -> list[Posting]:
        """Money moves at the payments' own rates; another rate on the deposit is a realised difference."""
        if record.account is None:
            raise TypeError(f"deposit {record.internal_id} has no bank account")
        undeposited = self.company.accounts["undeposited_funds_account"]
        found = {record.account: in_base(record, record.total)}
        for each in record.fields["paymentList"]["depositPayment"]:
            payment = self.company.store.transaction(each["id"])
            sign = 1 if each["paymentAmount"] > ZERO else -1
            found[undeposited] = found.get(undeposited, ZERO) - sign * in_base(payment, payment.total)
        for name, sign in (("otherList", -1), ("cashBackList", 1)):
            for line in record.fields[name][MONEY_LISTS[name]]:
                account = int(line["account"]["@internalId"])
                found[account] = found.get(account, ZERO) + sign * in_base(record, line["amount"])
        rest = total(found.values())
        difference = self.company.accounts["fx_account"]
        found[difference] = found.get(difference, ZERO) - rest
        return [Posting.of(account, amount) for account, amount in found.items() if amount]

    def computed(self, record: Record) -> Data:
        held = self.company.store.transaction(record.internal_id)
        shown = super().computed(record)
        del shown["status"], shown["currency"]
        return {**shown, "account": self.company.refer("account", held.account), "total": held.total}


def _sum(lines: list[Data]) -> Decimal:
    return total(line["amount"] for line in lines)


def _not_to_deposit(key: object) -> Refused:
    """D1."""
    return Refused("USER_ERROR", f"Invalid id reference key {key}")
