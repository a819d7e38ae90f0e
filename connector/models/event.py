"""Event: a message from Stripe, kept as it came."""

from __future__ import annotations

from django.db import models

from connector.models.job import Job
from connector.models.stripe_account import StripeAccount


class Event(models.Model):
    """Evidence that Stripe told us something. Its body is never booked: the object is read anew."""

    account = models.ForeignKey(
        StripeAccount, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=255)
    api_version = models.CharField(max_length=50, blank=True)
    created = models.DateTimeField(help_text="When it happened, by Stripe's clock.")
    received_at = models.DateTimeField(auto_now_add=True)
    duplicates = models.PositiveIntegerField(default=0, help_text="How often Stripe sent it again.")
    body = models.JSONField()
    job = models.ForeignKey(
        Job,
        null=True,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
        help_text="The job that it rang for; empty when this kind of event books nothing.",
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "event_id"], name="one_row_per_event"),)
        indexes = (
            models.Index(fields=["object_id"]),
            models.Index(fields=["job"], include=["created"], name="events_by_job"),
            models.Index(fields=["account", "-received_at"]),
        )
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
