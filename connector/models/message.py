"""Recipient and Message: who is told what by mail, and which mails were begun."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from connector.models.stripe_account import StripeAccount

DAYS = 3


class Recipient(models.Model):
    """What one person wants to be told of one account. Without a row: nothing."""

    account = models.ForeignKey(
        StripeAccount, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wants")
    morning = models.BooleanField(default=False, help_text="A mail on weekdays if something needs somebody.")
    at_once = models.BooleanField(
        default=False, help_text="A mail when a connection breaks, or money has waited for `days`."
    )
    days = models.PositiveSmallIntegerField(
        default=DAYS, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "user"], name="one_wish_per_person"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.user} of {self.account}"


class Message(models.Model):
    """A reason to write to somebody, claimed before the mail is sent, so that no second one can be.

    `key` says which morning it is, or what broke: the same reason is never told twice. A row that is
    neither sent nor refused is of a mail that may or may not have left; it is shown, and not sent again.
    """

    class Kind(models.TextChoices):
        """Why it is written."""

        MORNING = "morning", "What needs you"
        CONNECTION = "connection", "A connection is lost"
        WAITING = "waiting", "Money waits for days"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the mail server took it.")
    needless = models.BooleanField(default=False, help_text="Nothing needed anybody, so no mail was made.")
    refused = models.CharField(max_length=200, blank=True, help_text="What went wrong, by its kind.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "kind", "key"], name="told_once"),)
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"
