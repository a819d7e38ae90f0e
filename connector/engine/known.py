"""What we know of NetSuite: the map from external id to internal id, kept in MappedRecord."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from connector.models import MappedRecord, NetSuiteAccount
from connector.netsuite.records import RefType

REF_TYPES: dict[str, RefType] = {
    "customer": "customer",
    "serviceSaleItem": "item",
    "nonInventorySaleItem": "item",
    "otherChargeSaleItem": "item",
    "discountItem": "item",
    "item": "item",
    "invoice": "invoice",
    "customerPayment": "customerPayment",
    "customerDeposit": "customerDeposit",
    "creditMemo": "creditMemo",
    "customerRefund": "customerRefund",
    "deposit": "deposit",
    "journalEntry": "journalEntry",
    "cashSale": "cashSale",
    "cashRefund": "cashRefund",
}
"""How a link names a record of this type. A linked item may be of any item type, so its row says `item`."""

Known = dict[tuple[str, str], str]
"""Internal ids by (link type, external id)."""


def internal_ids(account: NetSuiteAccount, keys: Iterable[str]) -> Known:
    """Of these external ids, those whose record is certainly in NetSuite."""
    rows = MappedRecord.objects.filter(
        netsuite_account=account, external_id__in=set(keys), state=MappedRecord.State.MAPPED
    )
    found = rows.values_list("record_type", "external_id", "internal_id")
    return {(REF_TYPES[record_type], key): internal_id for record_type, key, internal_id in found}


def naming(rows: QuerySet[MappedRecord], column: str, word: str) -> QuerySet[MappedRecord]:
    """Those whose list in `column` (`rules`, `applied_to`) names the word. SQLite cannot look into lists."""
    as_text = rows.annotate(**{f"{column}_text": Cast(column, TextField())})
    return as_text.filter(**{f"{column}_text__contains": f'"{word}"'})
