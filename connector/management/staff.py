"""The people of the sample company: a user for each role, and what they do on the console."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import F, Min
from django.utils import timezone

from connector import tasks
from connector.engine import (
    account_settings,
    actions,
    causes,
    decisions,
    jobs,
    month_close,
    months,
    past_records,
    roles,
)
from connector.models import Attempt, Event, Job, MappedRecord, Settlement, StripeAccount

ADMIN = "demo"
TAX_ACCOUNT = "tax_account"
PAID_AHEAD = "They paid ahead for next month, and want no refund."
NOT_ORDERED = "Nobody ordered it; it is being voided in Stripe."
TOGETHER = "Won disputes beside the other adjustments, as our auditor asked."
WAITS = "Tax account asked of Controlling; they answer by Monday."
SOON = timedelta(seconds=15)
"""What begins so soon is under way: a decision that can still be undone holds from ten seconds on."""


def hire(password: str) -> None:
    """An admin and, named after it, a user for each role; they share a password."""
    users = get_user_model().objects
    users.create_superuser(ADMIN, "", password)
    for role in roles.ROLES:
        person = users.create_user(role.name, "", password, is_staff=True)
        person.groups.set(Group.objects.filter(name=role.name))


def choose_account(account: StripeAccount, setting: str, number: str, reason: str) -> None:
    """Choose a ledger account for a setting."""
    now = StripeAccount.objects.select_related("netsuite_account").get(pk=account.pk)
    seen = account_settings.version(now)
    account_settings.save(now, {setting: number}, who="settings", reason=reason, seen=seen)


def allow_duplicates(waiting: list[Job]) -> None:
    """Decide for every payment that came twice that it is to be booked."""
    pairs = [
        actions.Pair(job.pk, actions.version([job]), charge)
        for job in waiting
        for charge in decisions.asked_of(job)
    ]
    while pairs:
        _, pairs = actions.allow(pairs, who="approver", why=PAID_AHEAD)


def try_again(waiting: list[Job]) -> None:
    """Try all again that still needs somebody."""
    for job in waiting:
        jobs.retry(job, who="resolver")


def leave_traces(account: StripeAccount, first_month: date, mistaken: str) -> None:
    """Let every page of the console have something to show of what its people did.

    They skip the bill of a customer who ordered nothing, choose an account anew, assign and note one
    cause, put another one aside, compare all, tick the first month, and bring it anew.
    """
    people = get_user_model().objects
    job = Job.objects.get(account=account, customer_name=mistaken)
    actions.settle([job.pk], actions.version([job]), Settlement.Kind.SKIPPED, who="resolver", why=NOT_ORDERED)
    choose_account(account, "dispute_reversals_account", account.adjustments_account, TOGETHER)
    causes.assign(account, "tax_account_missing", people.get(username="resolver"), seen=0, who="approver")
    causes.note(account, "tax_account_missing", WAITS, seen=1, who="resolver")
    until = timezone.now() + timedelta(days=3)
    causes.put_aside(account, "period_closed", until=until, count=None, seen=0, who="resolver")
    today = account.local_date(timezone.now())
    tasks.compare(account.pk, first_month.isoformat(), today.isoformat())
    month = months.Month(account, first_month)
    seen = month_close.seen(months.look(month), None)
    month_close.tick(month, who="approver", reason="Agreed with the bank statements.", seen_then=seen)
    kinds = past_records.kinds_of(["invoices"])
    past_records.ask(account, first_month, month.last, kinds, who="settings")
    past_records.start(account, first_month, month.last, kinds, who="settings")


def is_busy() -> bool:
    """Whether a worker has something to do now."""
    due = Job.objects.filter(status=Job.Status.READY, run_after__lte=timezone.now() + SOON)
    return due.exists() or Job.objects.filter(status=Job.Status.RUNNING).exists()


def date_back() -> None:
    """Let each record have come in when Stripe told of it, not when the demo was started.

    Only moments on the console change, so that its charts and ages show two months of work; what is in the
    books has its own dates anyhow.
    """
    told = Event.objects.filter(job__isnull=False).order_by().values_list("job__subject")
    created: dict[str, datetime] = dict(told.annotate(Min("created")))
    for job in Job.objects.filter(subject__in=created):
        ago = job.created_at - created[job.subject]
        then = {name: F(name) - ago for name in ("created_at", "updated_at", "finished_at")}
        Job.objects.filter(pk=job.pk).update(**then)
        Event.objects.filter(job=job).update(received_at=F("received_at") - ago)
        Attempt.objects.filter(job=job).update(
            started_at=F("started_at") - ago, finished_at=F("finished_at") - ago
        )
        MappedRecord.objects.filter(job=job).update(
            sent_at=F("sent_at") - ago, mapped_at=F("mapped_at") - ago
        )
