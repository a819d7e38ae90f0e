"""Signing in: what django-allauth is told to do our way, and who has to sign in with two steps.

A name that fails too often is refused for a while (django-allauth counts in the shared cache), and that is
written down. The seeds of two-step sign-in are encrypted with CREDENTIAL_KEYS, as all credentials are.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from connector.credentials import Secret
from connector.engine import audit, roles
from connector.models.audit import Verb

TOO_OFTEN = "too_many_login_attempts"
TOLD_AGAIN_AFTER = 300
"""Seconds in which further refusals of one name from one place are not written down again."""
SEEDS = ("secret", "seed")
"""What Authenticator.data holds encrypted: the seed of an app's codes, and that of the recovery codes."""


class SignIn(DefaultAccountAdapter):  # type: ignore[misc] # django-allauth ships no types
    """Name and password. People are made by an admin, so nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        TOO_OFTEN: "Too many tries that failed. Wait five minutes, then try again.",
        "username_password_mismatch": "This is not the name and password of anybody here. Try again.",
        "incorrect_password": "This is not your password. Try again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say in their own words what was done."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError for a name, or a place, that has failed too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            _note(self, str(credentials.get("username", "")), refused)
            raise


class Codes(AuthenticateForm):  # type: ignore[misc]
    """The second step: a code of the app, or a recovery code."""

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, or too many of them."""
        try:
            return str(super().clean_code())
        except ValidationError as refused:
            _note(SignIn(), self.user.get_username(), refused)
            raise


class TwoStep(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step: what is kept of it, and who may turn it off."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs two-step sign-in, so it stays on.",
        "incorrect_code": "This code is not right, or was used already. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        """The seed as the database has it."""
        return Secret.of(text).token

    def decrypt(self, encrypted_text: str) -> str:
        """The seed itself. Raises CredentialKeyError with the wrong keys."""
        return Secret(encrypted_text).reveal()

    def get_totp_label(self, user: Any) -> str:
        """What an app calls it, beside our name."""
        return str(user.get_username())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether its owner may do without."""
        return not must_have(authenticator.user)


def must_have(user: User | AnonymousUser) -> bool:
    """Whether this installation wants two steps of somebody who may do so much."""
    much = (roles.DECIDE, roles.CHANGE_SETTINGS)
    return bool(settings.REQUIRE_TWO_STEP) and any(user.has_perm(permission) for permission in much)


def has(user: User | AnonymousUser) -> bool:
    """Whether somebody signs in with two steps; known without a look-up of whoever asks for a page."""
    known: bool | None = getattr(user, "has_two_step", None)
    return with_app().filter(user=user.pk).exists() if known is None else known


def with_app() -> Any:
    """The rows of those who sign in with two steps, one for each."""
    return Authenticator.objects.filter(type=Authenticator.Type.TOTP)


def reset(user: User) -> bool:
    """Have somebody sign in with the password alone. Returns whether there was anything to reset."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    return bool(removed)


def rotate() -> int:
    """Encrypt all seeds anew with the first key. Returns how many there were."""
    count = 0
    for row in Authenticator.objects.select_for_update():
        seeds = {name: Secret(row.data[name]).rotated().token for name in SEEDS if name in row.data}
        row.data |= seeds
        row.save(update_fields=["data"])
        count += len(seeds)
    return count


def _note(adapter: SignIn, name: str, refused: ValidationError) -> None:
    """Write down that a name was refused for failing too often; a name that is nobody's may be a password."""
    if refused.code != TOO_OFTEN:
        return
    place = adapter.get_client_ip(adapter.request)
    subject = name if User.objects.filter(username=name).exists() else "a name that is nobody’s"
    once = sha256(f"{place} {subject}".encode()).hexdigest()
    if cache.add(f"suitesync.refused:{once}", True, TOLD_AGAIN_AFTER):
        with transaction.atomic():
            audit.record(f"somebody at {place}", Verb.SIGN_IN_REFUSED, subject=subject)
