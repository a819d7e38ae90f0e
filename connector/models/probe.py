"""Probe: what was found when one side of an account was last looked at."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from connector.models.stripe_account import StripeAccount


class Probe(models.Model):
    """The newest look at one side; what settings it was of, `of` tells from those that stand now."""

    class Side(models.TextChoices):
        """What was looked at."""

        STRIPE = "stripe", "Stripe"
        NETSUITE = "netsuite", "NetSuite"
        BOOKS = "books", "Accounts and items"

    account = models.ForeignKey(StripeAccount, on_delete=models.CASCADE, related_name="probes")
    side = models.CharField(max_length=10, choices=Side.choices)
    at = models.DateTimeField(default=timezone.now)
    who = models.CharField(max_length=170)
    of = models.CharField(max_length=64, help_text="A hash of the settings that were tried.")
    found = models.JSONField(default=list, help_text="What was looked at: its words, its state, what to do.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "side"], name="one_probe_for_each_side"),)

    def __str__(self) -> str:
        return f"{self.get_side_display()} of {self.account}"
