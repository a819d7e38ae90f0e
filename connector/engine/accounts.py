"""Accounts: create, change and show an account by the flat field names that people and scripts use.

The names are those of StripeAccount and of the NetSuiteAccount that it points at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from connector.credentials import SecretField
from connector.engine import audit
from connector.engine.typed_json import Decoder
from connector.models import NetSuiteAccount, StripeAccount
from connector.models.audit import Verb

OWN = (
    "id",
    "name",
    "netsuite_account",
    "currencies",
    "base_currencies",
    "slots_now",
    "slots_calm_run",
    "slots_shrunk_at",
    "stripe_account_id",
    "stripe_endpoint_id",
    "paused_at",
    "paused_by",
    "pause_reason",
    "pause_version",
)
"""Fields that nobody sets by hand."""

Field = models.Field[Any, Any]
Row = TypeVar("Row", StripeAccount, NetSuiteAccount)
SWITCHES = {
    "true": True,
    "on": True,
    "yes": True,
    "1": True,
    "false": False,
    "off": False,
    "no": False,
    "0": False,
}


class BadSetting(ValueError):
    """A setting cannot be accepted; the message says which, and how to write it."""


def field_names() -> tuple[str, ...]:
    """Every name that can be set, in the order in which they are shown."""
    return tuple(_fields(StripeAccount)) + tuple(_fields(NetSuiteAccount))


def configure(name: str, values: Mapping[str, Any], *, who: str, netsuite: str = "") -> StripeAccount:
    """Create or change the account `name`, and write down who did. Raises BadSetting, and changes nothing.

    `netsuite` names the NetSuiteAccount behind it; a new account gets one of its own name.
    """
    unknown = sorted(set(values) - set(field_names()))
    if unknown:
        raise BadSetting(
            f"There is no setting {', '.join(unknown)}. The settings are: {', '.join(field_names())}."
        )
    with transaction.atomic():
        account = _locked(StripeAccount, name=name) or StripeAccount(name=name)
        behind = _netsuite_account(account, netsuite or name, chosen=bool(netsuite))
        verb = Verb.CHANGE_SETTINGS if account.pk else Verb.ADD_ACCOUNT
        before = _held(account, behind)
        for row in (account, behind):
            for key, field in _fields(type(row)).items():
                if key in values:
                    setattr(row, key, _read(field, values[key]))
        _save(behind, values)
        account.netsuite_account = behind
        _save(account, [*values, "netsuite_account"])
        old, new = audit.changes(before, _held(account, behind))
        if new or verb == Verb.ADD_ACCOUNT:
            audit.record(who, verb, account=account, subject=name, before=old, after=new)
    return account


def shown(account: StripeAccount) -> dict[str, Any]:
    """Every setting by its name; a secret says only whether it is set."""
    rows = (account, account.netsuite_account)
    named = {key: (row, field) for row in rows for key, field in _fields(type(row)).items()}
    return {"name": account.name} | {
        key: _shown(field, getattr(row, key)) for key, (row, field) in named.items()
    }


def _netsuite_account(account: StripeAccount, name: str, *, chosen: bool) -> NetSuiteAccount:
    if account.pk and not chosen:
        return NetSuiteAccount.objects.select_for_update(no_key=True).get(pk=account.netsuite_account_id)
    return _locked(NetSuiteAccount, name=name) or NetSuiteAccount(name=name)


def _locked(model: type[Row], **wanted: str) -> Row | None:
    """The row, for us alone until the transaction ends: what the audit says of it is what we change.

    Not its key, as in `account_settings.save`.
    """
    return model._default_manager.select_for_update(no_key=True).filter(**wanted).first()


def _held(account: StripeAccount, behind: NetSuiteAccount) -> dict[str, Any]:
    """What the settings hold; the NetSuite account by its name."""
    named = account.netsuite_account.name if account.netsuite_account_id else ""
    values = {key: getattr(row, key) for row in (account, behind) for key in _fields(type(row))}
    return {"netsuite_account": named, **values}


def _fields(model: type[models.Model]) -> dict[str, Field]:
    return {field.name: field for field in model._meta.concrete_fields if field.name not in OWN}


def _read(field: Field, value: Any) -> Any:
    """The value of a field from text, or from JSON as it stands."""
    if isinstance(field, models.BooleanField) and not isinstance(value, bool):
        if str(value).lower() not in SWITCHES:
            raise BadSetting(f"{field.name} is either true or false, not “{value}”.")
        return SWITCHES[str(value).lower()]
    if isinstance(field, models.JSONField) and isinstance(value, str):
        example = f'{field.name} must be JSON, like {{"USD": "123"}}.'
        try:
            read = json.loads(value or "{}", cls=Decoder)
        except json.JSONDecodeError as fault:
            raise BadSetting(f"{example} {fault}.") from None
        if not isinstance(read, dict):  # an empty list would pass for "no bank accounts"
            raise BadSetting(example)
        return read
    if value == "" and field.null:
        return None
    return value


def _save(row: models.Model, changed: Iterable[str]) -> None:
    """Save a new row whole, and of an old one what changed: workers write to it too."""
    try:
        row.full_clean(exclude=["netsuite_account"] if isinstance(row, StripeAccount) else None)
    except ValidationError as error:
        told = [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        raise BadSetting(" ".join(told)) from None
    own = {field.name for field in row._meta.concrete_fields}
    row.save(update_fields=None if row.pk is None else own.intersection(changed))


def _shown(field: Field, value: Any) -> Any:
    if isinstance(field, SecretField):
        return "set" if value else ""
    if value is None or isinstance(value, bool | int | dict):
        return value
    return str(value)
