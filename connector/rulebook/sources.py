"""Where rules come from, in words."""

from __future__ import annotations

DECIDED = "Decided by this project"
CONCLUDED = "Our conclusion; the documents leave it open"
POSTINGS = "NetSuite's standard postings"


def docs(*topics: str) -> str:
    """Stripe's own pages about the connector."""
    return f"Stripe's documentation, {_joined(topics)}"


def former(*topics: str) -> str:
    """The pages of the connector's first makers, from before Stripe owned it."""
    return f"The former connector's documentation, {_joined(topics)}"


def both(*topics: str) -> str:
    """Stripe's pages and the older ones agree, or complete each other."""
    return f"Stripe's and the former connector's documentation, {_joined(topics)}"


def market(*vendors: str) -> str:
    """What other connectors do."""
    return f"Practice of other connectors ({_joined(vendors)})"


def _joined(topics: tuple[str, ...]) -> str:
    if len(topics) < 2:
        return "".join(topics)
    return f"{', '.join(topics[:-1])} and {topics[-1]}"
