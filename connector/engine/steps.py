"""Steps: the named moments of a job at which a worker can die.

Each is logged and sent as a signal, in this order; between `intent` and `mapped`
NetSuite may hold a record that we have not mapped yet.
"""

from __future__ import annotations

from typing import Literal, get_args

import structlog
from django.dispatch import Signal

Step = Literal["leased", "fetched", "planned", "intent", "answered", "mapped", "finished"]
STEPS: tuple[Step, ...] = get_args(Step)

reached = Signal()
"""Sent with `step` and `job` (its primary key)."""

log = structlog.get_logger("suitesync.engine")


def reach(step: Step, job: int) -> None:
    """Say that `job` has come to `step`."""
    log.debug("step", step=step, job=job)
    reached.send(sender=None, step=step, job=job)
