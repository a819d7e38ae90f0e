"""Webhook intake per second, beside a bare view that verifies nothing and inserts one row."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from bench.load import Order, Report
from bench.results import Measure, at_least
from bench.shop import Shop
from bench.stage import ACCOUNT, WEB_PROCESSES, WEB_THREADS, Stage
from connector.models import Job

ROUNDS = 6
COPIES = 150
WARM_UP = 40
CONNECTIONS = 16
GOAL_PERCENT = 70
HARDEST = "invoice.paid"
"""Alone, every event of this kind is news of another document and makes an event, a job and a ring."""

Json = dict[str, Any]
Rounds = list[tuple[Report, Report]]


def measure(stage: Stage) -> list[Measure]:
    """Both views under all the events of paid invoices, then under the hardest kind of them alone."""
    events, ids = _events_of_a_paid_invoice(stage.shop)
    hardest = [event for event in events if event["type"] == HARDEST]
    with stage.web("suitesync.settings") as full, stage.web("bench.bare_settings") as bare:
        urls = (f"{full}/webhooks/stripe/{ACCOUNT}/", f"{bare}/{stage.account.pk}/")
        load = partial(_load, stage, ids)
        for url in urls:
            load(url, events, WARM_UP)
        jobs = Job.objects.count()
        mixed = [_round(load, urls, events, COPIES, number) for number in range(ROUNDS)]
        kept = Job.objects.count() - jobs
        alone = [_round(load, urls, hardest, COPIES * len(events) // 2, number) for number in range(ROUNDS)]
    assert kept == 2 * ROUNDS * COPIES, f"{ROUNDS * COPIES} paid invoices made {kept} jobs"
    return [*_compared(mixed, len(events)), _share(alone)]


def _events_of_a_paid_invoice(shop: Shop) -> tuple[list[Json], list[str]]:
    """All that Stripe says of one paid invoice of a known customer, and the ids of what it speaks of."""
    customer, prices = shop.new_customer("Loud Customer Inc."), shop.new_prices(1)
    shop.new_paid_invoice(
        customer, prices
    )  # after this the customer has a currency, and Stripe says no more of it
    latest = shop.get("/v1/events", limit=1)["data"][0]["id"]
    shop.new_paid_invoice(customer, prices)
    events = shop.get("/v1/events", limit=30, ending_before=latest)["data"]
    things = {event["data"]["object"]["id"] for event in events}
    return events, sorted({event["id"] for event in events} | things)


def _round(
    load: Callable[[str, list[Json], int], Report],
    urls: tuple[str, str],
    events: list[Json],
    copies: int,
    number: int,
) -> tuple[Report, Report]:
    """Ours and the bare view in turn; who is first alternates."""
    if number % 2:
        bare = load(urls[1], events, copies)
        return load(urls[0], events, copies), bare
    ours = load(urls[0], events, copies)
    return ours, load(urls[1], events, copies)


def _compared(rounds: Rounds, kinds: int) -> list[Measure]:
    share, spread = _shares(rounds)
    rate, peer = (median(pair[side].per_second for pair in rounds) for side in (0, 1))
    p99, peer_p99 = (median(pair[side].p99 for pair in rounds) for side in (0, 1))
    server = f"gunicorn {WEB_PROCESSES} x {WEB_THREADS} threads, {CONNECTIONS} clients"
    load = f"the {kinds} events of a paid invoice, {rounds[0][0].body_bytes / 1000:.1f} kB each"
    return [
        at_least(
            "webhook_share_of_bare_view",
            "Webhook intake beside a bare view",
            share,
            GOAL_PERCENT,
            "%",
            f"one row, nothing verified; {spread}",
        ),
        Measure(
            "webhooks_per_second",
            "Webhook intake",
            rate,
            "per s",
            against=f"bare view: {peer:,.0f} per s; {server}; {load}",
        ),
        Measure(
            "webhook_p99_ms",
            "Webhook answered, p99 at full load",
            p99,
            "ms",
            against=f"bare view: {peer_p99:.0f} ms",
        ),
    ]


def _share(rounds: Rounds) -> Measure:
    share, spread = _shares(rounds)
    return Measure(
        "webhook_share_when_all_are_news",
        f"The same, nothing but {HARDEST} of new invoices",
        share,
        "%",
        against=f"each makes an event, a job and a ring; {spread}",
    )


def _shares(rounds: Rounds) -> tuple[float, str]:
    """Our rate in percent of the peer's, the median of the rounds, and how far they lie apart."""
    shares = [ours.per_second / bare.per_second * 100 for ours, bare in rounds]
    return median(shares), f"rounds from {min(shares):.0f} to {max(shares):.0f} %"


def _load(stage: Stage, ids: list[str], url: str, events: list[Json], copies: int) -> Report:
    """One run of the load generator. RuntimeError when an event was not taken."""
    secret = stage.account.stripe_webhook_secret.reveal()
    where = urlsplit(url)
    assert where.port is not None
    order = Order(where.port, where.path, secret, events, ids, secrets.token_hex(6), copies, CONNECTIONS)
    ran = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
        timeout=120,
    )
    report = Report(**json.loads(ran.stdout))
    if report.refused:
        raise RuntimeError(f"{report.refused} events were not taken at {where.path}.")
    return report
