"""What the practice Stripe answers when it refuses a request."""

from typing import Any


class Refusal(Exception):
    """A refused request, with the HTTP status and the body that Stripe would send."""

    def __init__(self, status: int, kind: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.details = {name: value for name, value in details.items() if value is not None}

    def body(self) -> dict[str, Any]:
        """The JSON body: `{"error": {"type", "message", "code"?, "param"?, ...}}`."""
        return {"error": {"type": self.kind, "message": self.message, **self.details}}


def invalid(message: str, *, code: str | None = None, param: str | None = None) -> Refusal:
    """Status 400: the request itself is wrong."""
    return Refusal(400, "invalid_request_error", message, code=code, param=param)


def missing(noun: str, identity: str, *, param: str = "id", status: int = 404) -> Refusal:
    """No such object: 404 when it was named by the address, 400 when by a parameter."""
    message = f"No such {noun}: '{identity}'"
    return Refusal(status, "invalid_request_error", message, code="resource_missing", param=param)


def required(name: str) -> Refusal:
    """Status 400: a parameter that must be there is not."""
    return invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)


def declined(charge: str, intent: dict[str, Any] | None, reason: str) -> Refusal:
    """Status 402: the card was declined; names the failed charge and its payment intent."""
    return Refusal(
        402,
        "card_error",
        "Your card was declined.",
        code="card_declined",
        decline_code=reason,
        charge=charge,
        payment_intent=intent,
    )
