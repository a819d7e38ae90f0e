"""`manage.py demo`: the practice world, the console and the workers, with stories played.

The demo has its own database and keys (manage.py gives it its variables). What it
starts, it ends: on Ctrl-C, or with --once as soon as the books are proven.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from rich.console import Console

from connector.engine import accounts, jobs
from connector.failures import describe
from connector.models import Job
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server
from connector.sandbox.world import World

ACCOUNT, USER = "acme", "demo"
PATIENCE_SECONDS = 120
STOP_SECONDS = 20
MENDED = "required_field_mended"


class Command(BaseCommand):
    """With --once, exit status 0 only when the books balance, agree with Stripe, and nothing is left."""

    help = "Start the practice world with console and workers, and play every story."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="play, prove the books, print them, stop")
        parser.add_argument("--port", type=int, default=8000, help="the console's port (default 8000)")
        parser.add_argument(
            "--sandbox-port", type=int, default=8001, help="the practice world's port (default 8001)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        once = options["once"]
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        progress = Console(stderr=True)
        port = _free(0 if once else options["port"])
        try:
            with progress.status("Making the database…") as status, ExitStack() as stack:
                _new_database()
                password = _new_user()
                world = World()
                sandbox = stack.enter_context(
                    Server(world, port=0 if once else _free(options["sandbox_port"]))
                )
                address = f"http://127.0.0.1:{port}"
                accounts.configure(ACCOUNT, _known_settings(sandbox.url), who=USER)
                status.update("Starting console and workers…")
                stack.enter_context(_process("gunicorn", *_gunicorn(port)))
                stack.enter_context(_process("worker", str(settings.BASE_DIR / "manage.py"), "worker"))
                _wait_for(f"{address}/healthz")
                world.stripe.deliver_to(f"{address}/webhooks/stripe/{ACCOUNT}/")
                for name in stories.STORIES:
                    status.update(f"{stories.title(name)}")
                    _play(world, name, retry=once)
                status.stop()
                if once:
                    self._prove(world)
                else:
                    self._invite(address, sandbox.url, password)
                    signal.pause()
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. Nothing is left running.")

    def _prove(self, world: World) -> None:
        """Print the books, what failed, and whether both sides agree."""
        self.stdout.write(world.netsuite.books_text())
        left = list(Job.objects.exclude(status__in=(Job.Status.SUCCESSFUL, Job.Status.SKIPPED)))
        for job in left:
            self.stdout.write(f"{job}: {job.get_status_display()}. {describe(job.code).title}. {job.message}")
        told = disagreements(world)
        for sentence in told:
            self.stdout.write(sentence)
        if left or told:
            raise CommandError(f"{len(left)} records are not booked, {len(told)} differences to Stripe.")
        done = Job.objects.filter(status=Job.Status.SUCCESSFUL).count()
        self.stdout.write(f"{done} documents are in NetSuite. The books balance and agree with Stripe.")

    def _invite(self, address: str, sandbox: str, password: str) -> None:
        waiting = Job.objects.filter(status__in=Job.OPEN).count()
        self.stdout.write(
            f"\nThe console    {address}/    user {USER}, password {password}\n"
            f"The practice   {sandbox}/    Stripe, with a button for each story\n"
            f"The books      {sandbox}/books\n\n"
            f"{waiting} record needs you: open the console, find it, and press Try again.\n"
            "Ctrl-C stops everything."
        )


def _new_database() -> None:
    """A fresh database: the practice world forgets, so what was booked in an earlier one means nothing."""
    if connection.vendor != "sqlite" or "demo" not in Path(connection.settings_dict["NAME"]).name:
        raise CommandError("The demo works only on its own SQLite database. Start it with `make demo`.")
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)


def _new_user() -> str:
    password = secrets.token_urlsafe(9)
    get_user_model().objects.create_superuser(USER, "", password)
    return password


def _known_settings(sandbox: str) -> dict[str, Any]:
    known = requests.get(f"{sandbox}/credentials.json", timeout=10).json()
    return {key: value for key, value in known.items() if key in accounts.field_names()}


def _free(port: int) -> int:
    """The port if nobody has it, else another one; 0 is any."""
    for wanted in (port, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CommandError("No port is free on this machine.")


def _gunicorn(port: int) -> tuple[str, ...]:
    return (
        "-m",
        "gunicorn",
        "suitesync.wsgi",
        "-b",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--log-level",
        "warning",
    )


@contextmanager
def _process(name: str, *arguments: str) -> Iterator[None]:
    """A child of ours, ended with the block; its words go to var/demo-<name>.log."""
    settings.DATA_DIR.mkdir(exist_ok=True)
    with (settings.DATA_DIR / f"demo-{name}.log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=log,
            stderr=log,
            cwd=settings.BASE_DIR,
            env=dict(os.environ),
            start_new_session=True,  # a Ctrl-C is for us alone; we end it in good order
        )
        try:
            yield
        finally:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise CommandError(f"The console does not answer at {url}; see var/demo-gunicorn.log.")


def _play(world: World, name: str, *, retry: bool) -> None:
    """Play one story and wait until its jobs have ended; as a person would, try again what was mended."""
    stories.play(world, name)
    if name == MENDED and retry:
        for job in Job.objects.filter(status__in=Job.OPEN):
            jobs.retry(job)
    world.stripe.wait_delivered(PATIENCE_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Job.objects.filter(status__in=(Job.Status.READY, Job.Status.RUNNING)).exists():
        if time.monotonic() > deadline:
            raise CommandError(f"The jobs of the story {name} did not end; see var/demo-worker.log.")
        time.sleep(0.05)
