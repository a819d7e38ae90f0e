"""Drift: the nightly look at every record that we booked, whether it still stands as we booked it.

NetSuite's `lastModifiedDate` does not move when a payment is applied, deposited or merged away, so
every record is read, a thousand in one request, and what waits in Undeposited Funds is searched for
likewise: a hundred thousand records cost about two hundred requests. Only reads. A pass that stops
(a busy NetSuite, the end of its time) goes on where it was. What was found put right is settled by
itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import cast

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from connector.engine import doors, hand_deposits, jobs, leases, sync
from connector.engine.altered import Differences, Known, alteration
from connector.engine.known import REF_TYPES
from connector.errors import Verdict
from connector.models import Drift, DriftCheck, MappedRecord, PayoutLine, StripeAccount
from connector.netsuite.gateway import Criterion, Exchange, Gateway, SearchType, Snapshot
from connector.netsuite.records import RecordType

log = structlog.get_logger("suitesync.engine")

PAGES = {"deposit": 20, "journalEntry": 200}
"""Records of a type in one request, where they are large; of all others there are PAGE."""
PAGE = 1000
SEARCHED = ("item", "cashSale", "cashRefund")
"""What is not read by number, but searched for."""
NIGHT = time_of_day(2)
"""A pass is begun at the first look after this hour, account's time; looks come hourly."""
HELD_SECONDS = 900
State, Kind = MappedRecord.State, Drift.Kind
Alteration = tuple[str, Differences]


def is_due(account: StripeAccount) -> bool:
    """Whether a pass is to be begun or carried on."""
    last = DriftCheck.objects.filter(account=account).first()
    return last is None or last.finished_at is None or last.started_at < _last_night(account)


def _last_night(account: StripeAccount) -> datetime:
    now = timezone.now().astimezone(account.zone)
    tonight = datetime.combine(now.date(), NIGHT, account.zone)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def check(account: StripeAccount, *, seconds: float | None = None) -> DriftCheck:
    """Begin a pass, or carry on an unfinished one, for at most so many seconds.

    What NetSuite refuses ends it for now, and stands in its message.
    """
    passed = _unfinished(account)
    watch = _Watch(passed)
    hold = (account.netsuite_account, f"drift:{account.pk}", leases.owner(), HELD_SECONDS)
    try:
        with leases.held(*hold):
            passed.refresh_from_db()
            look = Look.of(account, watch.gateway(account))
            for rows in _pages_left(account, passed):
                look.at(rows)
                watch.note(rows)
                leases.hold_on(*hold)
                if seconds is not None and watch.elapsed > seconds:
                    break
            else:
                passed.finished_at = timezone.now()
            passed.message = ""
    except Verdict as verdict:
        passed.message = verdict.message
        log.warning("drift check stopped", account=account.name, code=verdict.code)
    watch.save()
    return passed


def open_drifts(account: StripeAccount) -> Sequence[Drift]:
    """What differs now, the newest first."""
    return list(Drift.standing([account]).select_related("record__job"))


# One pass


def _unfinished(account: StripeAccount) -> DriftCheck:
    now = timezone.now()
    try:
        with transaction.atomic():
            return DriftCheck.objects.get_or_create(
                account=account, finished_at=None, defaults={"started_at": now}
            )[0]
    except IntegrityError:  # another machine began it at the same moment
        return DriftCheck.objects.get(account=account, finished_at=None)


def _pages_left(account: StripeAccount, passed: DriftCheck) -> Iterator[list[MappedRecord]]:
    """The rows of the account that were not looked at yet, page by page, types and ids in order."""
    ours = MappedRecord.objects.filter(
        netsuite_account=account.netsuite_account, account=account, state=State.MAPPED
    )
    types = ours.order_by("record_type").values_list("record_type", flat=True).distinct()
    for record_type in [one for one in types if one >= passed.record_type]:
        after = passed.after if record_type == passed.record_type else ""
        size = PAGES.get(record_type, PAGE)
        of_type = ours.filter(record_type=record_type).select_related("job").order_by("external_id")
        while rows := list(of_type.filter(external_id__gt=after)[:size]):
            yield rows
            after = rows[-1].external_id


@dataclass(slots=True)
class _Watch:
    """What a pass has cost so far, and how far it has come; kept after every page."""

    passed: DriftCheck
    calls: int = 0
    started: float = field(default_factory=time.monotonic)

    def gateway(self, account: StripeAccount) -> Gateway:
        return _gateway(account, self)

    def heard(self, exchange: Exchange) -> None:
        self.calls += 1

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def note(self, rows: Sequence[MappedRecord]) -> None:
        last, passed = rows[-1], self.passed
        passed.record_type, passed.after = last.record_type, last.external_id
        DriftCheck.objects.filter(pk=passed.pk).update(
            record_type=last.record_type, after=last.external_id, checked=F("checked") + len(rows)
        )

    def save(self) -> None:
        passed = self.passed
        DriftCheck.objects.filter(pk=passed.pk).update(
            finished_at=passed.finished_at,
            message=passed.message,
            calls=F("calls") + self.calls,
            seconds=F("seconds") + Decimal(f"{self.elapsed:.1f}"),
        )
        passed.refresh_from_db()


def _gateway(account: StripeAccount, watch: _Watch | None = None) -> Gateway:
    observer = watch.heard if watch else None
    return doors.netsuite_gateway(account.netsuite_account, f"drift:{leases.owner()}", observer)


# One page


@dataclass(slots=True)
class Look:
    """Holds pages of rows against NetSuite, and keeps what it finds."""

    account: StripeAccount
    gateway: Gateway
    known: Known

    @classmethod
    def of(cls, account: StripeAccount, gateway: Gateway) -> Look:
        """A look at an account's records."""
        netsuite = account.netsuite_account
        if not netsuite.currencies:
            sync.refresh_currencies(account, gateway)
        exchanged = MappedRecord.objects.filter(netsuite_account=netsuite, record_type="customer")
        entries = [one for row in exchanged.exclude(exchanged=[]) for one in row.exchanged]
        moved_on = {one["before"]: one["after"] for one in entries if one["before"]}
        return cls(account, gateway, Known(dict(netsuite.currencies), moved_on))

    def at(self, rows: Sequence[MappedRecord]) -> None:
        """Look at one page of rows of one type."""
        record_type = rows[0].record_type
        there = held(record_type, [row.internal_id for row in rows], self.gateway)
        known = self.known
        if record_type == "deposit":
            known = Known(known.currencies, known.moved_on, _funds_wanted(rows))
        altered: dict[int, Alteration] = {}
        for row in rows:
            if found := alteration(row, there.get(row.internal_id), known):
                altered[row.pk] = found
        standing = [row for row in rows if row.pk not in altered]
        altered |= hand_deposits.among(standing, self.account, self.gateway)
        self._keep(rows, altered)

    def _keep(self, rows: Sequence[MappedRecord], altered: dict[int, Alteration]) -> None:
        now = timezone.now()
        still = {row.pk: row for row in rows if row.pk in altered and _stands_still(row)}
        looked_at = [row.pk for row in rows if row.pk not in altered or row.pk in still]
        unsettled = Drift.objects.filter(record__in=looked_at, settled_at=None)
        unsettled.exclude(record__in=still).update(settled_at=now)
        there = {drift.record_id: drift for drift in unsettled.filter(record__in=still)}
        for pk, row in still.items():
            kind, differences = altered[pk]
            drift = there.get(pk) or Drift(account=self.account, record=row, first_seen=now)
            drift.kind, drift.differences = kind, differences
            drift.internal_id, drift.last_seen = row.internal_id, now
            drift.save()


def held(record_type: str, numbers: Sequence[str], gateway: Gateway) -> dict[str, Snapshot]:
    """What NetSuite holds of these records of one type, by internal id."""
    named = REF_TYPES[record_type]
    if named in SEARCHED:
        these = Criterion("internalId", "anyOf", tuple(numbers))
        return {one.internal_id: one for one in gateway.search(cast(SearchType, named), [these])}
    found = gateway.get_many(cast(RecordType, record_type), numbers)
    return {one.internal_id: one for one in found if one}


def _stands_still(row: MappedRecord) -> bool:
    """Whether none of our own jobs changed the record, or is changing it, since its row was read."""
    now = MappedRecord.objects.filter(pk=row.pk).select_related("job").first()
    if now is None or (now.job and jobs.is_in_hand(now.job)):
        return False
    return (now.internal_id, now.state, now.applied_to) == (row.internal_id, row.state, row.applied_to)


def _funds_wanted(rows: Sequence[MappedRecord]) -> dict[str, frozenset[str]]:
    """The records that each deposit should hold; of a payout in several deposits each is one of them all."""
    whole = [row for row in rows if row.stripe_id == row.external_id and not row.found]
    parts = MappedRecord.objects.filter(
        account__in={row.account_id for row in whole}, external_id__in=[f"{row.stripe_id}:2" for row in whole]
    )
    split = {one.removesuffix(":2") for one in parts.values_list("external_id", flat=True)}
    wanted: dict[str, frozenset[str]] = {}
    for row in whole:
        lines = PayoutLine.objects.filter(payout__account=row.account_id, payout__payout_id=row.stripe_id)
        numbers = lines.filter(state=PayoutLine.State.RECORD).values_list("internal_id", flat=True)
        if row.stripe_id not in split and lines.exists():
            wanted[row.internal_id] = frozenset(numbers)
    return wanted
