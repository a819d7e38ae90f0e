"""Who may press what."""

from __future__ import annotations

from django import template

from dashboard import access

register = template.Library()


@register.simple_tag
def who_can(permission: str) -> str:
    """The roles that may, as a sentence: `{% who_can "connector.resolve_job" %}` beside a greyed button."""
    return access.who_can(permission)
