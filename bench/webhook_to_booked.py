"""From an accepted webhook to the booked payment, through gunicorn, queue and worker, on an idle queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from statistics import median, quantiles

from django.conf import settings
from django.utils.dateparse import parse_datetime

from bench.results import Measure, at_most
from bench.stage import ACCOUNT, PATIENCE_SECONDS, Stage
from connector.models import Attempt, Event, Job, MappedRecord, StripeAccount

SAMPLES = 40
MOST_WARM_UPS = 30
GOAL_SECONDS = 1.0
LOOK_SECONDS = 0.03
UNDER_WAY = (Job.Status.READY, Job.Status.RUNNING)


def measure(stage: Stage) -> list[Measure]:
    """Seconds between the first event of a paid invoice and its mapped payment, less NetSuite's own time."""
    customer, prices = stage.shop.new_customer("Prompt Customer Inc."), stage.shop.new_prices(1)
    stage.book(stage.shop.new_paid_invoice(customer, prices))
    drafts = [stage.shop.new_draft(customer, prices) for _ in range(SAMPLES + MOST_WARM_UPS)]
    with stage.web("suitesync.settings") as address, stage.worker():
        url = f"{address}/webhooks/stripe/{ACCOUNT}/"
        made = stage.shop.post("/v1/webhook_endpoints", url=url, enabled_events=["*"])
        StripeAccount.objects.filter(name=ACCOUNT).update(stripe_webhook_secret=made["secret"])
        while not _all_workers_are_warm() and len(drafts) > SAMPLES:
            _sample(stage, drafts.pop())
        samples = [_sample(stage, draft) for draft in drafts[:SAMPLES]]
        stage.shop.delete(f"/v1/webhook_endpoints/{made['id']}")
    stage.account.refresh_from_db()  # it has another signing secret now, which later benchmarks use
    whole = median(total for total, _ in samples)
    ours = sorted(total - netsuite for total, netsuite in samples)
    p95 = quantiles(ours, n=20, method="inclusive")[-1]
    beside = f"p50 {median(ours):.2f} s; with NetSuite's time {whole:.2f} s; {SAMPLES} invoices"
    return [
        at_most("webhook_to_booked_p95_s", "Webhook to booked payment, p95", p95, GOAL_SECONDS, "s", beside)
    ]


def _all_workers_are_warm() -> bool:
    """Whether each worker process has spoken with NetSuite before, and so has read its WSDL."""
    spoken = Attempt.objects.exclude(exchanges=[]).values_list("worker", flat=True).distinct()
    return len(set(spoken)) > settings.Q_WORKERS  # our own process is one more


def _sample(stage: Stage, draft: str) -> tuple[float, float]:
    """Pay an invoice; seconds until its payment is booked, and how many of them were NetSuite's."""
    seen = Event.objects.latest("pk").pk if Event.objects.exists() else 0
    stage.shop.pay(draft)
    payments = MappedRecord.objects.filter(job__subject=draft, record_type="customerPayment", state="mapped")
    _wait_until(lambda: payments.exists() and _is_idle(stage))
    ringing = Event.objects.filter(pk__gt=seen, job__isnull=False)
    accepted = min(event.received_at for event in ringing)
    booked = payments.get().mapped_at
    assert booked is not None
    return (booked - accepted).total_seconds(), _netsuite_seconds(draft, booked)


def _netsuite_seconds(subject: str, until: datetime) -> float:
    """How long NetSuite took to answer the calls that were made before the payment was booked."""
    exchanges = [one for attempt in Attempt.objects.filter(job__subject=subject) for one in attempt.exchanges]
    answered = [(parse_datetime(one["at"]), float(one["seconds"])) for one in exchanges]
    return sum(seconds for at, seconds in answered if at and at <= until)


def _is_idle(stage: Stage) -> bool:
    """Whether Stripe has delivered all its events and every job has ended."""
    events = stage.shop.get("/v1/events", limit=30)["data"]
    if any(event["pending_webhooks"] for event in events):
        return False
    return not Job.objects.filter(status__in=UNDER_WAY).exists()


def _wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            left = [str(vars(job)) for job in Job.objects.filter(status__in=UNDER_WAY)]
            raise RuntimeError(f"The invoice was not booked in time. Jobs under way: {left}")
        time.sleep(LOOK_SECONDS)
