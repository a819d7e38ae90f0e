"""Stripe's side of a webhook: an event's body, signed as Stripe signs it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from django.test import Client

SECRET = "whsec_of_the_webhook_tests"


def event(
    kind: str = "invoice.paid",
    thing: dict[str, Any] | None = None,
    *,
    number: int = 1,
    livemode: bool = False,
) -> dict[str, Any]:
    """An event of this kind about `thing` (an invoice when not given)."""
    return {
        "id": f"evt_{number}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1_795_176_720,
        "type": kind,
        "livemode": livemode,
        "data": {"object": thing or {"id": "in_1", "object": "invoice"}},
    }


def packed(body: Any) -> bytes:
    """The bytes that travel."""
    return json.dumps(body, indent=2).encode()


def signature(body: bytes, secret: str = SECRET, *, age: float = 0) -> str:
    """The Stripe-Signature header for these bytes, made `age` seconds ago."""
    stamp = int(time.time() - age)
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest},v0={'0' * 64}"


def post(body: bytes, account: str = "acme", *, header: str | None = None, **extra: Any) -> tuple[int, Any]:
    """Send the bytes, well signed unless another header is given; returns status and answer."""
    headers = {"Stripe-Signature": signature(body) if header is None else header}
    answer = Client(raise_request_exception=False).post(
        f"/webhooks/stripe/{account}/", body, content_type="application/json", headers=headers, **extra
    )
    is_json = answer.headers.get("Content-Type") == "application/json"
    return answer.status_code, answer.json() if is_json else answer.content
