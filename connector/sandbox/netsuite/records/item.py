"""Items for sale (netsuite.md 4.11): what a service, non-inventory or other charge item has in common."""

from typing import ClassVar

from ..refusal import Refused
from ..store import Record, Transaction
from ..values import Data, names
from .customer import in_use
from .kind import RecordKind, Writing, unknown_reference

NAME_TAKEN = "Uniqueness error - there is already an item with that name or name/parent combination."
NOT_FOR_INCOME = frozenset(
    {"_accountsReceivable", "_accountsPayable", "_bank", "_nonPosting", "_statistical"}
)
ITEM_KINDS = ("serviceSaleItem", "nonInventorySaleItem", "otherChargeSaleItem", "discountItem")


class ItemKind(RecordKind):
    """An item whose lines post to its income account, or to its deferred revenue account when it has one."""

    group = "item"
    permission = "Lists -> Items"
    plain: ClassVar[frozenset[str]] = names(
        "itemId displayName salesDescription upcCode isInactive includeChildren isFulfillable isOnline"
        " availableToPartners revenueRecognitionRule billingSchedule createRevenuePlansOn"
        " customForm issueProduct saleUnit taxSchedule unitsType"
    )
    """A revenue recognition rule is no record of SOAP, so nothing can be looked up behind its id; nor are
    the lists kept here to which the last words refer."""
    references = {
        "incomeAccount": ("account",),
        "deferredRevenueAccount": ("account",),
        "department": ("department",),
        "class": ("classification",),
        "location": ("location",),
    }
    lists = {"subsidiaryList": "recordRef"}
    lengths = {"itemId": 60, "displayName": 60, "salesDescription": 4000}
    labels = {"itemId": "Item Name/Number", "incomeAccount": "Income Account"}
    custom_prefixes = ("custitem",)
    account_fields: ClassVar[tuple[str, ...]] = ("incomeAccount", "deferredRevenueAccount")

    def display_name(self, record: Record) -> str:
        name: str = record.fields["itemId"]
        return name

    def required(self, fields: Data) -> list[str]:
        return ["itemId"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        stamp = self.stamp(old)
        settled = self.follow_all(fields)
        self._check_accounts(settled)
        self._settle_subsidiaries(settled)
        self._take_name(old, settled["itemId"], stamp["internal_id"])
        return Record(**stamp, fields=settled)

    def _check_accounts(self, fields: Data) -> None:
        for name in self.account_fields:
            if name in fields:
                account = self.company.record("account", int(fields[name]["@internalId"]))
                if account.fields["acctType"] in NOT_FOR_INCOME:
                    raise unknown_reference(name, fields[name])

    def _settle_subsidiaries(self, fields: Data) -> None:
        given = fields.get("subsidiaryList", {}).get("recordRef", [])
        for reference in given:
            self.company.follow(("subsidiary",), reference, "subsidiary")
        refer = {"$": "RecordRef", "@internalId": str(self.company.subsidiary)}
        fields["subsidiaryList"] = {"$": "RecordRefList", "recordRef": [refer]}

    def _take_name(self, old: Record | None, name: str, internal_id: int) -> None:
        store = self.company.store
        if store.find_name("item", name) not in (None, internal_id):
            raise Refused("DUP_ITEM", NAME_TAKEN)
        if old is not None:
            store.take_name("item", old.fields["itemId"], None)
        store.take_name("item", name, internal_id)

    def computed(self, record: Record) -> Data:
        parent = self.company.refer("subsidiary", self.company.subsidiary)
        return {
            "createdDate": record.created,
            "lastModifiedDate": record.modified,
            "isInactive": bool(record.fields.get("isInactive")),
            "includeChildren": bool(record.fields.get("includeChildren")),
            "subsidiaryList": {"$": "RecordRefList", "recordRef": [parent]},
        }

    def refuse_delete(self, record: Record) -> None:
        used = any(
            line.item == record.internal_id
            for each in self.company.store.of_group("transaction")
            if isinstance(each, Transaction)
            for line in each.lines
        )
        if used:
            raise in_use()

    def removed(self, record: Record) -> None:
        self.company.store.take_name("item", record.fields["itemId"], None)


def posting_account(item: Record) -> int | None:
    """The ledger account that a line of this item posts to; None when the item has none."""
    for name in ("deferredRevenueAccount", "incomeAccount", "account"):
        if name in item.fields:
            return int(item.fields[name]["@internalId"])
    return None
