"""The watchdog: it runs the queue's cluster as a child and replaces it when it hangs.

A worker process that is killed while idle can leave the cluster's task queue locked,
and then nothing runs any more while everything looks well; a killed monitor blocks
in the same way (stack.md 1.2). Both show as work in the cluster's hands and no task
finished. Every finished task sets a beat in the shared cache, from the cluster's
monitor process; work and no beat for longer than a task may take means a hang.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, close_old_connections
from django_q.status import Stat

from connector.engine.vitals import beat_key

log = structlog.get_logger("suitesync.worker")

LOOK_SECONDS = 2.0
GRACE_SECONDS = 30
"""Beyond a task's own time limit, before the cluster is taken for hung."""
BEAT_SECONDS = 24 * 3600
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LIVED_WELL_SECONDS = 2
"""A cluster that ends sooner has not come up at all, and the next pause is longer."""
AWAY = (DatabaseError, InterfaceError)
"""The database is away for everybody; the cluster finds out by itself."""


def beat(**_: object) -> None:
    """Say that a task has ended. Connected to django-q2's `post_execute`, which fires in the monitor process.

    The cluster runs in a process group of its own, so the group's number is its name.
    """
    cache.set(beat_key(socket.gethostname(), os.getpgrp()), time.time(), BEAT_SECONDS)


@dataclass(slots=True)
class Patience:
    """How long a cluster with work in hand may go without a beat. Times in seconds since the epoch."""

    limit: float
    _since: float | None = None

    def is_over(self, *, busy: bool, beat: float, now: float) -> bool:
        """Whether the cluster hangs, given what is seen now and was seen before."""
        if not busy:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - max(self._since, beat) > self.limit


@dataclass(slots=True)
class Watchdog:
    """Keeps one cluster running until it is told to stop."""

    command: list[str]
    limit: float = field(default_factory=lambda: settings.JOB_TIME_LIMIT + GRACE_SECONDS)
    _stopping: bool = False

    def run(self) -> None:
        """Start the cluster anew whenever it ends or hangs; return after SIGTERM or SIGINT, nothing left."""
        for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(stop, self._stop)
        pause = FIRST_PAUSE
        while not self._stopping:
            started = time.monotonic()
            child = self._start()
            try:
                self._watch(child)
            finally:
                _kill(child)  # whatever the cluster left behind in its group
            lived_well = time.monotonic() - started > LIVED_WELL_SECONDS
            pause = FIRST_PAUSE if lived_well else min(pause * 2, LONGEST_PAUSE)
            self._sleep(pause)

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: its group can be killed whole, and a Ctrl-C in the terminal
        # reaches only us, who then end it in good order.
        environment = {**os.environ, "PROCESS_ROLE": "worker"}
        child = subprocess.Popen(self.command, env=environment, start_new_session=True)
        log.info("cluster started", pid=child.pid)
        return child

    def _watch(self, child: subprocess.Popen[bytes]) -> None:
        patience = Patience(self.limit)
        while child.poll() is None:
            if self._stopping:
                _end(child)
            elif patience.is_over(busy=_has_work(child.pid), beat=_last_beat(child.pid), now=time.time()):
                log.error("cluster hangs, it is replaced", pid=child.pid)
                _kill(child)
            else:
                self._sleep(LOOK_SECONDS)
        log.info("cluster ended", pid=child.pid, code=child.returncode)

    def _stop(self, _signum: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _sleep(self, seconds: float) -> None:
        """Sleep in short pieces: after a signal handler Python sleeps on, and a stop must not wait."""
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.1)


def cluster_command() -> list[str]:
    """The queue's own command, in this installation."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "qcluster"]


def _has_work(pid: int) -> bool:
    """Whether the cluster of this process holds tasks or results that it has not dealt with.

    A cluster that says nothing of itself is taken to hold some: its sentinel, which speaks
    twice a second, may hang too.
    """
    try:
        close_old_connections()
        stats = Stat.get_all()
    except AWAY:
        return False
    own = [stat for stat in stats if stat.host == socket.gethostname() and stat.pid == pid]
    return not own or any(stat.task_q_size or stat.done_q_size for stat in own)


def _last_beat(pid: int) -> float:
    try:
        return float(cache.get(beat_key(socket.gethostname(), pid), 0.0))
    except AWAY:
        return 0.0


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask the cluster to finish what it has begun; kill it when it takes longer than a task may."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=settings.JOB_TIME_LIMIT + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
