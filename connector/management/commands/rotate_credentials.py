"""`manage.py rotate_credentials`: encrypt every stored credential with the first key of CREDENTIAL_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from connector.credentials import SecretField
from connector.engine import audit, sign_in
from connector.management.person import person
from connector.models import NetSuiteAccount, StripeAccount
from connector.models.audit import Verb


class Command(BaseCommand):
    """All or nothing: afterwards the old keys can be removed."""

    help = "Encrypt all credentials anew with the first key of CREDENTIAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            count = sum(
                _rotate(row)
                for model in (StripeAccount, NetSuiteAccount)  # held in this order by all
                for row in model._default_manager.select_for_update(no_key=True)
            )
            count += sign_in.rotate()
            audit.record(person(), Verb.ROTATE_CREDENTIALS, after={"credentials": count})
        self.stdout.write(f"{count} credentials are now under the first key.")


def _rotate(row: NetSuiteAccount | StripeAccount) -> int:
    names = [field.name for field in row._meta.concrete_fields if isinstance(field, SecretField)]
    stored = [name for name in names if getattr(row, name)]
    for name in stored:
        setattr(row, name, getattr(row, name).rotated())
    row.save(update_fields=stored)
    return len(stored)
