"""What the connector wrote down: it can only be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from connector.models import Attempt, AuditEntry, Decision, Event, Job, MappedRecord, RefusedWebhook

if TYPE_CHECKING:
    HistoryBase = admin.ModelAdmin[models.Model]
else:
    HistoryBase = admin.ModelAdmin


class HistoryAdmin(HistoryBase):
    """Rows that the connector wrote and nobody may change: they are what an auditor reads."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes history by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes it."""
        return False


@admin.register(Event)
class EventAdmin(HistoryAdmin):
    """Messages from Stripe."""

    list_display = ("type", "object_id", "account", "created", "received_at", "duplicates")
    list_filter = ("account", "type")
    list_select_related = ("account",)
    search_fields = ("event_id", "object_id")


@admin.register(Job)
class JobAdmin(HistoryAdmin):
    """Jobs; the console's own pages say more of them."""

    list_display = ("__str__", "subject", "status", "code", "account", "updated_at")
    list_filter = ("account", "status")
    list_select_related = ("account",)
    search_fields = ("subject", "title", "customer_name")


@admin.register(Attempt)
class AttemptAdmin(HistoryAdmin):
    """Runs of jobs."""

    list_display = ("job", "started_at", "finished_at", "outcome", "code")
    list_filter = ("outcome",)
    list_select_related = ("job",)
    search_fields = ("job__subject",)


@admin.register(Decision)
class DecisionAdmin(HistoryAdmin):
    """What people have allowed."""

    list_display = ("kind", "stripe_id", "who", "why", "decided_at", "withdrawn_at", "account")
    list_filter = ("account", "kind")
    list_select_related = ("account",)
    search_fields = ("stripe_id", "who")


@admin.register(MappedRecord)
class MappedRecordAdmin(HistoryAdmin):
    """Which NetSuite record stands for which Stripe object."""

    list_display = ("record_type", "stripe_id", "external_id", "internal_id", "state", "account")
    list_filter = ("account", "record_type", "state")
    list_select_related = ("account",)
    search_fields = ("stripe_id", "external_id", "internal_id")


@admin.register(RefusedWebhook)
class RefusedWebhookAdmin(HistoryAdmin):
    """Messages that were turned away at the door."""

    list_display = ("reason", "count", "last_at")


@admin.register(AuditEntry)
class AuditEntryAdmin(HistoryAdmin):
    """Who did what; the console's page History shows it too."""

    list_display = ("at", "who", "deed", "subject", "account", "reason")
    list_filter = ("account", "verb")
    list_select_related = ("account",)
    search_fields = ("who", "subject")
