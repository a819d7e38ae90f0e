"""Processor time of this side for each booked paid invoice, beside what zeep takes for the same calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.db import connection

from bench.results import Measure, at_most
from bench.stage import Stage
from bench.zeep_alone import ZeepAlone

SAMPLES = 15
WARM_UPS = 3
GOAL_MS = 60
LINES = (1, 10)


def measure(stage: Stage) -> list[Measure]:
    """Milliseconds of the thread that runs the job; Stripe, NetSuite and the database are other processes."""
    customer = stage.shop.new_customer("Busy Customer Inc.")
    prices = stage.shop.new_prices(max(LINES))
    stage.book(stage.shop.new_paid_invoice(customer, prices))
    return [_measure(stage, customer, prices[:lines]) for lines in LINES]


def _measure(stage: Stage, customer: str, prices: list[str]) -> Measure:
    invoices = [stage.shop.new_paid_invoice(customer, prices) for _ in range(SAMPLES + WARM_UPS)]
    ours = median([_cpu_of_booking(stage, invoice) for invoice in invoices][WARM_UPS:])
    zeep = ZeepAlone(stage, invoices[-1])
    alone = median([cpu_ms(zeep.speak) for _ in range(SAMPLES + WARM_UPS)][WARM_UPS:])
    lines = "1 line" if len(prices) == 1 else f"{len(prices)} lines"
    return at_most(
        f"client_cpu_ms_{len(prices)}_lines",
        f"Client CPU of a booked paid invoice, {lines}",
        ours,
        GOAL_MS,
        "ms",
        f"zeep alone for the same two calls: {alone:.1f} ms, so {ours / alone:.1f} times that",
    )


def _cpu_of_booking(stage: Stage, invoice: str) -> float:
    pk = stage.new_job(invoice)
    connection.close()  # a worker opens its own for each job
    return cpu_ms(lambda: stage.run(pk))


def cpu_ms(work: Callable[[], object]) -> float:
    """Milliseconds of processor time that `work` takes in this thread."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) * 1000
