"""`manage.py demo`: the practice world, the console and the workers, with two months of a company.

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
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.utils import timezone
from rich.console import Console

from connector.engine import accounts, practice, roles
from connector.failures import describe
from connector.management import staff
from connector.models import Backfill, Job, MappedRecord, StripeAccount
from connector.sandbox.agreement import disagreements
from connector.sandbox.netsuite.user import ref
from connector.sandbox.server import Server
from connector.sandbox.stories import company
from connector.sandbox.world import World

ACCOUNT = "acme"
PATIENCE_SECONDS = 120
STOP_SECONDS = 20


class Command(BaseCommand):
    """With --once, exit status 0 only when the books balance, agree with Stripe, and nothing is left."""

    help = "Start the practice world with console and workers, and let a sample company live in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="play, settle, prove the books, stop")
        parser.add_argument(
            "--empty", action="store_true", help="an empty console: walk Set-up with the sample company"
        )
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
                password = secrets.token_urlsafe(9)
                staff.hire(password)
                world = World()
                sandbox = stack.enter_context(
                    Server(world, port=0 if once else _free(options["sandbox_port"]))
                )
                address = f"http://127.0.0.1:{port}"
                os.environ["CONSOLE_URL"] = address  # files and mails lead there
                os.environ["SANDBOX_URL"] = sandbox.url  # Set-up offers it, once no account is there
                if options["empty"]:
                    stack.enter_context(_process("gunicorn", *_gunicorn(port)))
                    stack.enter_context(_process("worker", str(settings.BASE_DIR / "manage.py"), "worker"))
                    _wait_for(f"{address}/healthz")
                    status.stop()
                    self._invite(address, sandbox.url, password)
                    signal.pause()
                known = practice.settings_at(sandbox.url)
                account = accounts.configure(ACCOUNT, {**known, staff.TAX_ACCOUNT: ""}, who=staff.ADMIN)
                status.update("Starting console and workers…")
                stack.enter_context(_process("gunicorn", *_gunicorn(port)))
                stack.enter_context(_process("worker", str(settings.BASE_DIR / "manage.py"), "worker"))
                _wait_for(f"{address}/healthz")
                world.stripe.deliver_to(f"{address}/webhooks/stripe/{ACCOUNT}/")
                today = timezone.now().date()
                company.open_books(world, today)
                for days in company.LIFE:
                    status.update(days.title)
                    company.live(world, days, today)
                    _wait_until_done(world)
                if once:
                    world.netsuite.user.open_period(company.period(today, company.CLOSED_MONTHS_AGO))
                    _settle_all(world, account, known[staff.TAX_ACCOUNT])
                    status.stop()
                    self._prove(world)
                else:
                    first, second = (company.first_of(today, ago) for ago in company.FULL_MONTHS)
                    _edit_deposit(world, account, since=second)
                    staff.leave_traces(account, first, company.MISTAKEN)
                    _wait_until_done(world)
                    staff.date_back()
                    status.stop()
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
        others = ", ".join(role.name for role in roles.ROLES)
        doing = f"{waiting} records need you: open the console, read why, and settle them."
        if not StripeAccount.objects.exists():
            doing = "Nothing is connected yet: open Set-up, and press Load sample company."
        self.stdout.write(
            f"\nThe console    {address}/    user {staff.ADMIN}, password {password}\n"
            f"               or a user for each role, with the same password: {others}\n"
            f"The practice   {sandbox}/    Stripe, with a button for each story\n"
            f"The books      {sandbox}/books\n\n"
            f"{doing}\n"
            "Ctrl-C stops everything."
        )
        self.stdout.flush()


def _new_database() -> None:
    """A fresh database: the practice world forgets, so what was booked in an earlier one means nothing."""
    if connection.vendor != "sqlite" or "demo" not in Path(connection.settings_dict["NAME"]).name:
        raise CommandError("The demo works only on its own SQLite database. Start it with `make demo`.")
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)


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
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise CommandError(f"The console does not answer at {url}; see var/demo-gunicorn.log.")


def _edit_deposit(world: World, account: StripeAccount, *, since: date) -> None:
    """Somebody types a line on a deposit in NetSuite of which its payout knows nothing."""
    deposit = MappedRecord.objects.filter(record_type="deposit", tran_date__gte=since).earliest("tran_date")
    line = {"$": "DepositOther", "account": ref(account.adjustments_account), "amount": Decimal("18.75")}
    edit = {"otherList": {"$": "DepositOtherList", "depositOther": [line]}}
    world.netsuite.user.edit("deposit", deposit.internal_id, edit)


def _settle_all(world: World, account: StripeAccount, tax_account: str) -> None:
    """Settle as its people would all that waits for them: choose what is missing, decide, try again."""
    staff.choose_account(account, staff.TAX_ACCOUNT, tax_account, "Chosen with our accountant.")
    for _ in range(3):  # what waited for another record is looked at anew once that is there
        waiting = list(Job.objects.filter(status__in=Job.OPEN))
        staff.allow_duplicates(waiting)
        staff.try_again(waiting)
        _wait_until_done(world)


def _wait_until_done(world: World) -> None:
    """Wait until all that was told has been heard, and nobody has anything to do."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    world.stripe.wait_delivered(PATIENCE_SECONDS)
    while staff.is_busy() or Backfill.objects.filter(state=Backfill.State.RUNNING).exists():
        if time.monotonic() > deadline:
            raise CommandError("The jobs do not end; see var/demo-worker.log.")
        time.sleep(0.05)
