"""AuditEntry: who did what, when and why. Entries are added and never changed.

On PostgreSQL a trigger refuses UPDATE, DELETE and TRUNCATE, whoever sends them (migration 0009). On
SQLite, which is for practice, only this model refuses.
"""

from __future__ import annotations

from typing import Any, ClassVar, Never

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from connector.models.stripe_account import StripeAccount


class AppendOnly(Exception):
    """An audit entry was to be changed or removed."""

    def __init__(self) -> None:
        super().__init__("Audit entries are never changed or removed.")


class Verb(models.TextChoices):
    """What a person can do; the labels are the words of the console."""

    TRY_AGAIN = "try_again", "Tried again"
    BRING = "bring", "Brought at once"
    UNDO = "undo", "Undid"
    SKIP = "skip", "Skipped"
    BY_HAND = "by_hand", "Entered by hand"
    ALLOW_DUPLICATE = "allow_duplicate", "Allowed a duplicate"
    NEXT_OPEN_PERIOD = "next_open_period", "Dated in the next open period"
    LINK = "link", "Linked"
    ASSIGN = "assign", "Assigned"
    NOTE = "note", "Noted"
    PUT_ASIDE = "put_aside", "Put aside"
    TAKE_UP = "take_up", "Took up again"
    PAUSE = "pause", "Paused"
    RESUME = "resume", "Resumed"
    ADD_ACCOUNT = "add_account", "Added an account"
    CHANGE_SETTINGS = "change_settings", "Changed settings"
    REMOVE_ACCOUNT = "remove_account", "Removed an account"
    ROTATE_CREDENTIALS = "rotate_credentials", "Encrypted credentials anew"
    CLOSE_MONTH = "close_month", "Ticked in the month close"
    REOPEN_MONTH = "reopen_month", "Took back in the month close"
    START_BACKFILL = "start_backfill", "Started past records"
    STOP_BACKFILL = "stop_backfill", "Stopped past records"
    CHANGE_PERSON = "change_person", "Changed a person’s access"
    CHANGE_ROLE = "change_role", "Changed a role"
    CHANGE_MESSAGES = "change_messages", "Changed who is told"
    TWO_STEP = "two_step", "Changed two-step sign-in"
    SHOW_CODES = "show_codes", "Was shown recovery codes"
    SIGN_IN_REFUSED = "sign_in_refused", "Failed too often to sign in"
    EXPORT = "export", "Exported"


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Rows to read."""

    def update(self, **kwargs: Any) -> Never:
        """Raises AppendOnly."""
        raise AppendOnly

    def delete(self) -> Never:
        """Raises AppendOnly."""
        raise AppendOnly


class AuditEntry(models.Model):
    """One deed. `before` and `after` hold what changed, never a secret; empty where nothing is to compare."""

    at = models.DateTimeField(default=timezone.now)
    who = models.CharField(max_length=170, help_text="A user's name, or whose the command line was.")
    verb = models.CharField(max_length=40, help_text="One of Verb.")
    account = models.ForeignKey(
        StripeAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="audit", db_index=False
    )
    subject = models.CharField(
        max_length=255, blank=True, help_text="What it was done to; a Stripe id if any."
    )
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects: ClassVar[models.Manager[AuditEntry]] = AuditEntries.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-at", "-id"]),
            models.Index(fields=["who", "-at"]),
            models.Index(fields=["verb", "-at"]),
            models.Index(fields=["subject", "-at"]),
            models.Index(fields=["account", "-at"]),
        )
        ordering = ("-at", "-pk")
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return " ".join(part for part in (self.who, self.deed.lower(), self.subject) if part)

    @property
    def deed(self) -> str:
        """The verb in words."""
        return Verb(self.verb).label if self.verb in Verb else self.verb

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry. Raises AppendOnly for one that stands already."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Raises AppendOnly."""
        raise AppendOnly
