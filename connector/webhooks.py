"""The one public view: verify, store, answer.

What is refused leaves a counter and nothing else: an unsigned body may come from
anybody, and is not worth a row.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from connector.engine import doorkeeper, inbox
from connector.models import RefusedWebhook, StripeAccount
from connector.stripe import signatures

log = structlog.get_logger("suitesync.webhooks")


class Refusal(Exception):
    """The message is turned away: with which status, and in which words."""

    def __init__(self, reason: str, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.message = message


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest, account: str) -> JsonResponse:
    """Take one event from Stripe. 200 when it is kept, or was before."""
    try:
        row = _account(account)
        body = _verified(_body(request), request.META.get("HTTP_STRIPE_SIGNATURE", ""), row)
        _same_mode(body, row)
    except Refusal as refusal:
        _count(refusal.reason)
        log.warning("webhook refused", reason=refusal.reason)
        return JsonResponse({"error": refusal.message}, status=refusal.status)
    try:
        inbox.receive(row, body)
    except inbox.Duplicate:
        return JsonResponse({"received": True, "duplicate": True})
    return JsonResponse({"received": True})


def _account(name: str) -> StripeAccount:
    row = doorkeeper.account_named(name)
    if row is None:
        raise Refusal("unknown_account", HTTPStatus.NOT_FOUND, "There is no account of this name.")
    if not row.webhook_secrets:
        text = "This account has no webhook signing secret yet."
        raise Refusal("no_signing_secret", HTTPStatus.SERVICE_UNAVAILABLE, text)
    return row


def _body(request: HttpRequest) -> bytes:
    too_large = Refusal(
        "too_large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The message is larger than {settings.WEBHOOK_MAX_BYTES} bytes.",
    )
    announced = str(request.META.get("CONTENT_LENGTH", ""))
    if announced.isdecimal() and int(announced) > settings.WEBHOOK_MAX_BYTES:
        raise too_large
    try:
        body = request.read(settings.WEBHOOK_MAX_BYTES + 1)
    except (UnreadablePostError, RawPostDataException):
        raise Refusal("unreadable", HTTPStatus.BAD_REQUEST, "The message broke off.") from None
    if len(body) > settings.WEBHOOK_MAX_BYTES:
        raise too_large
    return body


def _verified(body: bytes, signature: str, account: StripeAccount) -> dict[str, Any]:
    """The event, when one of the account's secrets signed exactly these bytes a short while ago."""
    if not signature.isascii():  # which Stripe's library cannot compare
        raise Refusal("bad_signature", HTTPStatus.BAD_REQUEST, "The signature does not match the message.")
    secrets = (secret.reveal() for secret in account.webhook_secrets)
    doubt = signatures.doubt(body, signature, secrets, tolerance=settings.WEBHOOK_TOLERANCE_SECONDS)
    if doubt:
        text = (
            "The signature is too old." if doubt == "stale" else "The signature does not match the message."
        )
        raise Refusal(doubt, HTTPStatus.BAD_REQUEST, text)
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    match event:
        case {"id": str(), "type": str(), "created": int(), "livemode": bool(), "data": {"object": dict()}}:
            return dict(_storable(event) if b"\\u" in body else event)
    raise Refusal("not_an_event", HTTPStatus.BAD_REQUEST, "The message is not an event of Stripe.")


def _storable(value: Any) -> Any:
    """The same value without what a PostgreSQL text cannot hold: NUL, and half of a surrogate pair."""
    match value:
        case str():
            return value.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _same_mode(event: dict[str, Any], account: StripeAccount) -> None:
    if bool(event["livemode"]) != account.is_live:
        sent, kept = ("live", "test") if event["livemode"] else ("test", "live")
        text = f"The event is in {sent} mode, and this account's key is in {kept} mode."
        raise Refusal("wrong_mode", HTTPStatus.BAD_REQUEST, text)


def _count(reason: str) -> None:
    row = RefusedWebhook.objects.filter(reason=reason)
    if row.update(count=F("count") + 1, last_at=timezone.now()):
        return
    try:
        RefusedWebhook.objects.create(reason=reason, count=1)
    except IntegrityError:  # the first two of a kind came at the same moment
        row.update(count=F("count") + 1, last_at=timezone.now())
