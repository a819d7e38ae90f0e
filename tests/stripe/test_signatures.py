"""Signatures: exactly these bytes, signed by one of our secrets, a short while ago."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
import stripe
import time_machine

from connector.stripe.signatures import doubt

BODY = b'{"id": "evt_1", "text": "Gr\xc3\xbc\xc3\x9fe"}'
NEW, OLD = "whsec_new", "whsec_old"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
TOLERANCE = 300


def signed(secret: str, *, at: datetime = NOW, body: bytes = BODY) -> str:
    """A header as Stripe's documentation describes it, without its library."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def judged(header: str, *secrets: str, body: bytes = BODY) -> str | None:
    with time_machine.travel(NOW, tick=False):
        return doubt(body, header, secrets or (NEW,), tolerance=TOLERANCE)


def test_a_message_signed_with_our_secret_is_beyond_doubt() -> None:
    assert judged(signed(NEW)) is None


def test_our_signing_is_that_of_stripes_library() -> None:
    header = stripe.WebhookSignature.generate_signature_header(BODY.decode(), NEW, int(NOW.timestamp()))
    assert header == signed(NEW)


@pytest.mark.parametrize("secrets", [(NEW, OLD), (OLD, NEW)])
def test_during_a_rotation_both_secrets_are_good(secrets: tuple[str, str]) -> None:
    assert judged(signed(NEW), *secrets) is None
    assert judged(signed(OLD), *secrets) is None


def test_stripe_may_send_several_signatures_in_one_header() -> None:
    moment, own = signed(NEW).split(",")
    assert judged(f"{moment},v1={'0' * 64},{own},v0=old") is None


def test_after_the_rotation_the_old_secret_is_bad() -> None:
    assert judged(signed(OLD), NEW) == "bad_signature"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), None),
        (timedelta(seconds=TOLERANCE), None),
        (timedelta(seconds=TOLERANCE + 1), "stale"),
        (timedelta(days=3), "stale"),
    ],
)
def test_a_signature_is_good_for_a_short_while(age: timedelta, expected: str | None) -> None:
    assert judged(signed(NEW, at=NOW - age)) == expected
    assert judged(signed(NEW, at=NOW - age), OLD, NEW) == expected


def test_an_old_signature_of_somebody_else_is_bad_rather_than_stale() -> None:
    assert judged(signed("whsec_other", at=NOW - timedelta(days=3))) == "bad_signature"


@pytest.mark.parametrize("altered", [BODY + b" ", BODY[:-1], BODY.replace(b"evt_1", b"evt_2"), b""])
def test_an_altered_body_is_refused(altered: bytes) -> None:
    assert judged(signed(NEW), body=altered) == "bad_signature"


def test_an_altered_time_is_refused() -> None:
    _, signature = signed(NEW, at=NOW - timedelta(days=3)).split(",")
    assert judged(f"t={int(NOW.timestamp())},{signature}") == "bad_signature"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=",
        "v1=abc",
        "t=1",
        "t=x,v1=abc",
        "t=1,v1",
        "nonsense",
        "t=1,v0=abc",
        ",,,",
        "t=1,v1=",
        "=" * 5000,
    ],
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    assert judged(header) == "bad_signature"


def test_a_body_that_is_no_text_is_refused() -> None:
    body = b"\xff\xfe"
    assert judged(signed(NEW, body=body), body=body) == "bad_signature"


def test_without_a_secret_nothing_is_believed() -> None:
    assert doubt(BODY, signed(NEW), (), tolerance=TOLERANCE) == "bad_signature"


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_a_message_signed_with_an_empty_secret_is_refused(empty: str) -> None:
    assert judged(signed(empty), empty) == "bad_signature"


def test_a_signature_with_signs_that_no_signature_has_is_refused() -> None:
    assert judged(f"t={int(NOW.timestamp())},v1=é") == "bad_signature"
