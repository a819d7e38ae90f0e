"""Credentials at rest: encrypted in the database, shown to nobody.

A value read from the database is a `Secret`. It prints as dots wherever it lands,
in a page, a log line, a traceback or JSON, and gives up its text only to
`reveal()`, which the doors to Stripe and NetSuite call. Keys come from
CREDENTIAL_KEYS: the first encrypts, all of them decrypt, so a key is replaced by
putting the new one in front and running `manage.py rotate_credentials`.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

MASK = "••••••••"


class CredentialKeyError(ImproperlyConfigured):
    """A stored credential was encrypted with a key that CREDENTIAL_KEYS no longer lists."""

    def __init__(self) -> None:
        super().__init__(
            "A stored credential cannot be decrypted: CREDENTIAL_KEYS lacks the key that it was saved with. "
            "Put the old key back (after the new one), or enter the credential again."
        )


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current_cipher() -> MultiFernet:
    return _cipher(tuple(settings.CREDENTIAL_KEYS))


class Secret:
    """A credential that prints as dots. Empty secrets are false."""

    __slots__ = ("_text", "_token")

    def __init__(self, token: str) -> None:
        self._token = token
        self._text: str | None = None if token else ""

    @classmethod
    def of(cls, text: str) -> Secret:
        """Encrypt `text`; an empty text is an empty secret."""
        return cls(_current_cipher().encrypt(text.encode()).decode() if text else "")

    def reveal(self) -> str:
        """The text itself, for a door to the outside. Raises CredentialKeyError with the wrong key."""
        if self._text is None:
            try:
                self._text = _current_cipher().decrypt(self._token.encode()).decode()
            except InvalidToken:
                raise CredentialKeyError from None
        return self._text

    @property
    def stored_at(self) -> datetime | None:
        """When it was encrypted first, which needs no key to be read; None for an empty secret.

        A Fernet token begins with a byte for its version and eight for the moment.
        """
        if not self._token:
            return None
        try:
            seconds = int.from_bytes(base64.urlsafe_b64decode(self._token.encode())[1:9])
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def rotated(self) -> Secret:
        """The same secret under the first key of CREDENTIAL_KEYS."""
        if not self._token:
            return self
        try:
            return Secret(_current_cipher().rotate(self._token.encode()).decode())
        except InvalidToken:
            raise CredentialKeyError from None

    @property
    def token(self) -> str:
        """The ciphertext, for the database column."""
        return self._token

    def __bool__(self) -> bool:
        return bool(self._token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._token == self._token

    def __hash__(self) -> int:
        return hash(self._token)

    def __str__(self) -> str:
        return MASK if self._token else ""

    __repr__ = __str__


def _sealed(value: object) -> Secret:
    return value if isinstance(value, Secret) else Secret.of(str(value or ""))


class _Sealing(DeferredAttribute):
    """Encrypts a plain string as it is assigned, so that no row in memory ever carries one."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = _sealed(value)


class SecretField(models.TextField[Any, Any]):
    """A text column that holds a `Secret`. A plain string that is assigned is encrypted on its way in."""

    descriptor_class = _Sealing

    def from_db_value(self, value: str | None, *_: object) -> Secret:
        return Secret(value or "")

    def to_python(self, value: object) -> Secret:
        """The secret of a form or a fixture. Raises ValidationError for the dots that a dump shows."""
        if value == MASK:
            raise ValidationError("These dots only stand for a credential. Enter the credential itself.")
        return _sealed(value)

    def get_prep_value(self, value: object) -> str:
        return _sealed(value).token

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))
