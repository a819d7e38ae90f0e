"""Short plays of what happens in a business: each makes its own customer and objects on both sides."""

from . import sales, figures, periods, credit, endings, notes  # isort: skip
from .telling import BILLING, KINDS, STORIES, Played, Story, known, play, title, told

FAMILIES = (sales, figures, periods, credit, endings, notes)
"""The modules whose import registers the stories, in playing order."""

__all__ = ["BILLING", "FAMILIES", "KINDS", "STORIES", "Played", "Story", "known", "play", "title", "told"]
