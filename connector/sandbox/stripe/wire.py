"""The practice Stripe over HTTP: keys, versions, form parameters, idempotency and headers."""

import json
import secrets
from typing import NamedTuple

from flask import Blueprint, Response, request

from .errors import Refusal, invalid
from .faults import FORBIDDEN, StripeFaults
from .forms import parse
from .half import StripeHalf
from .store import API_VERSION, Row


class Answer(NamedTuple):
    """A finished answer, kept so that the same idempotency key gets it again."""

    fingerprint: tuple[str, ...]
    status: int
    body: Row
    request_id: str


class Wire:
    """Answers requests under `/v1/` for one practice account."""

    def __init__(self, half: StripeHalf, faults: StripeFaults) -> None:
        self.half = half
        self.faults = faults
        self._answers: dict[str, Answer] = {}

    def blueprint(self) -> Blueprint:
        """The Flask routes."""
        blueprint = Blueprint("stripe", __name__)
        blueprint.add_url_rule(
            "/v1/<path:rest>", view_func=self.answer, methods=["GET", "POST", "DELETE"], endpoint="v1"
        )
        return blueprint

    def forget(self) -> None:
        """Forget the answers kept for idempotency keys."""
        self._answers.clear()

    def answer(self, rest: str) -> Response:
        """Answer one API request."""
        try:
            self.faults.strike(request.method)
            self._check_key()
            self._check_version()
            self._check_permission(rest)
            done, repeated = self._keyed(f"/v1/{rest}")
        except Refusal as refusal:
            return _response(refusal.status, refusal.body(), _request_id())
        response = _response(done.status, done.body, done.request_id)
        key = request.headers.get("Idempotency-Key")
        if key and request.method == "POST":
            response.headers["Idempotency-Key"] = key
            response.headers["Original-Request"] = done.request_id
        if repeated:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _keyed(self, path: str) -> tuple[Answer, bool]:
        """Do the request, or repeat the answer that its idempotency key already had; and which it was."""
        pairs = list((request.args if request.method == "GET" else request.form).items(multi=True))
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        fingerprint = (path, *(f"{name}={value}" for name, value in sorted(pairs)))
        with self.half.lock:
            earlier = self._answers.get(key) if key else None
            if earlier is None:
                done = self._do(path, parse(pairs), key, fingerprint)
                if key:
                    self._answers[key] = done
                return done, False
        if earlier.fingerprint != fingerprint:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first "
                f"used with. Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise Refusal(400, "idempotency_error", message)
        return earlier, True

    def _do(self, path: str, params: Row, key: str | None, fingerprint: tuple[str, ...]) -> Answer:
        """Do the request; a declined card is an answer to keep, other refusals are not."""
        status = 200
        try:
            body = self.half.request(request.method, path, params, idempotency_key=key)
        except Refusal as refusal:
            if refusal.status != 402:
                raise
            status, body = 402, refusal.body()
        return Answer(fingerprint, status, body, self.half.store.request["id"] or _request_id())

    def _check_key(self) -> None:
        sent = request.authorization
        if sent is None:
            raise Refusal(
                401,
                "invalid_request_error",
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            )
        key = sent.token if sent.type == "bearer" else sent.username
        if not secrets.compare_digest((key or "").encode(), self.half.api_key.encode()):
            hidden = f"{(key or '')[:8]}{'*' * 12}{(key or '')[-4:] if len(key or '') > 16 else ''}"
            raise Refusal(401, "invalid_request_error", f"Invalid API Key provided: {hidden}")

    def _check_permission(self, rest: str) -> None:
        what = rest.partition("/")[0]
        if {what, f"{request.method} {what}"} & self.half.withheld:
            raise Refusal(403, "invalid_request_error", FORBIDDEN)

    def _check_version(self) -> None:
        sent = request.headers.get("Stripe-Version")
        if sent not in (None, API_VERSION):
            raise invalid(f"Invalid Stripe API version: {sent}. This practice account speaks {API_VERSION}.")
        if request.headers.get("Stripe-Account"):
            raise Refusal(403, "invalid_request_error", "This practice account has no connected accounts.")


def _request_id() -> str:
    return f"req_{secrets.token_hex(7)}"


def _response(status: int, body: Row, request_id: str) -> Response:
    response = Response(json.dumps(body), status, content_type="application/json")
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = API_VERSION
    response.headers["Cache-Control"] = "no-cache, no-store"
    return response
