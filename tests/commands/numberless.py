"""Books without NetSuite's numbers: what is written in another order gets others; no more differs."""

from __future__ import annotations

import re

NUMBERED = re.compile(r"^(\S+)  \d{4}-\d\d-\d\d  .*\n    external id  (\S+)$", re.MULTILINE)
HEADING = re.compile(r"^(.+\n-+)\n", re.MULTILINE)


def numberless(books: str) -> str:
    """The text with each transaction under its external id; paragraphs and their lines by the alphabet."""
    for number, external_id in sorted(NUMBERED.findall(books), key=lambda pair: -len(pair[0])):
        books = re.sub(rf"\b{re.escape(number)}\b", external_id, books)
    paragraphs = HEADING.sub(r"\1\n\n", books).split("\n\n")
    return "\n\n".join(sorted("\n".join(sorted(one.splitlines())) for one in paragraphs))
