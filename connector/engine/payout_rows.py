"""Payout rows: how a payout and its parts stood at the last look, kept in chunks for pages and proofs.

A preview keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils import timezone

from connector.engine.known import REF_TYPES
from connector.engine.payout_children import Child
from connector.engine.source import Source
from connector.models import MappedRecord, NetSuiteAccount, PayoutLine
from connector.models import Payout as Row
from connector.netsuite.records import Ref
from connector.stripe.balance import BalanceTransaction, Payout
from connector.translation.payout import Contents
from connector.translation.plan import Plan, Problem

AT_ONCE = 1000
"""Rows in one statement."""
FUNDS = ("customerPayment", "customerDeposit", "cashSale", "customerRefund", "cashRefund")
"""The record types that can be on a deposit."""
NOT_THERE = "inventorying_waiting_on_child_records"
State = PayoutLine.State


def found(account: NetSuiteAccount, keys: Iterable[str]) -> dict[str, Ref]:
    """The records of these external ids that can be on a deposit and are certainly in NetSuite."""
    wanted, refs = sorted(set(keys)), {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = MappedRecord.objects.filter(
            netsuite_account=account,
            external_id__in=wanted[start : start + AT_ONCE],
            record_type__in=FUNDS,
            state=MappedRecord.State.MAPPED,
        )
        for record_type, key, internal_id in rows.values_list("record_type", "external_id", "internal_id"):
            refs[key] = Ref(REF_TYPES[record_type], key, internal_id)
    return refs


def keep_head(payout: Payout, source: Source) -> None:
    """The payout itself, as Stripe has it."""
    if not source.keep:
        return
    instant, kind = payout.method == "instant", Row.Kind
    head = {
        "amount": payout.amount.value,
        "currency": payout.amount.currency,
        "arrival_date": payout.arrival_date,
        "status": payout.status,
        "kind": kind.AUTOMATIC if payout.automatic else kind.INSTANT if instant else kind.MANUAL,
        "reconciled": payout.reconciled,
        "created": payout.created,
    }
    Row.objects.update_or_create(account=source.account, payout_id=payout.id, defaults=head)


def has_waited(payout: Payout, source: Source, patience: timedelta) -> bool:
    """Whether it has lacked records for so long already."""
    row = Row.objects.filter(account=source.account, payout_id=payout.id).first()
    since = row.waiting_since if row else None
    return since is not None and timezone.now() - since > patience


def keep(
    payout: Payout,
    contents: Contents,
    source: Source,
    *,
    plan: Plan | None = None,
    children: Sequence[Child] = (),
    faults: Mapping[str, Problem] | None = None,
) -> None:
    """Every part as it stands, and whether the whole waits or differs."""
    if not source.keep:
        return
    row = Row.objects.get(account=source.account, payout_id=payout.id)
    waits = bool(children) or (plan is not None and any(one.code == NOT_THERE for one in plan.problems))
    row.waiting_since = (row.waiting_since or timezone.now()) if waits else None
    parts = sum((one.net.value for one in contents.movements), Decimal(0))
    row.difference = payout.amount.value - parts
    row.save(update_fields=["waiting_since", "difference", "seen_at"])
    if row.lines.count() > len(contents.movements):  # a part was one payout, and is now its own parts
        row.lines.all().delete()
    waiting = {child.key: child for child in children}
    lines = (_line(row, one, contents, waiting, faults or {}) for one in contents.movements)
    fields = [field.name for field in PayoutLine._meta.concrete_fields]
    kept = [name for name in fields if name not in ("id", "payout", "transaction_id")]
    while part := list(islice(lines, AT_ONCE)):
        PayoutLine.objects.bulk_create(
            part,
            update_conflicts=True,
            unique_fields=["payout", "transaction_id"],
            update_fields=kept,
        )


def _line(
    row: Row,
    movement: BalanceTransaction,
    contents: Contents,
    waiting: Mapping[str, Child],
    faults: Mapping[str, Problem],
) -> PayoutLine:
    key, ref = contents.keys.get(movement.id, ""), contents.record_of(movement)
    standing = dict(_standing(movement, key, contents, waiting, faults))
    return PayoutLine(
        payout=row,
        transaction_id=movement.id,
        type=movement.kind,
        category=movement.category,
        source_id=movement.source_id,
        description=movement.description[:255],
        created=movement.created,
        amount=movement.amount.value,
        fee=movement.fee.value,
        net=movement.net.value,
        exchange_rate=movement.exchange_rate,
        record_type=ref.type if ref else "",
        external_id=key,
        internal_id=ref.internal_id if ref else "",
        **standing,
    )


def _standing(
    movement: BalanceTransaction,
    key: str,
    contents: Contents,
    waiting: Mapping[str, Child],
    faults: Mapping[str, Problem],
) -> Iterator[tuple[str, Any]]:
    if movement.id in contents.before_start:
        yield "state", State.BEFORE_START
    elif key in faults:
        yield "state", State.REFUSED
        yield "code", faults[key].code
        yield "message", faults[key].message
    elif key in waiting:
        yield "state", State.WAITING
        yield "code", waiting[key].code
        yield "message", waiting[key].message
        yield "waits_for", waiting[key].subject
    elif key in contents.found:
        yield "state", State.RECORD
    else:
        yield "state", State.WAITING if key else State.LINE
