"""Metrics: what Prometheus reads, counted from the tables, so right from any process."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connector.models import Event, Job, Lease, MappedRecord, RefusedWebhook


class Tables(Collector):
    """Jobs by state and account, ages, leases, events and refusals."""

    def collect(self) -> Iterator[Metric]:
        """Every family, read now."""
        yield from (_jobs(), _oldest_due(), _slots(), _last_booked(), _events(), _refused())


def _jobs() -> Metric:
    family = GaugeMetricFamily("suitesync_jobs", "Jobs by account and status.", labels=["account", "status"])
    for name, status, count in (
        Job.objects.values_list("account__name", "status").annotate(n=Count("pk")).order_by()
    ):
        family.add_metric([name, status], count)
    return family


def _oldest_due() -> Metric:
    now = timezone.now()
    ready = Job.objects.filter(status=Job.Status.READY, run_after__lte=now, account__paused_at=None)
    due = ready.aggregate(oldest=Min("run_after"))["oldest"]
    age = (now - due).total_seconds() if due else 0
    return GaugeMetricFamily("suitesync_oldest_due_seconds", "Age of the oldest job that is due.", value=age)


def _slots() -> Metric:
    taken = (
        Lease.objects.filter(key__startswith="slot:", expires_at__gt=timezone.now())
        .exclude(holder="")
        .count()
    )
    return GaugeMetricFamily("suitesync_netsuite_slots_in_use", "Requests open at NetSuite.", value=taken)


def _last_booked() -> Metric:
    name = "suitesync_last_booked_timestamp_seconds"
    family = GaugeMetricFamily(
        name, "When a record was last written or found in NetSuite.", labels=["account"]
    )
    for account, moment in (
        MappedRecord.objects.values_list("account__name").annotate(at=Max("mapped_at")).order_by()
    ):
        if moment:
            family.add_metric([account], moment.timestamp())
    return family


def _events() -> Metric:
    family = CounterMetricFamily(
        "suitesync_events", "Events taken in, and those sent again.", labels=["kind"]
    )
    sums = Event.objects.aggregate(n=Count("pk"), again=Sum("duplicates"))
    family.add_metric(["new"], sums["n"])
    family.add_metric(["duplicate"], sums["again"] or 0)
    return family


def _refused() -> Metric:
    family = CounterMetricFamily(
        "suitesync_refused_webhooks", "Messages turned away, by reason.", labels=["reason"]
    )
    for reason, count in RefusedWebhook.objects.values_list("reason", "count"):
        family.add_metric([reason], count)
    return family
