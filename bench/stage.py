"""The stage: the programs that the benchmarks watch, started for them and ended with them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import requests
from django.conf import settings
from django.db import connection

from bench.shop import Shop
from connector.engine import accounts, jobs, sync
from connector.models import Job, StripeAccount

ACCOUNT = "bench"
PATIENCE_SECONDS = 60
STOP_SECONDS = 20
WEB_PROCESSES, WEB_THREADS = 2, 4


class Stage:
    """A practice world on the wire, an account wired to it, and the way to start the project's programs.

    Needs a migrated database. `folder` takes what the programs say.
    """

    def __init__(self, folder: Path, sandbox: str) -> None:
        self.folder = folder
        self.sandbox = sandbox
        known = requests.get(f"{sandbox}/credentials.json", timeout=10).json()
        wanted = {key: value for key, value in known.items() if key in accounts.field_names()}
        self.account: StripeAccount = accounts.configure(ACCOUNT, wanted, who="bench")
        self.shop = Shop(sandbox, known["stripe_api_key"])

    def calls(self) -> dict[str, int]:
        """SOAP calls so far by operation, and `writes`, as the practice NetSuite counted them."""
        books = requests.get(f"{self.sandbox}/books.json", timeout=20).json()
        return {**books["calls"], "writes": books["writes"]}

    def new_job(self, subject: str) -> int:
        """A job that no worker is rung for; its number."""
        return jobs.enqueue_all(self.account, [subject], wake=False)[0].pk

    def book(self, subject: str) -> None:
        """Book a document here and now. RuntimeError when it does not reach NetSuite."""
        self.run(self.new_job(subject))

    def run(self, pk: int) -> None:
        """Run a job in this process, as a worker does."""
        status = sync.run(pk)
        if status != Job.Status.SUCCESSFUL:
            job = Job.objects.get(pk=pk)
            raise RuntimeError(f"{job.subject} was not booked: {status} {job.code} {job.message}")

    @contextmanager
    def web(self, settings_module: str) -> Iterator[str]:
        """The project behind gunicorn with these settings; gives its address."""
        port = free_port()
        command = ["-m", "gunicorn", "suitesync.wsgi", "-b", f"127.0.0.1:{port}", "--log-level", "warning"]
        command += ["-k", "gthread", "-w", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)]
        with program(self.folder, *command, environment={"DJANGO_SETTINGS_MODULE": settings_module}):
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            yield address

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The background workers of this machine."""
        with program(self.folder, str(settings.BASE_DIR / "manage.py"), "worker"):
            yield


@contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    """A stage with a new practice world behind it."""
    port = free_port()
    with program(folder, str(settings.BASE_DIR / "manage.py"), "sandbox", "--port", str(port)):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/credentials.json")
        yield Stage(folder, address)
        connection.close()


@contextmanager
def program(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program of ours, ended with the block; its words go to a file in `folder`."""
    with (folder / "programs.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=settings.BASE_DIR,
            env={**os.environ, **(environment or {})},
            start_new_session=True,  # a Ctrl-C is for us alone; we end it in good order
        )
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def free_port() -> int:
    """A port of the loopback address that nobody has."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until something answers there, whatever it says. RuntimeError when nothing does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            requests.get(url, timeout=2)
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Nothing answers at {url}.")
