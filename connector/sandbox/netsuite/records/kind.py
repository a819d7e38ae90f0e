"""What every record type has in common: which fields may be set, how a record is saved, shown and deleted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from ..ledger import Posting
from ..refusal import Refused, invalid_reference, may_not_set, permission_violation, please_enter, taken
from ..schema.model import Field, schema
from ..store import Record, Transaction
from ..values import Data

if TYPE_CHECKING:
    from ..company import Company

CUSTOM_KINDS = {
    "StringCustomFieldRef",
    "BooleanCustomFieldRef",
    "LongCustomFieldRef",
    "DoubleCustomFieldRef",
    "DateCustomFieldRef",
}
FIRST_IDS = {"account": 100, "entity": 500, "item": 900, "transaction": 2000}
"""Where the internal ids of a group start, apart from each other, so that mixing them up shows."""


@dataclass(slots=True)
class Writing:
    """One record being written: the fields that were sent, the preferences, and the warnings so far."""

    sent: Data
    ignore_read_only: bool = False
    warnings: list[str] = field(default_factory=list)


class RecordKind:
    """One record type. Subclasses are data and a few rules; one class a file."""

    name: ClassVar[str]
    wire: ClassVar[str]
    group: ClassVar[str]
    """The space in which external and internal ids are unique (netsuite.md 3.1)."""
    title: ClassVar[str]
    permission: ClassVar[str]
    writable: ClassVar[bool] = True
    plain: ClassVar[frozenset[str]] = frozenset()
    """Simple fields that may be set and are kept as they are."""
    references: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Reference fields that may be set -> the record types that they may refer to."""
    lists: ClassVar[Mapping[str, str]] = {}
    """Sublists that may be set -> the name of their line element."""
    create_only: ClassVar[frozenset[str]] = frozenset()
    lengths: ClassVar[Mapping[str, int]] = {}
    labels: ClassVar[Mapping[str, str]] = {}
    """Labels of fields on NetSuite's form, where they aren't the field's name in words."""
    custom_prefixes: ClassVar[tuple[str, ...]] = ()
    external_id_last: ClassVar[bool] = False
    """Whether a second record with one external id is refused for anything else first."""

    def __init__(self, company: "Company") -> None:
        self.company = company
        self.fields = {each.name: each for kind in schema().lineage(self.wire) for each in kind.fields}

    # -- what subclasses decide ------------------------------------------------------------------

    def display_name(self, record: Record) -> str:
        name: str = record.fields["name"]
        return name

    def required(self, fields: Data) -> list[str]:
        """Names of standard fields that must be filled, given what is filled already."""
        return []

    def build(self, old: Record | None, fields: Data, writing: Writing) -> Record:
        """The record to save, with all rules of its type checked; `fields` are all its fields."""
        raise TypeError(f"{self.name} is read-only")

    def saved(self, old: Record | None, new: Record, fields: Data) -> None:
        """Called inside the savepoint after the record was put; `fields` are all its fields and sublists."""

    def refuse_delete(self, record: Record) -> None:
        """Raise Refused when the record must stay."""

    def removed(self, record: Record) -> None:
        """Called inside the savepoint before the record goes."""

    def computed(self, record: Record) -> Data:
        """Fields that NetSuite works out; they are added to, and win over, the fields that were set."""
        return {}

    def postings(self, record: Transaction) -> list[Posting]:
        return []

    # -- writing ---------------------------------------------------------------------------------

    def add(self, writing: Writing) -> Record:
        """Save a new record, or raise Refused."""
        self._may_write()
        if writing.sent.get("@internalId"):
            raise Refused("INVALID_INTERNALID", "The specified internal id is not allowed.")
        external = self._external_id(writing.sent)
        if not self.external_id_last:
            self._refuse_taken(external)
        return self.save_new(external, self.screened(writing, None), writing)

    def save_new(self, external: str | None, fields: Data, writing: Writing | None = None) -> Record:
        """Check and save a new record from screened fields."""
        writing = writing or Writing(fields)
        self._check_required(fields)
        record = replace(self.build(None, fields, writing), external_id=external)
        is_taken = self._is_taken(external)
        self.company.store.put(record)
        self.saved(None, record, fields)
        if is_taken:
            raise taken()
        return record

    def update(self, old: Record, writing: Writing) -> Record:
        """Change a saved record, or raise Refused; only the fields that were sent change."""
        self._may_write()
        fields = self._merged(old, self.screened(writing, old), writing.sent)
        self._check_required(fields)
        record = replace(self.build(old, fields, writing), modified=self.company.now())
        external = writing.sent.get("@externalId")
        if external is not None and external.lower() != (old.external_id or "").lower():
            self._refuse_taken(external)
            record = replace(record, external_id=external or None)
        self.company.store.put(record)
        self.saved(old, record, fields)
        return record

    def delete(self, record: Record) -> None:
        """Delete a saved record, or raise Refused."""
        self._may_write()
        self.refuse_delete(record)
        self.removed(record)
        self.company.store.remove(record, self.display_name(record), self.company.now())

    def _may_write(self) -> None:
        if not self.writable:
            raise permission_violation(self.permission)

    def _external_id(self, sent: Data) -> str | None:
        external: str | None = sent.get("@externalId")
        if external and len(external) > 255:
            raise too_long("externalId", 255)
        return external or None

    def _is_taken(self, external: str | None) -> bool:
        return bool(external) and (self.group, str(external).lower()) in self.company.store.external_ids

    def _refuse_taken(self, external: str | None) -> None:
        if self._is_taken(external):
            raise taken()

    # -- screening what was sent -----------------------------------------------------------------

    def screened(self, writing: Writing, old: Record | None) -> Data:
        """The sent fields that may be set, references followed; R13 for others, R16 for too long ones."""
        kept: Data = {}
        for name, value in writing.sent.items():
            if name.startswith(("@", "$")) or name == "nullFieldList":
                continue
            if self._settable(name, value, old):
                self._check_length(name, value)
                self._keep(kept, name, value)
            elif not writing.ignore_read_only:
                raise may_not_set(name)
        return kept

    def _keep(self, kept: Data, name: str, value: object) -> None:
        """References are followed later, by `build`, because their message names the customer."""
        if name in self.references and isinstance(value, dict):
            if value.get("@internalId") is not None or value.get("@externalId") is not None:
                kept[name] = value
        elif name == "customFieldList" and isinstance(value, dict):
            kept[name] = self._screened_custom(value)
        else:
            kept[name] = value

    def _settable(self, name: str, value: object, old: Record | None) -> bool:
        if name == "customFieldList":
            return bool(self.custom_prefixes)
        if name not in self.plain and name not in self.references and name not in self.lists:
            return False
        return old is None or name not in self.create_only or self._same(name, value, old)

    def _same(self, name: str, value: object, old: Record) -> bool:
        """Whether a field that can't change any more is sent with the value that it has."""
        if not isinstance(value, dict):
            return value == old.fields.get(name)
        record = self.company.seek(self.references[name], value)
        known = self.computed(old).get(name) or old.fields.get(name) or {}
        return record is not None and str(record.internal_id) == known.get("@internalId")

    def _screened_custom(self, value: Data) -> Data:
        for each in value.get("customField", []):
            script = each.get("@scriptId") or ""
            known = each["$"] in CUSTOM_KINDS or each["$"] in (
                "SelectCustomFieldRef",
                "MultiSelectCustomFieldRef",
            )
            if not known or not script.startswith(self.custom_prefixes):
                raise may_not_set(script or each.get("@internalId") or "customField")
            if each["$"] == "StringCustomFieldRef" and len(each.get("value", "")) > 4000:
                raise too_long(script, 4000)
        return value

    def _check_length(self, name: str, value: object) -> None:
        longest = self.lengths.get(name)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            raise too_long(name, longest)

    # -- merging an update -----------------------------------------------------------------------

    def _merged(self, old: Record, changes: Data, sent: Data) -> Data:
        fields = dict(old.fields)
        for name, value in changes.items():
            if name == "customFieldList":
                fields[name] = _merge_custom(fields.get(name), value)
            elif name in self.lists:
                fields[name] = self.merge_list(name, self.stored_list(old, name), value)
            else:
                fields[name] = value
        for name in (sent.get("nullFieldList") or {}).get("name", []):
            if name not in self.fields:
                message = f"The specified name [{name}] must exactly match an existing field name."
                raise Refused("INVALID_FIELD_NAME_FOR_NULL", message)
            fields.pop(name, None)
        return {name: value for name, value in fields.items() if value not in ("", None)}

    def stored_list(self, old: Record, name: str) -> Data | None:
        """A sublist as it is now."""
        known: Data | None = old.fields.get(name)
        return known

    def merge_list(self, name: str, old: Data | None, new: Data) -> Data:
        """A sublist after an update; `replaceAll`, true unless said otherwise, drops the lines not sent."""
        element, key = self.lists[name], self.list_keys.get(name, "line")
        known = {line_key(line, key): line for line in (old or {}).get(element, [])}
        sent = [{**known.get(line_key(line, key), {}), **line} for line in new.get(element, [])]
        if new.get("@replaceAll", True):
            return {"$": new["$"], element: sent}
        fresh = {line_key(line, key): line for line in sent}
        kept = [fresh.pop(line_key(line, key), line) for line in known.values()]
        return {"$": new["$"], element: [*kept, *(line for line in sent if line_key(line, key) in fresh)]}

    list_keys: ClassVar[Mapping[str, str]] = {}
    """Sublist -> the fields that tell its lines apart (netsuite.md 3.7); "line" where not named."""

    # -- required fields and references ------------------------------------------------------------

    def label(self, name: str) -> str:
        known = self.labels.get(name)
        return known or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[0].upper() + name[1:])

    def _check_required(self, fields: Data) -> None:
        missing = [self.label(name) for name in self.required(fields) if fields.get(name) in (None, "")]
        for name, label in self.company.preferences.mandatory.get(self.name, {}).items():
            if fields.get(name) in (None, "") and label not in missing:
                missing.append(label)
        if missing:
            raise please_enter(missing)

    def follow(self, fields: Data, name: str, scope: str = "") -> Record | None:
        """The record that a reference field means; None when the field is empty."""
        reference = fields.get(name)
        if reference is None:
            return None
        return self.company.follow(self.references[name], reference, name, scope)

    def follow_all(self, fields: Data, scope: str = "") -> Data:
        """The fields with every reference checked and turned into an internal id."""
        settled = dict(fields)
        for name in self.references:
            record = self.follow(fields, name, scope)
            if record is not None:
                settled[name] = {"$": "RecordRef", "@internalId": str(record.internal_id)}
        return settled

    # -- showing -----------------------------------------------------------------------------------

    def show(self, record: Record, *, with_lists: bool = True) -> Data:
        """The record in wire form, as `get` answers it."""
        shown: Data = {
            "$": self.wire,
            "@internalId": str(record.internal_id),
            "@externalId": record.external_id,
        }
        for name, value in {**record.fields, **self.computed(record)}.items():
            known = self.fields.get(name)
            if known is not None and value is not None and (with_lists or not is_list(known)):
                shown[name] = self._named(name, value)
        return shown

    def _named(self, name: str, value: object) -> object:
        if name in self.references and isinstance(value, dict) and "name" not in value:
            record = self.company.seek(self.references[name], value)
            return None if record is None else self.company.refer(record.kind, record.internal_id)
        return value

    def stamp(self, old: Record | None) -> Data:
        """The identity of a new or changed record, for its constructor."""
        now = self.company.now()
        return {
            "kind": self.name,
            "group": self.group,
            "internal_id": old.internal_id if old else self._next_id(),
            "external_id": old.external_id if old else None,
            "created": old.created if old else now,
            "modified": now,
        }

    def _next_id(self) -> int:
        return FIRST_IDS.get(self.group, 0) + self.company.store.next(self.group)


def is_list(known: Field) -> bool:
    """Whether a field is a sublist, which a search leaves out unless asked.

    Custom fields are none, nor is a field in which several records are chosen.
    """
    return known.type.endswith("List") and known.type not in ("CustomFieldList", "RecordRefList")


def line_key(line: Data, key: str) -> str:
    """What tells a sublist's line apart: its key fields; a line without the first is like no other."""
    values = [line.get(name) for name in key.split()]
    if values[0] is None:
        return f"new {id(line)}"
    return " ".join(str(each.get("@internalId") if isinstance(each, dict) else each) for each in values)


def _merge_custom(old: Data | None, new: Data) -> Data:
    merged = {each["@scriptId"]: each for each in (old or {}).get("customField", [])}
    merged |= {each["@scriptId"]: each for each in new.get("customField", [])}
    return {"$": "CustomFieldList", "customField": list(merged.values())}


def too_long(name: str, longest: int) -> Refused:
    """R16."""
    limit = f"more than the maximum number ( {longest} ) of characters allowed."
    return Refused("EXCEEDED_MAX_FIELD_LENGTH", f"The field {name.lower()} contained {limit}")


def unknown_reference(name: str, reference: Data, scope: str = "") -> Refused:
    """R2 for a reference that is well-formed but not allowed here."""
    return invalid_reference(name, reference.get("@internalId") or reference.get("@externalId"), scope)
