"""Cause: one reason for which records of an account need somebody, and what people make of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from connector.models.stripe_account import StripeAccount


class Cause(models.Model):
    """A code of the catalogue in one account. The sweep notes when it is settled and when it returns."""

    account = models.ForeignKey(
        StripeAccount, on_delete=models.CASCADE, related_name="causes", db_index=False
    )
    code = models.CharField(max_length=60)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="causes"
    )
    note = models.TextField(blank=True)
    noted_by = models.CharField(max_length=150, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    aside_until = models.DateTimeField(null=True, blank=True)
    aside_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="Put aside until so many records have it."
    )
    aside_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When the last record left it.")
    came_back_at = models.DateTimeField(null=True, blank=True, help_text="When it returned after that.")
    version = models.PositiveIntegerField(default=0, help_text="Grows with each change by a person.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "code"], name="one_row_per_cause"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.code

    def is_aside(self, count: int, now: datetime | None = None) -> bool:
        """Whether people have put it aside, and neither the day nor the number has come."""
        if self.aside_count is not None:
            return count < self.aside_count
        return self.aside_until is not None and self.aside_until > (now or timezone.now())
