"""What bringing past records will take: minutes and NetSuite calls, before anything is written.

A document that is to be written costs what the account's own last runs of its kind took. A kind of which
too few were run costs what is published: 2 s for each record written and 1 s for each record read, the
medians of recorded answers (netsuite.md 2.3). A document that is only looked at again asks Stripe alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField

from connector.engine import vitals
from connector.models import Attempt, Job, StripeAccount

Json = dict[str, Any]
KIND_OF = {
    "cus": "customers",
    "price": "prices",
    "plan": "prices",
    "in": "invoices",
    "ch": "charges",
    "py": "charges",
    "pi": "charges",
    "re": "refunds",
    "pyr": "refunds",
    "dp": "disputes",
    "du": "disputes",
    "cn": "credit_notes",
    "po": "payouts",
}
"""By the beginning of Stripe's id: the kind of a document, in the words of `backfill_period.KINDS`."""
LAST_RUNS = 500
FEWEST = 5
"""So many runs of a kind make a measure."""
WRITTEN_SECONDS, READ_SECONDS = 2.0, 1.0
LOOK_SECONDS = 0.5
"""A document that is there already, or is booked with another: one question to Stripe."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one document: requests to NetSuite, and seconds."""

    calls: float
    seconds: float


class Length(Func):
    """How many elements a JSON list has."""

    function = "json_array_length"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Its name there."""
        return self.as_sql(compiler, connection, function="jsonb_array_length", **context)


def kind_of(subject: str) -> str:
    """The kind of a document by its Stripe id; empty for one that is not listed."""
    return KIND_OF.get(subject.partition("_")[0], "")


def measured(account: StripeAccount) -> dict[str, Cost]:
    """What a document of each kind took in the account's last runs that wrote to NetSuite."""
    rows = (
        Attempt.objects.filter(job__account=account, outcome=Job.Status.SUCCESSFUL)
        .exclude(finished_at=None)
        .order_by("-pk")
        .annotate(calls=Length("exchanges"), took=F("finished_at") - F("started_at"))
        .values_list("job__subject", "calls", "took")[:LAST_RUNS]
    )
    runs: dict[str, list[Cost]] = defaultdict(list)
    for subject, calls, took in rows:
        if calls and (kind := kind_of(subject)):
            runs[kind].append(Cost(calls, took.total_seconds()))
    return {kind: _mean(costs) for kind, costs in runs.items() if len(costs) >= FEWEST}


def _mean(costs: list[Cost]) -> Cost:
    count = len(costs)
    return Cost(sum(one.calls for one in costs) / count, sum(one.seconds for one in costs) / count)


def estimate(account: StripeAccount, to_write: Mapping[str, int], to_look_at: int, records: int) -> Json:
    """`{calls, minutes, at_once, measured, assumed}` for so many documents of each kind.

    `records` is how many NetSuite records they come to; `measured` and `assumed` name the kinds by where
    their cost is from; `at_once` is how many are worked on side by side.
    """
    known = measured(account)
    documents = sum(to_write.values())
    each = records / documents if documents else 0.0
    published = Cost(each + 1, each * WRITTEN_SECONDS + READ_SECONDS)
    costs = {kind: known.get(kind, published) for kind in to_write}
    hands = sum(one.workers for one in vitals.clusters())
    at_once = max(1, min(hands, account.netsuite_account.netsuite_concurrency))
    seconds = sum(to_write[kind] * cost.seconds for kind, cost in costs.items()) + to_look_at * LOOK_SECONDS
    return {
        "calls": round(sum(to_write[kind] * cost.calls for kind, cost in costs.items())),
        "minutes": round(seconds / at_once / 60, 1),
        "at_once": at_once,
        "measured": sorted(kind for kind in to_write if kind in known),
        "assumed": sorted(kind for kind in to_write if kind not in known),
    }
