"""Signatures: did one of our secrets sign exactly these bytes, a short while ago?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import stripe

Doubt = Literal["stale", "bad_signature"]


def doubt(body: bytes, header: str, secrets: Iterable[str], *, tolerance: int) -> Doubt | None:
    """What speaks against a message: None when any of the secrets signed it within `tolerance` seconds.

    `header` is the `Stripe-Signature` header. During a rotation two secrets are valid.
    """
    complaints = [_complaint(body, header, secret, tolerance) for secret in secrets]
    if not complaints or "" in complaints:
        return None if complaints else "bad_signature"
    return "stale" if any("tolerance" in complaint for complaint in complaints) else "bad_signature"


def _complaint(body: bytes, header: str, secret: str, tolerance: int) -> str:
    """Stripe's library on the signature; empty when it is good."""
    if not header.isascii():  # which the library cannot compare
        return "bad"
    try:
        stripe.WebhookSignature.verify_header(body.decode(), header, secret, tolerance=tolerance)
    except stripe.SignatureVerificationError as error:
        return str(error) or "bad"
    except UnicodeDecodeError:
        return "not text"
    return ""
