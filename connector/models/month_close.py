"""MonthClose: somebody's tick that a month of an account is complete, with all that was seen then.

    ticked -> reopened      the nightly comparison found that something of the month has changed since
    ticked, reopened -> ended       taken back by a person, or ticked anew

One tick of a month stands at a time; those that ended are kept.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from connector.models.stripe_account import StripeAccount


class MonthClose(models.Model):
    """One tick. `facts` is what the checklist and the month's figures were, in the words of the engine."""

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="month_closes")
    month = models.DateField(help_text="Its first day, in the account's time zone.")
    who = models.CharField(max_length=150)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True, help_text="Why it was ticked although something was open.")
    facts = models.JSONField(
        default=dict, help_text="{items: [...], figures: [...]}, see engine.month_close."
    )
    reopened_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was first noticed that the month has changed since."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "month"], condition=Q(ended_at=None), name="one_standing_month_close"
            ),
        )
        indexes = (models.Index(fields=["account", "month"]),)
        ordering = ("-month", "-pk")

    def __str__(self) -> str:
        return f"{self.account.name} {self.month:%Y-%m}"
