"""BackfillLook: what bringing past records would do, as looked at in the background. It writes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from connector.models.stripe_account import StripeAccount


class BackfillLook(models.Model):
    """One look, with what it found: the proof as it would be, and what would be written."""

    class State(models.TextChoices):
        """Where it stands; the labels are the words of the console."""

        ASKED = "asked", "Waiting"
        LOOKING = "looking", "Looking"
        DONE = "done", "Looked at"
        TOO_LONG = "too_long", "Too long for one look"
        BROKEN_OFF = "broken_off", "Broken off"

    MOVING: ClassVar[tuple[str, ...]] = (State.ASKED, State.LOOKING)
    """Something may still come of it."""

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="backfill_looks")
    date_from = models.DateField(help_text="The first day, in the account's time zone.")
    date_to = models.DateField(null=True, blank=True, help_text="The last day; empty: up to its start.")
    kinds = models.JSONField(help_text="What was asked for, in the order of the work.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(auto_now=True)
    now = models.JSONField(default=dict, blank=True, help_text="{doing, kind, done, total}, while it looks.")
    told = models.JSONField(default=dict, blank=True, help_text="What it found; see Preview.told.")
    message = models.TextField(blank=True, help_text="Why it broke off.")

    class Meta:
        indexes = (models.Index(fields=["-asked_at"]),)
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        to = self.date_to.isoformat() if self.date_to else "now"
        return f"{self.account.name}, {self.date_from.isoformat()} to {to}"

    @property
    def is_moving(self) -> bool:
        """Whether something may still come of it."""
        return self.state in self.MOVING and not self.is_silent

    @property
    def is_silent(self) -> bool:
        """Whether nobody came to look, or whoever looked is gone."""
        since = timezone.now() - self.touched_at
        return self.state in self.MOVING and since > timedelta(seconds=settings.JOB_TIME_LIMIT)
