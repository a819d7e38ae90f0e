"""Journal entry (netsuite.md 4.9)."""

from decimal import Decimal
from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, may_not_set, please_enter
from ..store import Record, Transaction
from ..values import ZERO, Data, total
from .kind import Writing
from .transaction import COMMON_REFERENCES, Head, TransactionKind

LINE_REFERENCES = {
    "account": ("account",),
    "entity": ("customer",),
    "department": ("department",),
    "class": ("classification",),
    "location": ("location",),
}
LINE_FIELDS = frozenset({"debit", "credit", "memo", "line", *LINE_REFERENCES})


class JournalEntryKind(TransactionKind):
    name = "journalEntry"
    wire = "JournalEntry"
    title = "Journal"
    permission = "Transactions -> Make Journal Entry"
    party = ""
    prefix = "JE"
    plain: ClassVar[frozenset[str]] = frozenset({"tranDate", "tranId", "memo", "exchangeRate", "approved"})
    references = COMMON_REFERENCES
    lists = {"lineList": "line"}

    def required(self, fields: Data) -> list[str]:
        return ["subsidiary"]

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        sent = fields.get("lineList", {}).get("line", [])
        if len(sent) < 2:
            message = "You must have at least one valid line item for this transaction."
            raise Refused("VALID_LINE_ITEM_REQD", message)
        lines = [self._line(number, line, head) for number, line in enumerate(sent, 1)]
        debits = total(line.get("debit", ZERO) for line in lines)
        if debits != total(line.get("credit", ZERO) for line in lines):
            raise Refused("JE_AMOUNTS_MUST_BALANCE", "The amounts in a journal entry must balance")
        kept = {**fields, "lineList": {"$": "JournalEntryLineList", "line": lines}}
        return Transaction(**head.identity(), fields=kept, total=debits, account=None)

    def _line(self, number: int, sent: Data, head: Head) -> Data:
        line: Data = {"$": "JournalEntryLine", "line": sent.get("line") or number}
        for name, value in sent.items():
            if name[0] not in "$@" and name not in LINE_FIELDS:
                raise may_not_set(f"line.{name}")
            if name in LINE_REFERENCES and value:
                record = self.company.follow(LINE_REFERENCES[name], value, name)
                line[name] = self.company.refer(record.kind, record.internal_id)
        if "account" not in line:
            raise please_enter(["Account"])
        if sent.get("memo"):
            line["memo"] = sent["memo"]
        return {**line, **self._amounts(sent, head)}

    def _amounts(self, sent: Data, head: Head) -> Data:
        debit, credit = sent.get("debit") or ZERO, sent.get("credit") or ZERO
        head.check_decimals(debit, credit)
        if min(debit, credit) < ZERO or (debit and credit):
            raise Refused("USER_ERROR", "A journal line has either a debit or a credit, and it is positive.")
        return {"debit": debit} if debit else {"credit": credit}

    def postings(self, record: Transaction) -> list[Posting]:
        amounts: list[tuple[int, Decimal]] = []
        for line in record.fields["lineList"]["line"]:
            amount = in_base(record, line.get("debit", ZERO)) - in_base(record, line.get("credit", ZERO))
            amounts.append((int(line["account"]["@internalId"]), amount))
        rest = total(amount for _, amount in amounts)
        if rest:
            account, amount = amounts[-1]
            amounts[-1] = (account, amount - rest)
        return [Posting.of(account, amount) for account, amount in amounts if amount]

    def computed(self, record: Record) -> Data:
        shown = super().computed(record)
        del shown["status"], shown["currencyName"]
        return {**shown, "approved": record.fields.get("approved", True)}
