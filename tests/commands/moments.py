"""A day after every story of the practice world: what Stripe has then is past."""

from __future__ import annotations

from datetime import UTC, datetime

LATER = datetime(2027, 3, 1, 12, tzinfo=UTC)
