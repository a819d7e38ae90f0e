"""Commands that change something write down who sat at the keyboard, in the same transaction."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from connector.engine import backfill_hold
from connector.management.person import person
from connector.models import AuditEntry, StripeAccount
from connector.models.audit import Verb
from tests.factories import StripeAccountFactory

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "subject"))


def configure(*pairs: str) -> None:
    call_command("account", "acme", *(part for pair in pairs for part in ("--set", pair)), verbosity=0)


def test_an_account_made_and_changed_is_written_down_without_its_secrets() -> None:
    configure("netsuite_account_id=123", "stripe_api_key=rk_live_first", "netsuite_token_secret=hush")
    configure("stripe_api_key=rk_live_second", "time_zone=Asia/Tokyo", "netsuite_concurrency=3")
    made, changed = AuditEntry.objects.order_by("pk")
    assert (made.verb, made.who, made.account) == (Verb.ADD_ACCOUNT, person(), StripeAccount.objects.get())
    assert made.after["netsuite_account"] == "acme"
    assert made.after["stripe_api_key"] == made.after["netsuite_token_secret"] == "stored"
    assert changed.verb == Verb.CHANGE_SETTINGS
    assert (changed.before["stripe_api_key"], changed.after["stripe_api_key"]) == ("stored", "replaced")
    assert (changed.before["time_zone"], changed.after["time_zone"]) == ("UTC", "Asia/Tokyo")
    assert set(changed.after) == {"stripe_api_key", "time_zone", "netsuite_concurrency"}
    kept = str([(entry.before, entry.after) for entry in (made, changed)])
    assert not any(secret in kept for secret in ("rk_live", "hush"))


def test_what_changes_nothing_and_what_is_refused_is_not_written_down() -> None:
    configure("netsuite_account_id=123", "time_zone=Asia/Tokyo")
    configure("time_zone=Asia/Tokyo")
    with pytest.raises(CommandError):
        configure("time_zone=Mars/Olympus")
    assert entries() == [(Verb.ADD_ACCOUNT, "acme")]


def test_encrypting_anew_is_written_down() -> None:
    StripeAccountFactory.create()
    call_command("rotate_credentials", verbosity=0)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.after) == (Verb.ROTATE_CREDENTIALS, person(), {"credentials": 1})


def test_past_records_begun_and_taken_up_again_are_written_down() -> None:
    account = StripeAccountFactory.create(name="acme")
    for _ in range(2):
        row, _ = backfill_hold.begin(account, date(2026, 11, 1), None, ["invoice"], who="vera")
        backfill_hold.let_go(row, "interrupted")
    began, resumed = AuditEntry.objects.order_by("pk")
    assert (began.who, began.verb, began.subject) == ("vera", Verb.START_BACKFILL, str(row))
    assert began.after == {"from": "2026-11-01", "to": None, "kinds": ["invoice"], "resumed": False}
    assert resumed.after["resumed"]


def test_admins_made_and_passwords_set_by_command_are_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long enough horse battery")
    call_command("createsuperuser", "--noinput", username="root", email="root@example.com", verbosity=0)
    root = User.objects.get()
    monkeypatch.setattr("getpass.getpass", lambda prompt: "quite another horse battery")
    call_command("changepassword", "root", verbosity=0)
    root.refresh_from_db()
    assert root.check_password("quite another horse battery")
    made, changed = AuditEntry.objects.order_by("pk")
    assert {(one.verb, one.who, one.subject) for one in (made, changed)} == {
        (Verb.CHANGE_PERSON, person(), "user root")
    }
    assert made.after == {"username": "root", "email": "root@example.com", "is_superuser": True}
    assert changed.after == {"password": "replaced"}
    User.objects.create_user("vera")
    assert AuditEntry.objects.count() == 2, "outside of the commands nothing is wrapped"


def test_an_admin_who_cannot_be_written_down_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long enough horse battery")
    monkeypatch.setattr("suitesync.management.people.person", lambda: None)
    with pytest.raises(TypeError):
        call_command("createsuperuser", "--noinput", username="root", email="root@example.com")
    assert not User.objects.exists()
