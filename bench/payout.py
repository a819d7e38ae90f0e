"""A payout of 10,000 charges: NetSuite calls, and the memory of the worker that deposits it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

from bench.results import Measure, at_most
from bench.stage import Stage, free_port, program
from connector.engine import accounts, jobs, sync
from connector.models import Job, MappedRecord, PayoutLine, StripeAccount

CHARGES = 10_000
MOST_CALLS, MOST_MEGABYTES = 40, 300
PATIENCE_SECONDS = 300
ACCOUNT = "bench-payout"
BATCH = 1000


def measure(stage: Stage) -> list[Measure]:
    """Deposit a payout of as many charges as one deposit holds, in a process of its own."""
    port, file = free_port(), stage.folder / "payout.json"
    with program(stage.folder, "-m", "bench.payout_world", str(port), str(CHARGES), str(file)):
        told = _wait_for(file)
        account = _account(f"http://127.0.0.1:{port}", told["payments"])
        job = jobs.enqueue_all(account, [told["payout"]], wake=False)[0]
        started = time.monotonic()
        megabytes = _peak_of_worker(job.pk)
        seconds = time.monotonic() - started
    job.refresh_from_db()
    if job.status != Job.Status.SUCCESSFUL:
        raise RuntimeError(f"The payout was not booked: {job.status} {job.code} {job.message}")
    calls = len(job.attempts.get().exchanges)
    lines = PayoutLine.objects.filter(payout__account=account, state=PayoutLine.State.RECORD).count()
    about = f"a payout of {CHARGES:,} charges"
    beside = f"{lines:,} records deposited in {seconds:.0f} s, Stripe's lists included"
    return [
        at_most("payout_netsuite_calls", f"SOAP calls of {about}", calls, MOST_CALLS, "calls", beside),
        at_most(
            "payout_memory_mb",
            f"Peak memory of the worker, {about}",
            megabytes,
            MOST_MEGABYTES,
            "MB",
            "the whole process, Python and Django included",
        ),
    ]


def run(pk: int) -> None:
    """Run a job as a worker does, and print the peak memory of this process in MB."""
    sync.run(pk)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _wait_for(file: Path) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (file.exists() and file.read_text().endswith("}")):
        if time.monotonic() > deadline:
            raise RuntimeError("The practice world was not filled in time.")
        time.sleep(0.2)
    return dict(json.loads(file.read_text()))


def _account(sandbox: str, payments: list[tuple[str, str]]) -> StripeAccount:
    """An account wired to that world, whose map holds every payment already."""
    known = requests.get(f"{sandbox}/credentials.json", timeout=10).json()
    wanted = {key: value for key, value in known.items() if key in accounts.field_names()}
    account = accounts.configure(ACCOUNT, {**wanted, "write_ids_to_stripe": False}, who="bench")
    rows = [
        MappedRecord(
            netsuite_account=account.netsuite_account,
            account=account,
            stripe_id=external_id,
            record_type="customerPayment",
            external_id=external_id,
            internal_id=internal_id,
            state=MappedRecord.State.MAPPED,
        )
        for external_id, internal_id in payments
    ]
    MappedRecord.objects.bulk_create(rows, batch_size=BATCH)
    return account


def _peak_of_worker(pk: int) -> float:
    """Peak memory of a new process that runs the job, in MB."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); from bench.payout import run; run({pk})"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    return float(ran.stdout.strip().splitlines()[-1])
