"""The preview of a backfill: the plans of a whole period, and nothing written on either side.

Each document is planned as if it came first: what it rests on is planned in front of it, and counted
once. A payout can be planned only when its records are in NetSuite; until then it waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

import structlog

from connector.engine import backfill_estimate, choices, doors, now, sync
from connector.engine.backfill import DEEPEST, Desk, count, documents, patiently, prove
from connector.engine.backfill_period import Period, listed
from connector.engine.backfill_proof import RECORDS, Booked, End, Json, Proof, Standing, Sums
from connector.engine.source import HandOver
from connector.errors import RetryLater, Verdict, WaitFor
from connector.models import Job, StripeAccount
from connector.money import Amount
from connector.netsuite.records import Transaction
from connector.stripe.listing import Listed
from connector.translation.plan import Plan

log = structlog.get_logger("suitesync.engine")
Status = Job.Status
WRITTEN = (Status.SUCCESSFUL, Status.READY)
"""How the planning of a document ends that a run writes, now or once what it rests on is there."""
TABLES = (
    "CREATE TABLE planned (type TEXT, external_id TEXT, stripe_id TEXT, subject TEXT, amount TEXT, "
    "PRIMARY KEY (type, external_id))",
    "CREATE INDEX planned_by_stripe_id ON planned (stripe_id)",
    "CREATE TABLE looked_at (subject TEXT PRIMARY KEY)",
    "CREATE TABLE ends (subject TEXT PRIMARY KEY, document TEXT, status TEXT, code TEXT, message TEXT)",
)


class Preview:
    """What a run would do. Keeps what was planned on disk, so that a long period needs no more memory."""

    def __init__(self, account: StripeAccount, period: Period, kinds: Sequence[str], desk: Desk) -> None:
        self._account, self._period, self._kinds, self._desk = account, period, kinds, desk
        self._booked = Booked(account)
        self._fetch = patiently(doors.stripe_client(account), desk)
        self._totals: dict[tuple[str, str], Sums] = {}
        self._table = sqlite3.connect("")  # a temporary file, gone with the connection
        for statement in TABLES:
            self._table.execute(statement)

    def told(self) -> Json:
        """The proof as it would be, and `to_book`: what would be written, by NetSuite's type and currency.

        `estimate` is what that will take, as `backfill_estimate` says it.

        Raises Interrupted, and verdicts of the listing.
        """
        cursors: Json = {}
        count(self._kinds, self._period, self._fetch, self._desk, cursors)
        done, total = 0, sum(one["total"] for one in cursors.values())
        for word in self._kinds:
            for _, things in listed(word, self._period, self._fetch):
                self._plan_page(word, things)
                done += len(things)
                self._desk.tell("planning", word, done, total)
        proof = Proof(self, choices.settings_of(self._account))
        prove(proof, self._kinds, self._period, self._fetch, self._desk, cursors)
        booked = [
            {"type": kind, "currency": currency, **sums.told(currency)}
            for (kind, currency), sums in sorted(self._totals.items())
        ]
        return proof.told() | {"to_book": booked, "estimate": self._estimate()}

    def _estimate(self) -> Json:
        """What bringing all of it will take."""
        planned = (
            "SELECT subject FROM ends WHERE subject = document "  # noqa: S608
            f"AND status IN ({_marks(WRITTEN)})"
        )
        to_write: dict[str, int] = {}
        for (subject,) in self._table.execute(planned, tuple(map(str, WRITTEN))):
            kind = backfill_estimate.kind_of(subject)
            to_write[kind] = to_write.get(kind, 0) + 1
        seen = "SELECT COUNT(*) FROM (SELECT subject FROM looked_at UNION SELECT subject FROM ends)"
        (documents,) = self._table.execute(seen).fetchone()
        to_look_at = documents - sum(to_write.values())
        records = sum(sums.count for sums in self._totals.values())
        return backfill_estimate.estimate(self._account, to_write, to_look_at, records)

    # Planning

    def _plan_page(self, word: str, things: Sequence[Listed]) -> None:
        there = self.standing(word, things)
        new = [one for one in things if one.id not in there]
        wanted = [(subject,) for subject in documents(word, things, self._account)]
        self._table.executemany("INSERT OR IGNORE INTO looked_at VALUES (?)", wanted)
        for subject in documents(word, new, self._account):
            self._desk.check()
            self._plan(subject)

    def _plan(self, subject: str, depth: int = 0) -> str:
        """Plan a document, or those that it hands on to; returns the one at the end of the way."""
        known = self._table.execute("SELECT document FROM ends WHERE subject = ?", (subject,)).fetchone()
        if known:
            return str(known[0])
        end = End(subject, Status.SUCCESSFUL, "", "")
        try:
            answer, described = sync.preview(self._account, subject)
        except Verdict as verdict:
            later = isinstance(verdict, RetryLater | WaitFor)
            end = End(
                subject, Status.READY if later else Status.NEEDS_ATTENTION, verdict.code, verdict.message
            )
        except Exception as error:
            log.exception("preview failed", subject=subject)
            text = f"{type(error).__name__} in our own code."
            end = End(subject, code="internal_error", message=text, status=Status.FAILED)
        else:
            if isinstance(answer, HandOver):
                return self._hand_on(subject, answer, depth)
            end = _end_of(subject, answer)
            self._keep_plan(subject, answer, described)
        self._keep_end(subject, end)
        return subject

    def _hand_on(self, subject: str, answer: HandOver, depth: int) -> str:
        ways = [self._plan(root, depth + 1) for root in answer.roots if depth < DEEPEST]
        way = ways[0] if ways else subject
        self._keep_end(subject, End(way, Status.SKIPPED, "part_of_another", ""))
        return way

    def _keep_end(self, subject: str, end: End) -> None:
        row = (subject, end.subject, str(end.status), end.code, end.message)
        self._table.execute("INSERT OR REPLACE INTO ends VALUES (?, ?, ?, ?, ?)", row)

    def _keep_plan(self, subject: str, plan: Plan, described: Json) -> None:
        for link in plan.links:
            self._keep(link.type, link.key, link.key, subject, None)
        if plan.problems:
            return
        for planned, shown in zip(plan.records, described["records"], strict=True):
            record = planned.record
            money = Amount(record.total, record.currency.key) if isinstance(record, Transaction) else None
            new = self._keep(record.TYPE, record.external_id, planned.stripe_id, subject, money)
            if new and shown["state"] != "known":
                kind = (record.TYPE, money.currency if money else "")
                self._totals.setdefault(kind, Sums()).add(money)

    def _keep(self, kind: str, key: str, stripe_id: str, subject: str, money: Amount | None) -> bool:
        """Keep what is planned, once; whether it is new."""
        row = (kind, key, stripe_id, subject, str(money.value) if money else None)
        return bool(self._table.execute("INSERT OR IGNORE INTO planned VALUES (?, ?, ?, ?, ?)", row).rowcount)

    # What the proof asks

    def standing(self, word: str, things: Sequence[Listed]) -> dict[str, Standing]:
        """What our map has, and what is planned."""
        ids, types = [one.id for one in things], RECORDS[word]
        rows = self._table.execute(
            "SELECT stripe_id, subject, amount, type FROM planned "  # noqa: S608 - marks only
            f"WHERE stripe_id IN ({_marks(ids)}) AND type IN ({_marks(types)}) ORDER BY rowid",
            (*ids, *types),
        )
        planned: dict[str, Standing] = {}
        for key, subject, amount, kind in rows:
            money = None if amount is None or kind == "journalEntry" else Decimal(amount)
            before = planned.get(key)
            if before and before.amount is not None and money is not None and kind == "deposit":
                money += before.amount  # the parts of a large payout (PO-10)
            planned[key] = Standing(subject, money) if before is None or kind == "deposit" else before
        return planned | self._booked.standing(word, things)

    def ends(self, subjects: Sequence[str]) -> dict[str, End]:
        """How the planning of each ended."""
        asked = (
            "SELECT asked.subject, found.subject, found.status, found.code, found.message FROM ends asked "  # noqa: S608
            "JOIN ends found ON found.subject = asked.document "
            f"WHERE asked.subject IN ({_marks(subjects)})"
        )
        return {one: End(*rest) for one, *rest in self._table.execute(asked, tuple(subjects))}

    def open(self, subjects: AbstractSet[str]) -> Iterable[End]:
        """Documents that somebody would have to settle."""
        asked = (
            "SELECT subject, status, code, message FROM ends "  # noqa: S608
            f"WHERE subject IN ({_marks(subjects)}) AND status IN ({_marks(Job.OPEN)})"
        )
        return [End(*row) for row in self._table.execute(asked, (*sorted(subjects), *map(str, Job.OPEN)))]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


def _end_of(subject: str, plan: Plan) -> End:
    """How the job of this plan would end."""
    if plan.problems:
        return End(subject, Status.NEEDS_ATTENTION, plan.problems[0].code, plan.problems[0].message)
    if plan.skip:
        return End(subject, Status.SKIPPED, plan.skip.code, plan.skip.message)
    status, told = now.foreseen(plan)
    return End(subject, status, told.code if told else "", told.message if told else "")
