"""Job: the work of bringing one Stripe document, its subject, to NetSuite.

    ready -> running -> successful | skipped | needs_attention | failed
                     -> ready       (RetryLater, WaitFor, a lease that ran out)
    needs_attention, failed -> ready    (a person's retry; it begins ten seconds later if it can be undone)
                            -> skipped  (a person settles it outside: a Settlement is in force from then on)
    skipped by a person     -> ready, or back to what it was, when the decision is taken back or undone

Two conditional constraints carry the whole queue: one ready and one running job
for a subject. Ten events make one job; an event in mid-run makes one more. Which job of
a subject is the newest is kept by a trigger, whoever makes the job (migration 0018).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left, StrIndex
from django.utils import timezone

from connector.models.stripe_account import StripeAccount

PART_OF_ANOTHER = "part_of_another"
"""The code of a job that handed its document over to the one that carries it."""

CURRENT = Q(newest=True) & ~Q(code=PART_OF_ANOTHER)
"""One job for each document: the newest, unless another one carries the document along."""

PREFIX = Left("subject", StrIndex("subject", Value("_")))
"""How the id of a document begins, as `in_`: what kind of document it is."""


class Job(models.Model):
    """One subject's turn. `fence` grows with every lease; only its holder may finish the job."""

    class Status(models.TextChoices):
        """Where a job stands; the labels are the words of the console."""

        READY = "ready", "Waiting"
        RUNNING = "running", "Working"
        SUCCESSFUL = "successful", "In NetSuite"
        SKIPPED = "skipped", "Skipped"
        NEEDS_ATTENTION = "needs_attention", "Needs you"
        FAILED = "failed", "Needs an engineer"

    OPEN: ClassVar[tuple[str, ...]] = (Status.NEEDS_ATTENTION, Status.FAILED)
    """Ended, but not settled: somebody has to do something."""

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    subject = models.CharField(max_length=255, help_text="The Stripe id of the root document.")
    newest = models.BooleanField(
        default=True,
        editable=False,
        help_text="No later job has the same subject: it says how the document stands. Kept by the database.",
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.READY)
    code = models.CharField(max_length=60, blank=True, help_text="Why it stands so; a code of the catalogue.")
    message = models.TextField(blank=True, help_text="The particulars of this case.")
    problems = models.JSONField(default=list, blank=True)
    waiting_for = models.CharField(max_length=255, blank=True)
    part_of = models.JSONField(
        default=list,
        blank=True,
        help_text="The documents that it is booked with, when it has no plan of its own.",
    )

    run_after = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last rung for it.")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    fence = models.PositiveIntegerField(default=0)
    delayed_since = models.DateTimeField(null=True, blank=True, help_text="When this run of delays began.")
    tries = models.PositiveIntegerField(default=0, help_text="Tries in a row that ended in a delay.")

    title = models.CharField(max_length=255, blank=True, help_text="What it is, in words.")
    customer_name = models.CharField(max_length=255, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "subject"], condition=Q(status="ready"), name="one_ready_job_per_subject"
            ),
            models.UniqueConstraint(
                fields=["account", "subject"],
                condition=Q(status="running"),
                name="one_running_job_per_subject",
            ),
        )
        indexes = (
            models.Index(fields=["status", "run_after"]),
            models.Index(fields=["subject", "account"], name="jobs_by_subject"),
            models.Index(fields=["subject", "account"], condition=Q(newest=False), name="jobs_earlier"),
            models.Index(fields=["title"], name="jobs_by_title"),
            models.Index(fields=["amount", "id"], name="jobs_by_amount"),
            models.Index(
                fields=["-updated_at", "-id"],
                include=["account", "subject", "status"],
                condition=CURRENT,
                name="jobs_by_change",
            ),
            models.Index(
                fields=["status", "account", "-updated_at", "-id"],
                include=["subject", "code", "title", "customer_name", "currency", "amount", "created_at"],
                condition=CURRENT & ~Q(status="successful"),
                name="jobs_not_booked",
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=CURRENT & Q(status="successful") & ~Q(code=""),
                name="jobs_told",
            ),
            models.Index(
                PREFIX,
                F("updated_at").desc(),
                F("id").desc(),
                include=["account", "subject", "status", "currency", "amount"],
                condition=CURRENT,
                name="jobs_by_kind",
            ),
            models.Index(fields=["code", "-updated_at"], condition=~Q(code=""), name="jobs_by_code"),
            models.Index(
                fields=["account", "code", "created_at"],
                condition=Q(status__in=("needs_attention", "failed")),
                name="jobs_open_by_cause",
            ),
        )
        ordering = ("-pk",)
        permissions = (
            ("resolve_job", "Can try again, skip, link, assign and note records"),
            ("see_health", "Can see Health"),
        )

    def __str__(self) -> str:
        return self.title or self.subject
