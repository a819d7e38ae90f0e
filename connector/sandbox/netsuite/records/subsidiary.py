"""Subsidiary (netsuite.md 4.12): the practice company starts with one, the parent company.

A person may add more, to hold bank accounts; all that is sold stays with the parent company.
"""

from collections.abc import Mapping
from typing import ClassVar

from ..store import Record
from ..values import Data
from .kind import RecordKind, Writing


class SubsidiaryKind(RecordKind):
    name = "subsidiary"
    wire = "Subsidiary"
    group = "subsidiary"
    title = "Subsidiary"
    permission = "Lists -> Subsidiaries"
    writable: ClassVar[bool] = False
    references: ClassVar[Mapping[str, tuple[str, ...]]] = {"parent": ("subsidiary",)}

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        return Record(**self.stamp(old), fields=fields)

    def computed(self, record: Record) -> Data:
        return {
            "isInactive": False,
            "isElimination": False,
            "country": "_unitedStates",
            "currency": self.company.refer("currency", self.company.base_currency),
        }
