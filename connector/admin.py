"""Settings and history in Django's admin: accounts can be changed, what happened can only be read."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from connector.credentials import Secret, SecretField
from connector.models import Attempt, Event, Job, MappedRecord, NetSuiteAccount, RefusedWebhook, StripeAccount

if TYPE_CHECKING:
    HistoryBase = admin.ModelAdmin[models.Model]
else:
    HistoryBase = admin.ModelAdmin

admin.site.site_header = "SuiteSync"
admin.site.site_title = "SuiteSync"
admin.site.index_title = "Settings and history"

# The queue's own tables say nothing that Job does not say better. Its admin module has to
# have registered them before we can take them away again.
importlib.import_module("django_q.admin")
for internal in (Failure, OrmQ, Schedule, Success):
    admin.site.unregister(internal)


class SecretInput(forms.CharField):
    """A password box that starts empty and replaces the stored secret; left empty, it keeps it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.PasswordInput(
            render_value=False,
            attrs={"autocomplete": "new-password", "placeholder": "Replace…", "class": "vTextField"},
        )
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Only what was typed is a change; the secret itself is never compared."""
        return bool(data)


def clear_box(name: str) -> forms.BooleanField:
    """The tick that removes a stored secret."""
    return forms.BooleanField(label=f"Clear the {name}", required=False)


class SecretsForm(forms.ModelForm[Any]):
    """A form whose secrets go in and never come out: `clear_<field>` empties the secret `<field>`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            stored = bool(getattr(self.instance, name))
            told = "One is stored." if stored else "None is stored."
            self.fields[name].help_text = f"{told} {self.fields[name].help_text}".strip()

    @property
    def secrets(self) -> list[str]:
        """The names of the form's secret fields."""
        return [name for name, field in self.fields.items() if isinstance(field, SecretInput)]

    def clean(self) -> dict[str, Any] | None:
        """Put each secret's old value in the place of an empty box, or nothing where clearing was ticked."""
        cleaned = super().clean()
        if cleaned is None:
            return None
        for name in self.secrets:
            typed, clear = cleaned.get(name), cleaned.get(f"clear_{name}")
            if typed and clear:
                self.add_error(name, "Type a new one or clear the old one, not both.")
            elif not typed:
                cleaned[name] = Secret("") if clear else getattr(self.instance, name)
        return cleaned


class NetSuiteAccountForm(SecretsForm):
    """The form of a NetSuite account."""

    clear_netsuite_consumer_key = clear_box("consumer key")
    clear_netsuite_consumer_secret = clear_box("consumer secret")
    clear_netsuite_token_id = clear_box("token ID")
    clear_netsuite_token_secret = clear_box("token secret")


class StripeAccountForm(SecretsForm):
    """The form of a Stripe account."""

    clear_stripe_api_key = clear_box("secret key")
    clear_stripe_webhook_secret = clear_box("webhook signing secret")
    clear_stripe_webhook_secret_previous = clear_box("previous signing secret")


FORM_FIELDS: Any = {
    SecretField: {"form_class": SecretInput},
    models.URLField: {"assume_scheme": "https"},
}


def _secret(name: str) -> tuple[str, str]:
    """A secret and its tick, side by side."""
    return (name, f"clear_{name}")


@admin.register(NetSuiteAccount)
class NetSuiteAccountAdmin(admin.ModelAdmin[NetSuiteAccount]):
    """One NetSuite company."""

    form = NetSuiteAccountForm
    formfield_overrides: ClassVar = FORM_FIELDS
    list_display = ("name", "netsuite_account_id", "netsuite_version", "netsuite_concurrency")
    fieldsets = (
        (None, {"fields": ("name", "netsuite_account_id")}),
        (
            "Signing in",
            {
                "description": "From the integration record and the access token in NetSuite. "
                "What is stored is encrypted and never shown again.",
                "fields": (
                    _secret("netsuite_consumer_key"),
                    _secret("netsuite_consumer_secret"),
                    _secret("netsuite_token_id"),
                    _secret("netsuite_token_secret"),
                ),
            },
        ),
        ("Connection", {"fields": ("netsuite_concurrency", "netsuite_version", "netsuite_base_url")}),
    )


@admin.register(StripeAccount)
class StripeAccountAdmin(admin.ModelAdmin[StripeAccount]):
    """One Stripe account with every setting of how it is booked."""

    form = StripeAccountForm
    formfield_overrides: ClassVar = FORM_FIELDS
    list_display = ("name", "netsuite_account", "time_zone", "sync_start_date")
    list_select_related = ("netsuite_account",)
    fieldsets = (
        (None, {"fields": ("name", "netsuite_account")}),
        (
            "Signing in to Stripe",
            {
                "description": "What is stored is encrypted and never shown again.",
                "fields": (
                    _secret("stripe_api_key"),
                    _secret("stripe_webhook_secret"),
                    _secret("stripe_webhook_secret_previous"),
                    "stripe_api_base",
                ),
            },
        ),
        (
            "Dates and periods",
            {"fields": ("time_zone", "sync_start_date", "closed_period_policy")},
        ),
        (
            "Ledger accounts",
            {
                "description": "NetSuite's internal ids.",
                "fields": (
                    "undeposited_funds_account",
                    "receivables_account",
                    "income_account",
                    "deferred_revenue_account",
                    "discount_account",
                    "tax_account",
                    "payment_fees_account",
                    "stripe_fees_account",
                    "dispute_fees_account",
                    "dispute_reversals_account",
                    "adjustments_account",
                    "bank_accounts",
                ),
            },
        ),
        (
            "Customers",
            {
                "fields": (
                    "subsidiary",
                    "let_netsuite_number_customers",
                    "add_currencies_to_new_customers",
                    "create_customers_on_signup",
                    "global_customer_workflow",
                )
            },
        ),
        (
            "Items and discounts",
            {
                "fields": (
                    "global_item_workflow",
                    "global_discount_workflow",
                    "discount_non_posting",
                    "revenue_recognition_rule",
                    "refund_item",
                    "dispute_item",
                    "bad_debt_item",
                    "customer_balance_item",
                )
            },
        ),
        ("Invoices", {"fields": ("sync_trial_invoices", "keep_unpaid_invoices_open")}),
        (
            "Payments",
            {
                "fields": (
                    "sync_pending_payments",
                    "allow_duplicate_payments",
                    "auto_apply_standalone_charges",
                    "create_invoices_for_payments",
                    "denylist_payments",
                    "allowlist_payments",
                )
            },
        ),
    )


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
