"""A worker is killed with SIGKILL at every step of a job; afterwards the books hold each record once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from connector.engine import jobs
from connector.engine.steps import STEPS
from connector.models import Attempt, Job, MappedRecord, StripeAccount
from connector.sandbox import stories
from connector.sandbox.agreement import disagreements
from connector.sandbox.server import Server

WRITES = ("intent", "answered", "mapped")
WAVES = {1: "customer", 3: "invoice", 4: "payment"}
KILLS = [(step, wave) for step in STEPS for wave in (WAVES if step in WRITES else (1,))]
PATIENCE_SECONDS = 60
STORY = "subscription_invoice_paid"


@pytest.fixture
def orders(tmp_path: Path, database_url: str) -> Generator[Path]:
    """A worker of this test's database that obeys killing orders laid into this folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.worker.killing_settings",
        "KILLING": str(tmp_path),
    }
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker"]
    with (tmp_path / "worker.log").open("w") as log:
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield tmp_path
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_at_any_step_is_booked_once(
    sandbox: Server, account: StripeAccount, orders: Path
) -> None:
    for step, wave in KILLS:
        played = stories.play(sandbox.world, STORY)
        invoice = next(identity for identity in played.objects if identity.startswith("in_"))
        (orders / "order").write_text(f"{step} {wave}")
        with transaction.atomic():
            job = jobs.enqueue(account, invoice)

        _wait_until_booked(job, killed=orders / "done")

        assert Attempt.objects.filter(job=job).count() >= (1 if step == "finished" else 2), (step, wave)
        assert _counts(sandbox, invoice) == {"invoice": 1}, (step, wave)
        assert disagreements(sandbox.world) == [], (step, wave)
        (orders / "done").unlink()

    assert set(MappedRecord.objects.values_list("state", flat=True)) == {MappedRecord.State.MAPPED}
    twice = [key for key, count in _all_external_ids(sandbox).items() if count > 1]
    assert twice == []


def _wait_until_booked(job: Job, *, killed: Path) -> None:
    """Sweep, as the minute's clock would, until the worker was killed and the job booked all the same."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        jobs.sweep()
        job.refresh_from_db()
        if job.status == Job.Status.SUCCESSFUL and killed.exists():
            return
        time.sleep(0.1)
    log = (killed.parent / "worker.log").read_text()[-3000:]
    raise AssertionError(f"{job.status} {job.code} {job.message}; killed: {killed.exists()}\n{log}")


def _counts(sandbox: Server, external_id: str) -> dict[str, int]:
    records = sandbox.world.netsuite.books()["records"]
    return Counter(record["type"] for record in records if record["external_id"] == external_id)


def _all_external_ids(sandbox: Server) -> Counter[str]:
    records = sandbox.world.netsuite.books()["records"]
    return Counter(record["external_id"] for record in records if record["external_id"])
