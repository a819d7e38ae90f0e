"""Plain list records: a name and little else (payment methods, departments, classes, locations)."""

from typing import ClassVar

from ..refusal import taken
from ..store import Record
from ..values import Data
from .kind import RecordKind, Writing


class ListedKind(RecordKind):
    """A record with a unique name that others refer to."""

    plain: ClassVar[frozenset[str]] = frozenset({"name", "isInactive"})
    lengths = {"name": 83}

    def required(self, fields: Data) -> list[str]:
        return ["name"]

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        stamp = self.stamp(old)
        self.take_unique_name(old, fields["name"], stamp["internal_id"])
        return Record(**stamp, fields=self.follow_all(fields))

    def take_unique_name(self, old: Record | None, name: str, internal_id: int) -> None:
        """Hold the name for this record; refused when another record of the type has it."""
        holder = self.company.store.find_name(self.name, name)
        if holder is not None and holder != internal_id:
            raise taken()
        if old is not None:
            self.company.store.take_name(self.name, self.display_name(old), None)
        self.company.store.take_name(self.name, name, internal_id)

    def removed(self, record: Record) -> None:
        self.company.store.take_name(self.name, self.display_name(record), None)

    def computed(self, record: Record) -> Data:
        return {"isInactive": bool(record.fields.get("isInactive"))}
