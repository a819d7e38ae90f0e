"""The audit: every deed of a person is written down in the same transaction as what it changed.

    with transaction.atomic():
        change the row
        audit.record(who, Verb.TRY_AGAIN, account=..., subject=...)

So there is no change without its entry, and no entry of a change that did not come to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from connector.credentials import Secret
from connector.models import StripeAccount
from connector.models.audit import AuditEntry, Verb


class NotInTransaction(RuntimeError):
    """An entry was to be written apart from the change that it tells of."""


def record(
    who: str,
    verb: Verb,
    *,
    account: StripeAccount | None = None,
    subject: str = "",
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write down what `who` does, inside the transaction that does it.

    `before` and `after` go through `told`, so a credential in them leaves only whether there was one.
    Raises NotInTransaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{verb} of {subject or account} was recorded outside a transaction.")
    return AuditEntry.objects.create(
        who=who[:170],
        verb=verb,
        account=account,
        subject=subject[:255],
        reason=reason.replace("\x00", ""),  # PostgreSQL refuses such a text
        before={name: told(value) for name, value in (before or {}).items()},
        after={name: told(value) for name, value in (after or {}).items()},
    )


def told(value: Any) -> Any:
    """A value as the audit keeps it: of a credential only whether there is one, of a row its name."""
    if isinstance(value, Secret):
        return "stored" if value else ""
    if isinstance(value, models.Model):
        return str(value)
    return value


def values_of(row: models.Model) -> dict[str, Any]:
    """What a row's fields hold now, by field name, but a person's password; for `changes` later."""
    fields = [field for field in row._meta.concrete_fields if field.name != "password"]
    return {field.name: getattr(row, field.attname) for field in fields}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs of two states of a row, old and new; a credential that was replaced says so."""
    names = [name for name, value in after.items() if before.get(name) != value]
    old = {name: told(before.get(name)) for name in names}
    new = {name: told(after[name]) for name in names}
    for name in names:
        if isinstance(after[name], Secret) and before.get(name) and after[name]:
            new[name] = "replaced"
    return old, new
