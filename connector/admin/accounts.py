"""The accounts and their settings, for those who may change them."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse_lazy
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from connector.admin.audited import AuditedAdmin
from connector.credentials import Secret, SecretField
from connector.engine.fields_in_words import Understood, understood
from connector.models import NetSuiteAccount, StripeAccount
from connector.models.audit import Verb
from dashboard.json_field import TypedJson


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


FILLED_FIELDS = ("field_defaults", "field_mappings")
CHECK_FIELDS = reverse_lazy("admin:connector_stripeaccount_check_fields")
UNDERSTOOD = "admin/connector/stripeaccount/understood.html"


class StripeAccountForm(SecretsForm):
    """The form of a Stripe account."""

    clear_stripe_api_key = clear_box("secret key")
    clear_stripe_webhook_secret = clear_box("webhook signing secret")
    clear_stripe_webhook_secret_previous = clear_box("previous signing secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FILLED_FIELDS:
            self.fields[name].widget.attrs |= {
                "rows": 12,
                "spellcheck": "false",
                "hx-post": str(CHECK_FIELDS),
                "hx-trigger": "input changed delay:500ms",
                "hx-target": "#fields-understood",
                "hx-swap": "outerHTML",
                "hx-params": f"csrfmiddlewaretoken,{','.join(FILLED_FIELDS)}",
            }


FORM_FIELDS: Any = {
    SecretField: {"form_class": SecretInput},
    models.JSONField: {"form_class": TypedJson},
    models.URLField: {"assume_scheme": "https"},
}


def _secret(name: str) -> tuple[str, str]:
    """A secret and its tick, side by side."""
    return (name, f"clear_{name}")


@admin.register(NetSuiteAccount)
class NetSuiteAccountAdmin(AuditedAdmin):
    """One NetSuite company."""

    added, changed, removed = Verb.ADD_ACCOUNT, Verb.CHANGE_SETTINGS, Verb.REMOVE_ACCOUNT

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
class StripeAccountAdmin(AuditedAdmin):
    """One Stripe account with every setting of how it is booked."""

    added, changed, removed = Verb.ADD_ACCOUNT, Verb.CHANGE_SETTINGS, Verb.REMOVE_ACCOUNT

    form = StripeAccountForm
    formfield_overrides: ClassVar = FORM_FIELDS
    list_display = ("name", "netsuite_account", "time_zone", "sync_start_date")
    list_select_related = ("netsuite_account",)
    readonly_fields = ("understood", "worked_example")
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
                    "conversion_fees_account",
                    "stripe_fees_account",
                    "network_fees_account",
                    "application_fees_account",
                    "fee_tax_account",
                    "dispute_fees_account",
                    "dispute_reversals_account",
                    "adjustments_account",
                    "balance_accounts",
                    "payout_clearing_account",
                    "payout_difference_account",
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
                    "customer_match_stripe_field",
                    "customer_match_netsuite_field",
                    "global_customer_without_match",
                )
            },
        ),
        (
            "Items and discounts",
            {
                "fields": (
                    "global_item_workflow",
                    "item_match_stripe_field",
                    "item_match_netsuite_field",
                    "global_item_without_match",
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
                    "find_sales_orders",
                    "auto_apply_standalone_charges",
                    "create_invoices_for_payments",
                    "payment_item",
                    "payment_match_stripe_field",
                    "payment_match_netsuite_field",
                    "summarize_before_start",
                    "denylist_payments",
                    "allowlist_payments",
                )
            },
        ),
        (
            "Fields of NetSuite records",
            {
                "description": "Values that NetSuite’s records and lines are to have besides what SuiteSync "
                "writes. A value from Stripe goes before a fixed one, both before ours.",
                "fields": ("worked_example", *FILLED_FIELDS, "understood"),
            },
        ),
        ("Metadata in Stripe", {"fields": ("write_ids_to_stripe",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        """The admin's own pages, and the check of fields while they are being written."""
        check = self.admin_site.admin_view(require_POST(self.check_fields))
        return [
            path("check-fields/", check, name="connector_stripeaccount_check_fields"),
            *super().get_urls(),
        ]

    def check_fields(self, request: HttpRequest) -> HttpResponse:
        """What the two texts mean, or what is wrong with them; nothing is saved."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        return HttpResponse(_in_words(understood(*(request.POST.get(name, "") for name in FILLED_FIELDS))))

    @admin.display(description="what this means")
    def understood(self, account: StripeAccount) -> SafeString:
        """The stored fields in words."""
        return _in_words(understood(*(json.dumps(getattr(account, name)) for name in FILLED_FIELDS)))

    @admin.display(description="how to write them")
    def worked_example(self, account: StripeAccount) -> SafeString:
        """Both texts for one company, and what they do."""
        return render_to_string("admin/connector/stripeaccount/example.html")


def _in_words(found: Understood) -> SafeString:
    return render_to_string(UNDERSTOOD, {"found": found})
