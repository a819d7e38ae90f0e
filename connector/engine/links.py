"""Links: point a mapped record at another NetSuite record, after a look at both (CU-19, OM-11).

Customers are merged in NetSuite, items replaced, documents entered anew by hand. Then the row
that says which record stands for a Stripe object is exchanged: read the new record, hold it
against what it is to stand for, exchange the row if it is still what we read, keep who did it
and why. NetSuite's records are not changed, but for a customer's comments (CU-18).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from connector.engine import audit, doors, jobs, leases, matches, writing_back
from connector.engine.known import REF_TYPES
from connector.engine.readers import GLOBAL_ITEMS
from connector.models import MappedRecord, NetSuiteAccount, StripeAccount
from connector.models.audit import Verb
from connector.netsuite.gateway import Criterion, Gateway, Snapshot
from connector.netsuite.lengths import fitted, legal
from connector.netsuite.records import RecordType, RefType, is_internal_id
from connector.translation.customer import UNALLOCATED_KEY

State = MappedRecord.State
RULES = ["OM-11", "CU-19"]
TRANSACTIONS = ("invoice", "customerPayment", "customerDeposit", "creditMemo", "customerRefund", "deposit")
KINDS = ("customer", "item", *TRANSACTIONS)
"""What can be linked; an item may be of any type."""
KIND_OF_PREFIX = {
    "cus": "customer",
    "price": "item",
    "in": "invoice",
    "ch": "customerPayment",
    "py": "customerPayment",
}
MEMOS_OF_REFUNDS = ("ns_memo:re_", "ns_memo:pyr_")
"""Several refunds may give back what one memo credits (RF-9); nothing else shares a transaction."""
OURS = re.compile(r"(ns_\w+:)?(in|ch|py|cn|re|pyr|du|dp|po)_")
"""How the external ids of our transactions begin; those of other programs may be anything."""
OTHER_ITEMS = {
    "discountItem": ("discountItem",),
    "otherChargeSaleItem": (*matches.SOLD, "otherChargeSaleItem", "otherChargeResaleItem"),
}
"""What an item of ours may be exchanged for when it is not one that a price is sold as."""


class NotLinked(Exception):
    """The record cannot be linked; the message says why, for the person who asked."""


@dataclass(frozen=True, slots=True)
class Linking:
    """One record to be linked: the row as it was read, what it is to point at, and what is to be known.

    `before` is the internal id that it points at until now, empty when at none.
    """

    row: MappedRecord
    target: Snapshot
    before: str
    told: tuple[str, ...] = ()


def read(kind: RefType, internal_id: str, gateway: Gateway) -> Snapshot | None:
    """The NetSuite record as it is now, an item of whatever type; None when there is none."""
    if kind == "item":
        one = Criterion("internalId", "anyOf", (internal_id,))
        return next(iter(gateway.search("item", [one])), None)
    return gateway.get_many(cast(RecordType, kind), [internal_id])[0]


def sign(kind: RefType, key: str, target: Snapshot, gateway: Gateway) -> None:
    """Add the Stripe id to the comments of a linked customer, where it is not there yet (CU-18, K7).

    Comments without room for it are left as somebody wrote them.
    """
    if kind == "customer" and key not in target.memo:
        comments = "\n".join(part for part in (target.memo, key) if part)
        if fitted("comments", comments).endswith(key):
            gateway.update("customer", target.internal_id, {"comments": comments})


def taken_by(account: NetSuiteAccount, kind: RefType, target: Snapshot, key: str) -> str:
    """What else a transaction stands for already, by its external id; empty if nothing.

    By our map, or by NetSuite's own word where the map has lost it. One booking cannot be two;
    customers and items may be shared.
    """
    if kind in ("customer", "item") or key.startswith(MEMOS_OF_REFUNDS):
        return ""
    rows = MappedRecord.objects.filter(
        netsuite_account=account, record_type=kind, internal_id=target.internal_id, state=State.MAPPED
    )
    if other := rows.exclude(external_id=key).values_list("external_id", flat=True).first():
        return other
    return target.external_id if target.external_id != key and OURS.match(target.external_id) else ""


def prepare(account: StripeAccount, key: str, internal_id: str, gateway: Gateway, kind: str = "") -> Linking:
    """Look at both sides; `key` is a Stripe id or our external id. Raises NotLinked, and verdicts."""
    if not key or legal(key) != key:
        raise NotLinked(f"{key!r} is neither an id of Stripe's nor an external id of ours.")
    row = _row(account, key, kind)
    if row.state in (State.INTENT, State.UNCONFIRMED) and row.pk:
        raise NotLinked(f"{row} is being written. Wait until its document has come to an end.")
    if not is_internal_id(internal_id):
        raise NotLinked(f"“{internal_id}” is not an internal id of NetSuite, which is a number.")
    if row.state == State.MAPPED and row.internal_id == internal_id:
        raise NotLinked(f"{key} is linked to {internal_id} already.")
    named = REF_TYPES[row.record_type]
    target = read(named, internal_id, gateway)
    if target is None:
        raise NotLinked(f"NetSuite has no {named} {internal_id}, or our role may not see it.")
    _check(row, target)
    before = row.internal_id if row.state == State.MAPPED else ""
    old = read(named, before, gateway) if before else None
    left = f"The {named} {before} is still there, and what was booked with it stays with it."
    return Linking(row, target, before, (left,) if old and not old.inactive else ())


def link(account: StripeAccount, linking: Linking, gateway: Gateway, *, who: str, why: str) -> None:
    """Exchange it while nobody else writes for the same customer. Raises NotLinked, and verdicts.

    A run of a transaction's own document may go by the record that it knew when it began.
    """
    row = linking.row
    if row.job and REF_TYPES[row.record_type] in TRANSACTIONS and jobs.is_in_hand(row.job):
        raise NotLinked(f"{row.job.subject} is being worked on. Wait until it has come to an end.")
    customer = f"customer:{linking.row.external_id}"
    with leases.held(account.netsuite_account, customer, f"link:{who}", leases.CUSTOMER_SECONDS):
        exchange(linking, gateway, who=who, why=why)


def exchange(linking: Linking, gateway: Gateway, *, who: str, why: str) -> None:
    """Point the row at the target, if it is still as it was read; the row keeps who did so, when and why."""
    row, target = linking.row, linking.target
    sign(REF_TYPES[row.record_type], row.external_id, target, gateway)
    now = timezone.now()
    entry = {
        "at": now.isoformat(),
        "by": who,
        "why": legal(why),
        "before": linking.before,
        "after": target.internal_id,
    }
    values: dict[str, Any] = {
        "internal_id": target.internal_id,
        "state": State.MAPPED,
        "mapped_at": now,
        "found": True,
        "warning": "",
        "rules": RULES,
        "proven": True,
        "authorization_code": "",
        "exchanged": [*row.exchanged, entry],
        "applied_to": _still_applied(row, target),
        **writing_back.anew(row),
    }
    with transaction.atomic():
        _save(row, values)
        _forget_applications(row)
        audit.record(
            who,
            Verb.LINK,
            account=row.account,
            subject=row.external_id,
            reason=legal(why),
            before={"internal_id": linking.before},
            after={"type": row.record_type, "internal_id": target.internal_id},
        )


def _save(row: MappedRecord, values: dict[str, Any]) -> None:
    changed = NotLinked(f"{row} was changed by somebody else meanwhile. Look at it again.")
    if row.pk:
        same = MappedRecord.objects.filter(pk=row.pk, internal_id=row.internal_id, state=row.state)
        if not same.update(**values):
            raise changed
        return
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise changed from None


def _row(account: StripeAccount, key: str, kind: str) -> MappedRecord:
    """The row of the Stripe object, a mapped one before all others; new and unsaved if there is none."""
    wanted = kind or KIND_OF_PREFIX.get(key.partition("_")[0], "")
    if wanted and wanted not in KINDS:
        raise NotLinked(f"“{wanted}” cannot be linked. What can be: {', '.join(KINDS)}.")
    rows = _rows(account, key, wanted)
    kinds = sorted({REF_TYPES[row.record_type] for row in rows})
    if len(kinds) > 1 or not (rows or wanted):
        raise NotLinked(f"Say what {key} is in NetSuite (--type): {', '.join(kinds or KINDS)}.")
    if not set(kinds) <= set(KINDS):
        raise NotLinked(f"{key} is a {kinds[0]}, which cannot be linked. What can be: {', '.join(KINDS)}.")
    if rows:
        return _only(key, rows)
    if wanted in TRANSACTIONS:
        text = f"{key} was not booked as {wanted}, so there is nothing to compare."
        raise NotLinked(f"{text} Sync it first, or say what it is (--type).")
    _see_that_stripe_has_it(account, wanted, key)
    return MappedRecord(
        netsuite_account=account.netsuite_account,
        account=account,
        stripe_id=key,
        record_type=wanted,
        external_id=key,
        state=State.REFUSED,
    )


def _rows(account: StripeAccount, key: str, kind: str) -> list[MappedRecord]:
    """The rows of a kind, or of any, by our external id before the Stripe id."""
    rows = MappedRecord.objects.filter(netsuite_account=account.netsuite_account)
    for found in (rows.filter(external_id=key), rows.filter(account=account, stripe_id=key)):
        if fitting := [row for row in found if not kind or REF_TYPES[row.record_type] == kind]:
            return fitting
    return []


def _only(key: str, rows: list[MappedRecord]) -> MappedRecord:
    """The mapped one of an object's rows before all others."""
    found = [row for row in rows if row.state == State.MAPPED] or rows
    names = sorted({row.external_id for row in found})
    if len(names) > 1:
        raise NotLinked(f"{key} has several. Say which one, in its place: {', '.join(names)}.")
    return found[0]


def _see_that_stripe_has_it(account: StripeAccount, kind: str, key: str) -> None:
    """Raises NotThere for an id that was mistyped: the object itself would be booked anew beside the link."""
    if key in (UNALLOCATED_KEY, *GLOBAL_ITEMS):
        return
    client = doors.stripe_client(account)
    if kind == "customer":
        client.fetch_customer(key)
    elif key.startswith("price_"):
        client.fetch_price(key)
    elif key.startswith("txr_"):
        client.fetch_tax_rate(key)
    else:
        client.fetch_coupon(key)


def _check(row: MappedRecord, target: Snapshot) -> None:
    """Whether the record may stand for what the row stands for."""
    named, number = REF_TYPES[row.record_type], target.internal_id
    if target.inactive:
        raise NotLinked(f"The {named} {number} is inactive. Reactivate it in NetSuite, or give another one.")
    if named == "customer" and target.texts.get("stage", "_customer") != "_customer":
        raise NotLinked(f"{number} is a lead or a prospect. Make a customer of it in NetSuite first.")
    if named == "item" and target.type not in _items_for(row):
        raise NotLinked(f"The item {number} is a {target.type}, which cannot stand for {row.external_id}.")
    if named in TRANSACTIONS:
        _check_money(row, target)
    if other := taken_by(row.netsuite_account, named, target, row.external_id):
        raise NotLinked(f"The {named} {number} stands for {other} already.")


def _items_for(row: MappedRecord) -> tuple[str, ...]:
    """The item types that may stand for a price, a coupon, or what else has an item."""
    if row.external_id.startswith("price_") or row.record_type == "serviceSaleItem":
        return matches.SOLD
    every = tuple(each for types in OTHER_ITEMS.values() for each in types)
    return OTHER_ITEMS.get(row.record_type, every)


def _check_money(row: MappedRecord, target: Snapshot) -> None:
    """The law of the house: a record with other money is never taken for ours."""
    currency = row.netsuite_account.currencies.get(row.currency, "")
    if row.amount is None or not row.currency:
        raise NotLinked(f"{row} was never planned, so there is nothing to compare. Sync it first.")
    if target.total != row.amount or target.currency not in ("", currency):
        raise NotLinked(
            f"NetSuite's {row.record_type} {target.internal_id} is over {target.total}, "
            f"and {row.external_id} over {row.amount} {row.currency}."
        )


def _still_applied(row: MappedRecord, target: Snapshot) -> list[dict[str, str]]:
    """Of what the old record was set against, that which the new one is set against as well."""
    applied = {one.internal_id for one in target.applied}
    return [one for one in row.applied_to if one["internal_id"] in applied]


def _forget_applications(row: MappedRecord) -> None:
    """What was set against an exchanged invoice is to be set against the new one at the next run."""
    if row.record_type != "invoice" or row.job is None:
        return
    for other in MappedRecord.objects.filter(account=row.account, job__subject=row.job.subject):
        left = [one for one in other.applied_to if one["external_id"] != row.external_id]
        if left != other.applied_to:
            MappedRecord.objects.filter(pk=other.pk).update(applied_to=left)
