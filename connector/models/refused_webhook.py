"""RefusedWebhook: how many messages were turned away at the door, and why."""

from __future__ import annotations

from django.db import models


class RefusedWebhook(models.Model):
    """A counter for each reason. Nothing of the message itself is kept: it may come from anybody."""

    reason = models.CharField(max_length=40, unique=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.reason}: {self.count}"
