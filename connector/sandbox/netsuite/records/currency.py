"""Currency (netsuite.md 4.12): read with getAll or get; the practice company's list is fixed."""

from typing import ClassVar

from .. import chart
from ..store import Record
from ..values import Data
from .kind import RecordKind, Writing

PRECISIONS = {0: "_zero", 2: "_two"}
"""Decimal places -> the schema's enumeration, which has no word for three."""


class CurrencyKind(RecordKind):
    name = "currency"
    wire = "Currency"
    group = "currency"
    title = "Currency"
    permission = "Lists -> Currency"
    writable: ClassVar[bool] = False

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        return Record(**self.stamp(old), fields=fields)

    def computed(self, record: Record) -> Data:
        return {
            "isBaseCurrency": record.fields["symbol"] == chart.BASE,
            "isInactive": False,
            "currencyPrecision": PRECISIONS.get(record.fields["places"]),
        }
