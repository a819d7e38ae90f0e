"""The chart of days: where each bar stands, in the units of its drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import figures
from dashboard.summary import Day

STEP = 20
"""The width of one day, bar and gap."""
BAR = 14
HEIGHT = 100
LEAST = 2.5
"""The height of the smallest bar: one record among a thousand still shows."""
GAP = 1.5
"""Between the two parts of a bar, so that they are told apart without colour."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: the booked part from the ground up, and the open part on top of it."""

    date: date
    left: int
    booked_top: float
    booked_height: float
    open_top: float
    open_height: float
    booked: int
    open: int
    label: str

    @property
    def inner_left(self) -> float:
        """Where the bar itself begins; `left` is where the day does."""
        return self.left + (STEP - BAR) / 2

    @property
    def is_empty(self) -> bool:
        """Whether nothing ended on that day."""
        return not (self.booked or self.open)


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars, on a drawing `width` by 100."""

    bars: tuple[Bar, ...]
    width: int
    highest: int
    step: int = STEP
    bar: int = BAR
    height: int = HEIGHT


def draw(days: Sequence[Day]) -> Chart:
    """Bars for `days`, as high as their share of the highest day."""
    highest = max((day.booked + day.open for day in days), default=0)
    bars = tuple(_bar(place, day, max(highest, 1)) for place, day in enumerate(days))
    return Chart(bars, width=STEP * len(days), highest=highest)


def _bar(place: int, day: Day, highest: int) -> Bar:
    booked, waiting = _share(day.booked, highest), _share(day.open, highest)
    gap = GAP if day.booked and day.open else 0
    return Bar(
        date=day.date,
        left=place * STEP,
        booked_top=round(HEIGHT - booked, 2),
        booked_height=booked,
        open_top=round(HEIGHT - booked - gap - waiting, 2),
        open_height=waiting,
        booked=day.booked,
        open=day.open,
        label=f"{figures.day(day.date)}: {day.booked} in NetSuite, {day.open} needing somebody",
    )


def _share(count: int, highest: int) -> float:
    return round(max(LEAST, count / highest * (HEIGHT - LEAST - GAP)), 2) if count else 0
