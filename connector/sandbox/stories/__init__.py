"""Short plays of what happens in a business: each makes its own customer and objects on both sides."""

from . import sales, figures, periods, credit, endings, notes, matching, mappings  # isort: skip
from . import payments, refunds, disputes, payouts  # isort: skip
from .telling import BILLING, KINDS, MONEY, STORIES, Played, Story, known, play, title, told

FAMILIES = (
    sales,
    figures,
    periods,
    credit,
    endings,
    notes,
    matching,
    mappings,
    payments,
    refunds,
    disputes,
    payouts,
)
"""The modules whose import registers the stories, in playing order."""

__all__ = [
    "BILLING",
    "FAMILIES",
    "KINDS",
    "MONEY",
    "STORIES",
    "Played",
    "Story",
    "known",
    "play",
    "title",
    "told",
]
