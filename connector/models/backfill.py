"""Backfill: one run over an account's past, and how far it has come.

    running -> complete | incomplete        every object was looked at; the second: not all is accounted for
            -> interrupted -> running       by Ctrl-C or on the console, or found dead; it can go on

One run of an account at a time. Its holder renews the lease while it works, so that a run whose
process was killed is told from one that goes on elsewhere. A run in the background changes its
holder with every turn.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from connector.models.stripe_account import StripeAccount


class Backfill(models.Model):
    """One run. `cursors` and `proof` are by kind of Stripe object, in Stripe's words."""

    class State(models.TextChoices):
        """Where it stands; the labels are the words of the console."""

        RUNNING = "running", "Under way"
        INTERRUPTED = "interrupted", "Interrupted"
        COMPLETE = "complete", "Complete"
        INCOMPLETE = "incomplete", "Not complete"

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="backfills")
    date_from = models.DateField(help_text="The first day, in the account's time zone.")
    date_to = models.DateField(null=True, blank=True, help_text="The last day; empty: up to its start.")
    kinds = models.JSONField(help_text="What was asked for, in the order of the work.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    cursors = models.JSONField(
        default=dict,
        blank=True,
        help_text="{kind: {reached, done, total, ended}}: up to which moment of Stripe's, and how many.",
    )
    proof = models.JSONField(
        default=dict, blank=True, help_text="What Stripe lists beside what NetSuite has, once it was counted."
    )
    started_by = models.CharField(max_length=150, blank=True)
    started_at = models.DateTimeField(help_text="Nothing that Stripe made later belongs to this run.")
    resumed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    in_background = models.BooleanField(default=False, help_text="The workers bring it, turn by turn.")
    stop_asked_by = models.CharField(max_length=150, blank=True)
    now = models.JSONField(default=dict, blank=True, help_text="{doing, kind, done, total}, while under way.")
    so_far = models.JSONField(
        default=dict, blank=True, help_text="Between two turns: how far waiting and proving have come."
    )
    message = models.TextField(blank=True, help_text="Why it broke off.")
    holder = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="running"), name="one_running_backfill_per_account"
            ),
        )
        indexes = (models.Index(fields=["account", "-started_at"]),)
        ordering = ("-pk",)
        permissions = (("run_backfill", "Can bring past records"),)

    def __str__(self) -> str:
        to = self.date_to.isoformat() if self.date_to else "now"
        return f"{self.account.name}, {self.date_from.isoformat()} to {to}"

    @property
    def done(self) -> int:
        """How many objects were looked at."""
        return sum(int(one.get("done", 0)) for one in self.cursors.values())

    @property
    def total(self) -> int:
        """How many objects there are, as counted at its start."""
        return sum(int(one.get("total", 0)) for one in self.cursors.values())
