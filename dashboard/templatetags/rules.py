"""What a rule's id stands for."""

from __future__ import annotations

from django import template

from connector.rulebook import RULES

register = template.Library()


@register.filter
def statement(rule_id: str) -> str:
    """The rule in a sentence or two; empty for an id that the rulebook no longer has."""
    rule = RULES.get(rule_id)
    return rule.statement if rule else ""
