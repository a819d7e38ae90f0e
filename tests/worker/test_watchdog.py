"""The worker command as a real process: it works, it stops clean, and it replaces a cluster that hangs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import transaction
from django_q.status import Stat
from django_q.tasks import async_task

from connector.engine import jobs
from connector.models import Job
from connector.watchdog import Patience
from tests.factories import StripeAccountFactory

ROOT = Path(__file__).resolve().parent.parent.parent
SOON = 20.0
"""Seconds within which whatever is expected must happen, on a busy machine too."""

# Patience


@pytest.mark.parametrize(
    ("looks", "verdicts"),
    [
        ([], []),
        ([(False, 0, 0), (False, 0, 999)], [False, False]),  # idle for ever
        ([(True, 0, 0), (True, 0, 10), (True, 0, 11)], [False, False, True]),  # work and no beat
        ([(True, 0, 100), (True, 0, 110), (True, 0, 111)], [False, False, True]),
        ([(True, 0, 0), (True, 9, 10), (True, 9, 19), (True, 9, 20)], [False, False, False, True]),
        ([(True, 0, 0), (True, 8, 12), (True, 20, 21), (True, 29, 30)], [False] * 4),  # busy and beating
        ([(True, 0, 0), (False, 0, 9), (True, 0, 12), (True, 0, 22)], [False] * 4),  # idle between
        ([(True, 0, 0), (False, 0, 9), (True, 0, 12), (True, 0, 23)], [False, False, False, True]),
        ([(True, 0, 1000), (True, 0, 1005)], [False, False]),  # idle for long before its first work
    ],
)
def test_patience_ends_when_work_has_waited_without_a_beat_for_longer_than_the_limit(
    looks: list[tuple[bool, float, float]], verdicts: list[bool]
) -> None:
    patience = Patience(limit=10)
    assert [patience.is_over(busy=busy, beat=beat, now=now) for busy, beat, now in looks] == verdicts


# Processes


class Worker:
    """A started worker and what it has said."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self._log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=out, env=environment, start_new_session=True
            )

    def said(self, event: str) -> list[dict[str, object]]:
        """The log's entries of this name."""
        lines = self._log.read_text().splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        return [entry for entry in entries if entry["event"] == event]

    @property
    def clusters(self) -> list[int]:
        """The process groups of the clusters that it started, oldest first."""
        return [int(str(entry["pid"])) for entry in self.said("cluster started")]

    def kill(self) -> None:
        """Leave nothing running, whatever the test came to."""
        for group in (self.process.pid, *self.clusters):
            if alive(group):
                os.killpg(group, signal.SIGKILL)
        self.process.wait(10)


Start = Callable[..., Worker]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Generator[Start]:
    """Start `manage.py worker`, or the command given, on this test's database."""
    started: list[Worker] = []

    def begin(*command: str, **variables: str) -> Worker:
        names = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url}
        environment = {**os.environ, **names, "PYTHONPATH": str(ROOT), **variables}
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(Worker([sys.executable, *(command or ("manage.py", "worker"))], log, environment))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()


def until(seen: Callable[[], object], seconds: float = SOON) -> None:
    """Wait for it; fail when it does not happen."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def alive(group: int) -> bool:
    """Whether any process of the group still runs; the dead that nobody has buried yet do not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    states = [state for its_group, state in processes() if its_group == group]
    return not states or set(states) != {"Z"}


def processes() -> Iterator[tuple[int, str]]:
    """The process group and state of every process, where the system tells them in files."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            state, _, group, *_ = path.read_text().rpartition(")")[2].split()
            yield int(group), state


def pool(group: int) -> list[int]:
    """The worker processes of a cluster, once both of them have been started."""
    found: list[int] = []

    def both() -> bool:
        found[:] = [pid for stat in Stat.get_all() if stat.pid == group for pid in stat.workers]
        return len(found) == 2

    until(both)
    return found


def chore(note: Path, seconds: float = 0.0) -> None:
    async_task("tests.worker.chores.leave_note", str(note), seconds)


def written(note: Path, text: str) -> Callable[[], bool]:
    return lambda: note.exists() and note.read_text() == text


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_runs_jobs_and_stops_after_the_task_in_hand_with_nothing_left_running(
    start: Start, tmp_path: Path, how: signal.Signals
) -> None:
    with transaction.atomic():
        job = jobs.enqueue(StripeAccountFactory.create(), "in_1")
    worker, note = start(), tmp_path / "note"
    until(lambda: Job.objects.get(pk=job.pk).status == Job.Status.NEEDS_ATTENTION)
    assert Job.objects.get(pk=job.pk).code == "netsuite_credentials_missing"
    assert str(worker.clusters[0]) not in Job.objects.get(pk=job.pk).attempts.get().worker

    chore(note, seconds=1)
    until(written(note, "begun"))
    worker.process.send_signal(how)
    assert worker.process.wait(SOON) == 0
    assert note.read_text() == "done"
    assert [alive(group) for group in worker.clusters] == [False]
    assert not alive(worker.process.pid)


def test_a_worker_that_is_stopped_while_it_starts_leaves_nothing_running(start: Start) -> None:
    worker = start()
    until(lambda: worker.clusters)
    worker.process.terminate()
    assert worker.process.wait(SOON) == 0
    assert [alive(group) for group in worker.clusters] == [False]


def test_a_cluster_whose_idle_workers_were_killed_or_that_died_is_replaced_and_work_goes_on(
    start: Start, tmp_path: Path
) -> None:
    worker = start("tests/worker/impatient.py", "4", JOB_TIME_LIMIT="2")
    until(lambda: worker.clusters)
    for pid in pool(worker.clusters[0]):
        os.kill(pid, signal.SIGKILL)
    chore(tmp_path / "first")
    until(written(tmp_path / "first", "done"), 30)
    hung, second = worker.clusters
    assert len(worker.said("cluster hangs, it is replaced")) == 1
    assert not alive(hung)

    os.kill(second, signal.SIGKILL)
    until(lambda: len(worker.clusters) == 3)
    assert not alive(second)
    chore(tmp_path / "second")
    until(written(tmp_path / "second", "done"))

    worker.process.terminate()
    assert worker.process.wait(SOON) == 0
    assert [group for group in worker.clusters if alive(group)] == []


def test_a_cluster_that_says_nothing_of_itself_is_replaced_too(start: Start) -> None:
    silent = (sys.executable, "-c", "import time; time.sleep(600)")
    worker = start("tests/worker/impatient.py", "1", *silent)
    until(lambda: len(worker.clusters) == 2)
    assert len(worker.said("cluster hangs, it is replaced")) == 1
    assert not alive(worker.clusters[0])
    worker.process.terminate()
    assert worker.process.wait(SOON) < 1
    assert not alive(worker.clusters[1])
