"""Forms of pages that look something up: an object to preview, a NetSuite record to link."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from connector.engine.hand_links import KINDS
from connector.models import StripeAccount
from dashboard.postings import record_words

ID = r"^\S+$"


class PreviewForm(forms.Form):
    """Which object of which account."""

    account = forms.ModelChoiceField(
        StripeAccount.objects.none(),
        label="Account",
        empty_label=None,
        to_field_name="name",
        error_messages={"invalid_choice": "There is no such account."},
    )
    id = forms.RegexField(
        ID,
        label="Stripe id",
        max_length=255,
        widget=forms.TextInput(attrs={"placeholder": "in_…, ch_…, re_…, po_…", "autocomplete": "off"}),
        error_messages={
            "required": "Paste the id of a Stripe object.",
            "invalid": "A Stripe id has no spaces.",
        },
    )

    def __init__(self, data: QueryDict | None, accounts: QuerySet[StripeAccount], **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        cast(forms.ModelChoiceField[StripeAccount], self.fields["account"]).queryset = accounts


class LookForm(forms.Form):
    """Which object is to be linked to which NetSuite record."""

    key = forms.RegexField(
        ID,
        label="Stripe object",
        max_length=255,
        widget=forms.TextInput(attrs={"placeholder": "cus_…, price_…, in_…, ch_…", "autocomplete": "off"}),
        error_messages={"required": "Say which Stripe object.", "invalid": "A Stripe id has no spaces."},
    )
    internal_id = forms.RegexField(
        r"^\s*\d{1,19}\s*$",
        label="Internal id in NetSuite",
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "4471"}),
        error_messages={
            "required": "Type the internal id of the NetSuite record.",
            "invalid": "An internal id is a number, like 4471. NetSuite shows it in the record’s address.",
        },
    )
    kind = forms.ChoiceField(
        label="What it is in NetSuite",
        required=False,
        choices=[("", "By its id"), *((kind, record_words(kind).capitalize()) for kind in KINDS)],
        error_messages={"invalid_choice": "Choose one of the list."},
    )

    def __init__(self, data: QueryDict | None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)


class LinkForm(LookForm):
    """The same, confirmed: why, and the version of what was shown."""

    why = forms.CharField(
        label="Why is it the right record?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a few words. It is kept with your name."},
    )
    again = forms.BooleanField(label="Then try this record again", required=False, initial=True)
    version = forms.CharField(required=False, widget=forms.HiddenInput)
