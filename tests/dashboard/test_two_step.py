"""Signing in: with the password, with two steps, not too often, and never around it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client, override_settings

from connector.credentials import Secret
from connector.models import AuditEntry
from connector.models.audit import Verb
from tests.dashboard.test_help import said
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
RIGHT = {"login": "alice", "password": PASSWORD}


def code(secret: str) -> str:
    """What an app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def said_once_more(client: Client) -> None:
    """Type the password again, as is asked before anything changes."""
    client.post("/accounts/again/", {"password": PASSWORD})


def turn_on(client: Client) -> tuple[str, list[str]]:
    """Turn two-step sign-in on, and return the app's secret and the recovery codes."""
    said_once_more(client)
    page = client.get("/profile/two-step/on/").content.decode()
    found = re.search(r'<code class="copy">(\w+)</code>', page)
    assert found
    shown = client.post("/profile/two-step/on/", {"code": code(found[1])}, follow=True).content.decode()
    return found[1], re.findall(r'<code class="copy">(\d+)</code>', shown)


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def words(answer: Any) -> str:
    return said(answer.content.decode())


def deeds() -> list[tuple[str, str, str, dict[str, Any]]]:
    return [(one.verb, one.who, one.subject, one.after) for one in AuditEntry.objects.order_by("pk")]


def test_two_steps_are_turned_on_and_asked_for_and_turned_off(console: Client, alice: User) -> None:
    assert console.get("/profile/two-step/on/")["Location"].startswith("/accounts/again/")
    secret, codes = turn_on(console)
    assert len(codes) == 10
    assert "shown already. 10 of 10 are left" in said(
        console.get("/profile/two-step/codes/").content.decode()
    )
    assert "It is on" in words(console.get("/profile/two-step/"))

    other = Client()
    assert other.post("/accounts/login/?next=/history/", RIGHT)["Location"] == "/accounts/code/"
    assert not is_in(other)
    assert "This code is not right" in said(
        other.post("/accounts/code/", {"code": "000000"}).content.decode()
    )
    assert not is_in(other)
    assert other.post("/accounts/code/", {"code": codes[0]})["Location"] == "/history/"
    assert is_in(other)

    third = Client()
    third.post("/accounts/login/", RIGHT)
    third.post("/accounts/code/", {"code": codes[0]})
    assert not is_in(third), "a recovery code gets one in once"
    third.post("/accounts/code/", {"code": code(secret)})
    assert is_in(third)
    fourth = Client()
    fourth.post("/accounts/login/", RIGHT)
    fourth.post("/accounts/code/", {"code": code(secret)})
    assert not is_in(fourth), "nor does a code of the app that was used"

    console.post("/profile/two-step/off/")
    assert not Authenticator.objects.exists()
    fourth = Client()
    fourth.post("/accounts/login/", RIGHT)
    assert is_in(fourth)
    two_step = {"two-step sign-in": "on"}
    assert deeds() == [
        (Verb.TWO_STEP, "alice", "alice", two_step),
        (Verb.SHOW_CODES, "alice", "alice", {}),
        (Verb.TWO_STEP, "alice", "alice", {"two-step sign-in": "off"}),
    ]


def test_seeds_are_encrypted_and_follow_a_new_key(console: Client, settings: Any) -> None:
    secret, codes = turn_on(console)
    for _ in range(2):
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in stored
        assert not any(one in stored for one in codes)
        app = Authenticator.objects.get(type="totp")
        assert Secret(app.data["secret"]).reveal() == secret
        settings.CREDENTIAL_KEYS = ["bmV3IGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzIGw=", *settings.CREDENTIAL_KEYS]
        call_command("rotate_credentials")
        settings.CREDENTIAL_KEYS = settings.CREDENTIAL_KEYS[:1]
    assert app.wrap().validate_code(code(secret))
    assert secret not in str(deeds())


def test_new_recovery_codes_replace_the_old_ones(console: Client) -> None:
    _, old = turn_on(console)
    page = console.post("/profile/two-step/codes/new/", follow=True).content.decode()
    new = re.findall(r'<code class="copy">(\d+)</code>', page)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert deeds()[-2:] == [
        (Verb.TWO_STEP, "alice", "alice", {"recovery codes": "replaced"}),
        (Verb.SHOW_CODES, "alice", "alice", {}),
    ]


def test_a_name_that_fails_too_often_is_refused_and_that_is_written_down_once(alice: User) -> None:
    client = Client()
    pages = [client.post("/accounts/login/", RIGHT | {"password": "guess"}) for _ in range(7)]
    assert "not the name and password of anybody" in words(pages[4])
    assert "Too many tries that failed" in words(pages[5])
    assert "Too many tries that failed" in words(client.post("/accounts/login/", RIGHT))
    assert not is_in(client)
    assert deeds() == [(Verb.SIGN_IN_REFUSED, "somebody at 127.0.0.1", "alice", {})]


def test_a_name_that_is_nobodys_is_not_written_down(client: Client) -> None:
    for _ in range(6):
        client.post("/accounts/login/", {"login": "my-password-by-mistake", "password": "alice"})
    assert deeds() == [(Verb.SIGN_IN_REFUSED, "somebody at 127.0.0.1", "a name that is nobody’s", {})]


def test_codes_are_not_guessed_either(console: Client, alice: User) -> None:
    secret, _ = turn_on(console)
    thief = Client()
    thief.post("/accounts/login/", RIGHT)
    for _ in range(5):
        thief.post("/accounts/code/", {"code": "000000"})
    page = words(thief.post("/accounts/code/", {"code": code(secret)}))
    assert "Too many tries that failed" in page
    assert not is_in(thief)
    assert deeds()[-1][0] == Verb.SIGN_IN_REFUSED


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/connector/job/"])
def test_the_admin_pages_have_no_sign_in_of_their_own(client: Client, address: str) -> None:
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    client.post("/admin/login/", {"username": "alice", "password": PASSWORD})
    assert not is_in(client)


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_nobody_signs_up_or_resets_a_password_by_themselves(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_somebody_who_was_closed_does_not_get_in(client: Client) -> None:
    UserFactory.create(username="alice", is_active=False)
    client.post("/accounts/login/", RIGHT)
    assert not is_in(client)


def test_signing_in_leads_to_no_other_host(client: Client, alice: User) -> None:
    assert client.post("/accounts/login/?next=https://evil.example/", RIGHT)["Location"] == "/"


# Where it is required


@override_settings(REQUIRE_TWO_STEP=True)
@pytest.mark.parametrize(
    ("role", "needs"), [("viewer", False), ("resolver", False), ("approver", True), ("settings", True)]
)
def test_who_may_do_much_needs_two_steps_before_any_other_page(role: str, needs: bool) -> None:
    client = Client()  # its middleware is chosen under the setting
    client.force_login(UserFactory.create(username="alice", roles=[role]))
    assert (client.get("/").status_code == 302) == needs
    assert "Your role needs" in words(client.get("/", follow=True)) or not needs
    if needs:
        for address in ("/admin/", "/needs-you/skip/", "/pause/acme/", "/profile/", "/nowhere/"):
            assert client.post(address).headers["Location"] == "/profile/two-step/"
        turn_on(client)
        assert is_in(client)
        client.post("/profile/two-step/off/")
        assert Authenticator.objects.filter(type="totp").exists()
        assert client.post("/accounts/logout/").status_code == 302


def test_an_admin_resets_the_second_step_of_somebody(console: Client, alice: User) -> None:
    turn_on(console)
    typed = {"action": "reset_two_step", "_selected_action": [alice.pk]}
    watcher, admin = UserFactory.create(), Client()
    watcher.user_permissions.add(Permission.objects.get(codename="view_user"))
    admin.force_login(watcher)
    assert "password alone" not in admin.post("/admin/auth/user/", typed, follow=True).content.decode()
    assert Authenticator.objects.exists()
    admin.force_login(UserFactory.create(username="root", is_superuser=True))
    page = admin.post("/admin/auth/user/", typed, follow=True).content.decode()
    assert "signs in with the password alone now" in said(page)
    assert not Authenticator.objects.exists()
    assert deeds()[-1] == (Verb.TWO_STEP, "root", "alice", {"two-step sign-in": "off"})
    told = AuditEntry.objects.count()
    admin.post("/admin/auth/user/", typed)
    assert AuditEntry.objects.count() == told


def test_the_tables_of_sign_in_are_not_in_the_admin(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    page = client.get("/admin/").content.decode()
    assert "Authenticator" not in page
    assert "Email address" not in page


@pytest.mark.parametrize("page", ["", "on/", "off/", "codes/", "codes/new/"])
def test_the_pages_of_two_step_sign_in_are_for_staff(client: Client, page: str) -> None:
    assert client.get(f"/profile/two-step/{page}")["Location"].startswith("/accounts/login/")
    client.force_login(UserFactory.create(is_staff=False))
    assert client.get(f"/profile/two-step/{page}").status_code == 403
