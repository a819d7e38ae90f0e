"""NetSuite's wire types as tables: which types exist, their fields in order, and their namespaces."""

from .model import Attribute, ComplexType, Dialect, Field, dialect, schema

__all__ = ["Attribute", "ComplexType", "Dialect", "Field", "dialect", "schema"]
