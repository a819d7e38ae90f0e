"""Small tasks that the tests give to the workers."""

from __future__ import annotations

import time
from pathlib import Path


def leave_note(path: str, seconds: float = 0.0) -> None:
    """Say at `path` that the task has begun, and after so many seconds that it is done."""
    note = Path(path)
    note.write_text("begun")
    time.sleep(seconds)
    note.write_text("done")
