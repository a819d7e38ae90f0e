"""A backfill killed with SIGKILL, again and again, and taken up each time: each record comes once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from connector.models import Backfill, Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from tests.commands.moments import LATER
from tests.commands.numberless import numberless
from tests.stories.expected import BOOKS

KILLS = (("intent", 2), ("answered", 3), ("mapped", 4))
"""At which step, and when it comes for the how manieth time in that process."""


class Terminal:
    """Somebody gives the command in a process of its own, which obeys the killing orders of a folder."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.commands.later_settings",
            "KILLING": str(folder),
        }

    def backfill(self, kill: tuple[str, int] | None = None) -> tuple[int, dict[str, Any]]:
        """The exit status, and what was printed."""
        if kill:
            (self.folder / "order").write_text(f"{kill[0]} {kill[1]}")
        ended = subprocess.run(
            [
                sys.executable,
                str(Path(settings.BASE_DIR) / "manage.py"),
                *("backfill", "acme", "--from", "2026-10-01", "--json"),
            ],
            env=self._environment | {"NOW": timezone.now().isoformat()},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            start_new_session=True,
        )
        return ended.returncode, json.loads(ended.stdout) if ended.stdout else {}


@pytest.mark.django_db(transaction=True)
def test_a_backfill_killed_and_taken_up_again_loses_nothing_and_books_nothing_twice(
    sandbox: Server, account: StripeAccount, tmp_path: Path, database_url: str
) -> None:
    with time_machine.travel(LATER, tick=True):
        stories.play(sandbox.world, "daily_payout")
        terminal = Terminal(tmp_path, database_url)
        for kill in KILLS:
            assert terminal.backfill(kill) == (-signal.SIGKILL, {})
            assert (tmp_path / "done").exists()
            (tmp_path / "done").unlink()

        status, told = terminal.backfill()

        assert (status, told["complete"], told["resumed"]) == (0, True, True)
        assert Backfill.objects.count() == 1
    books = sandbox.world.netsuite.books()
    external_ids = Counter(record["external_id"] for record in books["records"])
    assert set(external_ids.values()) == {1}
    assert disagreements(sandbox.world) == []
    live = (BOOKS / "daily_payout.txt").read_text()
    assert numberless(sandbox.world.netsuite.books_text()) == numberless(live)
    assert not Job.objects.filter(status__in=[*Job.OPEN, Job.Status.RUNNING]).exists()
    assert not MappedRecord.objects.exclude(state=MappedRecord.State.MAPPED).exists()
