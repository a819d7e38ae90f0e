"""The words of the catalogue on a page."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

COMMAND = re.compile("`([^`]+)`")


@register.filter
def typed(text: str) -> SafeString:
    """The text, with each command that it names between backticks set as what is typed."""
    return mark_safe(COMMAND.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped before
