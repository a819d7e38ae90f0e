"""Action: one press of a button over records that needed somebody; it can be undone for ten seconds."""

from __future__ import annotations

from django.db import models

from connector.models.audit import Verb
from connector.models.stripe_account import StripeAccount


class Action(models.Model):
    """Who did what to which jobs. `seen` is the version of the records that the page showed."""

    VERBS = (Verb.TRY_AGAIN, Verb.SKIP, Verb.BY_HAND, Verb.ALLOW_DUPLICATE, Verb.NEXT_OPEN_PERIOD)

    account = models.ForeignKey(StripeAccount, on_delete=models.PROTECT, related_name="actions")
    code = models.CharField(max_length=60, help_text="The cause that the records had.")
    verb = models.CharField(max_length=20, choices=[(verb.value, verb.label) for verb in VERBS])
    who = models.CharField(max_length=150)
    why = models.TextField(blank=True)
    made_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)
    seen = models.CharField(max_length=64)
    jobs = models.JSONField(default=list, help_text="[{job, subject, was}]: how each stood before.")

    class Meta:
        indexes = (models.Index(fields=["seen"]),)
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.who} {self.get_verb_display().lower()} {len(self.jobs)}"
