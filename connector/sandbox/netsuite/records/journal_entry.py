"""Journal entry (netsuite.md 4.9)."""

from typing import ClassVar

from ..ledger import Posting, in_base
from ..refusal import Refused, may_not_set, please_enter, too_many_lines
from ..store import Record, Transaction
from ..values import ZERO, Data, total
from .applying import NOTHING_APPLIED
from .kind import Writing
from .money_account import check_currency
from .transaction import COMMON_REFERENCES, Head, TransactionKind

LINE_REFERENCES = {
    "account": ("account",),
    "entity": ("customer",),
    "department": ("department",),
    "class": ("classification",),
    "location": ("location",),
}
MOST_LINES = 1000
LINE_FIELDS = frozenset({"debit", "credit", "memo", "line", *LINE_REFERENCES})


class JournalEntryKind(TransactionKind):
    name = "journalEntry"
    wire = "JournalEntry"
    title = "Journal"
    permission = "Transactions -> Make Journal Entry"
    party = ""
    prefix = "JE"
    amount_field = "lineList"
    plain: ClassVar[frozenset[str]] = frozenset({"tranDate", "tranId", "memo", "exchangeRate", "approved"})
    references = COMMON_REFERENCES
    lists = {"lineList": "line"}

    def required(self, fields: Data) -> list[str]:
        return ["subsidiary"]

    def compose(self, head: Head, old: Transaction | None, fields: Data, writing: Writing) -> Transaction:
        sent = fields.get("lineList", {}).get("line", [])
        if len(sent) < 2:
            raise Refused("VALID_LINE_ITEM_REQD", NOTHING_APPLIED)
        if len(sent) > MOST_LINES:
            raise too_many_lines(MOST_LINES)
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
        self._check_account(line, head)
        if sent.get("memo"):
            line["memo"] = sent["memo"]
        return {**line, **self._amounts(sent, head)}

    def _check_account(self, line: Data, head: Head) -> None:
        """A line on receivables names its customer; a foreign bank takes only its own currency (M5)."""
        account = self.company.record("account", int(line["account"]["@internalId"]))
        if account.fields["acctType"] == "_accountsReceivable" and "entity" not in line:
            raise please_enter(["Name"])
        check_currency(self.company, account, head)

    def _amounts(self, sent: Data, head: Head) -> Data:
        debit, credit = sent.get("debit") or ZERO, sent.get("credit") or ZERO
        head.check_decimals(debit, credit)
        if min(debit, credit) < ZERO or (debit and credit):
            raise Refused("USER_ERROR", "A journal line has either a debit or a credit, and it is positive.")
        return {"debit": debit} if debit else {"credit": credit}

    def postings(self, record: Transaction) -> list[Posting]:
        """One posting a line, none before approval; the last takes the cents that rounding leaves."""
        if not record.fields.get("approved", True):
            return []
        posted: list[Posting] = []
        for line in record.fields["lineList"]["line"]:
            own = line.get("debit", ZERO) - line.get("credit", ZERO)
            posted.append(Posting.of(int(line["account"]["@internalId"]), in_base(record, own), own))
        rest = total(each.amount for each in posted)
        last = posted[-1]
        posted[-1] = Posting.of(last.account, last.amount - rest, last.foreign)
        return [each for each in posted if each.amount]

    def computed(self, record: Record) -> Data:
        shown = super().computed(record)
        del shown["status"], shown["currencyName"]
        return {**shown, "approved": record.fields.get("approved", True)}
