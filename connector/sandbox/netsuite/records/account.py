"""Ledger account (netsuite.md 4.12)."""

from typing import ClassVar

from ..refusal import Refused, taken
from ..store import Record, Transaction
from ..values import Data
from .kind import RecordKind, Writing

ITEM_ACCOUNTS = ("incomeAccount", "deferredRevenueAccount", "account")


class AccountKind(RecordKind):
    name = "account"
    wire = "Account"
    group = "account"
    title = "Account"
    permission = "Lists -> Accounts"
    plain: ClassVar[frozenset[str]] = frozenset(
        {"acctType", "acctNumber", "acctName", "description", "isInactive"}
        | {"includeChildren", "subsidiaryList"}
    )
    references = {"currency": ("currency",)}
    create_only: ClassVar[frozenset[str]] = frozenset({"acctType", "currency"})
    lengths = {"acctNumber": 60, "acctName": 83}
    labels = {"acctName": "Name", "acctType": "Type"}

    def display_name(self, record: Record) -> str:
        return f"{record.fields.get('acctNumber', '')} {record.fields['acctName']}".strip()

    def required(self, fields: Data) -> list[str]:
        return ["acctName", "acctType"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        store, stamp = self.company.store, self.stamp(old)
        number = fields.get("acctNumber")
        if number is not None:
            if store.find_name("account", number) not in (None, stamp["internal_id"]):
                raise taken()
            store.take_name("account", number, stamp["internal_id"])
        return Record(**stamp, fields=self.follow_all(fields))

    def computed(self, record: Record) -> Data:
        return {"isInactive": bool(record.fields.get("isInactive"))}

    def refuse_delete(self, record: Record) -> None:
        if self._in_use(record.internal_id):
            message = "This account cannot be deleted because it has associated transactions."
            raise Refused("CANT_DELETE_ACCT", message)

    def removed(self, record: Record) -> None:
        if "acctNumber" in record.fields:
            self.company.store.take_name("account", record.fields["acctNumber"], None)

    def _in_use(self, account: int) -> bool:
        if account in self.company.accounts.values() or account in self.company.banks.values():
            return True
        for item in self.company.store.of_group("item"):
            if any(item.fields.get(name, {}).get("@internalId") == str(account) for name in ITEM_ACCOUNTS):
                return True
        return any(
            account in (record.account, record.receivables)
            or any(line.account == account for line in record.lines)
            or any(each.account == account for each in self.company.ledger.postings(record))
            for record in self.company.store.of_group("transaction")
            if isinstance(record, Transaction)
        )
