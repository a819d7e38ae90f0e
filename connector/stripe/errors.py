"""What Stripe's errors mean: one closed table.

Called by `stripe.client` around every request. A row matches an exception class of
Stripe's library (and, if given, its `code`) and names the verdict. The order
matters: the first row that matches wins. An error without a row becomes
`UnknownAnswer`, which ends the job as failed and loudly, so that nobody mistakes a
new kind of error for a passing one. To add a case: one row here and one line in
`tests/stripe/test_errors.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import stripe

from connector.errors import NeedsAttention, NotThere, RetryLater, UnknownAnswer, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """An error class of Stripe's, an error code ("" for any), and what we make of it."""

    error: type[stripe.StripeError]
    code: str
    verdict: type[Verdict]
    failure: str


TABLE: tuple[Row, ...] = (
    Row(stripe.RateLimitError, "", RetryLater, "stripe_busy"),
    Row(stripe.APIConnectionError, "", RetryLater, "stripe_unavailable"),
    Row(stripe.AuthenticationError, "", NeedsAttention, "stripe_key_refused"),
    Row(stripe.PermissionError, "", NeedsAttention, "stripe_permission_missing"),
    Row(stripe.InvalidRequestError, "resource_missing", NotThere, "stripe_object_missing"),
    Row(stripe.InvalidRequestError, "lock_timeout", RetryLater, "stripe_busy"),
    Row(stripe.InvalidRequestError, "url_invalid", NeedsAttention, "stripe_url_refused"),
    Row(stripe.APIError, "", RetryLater, "stripe_unavailable"),
)


_KEY = re.compile(r"\b([sr]k_(?:live|test)_)\w+")
_LONGEST = 1_000
"""Characters of a message that we keep: a proxy's error page can be of any length."""


def verdict(error: stripe.StripeError) -> Verdict:
    """The verdict for an error of Stripe's library. A key that its text repeats is masked."""
    code = error.code or ""
    text = _KEY.sub(r"\1…", error.user_message or type(error).__name__)[:_LONGEST]
    for row in TABLE:
        # Not isinstance: every class of the library derives from StripeError, some from
        # each other, and a new subclass must not be swallowed by its parent's row.
        if type(error) is row.error and row.code in ("", code):
            return row.verdict(row.failure, text)
    return UnknownAnswer("stripe_unknown_error", f"{type(error).__name__} {code}: {text}")
