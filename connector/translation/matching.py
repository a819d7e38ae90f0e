"""Matching: which of the records that NetSuite found is the one that a Stripe object means.

A field of the Stripe object is compared with a field of NetSuite's records: whole values,
without regard to case and to space around them (CU-15, PI-4). Of several that fit the first
is taken (CU-16), and the first is the one that NetSuite has had the longest. Pure: whoever
asks NetSuite brings the candidates.

    email "AP@acme.example "    812 ap@acme.example   640 Ap@Acme.example   655 ap@acme.example.au
                                -> 640; that 812 fits as well is told
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from connector.netsuite.records import Ref, with_other
from connector.translation.plan import Link, Plan, Problem
from connector.translation.settings import Settings

CUSTOMER_RULES = ("CU-1", "CU-15", "CU-16", "CU-18")
ITEM_RULES = ("PI-2", "PI-4", "PI-5")


@dataclass(frozen=True, slots=True)
class Pair:
    """Which field of the Stripe object is compared with which field of NetSuite's records."""

    stripe: str
    netsuite: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that NetSuite found; `value` is what it holds in the field that is compared."""

    internal_id: str
    value: str
    inactive: bool = False


def of_customers(settings: Settings) -> Pair | None:
    """How customers are compared; None where the account does not."""
    return _pair(settings.customer_match_stripe_field, settings.customer_match_netsuite_field)


def of_items(settings: Settings) -> Pair | None:
    """How prices are compared with items; None where the account does not."""
    return _pair(settings.item_match_stripe_field, settings.item_match_netsuite_field)


def of_payments(settings: Settings) -> Pair | None:
    """How charges are compared with items, for the invoices that are made for them (CH-12)."""
    return _pair(settings.payment_match_stripe_field, settings.payment_match_netsuite_field)


def _pair(stripe: str, netsuite: str) -> Pair | None:
    return Pair(stripe, netsuite) if stripe and netsuite else None


def value_of(one: object, field: str) -> str:
    """What a Stripe object holds in a field such as `email`, `product.name` or `metadata.sku`; or empty."""
    kind, _, key = field.partition(".")
    if kind == "metadata":
        return str(getattr(one, "metadata", {}).get(key, "")).strip()
    return str(getattr(one, field.replace(".", "_"), "")).strip()


def fits(ours: str, theirs: str) -> bool:
    """Whether two values are the same (CU-15)."""
    return ours.strip().casefold() == theirs.strip().casefold()


def link_to(
    ref: Ref, value: str, pair: Pair, candidates: Iterable[Candidate], rules: tuple[str, ...]
) -> Link | Problem | None:
    """The link to the first candidate that fits; None when none does.

    A problem when all that fit are inactive: NetSuite would refuse them, and a new record beside
    them would split the history (CU-H1).
    """
    fitting = sorted(
        (one for one in candidates if fits(value, one.value)), key=lambda one: int(one.internal_id)
    )
    active = [one.internal_id for one in fitting if not one.inactive]
    what = f"{pair.netsuite} “{value}”"
    if fitting and not active:
        text = f"NetSuite's {ref.type} {fitting[0].internal_id} has the {what} of {ref.key}, and is inactive."
        return Problem("match_inactive", text)
    if not active:
        return None
    more = f"The {ref.type}s {', '.join(active[1:])} have the {what}, too." if active[1:] else ""
    return Link(ref.type, ref.key, active[0], "", rules, note=more)


def instead(plan: Plan, ref: Ref, other: Ref, rule: str) -> Plan:
    """The plan with `other` wherever its records name `ref` (CU-16, PI-4: the one for all)."""
    return replace(
        plan,
        records=tuple(
            planned
            if (record := with_other(planned.record, ref, other)) == planned.record
            else replace(planned, record=record, rules=(*planned.rules, rule))
            for planned in plan.records
        ),
    )
