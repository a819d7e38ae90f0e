"""The audit: what people did is written with what they changed, and never rewritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from connector.credentials import Secret
from connector.engine import audit, roles
from connector.models import AuditEntry
from connector.models.audit import AppendOnly, Verb
from tests.conftest import NO_TRUNCATE
from tests.factories import StripeAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record("alice", Verb.NOTE, subject="in_1", reason="seen")


CHANGES: dict[str, Callable[[AuditEntry], Any]] = {
    "saving": lambda entry: entry.save(),
    "deleting": lambda entry: entry.delete(),
    "updating rows": lambda _: AuditEntry.objects.update(who="mallory"),
    "deleting rows": lambda _: AuditEntry.objects.all().delete(),
    "updating many": lambda entry: AuditEntry.objects.bulk_update([entry], ["who"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_entry_is_never_changed_by_us(entry: AuditEntry, change: str) -> None:
    with pytest.raises(AppendOnly), transaction.atomic():
        CHANGES[change](entry)
    assert AuditEntry.objects.get().who == "alice"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE connector_auditentry SET who = 'mallory'",
        "DELETE FROM connector_auditentry",
        "TRUNCATE connector_auditentry",
    ],
)
def test_postgresql_refuses_every_change_whoever_asks(entry: AuditEntry, statement: str) -> None:
    if connection.vendor != "postgresql":
        return  # practice: there is no trigger
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the entry's own checks, before the table is altered
        cursor.execute(f"ALTER TABLE connector_auditentry ENABLE ALWAYS TRIGGER {NO_TRUNCATE}")
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.get().who == "alice"


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_not_written_apart_from_its_change() -> None:
    with pytest.raises(audit.NotInTransaction):
        audit.record("alice", Verb.NOTE)
    with transaction.atomic():
        audit.record("alice", Verb.NOTE)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_what_differs_is_kept_old_and_new_and_no_secret_ever() -> None:
    account = StripeAccountFactory.create(name="acme", stripe_webhook_secret="whsec_old")
    before = audit.values_of(account)
    account.time_zone = "Asia/Tokyo"
    account.stripe_api_key = "rk_live_new"
    account.stripe_webhook_secret = ""
    old, new = audit.changes(before, audit.values_of(account))
    assert old == {
        "stripe_api_key": "stored",
        "stripe_webhook_secret": "stored",
        "time_zone": "America/New_York",
    }
    assert new == {"stripe_api_key": "replaced", "stripe_webhook_secret": "", "time_zone": "Asia/Tokyo"}


def test_a_credential_given_by_mistake_is_not_kept() -> None:
    given = {"key": Secret.of("rk_live_1")}
    kept = audit.record("alice", Verb.CHANGE_SETTINGS, before=given, after=given)
    assert (kept.before, kept.after) == ({"key": "stored"}, {"key": "stored"})


# Roles


def test_a_fresh_database_has_the_roles_and_what_each_may() -> None:
    held = {
        group.name: {
            f"{app}.{code}"
            for app, code in group.permissions.values_list("content_type__app_label", "codename")
        }
        for group in Group.objects.all()
    }
    assert held == {role.name: set(role.permissions) for role in roles.ROLES}


def test_making_the_roles_again_brings_back_exactly_what_they_hold() -> None:
    viewer, approver = (Group.objects.get(name=name) for name in ("viewer", "approver"))
    viewer.permissions.set(approver.permissions.all())
    approver.permissions.clear()
    own = Group.objects.create(name="auditors")
    own.permissions.set(viewer.permissions.all()[:3])
    roles.make("default")
    counted = {group.name: group.permissions.count() for group in Group.objects.all()}
    assert counted == {role.name: len(role.permissions) for role in roles.ROLES} | {"auditors": 3}
