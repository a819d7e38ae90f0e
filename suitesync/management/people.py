"""What Django's own commands do to people is written down too, with who sat at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from connector.engine import audit
from connector.management.person import person
from connector.models.audit import Verb


@contextmanager
def written_down() -> Iterator[None]:
    """Have each save of a person leave an entry, in one transaction with it.

    The commands ask at the keyboard and save in one breath, so it is the saving that is wrapped: a
    transaction around all of it would lock the database while somebody thinks of a password.
    """
    save = User.save

    def save_and_tell(self: User, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        with transaction.atomic():
            save(self, *args, **kwargs)
            made = {"username": self.username, "email": self.email, "is_superuser": self.is_superuser}
            after = made if is_new else {"password": "replaced"}
            audit.record(person(), Verb.CHANGE_PERSON, subject=f"user {self.username}", after=after)

    setattr(User, "save", save_and_tell)  # noqa: B010 - mypy forbids to assign a method
    try:
        yield
    finally:
        setattr(User, "save", save)  # noqa: B010
