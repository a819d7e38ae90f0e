"""Words: finding text in the title and customer of jobs among millions, by the words that it begins with.

PostgreSQL keeps an index of the words of each job (migration 0020). It needs no extension, which not
every database may install, and so finds words by their beginning alone.
"""

from __future__ import annotations

import string

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, TextField, Value

MARKS = string.punctuation + "\t\r\n"
"""What separates words, as the function of the migration has it; letters of other scripts do not."""
_SPACES = str.maketrans(MARKS, " " * len(MARKS))


def saying(text: str) -> Q:
    """Jobs whose title or customer says `text`, beginning at the beginning of a word.

    `inv-10` finds `Invoice INV-1042`, as do `invoice inv` and `1042`; `voice` does not. On SQLite, which
    has no such index, it does.
    """
    said = Q(title__icontains=text) | Q(customer_name__icontains=text)
    if connection.vendor != "postgresql":
        return said
    words = [word for word in text.translate(_SPACES).split(" ") if word]
    return said & Q(_Begin(words)) if words else Q(pk=None)


class _Begin(Func):
    """Whether a job has these words, the last of them perhaps in part."""

    template = "%(expressions)s"
    arg_joiner = " @@ "

    def __init__(self, words: list[str]) -> None:
        query = " & ".join(f"'{word}'" for word in words) + ":*"
        super().__init__(
            Func(F("title"), F("customer_name"), function="connector_words", output_field=TextField()),
            Func(Value(query), template="lower(%(expressions)s)::tsquery", output_field=TextField()),
            output_field=BooleanField(),
        )
