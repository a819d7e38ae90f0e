"""Settlement: a person settled a document outside the connector, and it is left out of the books.

    needs_attention, failed -> skipped, with a settlement in force
    news from Stripe        -> needs_attention: nothing is written, a person decides anew
    taken back, tried again -> ready, and the settlement has ended

While one is in force no job writes the document's records, whoever rang for it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from connector.models.job import Job
from connector.models.stripe_account import StripeAccount


class Settlement(models.Model):
    """What somebody decided of one subject, with who, when and why."""

    class Kind(models.TextChoices):
        """How it was settled; the values are codes of the catalogue."""

        SKIPPED = "skipped_by_person", "Skipped"
        BY_HAND = "entered_by_hand", "Entered by hand"

    account = models.ForeignKey(
        StripeAccount, on_delete=models.PROTECT, related_name="settlements", db_index=False
    )
    subject = models.CharField(max_length=255, help_text="The Stripe id of the root document.")
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, related_name="settlements", help_text="The job that asked."
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    internal_id = models.CharField(
        max_length=20, blank=True, help_text="NetSuite's id of what was entered by hand, if it was named."
    )
    who = models.CharField(max_length=150)
    why = models.TextField()
    decided_at = models.DateTimeField()
    news_at = models.DateTimeField(
        null=True, blank=True, help_text="When a document that is booked with it had news since."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty while it is in force.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "subject"], condition=Q(ended_at=None), name="one_settlement_in_force"
            ),
        )
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_kind_display().lower()} by {self.who}"
