"""Decision: what a person has allowed for one charge or document, kept with who, when and why."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from connector.models.action import Action
from connector.models.job import Job
from connector.models.mapped_record import MappedRecord
from connector.models.stripe_account import StripeAccount


class Decision(models.Model):
    """A decision holds from `holds_from` on, for good, unless it was withdrawn before that moment.

    `noted` says whether Stripe has been told, as on a mapped record.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        ALLOW_DUPLICATE = "allow_duplicate", "Allow Duplicate Transaction"
        NEXT_OPEN_PERIOD = "next_open_period", "Use the next open period"

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="decisions")
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, related_name="decisions", help_text="Where it was asked."
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    stripe_id = models.CharField(max_length=255, help_text="The charge or document that it is about.")
    who = models.CharField(max_length=150)
    why = models.TextField()
    decided_at = models.DateTimeField(default=timezone.now)
    action = models.ForeignKey(
        Action,
        null=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        help_text="The press of the button that made it.",
    )
    holds_from = models.DateTimeField(default=timezone.now, help_text="Until then it can be undone.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    noted = models.CharField(
        max_length=8, choices=MappedRecord.Noted.choices, default=MappedRecord.Noted.NOT, blank=True
    )
    note_after = models.DateTimeField(null=True, blank=True, help_text="When to write it to Stripe.")
    note_refusal = models.TextField(blank=True, help_text="Why Stripe would not have it.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "kind", "stripe_id"],
                condition=models.Q(withdrawn_at=None),
                name="one_decision_of_a_kind",
            ),
        )
        indexes = (
            models.Index(fields=["note_after"], condition=models.Q(noted="due"), name="decisions_due"),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stripe_id}"
