"""Drift: a record of ours that somebody changed, voided, deleted or deposited by hand in NetSuite.

One row for each time it happened; it is settled when the nightly check finds the record as it was
booked again. `DriftCheck` is one pass over all records of an account, which can stop and go on.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q, QuerySet

from connector.models.mapped_record import MappedRecord
from connector.models.stripe_account import StripeAccount


class Drift(models.Model):
    """What differs in one record."""

    class Kind(models.TextChoices):
        """What was done to it."""

        DELETED = "deleted", "Deleted"
        VOIDED = "voided", "Voided"
        CHANGED = "changed", "Changed"
        DEPOSITED = "deposited", "Deposited by hand"

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="drifts")
    record = models.ForeignKey(MappedRecord, on_delete=models.PROTECT, related_name="drifts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    internal_id = models.CharField(
        max_length=20, help_text="NetSuite's number of the record when it was seen."
    )
    differences = models.JSONField(
        default=list, blank=True, help_text="[{what, ours, theirs}], as text with the currency's decimals."
    )
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was found put right.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record"], condition=Q(settled_at=None), name="one_open_drift_per_record"
            ),
        )
        indexes = (models.Index(fields=["account", "settled_at"]),)
        ordering = ("-first_seen", "-pk")

    @classmethod
    def standing(cls, accounts: Iterable[StripeAccount]) -> QuerySet[Drift]:
        """What was not put right in the books that these accounts are kept in now.

        Nobody looks any more at what an account that was moved has in its former books.
        """
        return cls.objects.filter(
            account__in=accounts, record__netsuite_account=F("account__netsuite_account"), settled_at=None
        )

    def __str__(self) -> str:
        return f"{self.record} {self.get_kind_display().lower()}"


class DriftCheck(models.Model):
    """One pass: how far it has come, what it cost, what it found."""

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="drift_checks")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    record_type = models.CharField(max_length=40, blank=True, help_text="The type that it is at.")
    after = models.CharField(max_length=255, blank=True, help_text="The external id that it has come to.")
    checked = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0, help_text="Requests to NetSuite.")
    seconds = models.DecimalField(max_digits=10, decimal_places=1, default=0)
    message = models.TextField(blank=True, help_text="Why it stopped, when it could not go on.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(finished_at=None), name="one_unfinished_drift_check"
            ),
        )
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"check of {self.account} begun {self.started_at:%Y-%m-%d %H:%M}"
