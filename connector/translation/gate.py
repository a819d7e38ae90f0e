"""Gate: what stays outside on purpose, before anything is planned.

A held document is skipped, not failed: when somebody clears the mark in Stripe,
Stripe tells us, and the document comes by itself (section 24 of the rulebook).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connector.translation.plan import Skip
from connector.translation.settings import Settings

BLOCK_KEY = "netsuite_block_integration"
ALLOW_KEY = "netsuite_allow_integration"


def held(stripe_id: str, day: date, metadata: Mapping[str, str], settings: Settings) -> Skip | None:
    """Why this document is not to be booked now; None when nothing speaks against it (BF-1, SY-1, SY-3)."""
    if skip := before_start(stripe_id, day, settings) or blocked(stripe_id, metadata, settings):
        return skip
    if settings.allowlist_payments and metadata.get(ALLOW_KEY) != "true":
        return Skip("not_released", f"{stripe_id} does not carry {ALLOW_KEY} = true.")
    return None


def before_start(stripe_id: str, day: date, settings: Settings) -> Skip | None:
    """Whether it happened before the books start (BF-1)."""
    if not settings.sync_start_date or day >= settings.sync_start_date:
        return None
    start = settings.sync_start_date.isoformat()
    return Skip("before_start_date", f"{stripe_id} is dated {day.isoformat()}; the books start on {start}.")


def blocked(stripe_id: str, metadata: Mapping[str, str], settings: Settings) -> Skip | None:
    """Whether somebody holds this back by its mark (SY-1). Asked of what a document rests on, too (SY-2).

    The allowlist is asked of the document alone: Stripe makes an invoice's charges
    itself, and nobody could mark them in time (SY-3).
    """
    if settings.denylist_payments and metadata.get(BLOCK_KEY) == "true":
        return Skip("held_by_metadata", f"{stripe_id} carries {BLOCK_KEY} = true.")
    return None
