"""WebhookEndpoint: an address to which Stripe sends its events."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.stripe.shape import Json, required


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """`secret` signs what is sent there; Stripe tells it once, when the endpoint is made."""

    id: str
    url: str
    events: frozenset[str]
    api_version: str
    enabled: bool
    secret: str = field(default="", repr=False)

    @classmethod
    def from_stripe(cls, data: Json) -> WebhookEndpoint:
        """Raises as `shape.understood` for what Stripe would not send."""
        return cls(
            id=required(data, "id"),
            url=required(data, "url"),
            events=frozenset(required(data, "enabled_events")),
            api_version=data.get("api_version") or "",
            enabled=data.get("status") == "enabled",
            secret=data.get("secret") or "",
        )
