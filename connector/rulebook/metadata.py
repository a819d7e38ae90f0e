"""Metadata and fields: what people can say in Stripe about a single object, and about all of a kind."""

from __future__ import annotations

from connector.rulebook import reasons
from connector.rulebook.rule import Rule
from connector.rulebook.sources import docs

AREA = "metadata"

RULES = (
    Rule(
        "ME-1",
        AREA,
        "A metadata key that names a NetSuite record links it, and nothing is made in its place; "
        "it has to be there when the object comes over.",
        docs("payment application"),
    ),
    Rule("ME-2", AREA, "A key that names a record which NetSuite lacks needs a person.", docs("errors")),
    Rule(
        "FM-1",
        AREA,
        "Fixed values and values from Stripe can be written into fields of each kind of record.",
        docs("field mappings"),
        setting="field_defaults field_mappings",
    ),
    Rule(
        "FM-2",
        AREA,
        "A field that ends in _id names a record, one that ends in _date a moment; class is spelled klass.",
        docs("field mappings"),
        setting="field_defaults field_mappings",
    ),
    Rule(
        "FM-3",
        AREA,
        "A value from Stripe goes before a fixed one, both before ours; an empty one clears it.",
        docs("field mappings"),
        setting="field_defaults field_mappings",
    ),
    Rule(
        "FM-4",
        AREA,
        "NetSuite does not say whether a missing field is in the header or on a line; try both.",
        docs("field mappings"),
        why_not=reasons.FACT,
    ),
)
