"""The forms of Set-up. Credentials go in and never come out: no box shows one again."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.urls import reverse

from connector.engine.set_up import NEW
from connector.models import StripeAccount
from connector.models.netsuite_account import account_id_format
from dashboard.set_up import TOKEN
from dashboard.setting_tabs import BY_NAME


def _secret(label: str, **kwargs: Any) -> forms.CharField:
    box = forms.PasswordInput(
        render_value=False, attrs={"autocomplete": "new-password", "spellcheck": "false"}
    )
    return forms.CharField(label=label, max_length=500, widget=box, **kwargs)


class _Form(forms.Form):
    """What every form here carries along: the version of the settings that its page showed."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)


class KeyForm(_Form):
    """A Stripe key."""

    stripe_api_key = _secret(
        "Restricted key", error_messages={"required": "Paste the key that Stripe shows you."}
    )

    def clean_stripe_api_key(self) -> str:
        """Refuse what is plainly something else, without repeating it."""
        key = str(self.cleaned_data["stripe_api_key"]).strip()
        if key.startswith("pk_"):
            raise ValidationError("This is a publishable key. A restricted key begins with rk_.")
        if not key.startswith(("rk_test_", "rk_live_", "sk_test_", "sk_live_")):
            raise ValidationError("This is no Stripe key. A restricted key begins with rk_live_ or rk_test_.")
        return key


class NewForm(KeyForm):
    """A new account: its name, then its key."""

    name = forms.CharField(
        label="Name of the account",
        max_length=50,
        validators=[validate_slug],
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "acme"}),
        error_messages={"required": "Give it a short name.", "invalid": "Letters, digits and hyphens only."},
    )
    field_order = ("name", "stripe_api_key")

    def clean_name(self) -> str:
        """Refuse a name that stands for another page."""
        name = str(self.cleaned_data["name"])
        if name == NEW:
            raise ValidationError("No account can be called “new”.")
        return name


class AddressForm(_Form):
    """Where this console is reached from outside."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    address = forms.CharField(
        label="Public address of this console",
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": "Type the address at which everybody reaches this console."},
    )

    def __init__(self, account: StripeAccount, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.account = account

    def clean_address(self) -> str:
        """The whole address of the endpoint, from that of the console."""
        typed = str(self.cleaned_data["address"]).strip().rstrip("/")
        try:
            parts = urlsplit(typed)
            is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_whole = False
        if not is_whole or parts.query or parts.fragment or " " in typed or "@" in parts.netloc:
            raise ValidationError("Write it like https://suitesync.example.com")
        if parts.scheme == "http" and self.account.is_live:
            raise ValidationError("For real money Stripe sends only to an address with https://.")
        return typed + reverse("stripe-webhook", args=[self.account.name])


class SigningSecretForm(_Form):
    """The signing secret of an endpoint that a person made in Stripe."""

    stripe_webhook_secret = _secret(
        "Signing secret", error_messages={"required": "Paste the signing secret that Stripe shows you."}
    )

    def clean_stripe_webhook_secret(self) -> str:
        """Refuse what is plainly something else, without repeating it."""
        secret = str(self.cleaned_data["stripe_webhook_secret"]).strip()
        if not secret.startswith("whsec_"):
            raise ValidationError("This is no signing secret: it begins with whsec_.")
        return secret


class TokenForm(_Form):
    """What signs us in to NetSuite. A box that stays empty keeps what is stored."""

    netsuite_account_id = forms.CharField(
        label="Account ID",
        max_length=50,
        validators=[account_id_format],
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "1234567"}),
        error_messages={"required": "Type the account ID of your NetSuite company."},
    )
    netsuite_consumer_key = _secret("Consumer key", required=False)
    netsuite_consumer_secret = _secret("Consumer secret", required=False)
    netsuite_token_id = _secret("Token ID", required=False)
    netsuite_token_secret = _secret("Token secret", required=False)

    def __init__(
        self, account: StripeAccount, data: Any = None, *, fixed: bool = False, **kwargs: Any
    ) -> None:
        held = account.netsuite_account
        super().__init__(data, initial={"netsuite_account_id": held.netsuite_account_id}, **kwargs)
        self.account = account
        self.fields["netsuite_account_id"].disabled = fixed
        for name in TOKEN:
            self.fields[name].required = not getattr(held, name)
            self.fields[name].error_messages["required"] = "Paste it from NetSuite."
            self.fields[name].help_text = "Stored" if getattr(held, name) else BY_NAME[name].example

    def wanted(self) -> dict[str, str]:
        """What was typed."""
        typed = {name: str(self.cleaned_data[name]).strip() for name in TOKEN if self.cleaned_data[name]}
        return {"netsuite_account_id": self.cleaned_data["netsuite_account_id"].strip(), **typed}


class InvoiceForm(_Form):
    """Which invoice is to be the first."""

    id = forms.RegexField(
        r"^\s*in_\w+\s*$",
        label="Or another invoice, by its Stripe id",
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "in_…", "autocomplete": "off"}),
        error_messages={"invalid": "The id of an invoice begins with in_."},
    )
