"""Sync: one run of a job, from what Stripe says to what NetSuite holds.

fetch -> translate -> write -> end. A run never raises for what can happen in
business or on a network: it ends the job, and says how.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import DataError, OperationalError
from django.utils import timezone

from connector.engine import (
    choices,
    decisions,
    doors,
    duplicates,
    gone,
    jobs,
    leases,
    readers,
    settlements,
    steps,
    writing_back,
)
from connector.engine.described import plan_json, problem_json
from connector.engine.jobs import Ending
from connector.engine.known import internal_ids
from connector.engine.periods import in_open_periods
from connector.engine.source import HandOver, Source
from connector.engine.writer import LeaseLost, Writer
from connector.errors import AnswerLost, NeedsAttention, NotThere, RetryLater, Verdict, WaitFor
from connector.models import Job, StripeAccount
from connector.netsuite.gateway import Exchange, Gateway
from connector.netsuite.records import Ref
from connector.translation.duplicate import without
from connector.translation.plan import Plan, Planned, Problem, Summary

log = structlog.get_logger("suitesync.engine")
Status = Job.Status

SOON = timedelta(seconds=5)
"""A delay up to this is waited out by the worker itself; the sweep comes only once a minute."""
SOON_TURNS = 12
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)
"""After so long in one run of delays a person is told (SY-5)."""
LATER = timedelta(minutes=15)
DEADLY = Ending(
    Status.FAILED,
    "cut_off_too_often",
    f"Its last {jobs.MOST_CUT_OFF} runs were cut off before they ended.",
)
DATABASE_BUSY = "Our database broke off what it was asked. The log has its words."
KEEP_CHARACTERS = 20_000
"""Of each request and answer, so that one job cannot fill the database."""


def run(pk: int) -> str:
    """Run a job until it has ended or has to wait long; returns its status, or why it was not ours.

    A run that waits for others in vain takes half a minute, and the queue kills what takes too long.
    """
    status, until = "not due", time.monotonic() + settings.JOB_TIME_LIMIT / 2
    for _ in range(SOON_TURNS):
        job = jobs.lease(pk, leases.owner())
        if job is None:
            return status
        steps.reach("leased", pk)
        ending = Run(job).end()
        status = ending.status.value
        if ending.status != Status.READY or ending.delay is None or ending.delay > SOON:
            return status
        if time.monotonic() >= until:
            return status
        time.sleep(ending.delay.total_seconds())
    return status


class Run:
    """One leased job on its way. Keeps what was planned, sent and heard, for the Attempt."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.account: StripeAccount = job.account
        self.plan: Plan | None = None
        self.writer: Writer | None = None
        self.exchanges: list[dict[str, Any]] = []

    def end(self) -> Ending:
        """Do the work and end the job."""
        with structlog.contextvars.bound_contextvars(
            job=self.job.pk, account=self.account.name, subject=self.job.subject, attempt=self.job.fence
        ):
            try:
                ending = DEADLY if jobs.is_deadly(self.job) else self._work()
            except LeaseLost:
                log.warning("lease lost")
                return Ending(Status.SKIPPED, "lease_lost")
            except Verdict as verdict:
                ending = self._ending(verdict)
            except OperationalError:  # it ended one of two that waited for each other, or was away
                log.exception("database gave up")
                ending = self._ending(RetryLater("database_busy", DATABASE_BUSY))
            except Exception as error:
                log.exception("job failed")
                text = f"{type(error).__name__} in our own code. Nothing more was written for this document."
                ending = Ending(Status.FAILED, "internal_error", text)
            self._finish(ending)
            steps.reach("finished", self.job.pk)
            log.info("job ended", status=ending.status.value, code=ending.code)
            writing_back.of_job(self.job)
            decisions.of_job(self.job)
        return ending

    def _finish(self, ending: Ending) -> None:
        """End the job; without what cannot be kept, rather than not at all."""
        try:
            jobs.finish(self.job, ending, plan=self._kept_plan(), exchanges=self.exchanges)
        except (DataError, ValueError):  # a text that the database cannot hold, like one with a NUL
            log.exception("plan and exchanges are not kept")
            jobs.finish(self.job, ending)

    def _work(self) -> Ending:
        if settled := settlements.ending_of(self.job):
            return settled
        gateway = self._gateway()
        source = open_source(self.account, gateway, keep=True)
        steps.reach("fetched", self.job.pk)
        answer = read(self.job.subject, source, self.account, gateway)
        self._summarise(answer.summary)
        if isinstance(answer, HandOver):
            return self._hand_over(answer)
        self.plan = answer
        steps.reach("planned", self.job.pk)
        settlements.refuse_settled(answer, self.job)
        if answer.problems:
            return self._refused(answer)
        if answer.skip:
            return Ending(Status.SKIPPED, answer.skip.code, answer.skip.message)
        if answer.waiting:
            raise WaitFor(answer.waiting.code, answer.waiting.message, parent=answer.waits_for)
        self.writer = Writer(self.job, gateway, renew=partial(jobs.renew, self.job))
        self._write(answer, self.writer, source)
        if answer.later:
            raise RetryLater(answer.later.code, answer.later.message, delay=LATER)
        if answer.attention:
            raise NeedsAttention(answer.attention.code, answer.attention.message)
        if answer.alert:
            return Ending(Status.SUCCESSFUL, answer.alert.code, answer.alert.message)
        return Ending(Status.SUCCESSFUL)

    def _gateway(self) -> Gateway:
        return doors.netsuite_gateway(self.account.netsuite_account, f"job:{self.job.pk}", self._keep)

    def _write(self, plan: Plan, writer: Writer, source: Source) -> None:
        """One writer for each customer at a time, whatever the document (netsuite.md 3.9)."""
        customer, holder = _customer_of(plan), f"job:{self.job.pk}"
        netsuite, seconds = self.account.netsuite_account, leases.CUSTOMER_SECONDS
        with leases.held(netsuite, f"customer:{customer}", holder, seconds) if customer else nullcontext():
            self._write_plan(plan, writer, source, frozenset())

    def _write_plan(self, plan: Plan, writer: Writer, source: Source, met: frozenset[str]) -> None:
        """Write it, once more after each kind of refusal; `met` are the codes of those that came before."""
        try:
            writer.write(plan)
        except NeedsAttention as refusal:
            if refusal.code in met:
                raise
            self._write_after(refusal, plan, writer, source, met | {refusal.code})

    def _write_after(
        self, refusal: NeedsAttention, plan: Plan, writer: Writer, source: Source, met: frozenset[str]
    ) -> None:
        """Write once more what a refusal leaves possible; raises it, or what is behind it, otherwise."""
        if refusal.code == decisions.PERIOD_CLOSED and self._may_be_moved():
            plan = self.plan = in_open_periods(plan, writer.gateway.fetch_periods())
        elif refusal.code in gone.CODES and (lost := gone.behind(plan, writer.known, source)):
            left = [one for one in lost if not gone.is_linked_anew(one, source, self.account)]
            if left:
                writer.refusals = [gone.verdict(one) for one in left]
                raise writer.refusals[0] from refusal
        elif again := duplicates.refused(refusal.code, plan, writer):
            return self._write_alone(again, refusal, plan, writer)
        else:
            raise refusal
        self._write_plan(plan, writer, source, met)

    def _write_alone(self, again: list[Planned], refusal: NeedsAttention, plan: Plan, writer: Writer) -> None:
        """What NetSuite did not take on its invoice or order comes by itself where it may, or is told."""
        verdicts = {one.record.external_id: duplicates.verdict(one, refusal, writer) for one in again}
        told = {key: verdict for key, verdict in verdicts.items() if verdict}
        self.plan = duplicates.standing_alone(plan, set(verdicts) - set(told))
        writer.write(without(self.plan, set(told)))
        if len(self.plan.records) < len(plan.records):
            jobs.enqueue_all(self.account, [self.job.subject])
        if told:
            writer.states |= dict.fromkeys(told, "refused")
            writer.refusals = list(told.values())
            raise writer.refusals[0]

    def _may_be_moved(self) -> bool:
        by_itself = self.account.closed_period_policy == StripeAccount.ClosedPeriodPolicy.NEXT_OPEN
        return by_itself or decisions.is_dated_anew(self.account, self.job.subject)

    def _hand_over(self, answer: HandOver) -> Ending:
        """The document belongs to others: see that they are booked, and leave it to them."""
        settlements.hear_of_roots(self.job, answer.roots)
        jobs.enqueue_all(self.account, answer.roots)
        text = f"It is booked with {', '.join(answer.roots)}."
        return Ending(Status.SKIPPED, "part_of_another", text, part_of=list(answer.roots))

    def _refused(self, plan: Plan) -> Ending:
        problems = [problem_json(problem) for problem in plan.problems]
        first = plan.problems[0]
        return Ending(Status.NEEDS_ATTENTION, first.code, first.message, problems)

    def _ending(self, verdict: Verdict) -> Ending:
        """What a verdict means for the job."""
        code, message = verdict.code, verdict.message
        match verdict:
            case RetryLater() if self._has_waited_enough():
                return Ending(
                    Status.NEEDS_ATTENTION, "gave_up_waiting", message, self._problems(code, message)
                )
            case RetryLater(delay=delay):
                return Ending(
                    Status.READY,
                    code,
                    message,
                    delay=delay or backoff(self.job.tries),
                    uses_try=code != "being_written",
                )
            case WaitFor(parent=parent):
                return Ending(Status.READY, code, message, delay=LATER, waiting_for=parent, uses_try=False)
            case AnswerLost():
                return Ending(Status.READY, code, message, delay=FIRST_DELAY)
            case NeedsAttention() | NotThere():
                return Ending(Status.NEEDS_ATTENTION, code, message, self._problems(code, message))
            case _:
                return Ending(Status.FAILED, code, message)

    def _has_waited_enough(self) -> bool:
        since = self.job.delayed_since
        return since is not None and timezone.now() - since > GIVE_UP_AFTER

    def _problems(self, code: str, message: str) -> list[dict[str, str]]:
        refusals = self.writer.refusals if self.writer else []
        problems = [Problem(refusal.code, refusal.message) for refusal in refusals] or [
            Problem(code, message)
        ]
        return [problem_json(problem) for problem in problems]

    def _summarise(self, summary: Summary) -> None:
        """Keep on the job what it is, in words, for lists and search."""
        self.job.title, self.job.customer_name = summary.title[:255], summary.customer[:255]
        if summary.amount:
            self.job.amount, self.job.currency = summary.amount.value, summary.amount.currency
        Job.objects.filter(pk=self.job.pk, fence=self.job.fence).update(
            title=self.job.title,
            customer_name=self.job.customer_name,
            amount=self.job.amount,
            currency=self.job.currency,
        )

    def _keep(self, exchange: Exchange) -> None:
        self.exchanges.append(
            {
                "at": timezone.now().isoformat(timespec="milliseconds"),
                "operation": exchange.operation,
                "seconds": f"{exchange.seconds:.3f}",
                "sent": exchange.request[:KEEP_CHARACTERS],
                "answered": exchange.response[:KEEP_CHARACTERS],
            }
        )

    def _kept_plan(self) -> dict[str, Any]:
        if self.plan is None:
            return {}
        known = self.writer.known if self.writer else {}
        states = self.writer.states if self.writer else {}
        return plan_json(self.plan, choices.ledger_names(self.account), known, states)


def open_source(account: StripeAccount, gateway: Gateway, *, keep: bool = False) -> Source:
    """Where an account's documents are read from; NetSuite's currencies are read once and remembered."""
    if not account.netsuite_account.currencies:
        refresh_currencies(account, gateway, keep=keep)
    if account.subsidiary not in account.netsuite_account.base_currencies:
        refresh_base_currency(account, gateway, keep=keep)
    settings = choices.settings_of(account)
    return Source(doors.stripe_client(account), account, settings, gateway, keep)


def refresh_currencies(account: StripeAccount, gateway: Gateway, *, keep: bool = True) -> None:
    """Read NetSuite's active currencies and keep their internal ids; in a preview for this run alone."""
    account.netsuite_account.currencies = gateway.fetch_currencies()
    if keep:
        account.netsuite_account.save(update_fields=["currencies"])


def read(subject: str, source: Source, account: StripeAccount, gateway: Gateway) -> Plan | HandOver:
    """The plan of a subject; a currency that NetSuite lacked, or never told us, is asked for once more."""
    try:
        answer = readers.read(subject, source)
    except NeedsAttention as verdict:
        if verdict.code != "base_currency_unknown":
            raise
        refresh_base_currency(account, gateway, keep=source.keep)
        return readers.read(subject, open_source(account, gateway, keep=source.keep))
    problems = () if isinstance(answer, HandOver) else answer.problems
    if not any(problem.code == "currency_missing" for problem in problems):
        return answer
    refresh_currencies(account, gateway, keep=source.keep)
    return readers.read(subject, open_source(account, gateway, keep=source.keep))


def refresh_base_currency(account: StripeAccount, gateway: Gateway, *, keep: bool = True) -> None:
    """Read in which currency the account's subsidiary keeps its books, and keep it; empty if nobody says.

    In a preview it is kept for this run alone.
    """
    netsuite = account.netsuite_account
    try:
        base = gateway.fetch_base_currency(account.subsidiary)
    except NeedsAttention:  # our role may not see subsidiaries
        base = ""
    netsuite.base_currencies = {**netsuite.base_currencies, account.subsidiary: base}
    if keep:
        netsuite.save(update_fields=["base_currencies"])


def preview(
    account: StripeAccount, subject: str, names: Mapping[str, str] | None = None
) -> tuple[Plan | HandOver, dict[str, Any]]:
    """The plan of a subject and its JSON; reads both sides, writes to neither. Raises a verdict.

    `names` is what ledger accounts are called in the entries, by internal id, if not by their settings.
    """
    gateway = doors.netsuite_gateway(account.netsuite_account, f"preview:{leases.owner()}")
    source = open_source(account, gateway)
    answer = read(subject, source, account, gateway)
    if isinstance(answer, HandOver):
        return answer, {}
    keys = {planned.record.external_id for planned in answer.records}
    known = internal_ids(account.netsuite_account, keys)
    states = {key: "known" for _, key in known}
    called = choices.ledger_names(account) if names is None else names
    return answer, plan_json(answer, called, known, states)


def backoff(tries: int) -> timedelta:
    """How long to wait after so many tries: doubling, up to an hour, with a fifth of chance in it."""
    doubled = min(FIRST_DELAY * 2 ** min(tries, 10), LONGEST_DELAY)
    return timedelta(seconds=doubled.total_seconds() * random.uniform(0.8, 1.2))  # noqa: S311


def _customer_of(plan: Plan) -> str:
    for planned in plan.records:
        customer = getattr(planned.record, "customer", None)
        if isinstance(customer, Ref):
            return customer.key or customer.internal_id
    return ""
