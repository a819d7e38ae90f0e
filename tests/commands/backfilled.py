"""What the tests of `backfill` share: the command as it is given, and what it must tie to."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command

from connector.engine import steps
from connector.money import Amount
from connector.sandbox.world import World

Json = dict[str, Any]
START = "2026-10-01"
HEAD = {"account", "from", "to", "time_zone", "state", "until", "complete", "kinds", "open", "problems"}
SUMS = ("netsuite", "skipped", "needs_attention", "failed", "waiting", "different", "missing")
ROW = {"kind", "currency", "stripe", "adjusted", "reasons", *SUMS}
LISTED = {
    "customers": ("customer", None),
    "prices": ("price", None),
    "invoices": ("invoice", "total"),
    "charges": ("charge", "amount"),
    "refunds": ("refund", "amount"),
    "disputes": ("dispute", "amount"),
    "credit_notes": ("credit_note", "amount"),
    "payouts": ("payout", "amount"),
}
"""Where the practice Stripe keeps each kind, and the figure of one."""
BOOKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "invoices": ("invoice", ("in_",)),
    "charges": ("customerPayment", ("ch_", "py_")),
    "refunds": ("customerRefund", ("re_", "pyr_")),
    "disputes": ("customerRefund", ("du_",)),
    "payouts": ("deposit", ("po_",)),
}
"""The NetSuite records of a kind, and how their external ids begin."""


def backfill(*arguments: str, start: str = START) -> tuple[Json, int]:
    """What `backfill --json` printed, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("backfill", "acme", "--from", start, *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as ended:
        status = int(ended.code or 0)
    return (json.loads(out.getvalue()) if out.getvalue() else {}), status


def row_of(told: Json, kind: str, currency: str = "USD") -> Json:
    (row,) = [one for one in told["kinds"] if (one["kind"], one["currency"]) == (kind, currency)]
    return dict(row)


def counts(row: Json) -> dict[str, int]:
    """Where the objects of a row stand, without what is none."""
    return {name: row[name]["count"] for name in SUMS if row[name]["count"]}


def in_stripe(world: World) -> dict[tuple[str, str], tuple[int, str]]:
    """How many of each kind and currency the practice Stripe has, and their sum, counted by ourselves."""
    found: dict[tuple[str, str], list[Amount]] = {}
    for kind, (word, figure) in LISTED.items():
        for one in world.stripe.store.all(word):
            currency = one["currency"].upper() if figure else ""
            minor = one[figure] if figure else 0
            if word == "charge" and one["captured"]:
                minor = one["amount_captured"]
            found.setdefault((kind, currency), []).append(Amount.from_minor(minor, currency or "USD"))
    return {
        key: (len(all_of), Amount(sum((one.value for one in all_of), Decimal()), key[1]).text)
        for key, all_of in found.items()
    }


def in_netsuite(world: World, kind: str, currency: str) -> Decimal:
    """The sum of NetSuite's own records of a kind."""
    record_type, prefixes = BOOKED[kind]
    return sum(
        (
            Decimal(one["total"])
            for one in world.netsuite.books()["records"]
            if one["type"] == record_type
            and one["currency"] == currency
            and (one["external_id"] or "").startswith(prefixes)
        ),
        Decimal(),
    )


def ties(told: Json, world: World) -> None:
    """Counts and sums are Stripe's own, add up over the columns, and are in NetSuite's books."""
    says = {
        (row["kind"], row["currency"]): (row["stripe"]["count"], row["stripe"]["sum"] or "0.00")
        for row in told["kinds"]
    }
    assert says == {
        key: (count, value if key[1] else "0.00") for key, (count, value) in in_stripe(world).items()
    }
    for row in told["kinds"]:
        assert set(row) == ROW
        assert row["stripe"]["count"] == sum(row[name]["count"] for name in SUMS)
        if row["currency"]:
            columns = sum(Decimal(row[name]["sum"]) for name in SUMS)
            assert columns == Decimal(row["stripe"]["sum"]) + Decimal(row["adjusted"])
        if row["kind"] in BOOKED:
            assert Decimal(row["netsuite"]["sum"]) == in_netsuite(world, row["kind"], row["currency"])


@contextmanager
def when(step: str, act: Callable[[], None]) -> Generator[None]:
    """Do something once, when the first job comes to a step."""
    left = [act]

    def listen(step: str, **_: Any) -> None:
        if step == wanted and left:
            left.pop()()

    wanted = step
    steps.reached.connect(listen)
    try:
        yield
    finally:
        steps.reached.disconnect(listen)
