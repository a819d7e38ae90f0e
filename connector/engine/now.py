"""Now: sync Stripe documents at once, in this process, and say what came of each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from connector.engine import audit, jobs, readers, sync
from connector.engine.described import problem_json
from connector.engine.source import HandOver
from connector.errors import RetryLater, Verdict, WaitFor
from connector.models import Job, StripeAccount
from connector.models.audit import Verb
from connector.translation.plan import Plan, Problem

Json = dict[str, Any]
SHOWN = ("type", "external_id", "internal_id", "amount", "currency", "date", "memo", "applied_to")
PATIENCE_SECONDS = 330
"""A worker may hold the job at this moment; it ends within its time limit."""


def bring(account: StripeAccount, subject: str, *, who: str) -> Iterator[Json]:
    """Bring a subject to NetSuite, or the documents that it belongs to; one result for each.

    The audit keeps that `who` asked for it.
    """
    job = _ended(account, subject, who)
    attempt = job.attempts.last()
    plan = attempt.plan if attempt else {}
    if job.code == "part_of_another":
        for root in _roots(account, subject):
            yield from bring(account, root, who=who)
        return
    records = plan.get("records", [])
    told = f"{account} is paused. It is brought once the account is resumed." if _stands_still(job) else ""
    yield _result(job.subject, job.status, job.code, told or job.message, records, job.problems)


def _stands_still(job: Job) -> bool:
    paused = StripeAccount.objects.filter(pk=job.account_id, paused_at__isnull=False)
    return job.status == Job.Status.READY and paused.exists()


def is_bookable(subject: str) -> bool:
    """Whether this looks like the id of something that we book."""
    return subject.partition("_")[0] in readers.READERS


def ask(account: StripeAccount, subject: str, *, who: str) -> Job:
    """Have a worker bring a subject to NetSuite. Asked twice, it is brought once."""
    with transaction.atomic():
        (job,) = jobs.enqueue_all(account, [subject])
        audit.record(who, Verb.BRING, account=account, subject=subject)
    return job


def preview(account: StripeAccount, subject: str, names: Mapping[str, str] | None = None) -> Iterator[Json]:
    """What `bring` would do: the records with their fields, lines and entries. Writes nothing.

    `names` as in `sync.preview`.
    """
    try:
        answer, described = sync.preview(account, subject, names)
    except Verdict as verdict:
        status = Job.Status.READY if isinstance(verdict, RetryLater | WaitFor) else Job.Status.NEEDS_ATTENTION
        problems = [problem_json(Problem(verdict.code, verdict.message))]
        yield _result(subject, status, verdict.code, verdict.message, [], problems)
        return
    if isinstance(answer, HandOver):
        for root in answer.roots:
            yield from preview(account, root, names)
        return
    yield _previewed(subject, answer, described)


def _previewed(subject: str, plan: Plan, described: Json) -> Json:
    problems = described["problems"]
    if problems:
        first = problems[0]
        return _result(subject, Job.Status.NEEDS_ATTENTION, first["code"], first["message"], [], problems)
    if plan.skip:
        return _result(subject, Job.Status.SKIPPED, plan.skip.code, plan.skip.message, [], [])
    status, told = foreseen(plan)
    message = told.message if told else ""
    shown = _result(subject, status, told.code if told else "", message, described["records"], _left(plan))
    whole = ("state", "rules", "fields", "lines", "entries")
    for record, planned in zip(shown["records"], described["records"], strict=True):
        record |= {key: planned[key] for key in whole}
    return shown | {"links": described["links"]}


def foreseen(plan: Plan) -> tuple[Job.Status, Problem | None]:
    """The status with which the job would end once all of the plan is written, and what it would say."""
    if plan.later or plan.waiting:
        return Job.Status.READY, plan.later or plan.waiting
    if plan.attention:
        return Job.Status.NEEDS_ATTENTION, plan.attention
    return Job.Status.SUCCESSFUL, plan.alert


def _left(plan: Plan) -> list[dict[str, str]]:
    """What a person has to do although all of the plan is written."""
    return [problem_json(plan.attention)] if plan.attention and not plan.later else []


def _ended(account: StripeAccount, subject: str, who: str) -> Job:
    """The subject's job after its run, ours or a worker's that was faster."""
    with transaction.atomic():
        (job,) = jobs.enqueue_all(account, [subject], wake=False)
        audit.record(who, Verb.BRING, account=account, subject=subject)
    sync.run(job.pk)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        job.refresh_from_db()
        if job.status != Job.Status.RUNNING or time.monotonic() > deadline:
            return job
        time.sleep(0.1)


def _roots(account: StripeAccount, subject: str) -> list[str]:
    answer, _ = sync.preview(account, subject)
    return list(answer.roots) if isinstance(answer, HandOver) else []


def _result(
    subject: str, status: str, code: str, message: str, records: list[Json], problems: list[dict[str, str]]
) -> Json:
    rules = dict.fromkeys(rule for record in records for rule in record["rules"])
    return {
        "subject": subject,
        "status": str(status),
        "code": code,
        "message": message,
        "rules": list(rules),
        "records": [{key: record[key] for key in SHOWN} for record in records],
        "problems": problems,
    }
