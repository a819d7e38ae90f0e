"""An app for one test: it kills a worker's whole cluster, with SIGKILL, at a named step of a job.

The folder that KILLING names holds one order, a file `order` with a step and how many
times it is to be passed before; an order is carried out once.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from django.apps import AppConfig

from connector.engine import steps


class Killing(AppConfig):
    """Listens to the engine's steps."""

    name = "tests.worker"
    label = "killing"
    default = True

    def ready(self) -> None:
        steps.reached.connect(kill_if_ordered)


def kill_if_ordered(step: str, **_: Any) -> None:
    """Carry out the order when its step is reached for the last time that it names."""
    folder = Path(os.environ["KILLING"])
    try:
        wanted, left = (folder / "order").read_text().split()
    except FileNotFoundError:
        return
    if step != wanted:
        return
    if int(left) > 1:
        (folder / "order").write_text(f"{step} {int(left) - 1}")
        return
    (folder / "order").rename(folder / "done")
    os.killpg(os.getpgrp(), signal.SIGKILL)
