"""Gone: which mapped customer or item is behind NetSuite's refusal, and whether it can be linked anew.

NetSuite says only that it cannot use a number. Somebody merged or deleted the record, or made
it inactive. A customer or price whose metadata or compared field leads to another record now is
linked to that (CU-19, CU-H1); anything else is named to a person, with the way to settle it.
"""

from __future__ import annotations

from dataclasses import dataclass

from connector.engine import links, readers
from connector.engine.known import Known
from connector.engine.links import NotLinked
from connector.engine.source import Source
from connector.errors import NeedsAttention
from connector.models import StripeAccount
from connector.netsuite.gateway import Criterion, Gateway, Snapshot
from connector.netsuite.records import Ref, refs
from connector.translation.plan import Plan

CODES = ("invalid_reference",)
"""The refusals behind which a lost record can stand (netsuite.md 5, R2, R3, R5)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A mapped record that NetSuite cannot use any more."""

    ref: Ref
    inactive: bool


def behind(plan: Plan, known: Known, source: Source) -> list[Lost]:
    """The plan's customers and items that stand in our map and are gone or inactive in NetSuite."""
    wanted = dict.fromkeys(ref for planned in plan.records for ref in refs(planned.record))
    mapped = [
        Ref(ref.type, ref.key, known[ref.type, ref.key])
        for ref in wanted
        if ref.type in ("customer", "item") and (ref.type, ref.key) in known
    ]
    there = _read(mapped, source.gateway)
    return [
        Lost(ref, inactive=found is not None)
        for ref in mapped
        if (found := there.get((ref.type, ref.internal_id))) is None or found.inactive
    ]


def _read(mapped: list[Ref], gateway: Gateway) -> dict[tuple[str, str], Snapshot]:
    customers = [ref.internal_id for ref in mapped if ref.type == "customer"]
    items = tuple(ref.internal_id for ref in mapped if ref.type == "item")
    found = [one for one in gateway.get_many("customer", customers) if one] if customers else []
    there = {("customer", one.internal_id): one for one in found}
    if items:
        numbers = Criterion("internalId", "anyOf", items)
        there |= {("item", one.internal_id): one for one in gateway.search("item", [numbers])}
    return there


def is_linked_anew(lost: Lost, source: Source, account: StripeAccount) -> bool:
    """Link a record that is gone to where its metadata or compared field leads now; False if nowhere."""
    if lost.inactive:
        return False
    found = readers.link_of(lost.ref, source)
    if found is None or found.internal_id == lost.ref.internal_id:
        return False
    how = f"metadata {found.metadata_key}" if found.metadata_key else "compared fields"
    try:
        linking = links.prepare(account, lost.ref.key, found.internal_id, source.gateway, kind=lost.ref.type)
        why = f"NetSuite has no {lost.ref.type} {lost.ref.internal_id} any more; found by {how}."
        links.exchange(linking, source.gateway, who="SuiteSync", why=why)
    except NotLinked:
        return False
    return True


def verdict(lost: Lost) -> NeedsAttention:
    """What a person has to do about it."""
    ref = lost.ref
    what = f"{ref.type} {ref.internal_id}, which stands for {ref.key}"
    if lost.inactive:
        text = f"NetSuite's {what}, is inactive. Reactivate it, or link {ref.key} to another one."
        return NeedsAttention("linked_record_inactive", text)
    text = f"NetSuite no longer has the {what}. Link {ref.key} to the one to use."
    return NeedsAttention("linked_record_gone", text)
