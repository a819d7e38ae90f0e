"""Accounting period (netsuite.md 3.5): one for each month, which a person closes and opens."""

from typing import ClassVar

from ..store import Record
from ..values import Data
from .kind import RecordKind, Writing


class AccountingPeriodKind(RecordKind):
    name = "accountingPeriod"
    wire = "AccountingPeriod"
    group = "accountingPeriod"
    title = "Accounting Period"
    permission = "Setup -> Manage Accounting Periods"
    writable: ClassVar[bool] = False

    def display_name(self, record: Record) -> str:
        name: str = record.fields["periodName"]
        return name

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        return Record(**self.stamp(old), fields=fields)

    def show(self, record: Record, *, with_lists: bool = True) -> Data:
        shown = super().show(record, with_lists=with_lists)
        del shown["@externalId"]
        return shown

    def computed(self, record: Record) -> Data:
        closed = record.fields["closed"]
        return {
            "isAdjust": False,
            "isQuarter": False,
            "isYear": False,
            "arLocked": closed,
            "apLocked": closed,
            "allLocked": closed,
        }
