"""Now: sync Stripe documents at once, in this process, and say what came of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from connector.engine import jobs, sync
from connector.engine.described import problem_json
from connector.engine.sources import HandOver
from connector.errors import RetryLater, Verdict
from connector.models import Job, StripeAccount
from connector.translation.plan import Plan, Problem

Json = dict[str, Any]
SHOWN = ("type", "external_id", "internal_id", "amount", "currency", "date", "memo", "applied_to")
PATIENCE_SECONDS = 330
"""A worker may hold the job at this moment; it ends within its time limit."""


def bring(account: StripeAccount, subject: str) -> Iterator[Json]:
    """Bring a subject to NetSuite, or the documents that it belongs to; one result for each."""
    job = _ended(account, subject)
    attempt = job.attempts.last()
    plan = attempt.plan if attempt else {}
    if job.code == "part_of_another":
        for root in _roots(account, subject):
            yield from bring(account, root)
        return
    records = plan.get("records", [])
    yield _result(job.subject, job.status, job.code, job.message, records, job.problems)


def preview(account: StripeAccount, subject: str) -> Iterator[Json]:
    """What `bring` would do: the records with their fields, lines and entries. Writes nothing."""
    try:
        answer, described = sync.preview(account, subject)
    except Verdict as verdict:
        status = Job.Status.READY if isinstance(verdict, RetryLater) else Job.Status.NEEDS_ATTENTION
        problems = [problem_json(Problem(verdict.code, verdict.message))]
        yield _result(subject, status, verdict.code, verdict.message, [], problems)
        return
    if isinstance(answer, HandOver):
        for root in answer.roots:
            yield from preview(account, root)
        return
    yield _previewed(subject, answer, described)


def _previewed(subject: str, plan: Plan, described: Json) -> Json:
    problems = described["problems"]
    if problems:
        first = problems[0]
        return _result(subject, Job.Status.NEEDS_ATTENTION, first["code"], first["message"], [], problems)
    if plan.skip:
        return _result(subject, Job.Status.SKIPPED, plan.skip.code, plan.skip.message, [], [])
    shown = _result(subject, Job.Status.SUCCESSFUL, "", "", described["records"], [])
    whole = ("state", "rules", "fields", "lines", "entries")
    for record, planned in zip(shown["records"], described["records"], strict=True):
        record |= {key: planned[key] for key in whole}
    return shown


def _ended(account: StripeAccount, subject: str) -> Job:
    """The subject's job after its run, ours or a worker's that was faster."""
    (job,) = jobs.enqueue_all(account, [subject], wake=False)
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
