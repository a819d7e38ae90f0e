"""Reads the type tables and answers questions about them: a type's fields, its namespace, its bases.

The notation of a table, one type after the other:

    Name(Base) abstract @attribute:type=default
        field:Type required:Type! repeated:Type* withDefault:Type=value ^globalElement

A field is optional unless marked `!`; `Name=string` is text with attributes.
"""

import re
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from . import (
    lists_accounting,
    lists_accounting_types,
    lists_relationship_types,
    lists_relationships,
    platform_common,
    platform_common_types,
    platform_core,
    platform_core_types,
    platform_fault_types,
    platform_faults,
    platform_messages,
    transactions_bank,
    transactions_customer_types,
    transactions_customers,
    transactions_general,
    transactions_sale_types,
    transactions_sales,
)

MODULES: tuple[ModuleType, ...] = (
    platform_core,
    platform_core_types,
    platform_faults,
    platform_fault_types,
    platform_messages,
    platform_common,
    platform_common_types,
    lists_relationships,
    lists_relationship_types,
    lists_accounting,
    lists_accounting_types,
    transactions_sales,
    transactions_sale_types,
    transactions_customers,
    transactions_customer_types,
    transactions_bank,
    transactions_general,
)
PREFIXES = {
    "platform_core": "platformCore",
    "platform_core_types": "platformCoreTyp",
    "platform_faults": "platformFaults",
    "platform_fault_types": "platformFaultsTyp",
    "platform_messages": "platformMsgs",
    "platform_common": "platformCommon",
    "platform_common_types": "platformCommonTyp",
    "lists_relationships": "listRel",
    "lists_relationship_types": "listRelTyp",
    "lists_accounting": "listAcct",
    "lists_accounting_types": "listAcctTyp",
    "transactions_sales": "tranSales",
    "transactions_sale_types": "tranSalesTyp",
    "transactions_customers": "tranCust",
    "transactions_customer_types": "tranCustTyp",
    "transactions_bank": "tranBank",
    "transactions_general": "tranGeneral",
}
"""Module of tables -> the prefix that NetSuite customarily gives its namespace."""
BUILT_IN = frozenset({"string", "boolean", "double", "long", "int", "dateTime"})
TOKEN = re.compile(r"(?P<name>\^?@?\w+):?(?P<type>\w+)?(?P<many>\*)?(?P<required>!)?(?:=(?P<default>\S+))?")
HEAD = re.compile(
    r"(?P<name>\w+)(?:\((?P<base>\w+)\))?(?P<text>=string)?(?P<abstract> abstract)?(?P<rest>.*)"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a type; `reference` means that it is a global element of its own namespace."""

    name: str
    type: str
    many: bool = False
    required: bool = False
    default: str | None = None
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a type."""

    name: str
    type: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class ComplexType:
    """A type with its own fields (without those of its base), in the order in which they are sent."""

    name: str
    module: str
    base: str | None
    abstract: bool
    text: bool
    attributes: tuple[Attribute, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables together; type names are unique across the namespaces."""

    types: dict[str, ComplexType]
    enums: dict[str, tuple[str, ...]]
    elements: dict[str, str]
    homes: dict[str, str]
    element_homes: dict[str, str]

    def lineage(self, name: str) -> tuple[ComplexType, ...]:
        """The type and its bases, the most basic first."""
        found: list[ComplexType] = []
        current: str | None = name
        while current is not None:
            found.insert(0, self.types[current])
            current = self.types[current].base
        return tuple(found)

    def is_a(self, name: str, base: str) -> bool:
        return name in self.types and any(kind.name == base for kind in self.lineage(name))


def _short(module: ModuleType) -> str:
    return str(module.__name__).rpartition(".")[2]


def _groups(text: str) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith(" "):
            groups[-1][1].extend(line.split())
        else:
            groups.append((line, []))
    return groups


def _parts(token: str) -> re.Match[str]:
    match = TOKEN.fullmatch(token)
    if match is None:
        raise ValueError(f"unreadable field in a type table: {token!r}")
    return match


def _attribute(token: str) -> Attribute:
    part = _parts(token)
    return Attribute(part["name"][1:], part["type"], part["required"] is not None, part["default"])


def _field(token: str, elements: dict[str, str]) -> Field:
    part = _parts(token)
    reference = part["name"].startswith("^")
    name = part["name"].lstrip("^")
    kind = elements[name] if reference else part["type"]
    return Field(
        name, kind, part["many"] is not None, part["required"] is not None, part["default"], reference
    )


def _complex(head: str, tokens: list[str], module: str, elements: dict[str, str]) -> ComplexType:
    part = HEAD.fullmatch(head)
    if part is None:
        raise ValueError(f"unreadable type in a type table: {head!r}")
    attributes = tuple(_attribute(token) for token in part["rest"].split())
    fields = tuple(_field(token, elements) for token in tokens)
    return ComplexType(
        part["name"], module, part["base"], bool(part["abstract"]), bool(part["text"]), attributes, fields
    )


@cache
def schema() -> Schema:
    """The tables of every module, read once."""
    elements: dict[str, str] = {}
    element_homes: dict[str, str] = {}
    for module in MODULES:
        for token in module.ELEMENTS.split():
            name, _, kind = token.partition(":")
            elements[name] = kind
            element_homes[name] = _short(module)
    types: dict[str, ComplexType] = {}
    enums: dict[str, tuple[str, ...]] = {}
    homes: dict[str, str] = {}
    for module in MODULES:
        for head, tokens in _groups(module.TYPES):
            kind_ = _complex(head, tokens, _short(module), elements)
            types[kind_.name] = kind_
            homes[kind_.name] = kind_.module
        for name, values in _groups(module.ENUMS):
            enums[name] = tuple(values)
            homes[name] = _short(module)
    return Schema(types, enums, elements, homes, element_homes)


class Dialect:
    """The tables with the namespaces of one endpoint version, such as 2025_2."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.schema = schema()
        self.namespaces: dict[str, str] = {
            _short(m): m.NAMESPACE.replace("{version}", version) for m in MODULES
        }
        self._fields: dict[str, tuple[tuple[str, Field], ...]] = {}

    def element(self, name: str) -> str:
        """The qualified name of a global element, in lxml's notation."""
        return f"{{{self.namespaces[self.schema.element_homes[name]]}}}{name}"

    def fields(self, name: str) -> tuple[tuple[str, Field], ...]:
        """Every field of a type, bases first, each with its qualified element name."""
        known = self._fields.get(name)
        if known is None:
            known = tuple(
                (self._tag(kind, field), field) for kind in self.schema.lineage(name) for field in kind.fields
            )
            self._fields[name] = known
        return known

    def attributes(self, name: str) -> tuple[Attribute, ...]:
        return tuple(a for kind in self.schema.lineage(name) for a in kind.attributes)

    def _tag(self, kind: ComplexType, field: Field) -> str:
        if field.reference:
            return self.element(field.name)
        return f"{{{self.namespaces[kind.module]}}}{field.name}"


@cache
def dialect(version: str) -> Dialect:
    """The dialect of an endpoint version; made once per version."""
    return Dialect(version)
