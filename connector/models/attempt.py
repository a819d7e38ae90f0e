"""Attempt: one run of a job, kept for ever."""

from __future__ import annotations

from django.db import models

from connector.models.job import Job


class Attempt(models.Model):
    """What one run planned, sent and heard. `exchanges` holds no credential."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="attempts")
    fence = models.PositiveIntegerField()
    worker = models.CharField(max_length=100)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=20,
        blank=True,
        help_text="The job's status after this run; empty while it runs or if it was cut off.",
    )
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    plan = models.JSONField(
        default=dict, blank=True, help_text="The NetSuite records planned, and their entries."
    )
    exchanges = models.JSONField(
        default=list, blank=True, help_text="What we sent NetSuite and what it answered, in order."
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "fence"], name="one_attempt_per_lease"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.job} #{self.fence}"
