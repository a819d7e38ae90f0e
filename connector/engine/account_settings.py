"""Account settings: what a person wants changed, seen before it is saved, and saved with its audit entry.

    draft = drafted(account, {"closed_period_policy": "next_open"})    a copy in memory, as it would be
    changes(account, draft)                                            old and new, side by side
    save(account, values, who="alice", reason="…", seen=version(account))

The names are the flat ones of `accounts`: those of StripeAccount and of the NetSuiteAccount behind it.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from connector.credentials import Secret, SecretField
from connector.engine import audit
from connector.engine.accounts import OWN
from connector.models import AuditEntry, NetSuiteAccount, StripeAccount
from connector.models.audit import Verb

Field = models.Field[Any, Any]
Values = Mapping[str, Any]


class Stale(Exception):
    """Somebody else has changed these settings since they were looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A setting with its value now and the one that it is to have."""

    name: str
    field: Field
    old: Any
    new: Any


def fields() -> dict[str, Field]:
    """Every setting by its name, those of the Stripe account first."""
    return {
        field.name: field
        for model in (StripeAccount, NetSuiteAccount)
        for field in model._meta.concrete_fields
        if field.editable and field.name not in OWN
    }


def is_secret(name: str) -> bool:
    """Whether the setting is a credential, which is never shown."""
    return isinstance(fields().get(name), SecretField)


def is_of_netsuite(name: str) -> bool:
    """Whether the setting is of the NetSuite account, which others may share."""
    return getattr(fields().get(name), "model", None) is NetSuiteAccount


def values(account: StripeAccount) -> dict[str, Any]:
    """Every setting as it stands, by its name; credentials as what prints as dots."""
    return {name: getattr(row, name) for name, row in _rows(account)}


def version(account: StripeAccount) -> str:
    """What a page carries along, to notice that somebody else has changed something meanwhile."""
    held = {name: _kept(value) for name, value in values(account).items()}
    text = json.dumps(held, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def drafted(account: StripeAccount, wanted: Values) -> StripeAccount:
    """A copy of the account with these values; the account itself stays as it is.

    Raises ValidationError by field, as the models themselves do; and for a name that is no setting.
    """
    if unknown := sorted(set(wanted) - set(fields())):
        raise ValidationError(f"There is no setting {', '.join(unknown)}.")
    draft = copy.copy(account)
    draft.netsuite_account = copy.copy(account.netsuite_account)
    faults: dict[str, Any] = {}
    for name, row in _rows(draft):
        if name in wanted:
            try:
                setattr(row, name, _read(fields()[name], wanted[name]))
            except ValidationError as error:
                faults[name] = error.messages
    for row in (draft, draft.netsuite_account):
        try:
            row.full_clean(exclude=[*faults, "netsuite_account"])
        except ValidationError as error:
            faults |= error.message_dict
    if faults:
        raise ValidationError(faults)
    return draft


def changes(account: StripeAccount, draft: StripeAccount) -> list[Change]:
    """What differs, in the order of the settings."""
    known, old, new = fields(), values(account), values(draft)
    return [Change(name, known[name], old[name], new[name]) for name in known if old[name] != new[name]]


def save(account: StripeAccount, wanted: Values, *, who: str, reason: str, seen: str) -> list[Change]:
    """Save what these values change, and write it down; returns the changes, none if all stands so already.

    Raises Stale when the settings are no longer those of `seen`, ValidationError as `drafted`.
    """
    with transaction.atomic():
        # Not their keys, for which a record that is kept meanwhile asks in the other order.
        now = StripeAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        behind = NetSuiteAccount.objects.select_for_update(no_key=True)
        now.netsuite_account = behind.get(pk=now.netsuite_account_id)
        if version(now) != seen:
            raise Stale
        draft = drafted(now, wanted)
        found = changes(now, draft)
        for row in (draft, draft.netsuite_account):
            own = {field.name for field in row._meta.concrete_fields}
            if mine := own.intersection(change.name for change in found):
                row.save(update_fields=mine)
        if found:
            before, after = audit.changes(
                {change.name: change.old for change in found}, {change.name: change.new for change in found}
            )
            audit.record(
                who,
                Verb.CHANGE_SETTINGS,
                account=now,
                subject=now.name,
                reason=reason,
                before=before,
                after=after,
            )
    return found


def restorable(entry: AuditEntry) -> dict[str, Any]:
    """The values that a change of settings replaced, as far as they are kept and still settings."""
    return {name: value for name, value in entry.before.items() if name in fields() and not is_secret(name)}


def _rows(account: StripeAccount) -> Iterator[tuple[str, models.Model]]:
    """Each setting with the row that holds it."""
    netsuite = account.netsuite_account
    for name, field in fields().items():
        yield name, account if field.model is StripeAccount else netsuite


def _read(field: Field, value: Any) -> Any:
    """A value as the row holds it, from text or JSON."""
    return None if value in ("", None) and field.null else field.to_python(value)


def _kept(value: Any) -> Any:
    """A value that JSON can say; of a secret its ciphertext, which is never shown."""
    return value.token if isinstance(value, Secret) else value
