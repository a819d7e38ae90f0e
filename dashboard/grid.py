"""The grid of Today: the last days by kinds of records, each cell as its worst record stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from connector.models import Job
from dashboard import figures
from dashboard.selection import KINDS, MOVING
from dashboard.summary import Counts

DAYS = 14
ROWS = ("invoice", "payment", "refund", "dispute", "credit_note", "payout", "customer")
S = Job.Status


@dataclass(frozen=True, slots=True)
class Look:
    """How some records stand: what marks it, the word of the legend, the words for one and for many."""

    state: str
    statuses: tuple[str, ...]
    shape: str
    tone: str
    word: str
    one: str
    many: str

    def words(self, count: int) -> str:
        """`3 need you`."""
        return figures.counted(count, self.one, self.many)


LOOKS = (
    Look(S.FAILED, (S.FAILED,), "▲", "bad", "Needs an engineer", "needs an engineer", "need an engineer"),
    Look(S.NEEDS_ATTENTION, (S.NEEDS_ATTENTION,), "●", "bad", "Needs you", "needs you", "need you"),
    Look(MOVING, (S.READY, S.RUNNING), "○", "wait", "On its way", "on its way", "on their way"),
    Look(S.SUCCESSFUL, (S.SUCCESSFUL,), "✓", "ok", "In NetSuite", "in NetSuite", "in NetSuite"),
    Look(S.SKIPPED, (S.SKIPPED,), "–", "rest", "Skipped", "skipped", "skipped"),
)
"""From the worst to the best."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind on one day: its worst look with how many stand so, all in words, and where they are listed."""

    look: Look | None
    count: int
    says: str
    query: str


@dataclass(frozen=True, slots=True)
class Row:
    """One kind over the days."""

    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The days across, the kinds down."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    looks: tuple[Look, ...] = LOOKS


def draw(counts: Counts, days: Sequence[date], account: str) -> Grid:
    """The grid of the last of `days`; `account` is the one that is looked at alone, or empty."""
    shown = tuple(days[-DAYS:])
    rows = [Row(KINDS[kind][0], tuple(_cell(counts, day, kind, account) for day in shown)) for kind in ROWS]
    return Grid(shown, tuple(rows))


def _cell(counts: Counts, day: date, kind: str, account: str) -> Cell:
    found = [(look, sum(counts[day, kind, status] for status in look.statuses)) for look in LOOKS]
    found = [(look, count) for look, count in found if count]
    if not found:
        return Cell(None, 0, "none", "")
    look, count = found[0]
    query = {"kind": kind, "from": day.isoformat(), "to": day.isoformat()}
    query |= {"state": look.state} if len(found) > 1 else {}
    query |= {"account": account} if account else {}
    return Cell(look, count, figures.joined([each.words(many) for each, many in found]), urlencode(query))
