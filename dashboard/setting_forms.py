"""The forms of Settings. They read what was typed; whether it is right, the models themselves say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.urls import reverse

from connector.engine import account_settings
from connector.engine.lookups import Found
from connector.models import StripeAccount
from dashboard.json_field import TypedJson
from dashboard.setting import Setting
from dashboard.setting_words import label

MAPS = {"bank_accounts": "Currency", "balance_accounts": "Type of movement"}
"""Settings with one account for each of something, and what that is called."""
FILLED = ("field_defaults", "field_mappings")
NOTHING = "Not chosen"


class MapInput(forms.Widget):
    """Reads `<name>:<key>` for each entry, and `<name>+key` with `<name>+value` for a further one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """The entries that have an account; one without is taken away."""
        typed = {
            key.removeprefix(f"{name}:"): str(data[key]).strip() for key in data if key.startswith(f"{name}:")
        }
        new = str(data.get(f"{name}+key", "")).strip()
        if account := str(data.get(f"{name}+value", "")).strip():
            typed[new] = account
        return {key: account for key, account in typed.items() if account}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An empty map is a map."""
        return False


class MapField(forms.Field):
    """A dictionary of text to text."""

    widget = MapInput


class SettingsForm(forms.Form):
    """The settings of one tab that are no secrets; `draft` is the account as it would be, once valid."""

    def __init__(
        self,
        account: StripeAccount,
        settings: Iterable[Setting],
        data: QueryDict | None = None,
        *,
        values: Mapping[str, Any] | None = None,
        readonly: bool = False,
    ) -> None:
        self.account, self.draft = account, account
        known = account_settings.fields()
        names = [one.name for one in settings if not account_settings.is_secret(one.name)]
        held = account_settings.values(account)
        super().__init__(
            data, initial={name: held[name] for name in names} | dict(values or {}), label_suffix=""
        )
        for name in names:
            self.fields[name] = field = _form_field(known[name])
            field.label, field.required, field.disabled = label(known[name]), False, readonly
            if name in FILLED:
                field.widget.attrs |= _checked_while_typed(account)

    def offer(self, name: str, found: Found) -> None:
        """Let a setting be chosen from what NetSuite has; what is chosen now stays among it."""
        self.fields[name].widget = forms.Select(choices=choices_of(found, str(self[name].value() or "")))

    def clean(self) -> dict[str, Any]:
        """Try the values on the account; the models' complaints stand beside their fields."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            self.draft = account_settings.drafted(self.account, cleaned)
        except ValidationError as error:
            for name, faults in error.message_dict.items():
                if name in self.fields:
                    self.add_error(name, faults)
                else:
                    self.add_error(
                        None, [f"{name.replace('_', ' ').capitalize()}: {each}" for each in faults]
                    )
        return cleaned

    def changed(self) -> dict[str, Any]:
        """What differs from how the account stands, once valid."""
        found = account_settings.changes(self.account, self.draft)
        return {change.name: change.new for change in found if change.name in self.fields}


class SecretsForm(forms.Form):
    """Credentials go in here and never come out: a box replaces the stored one, a tick removes it."""

    reason = forms.CharField(label="Why? (optional)", required=False, max_length=500)

    def __init__(self, settings: Iterable[Setting], data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        known = account_settings.fields()
        self.secrets = [one.name for one in settings if account_settings.is_secret(one.name)]
        for name in self.secrets:
            box = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
            title = label(known[name])
            self.fields[name] = forms.CharField(label=title, required=False, widget=box)
            self.fields[f"clear_{name}"] = forms.BooleanField(label=f"Clear the {title}", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a box and its tick together."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self.secrets:
            if cleaned.get(name) and cleaned.get(f"clear_{name}"):
                self.add_error(name, "Type a new one or clear the old one, not both.")
        return cleaned

    def changed(self) -> dict[str, str]:
        """The credentials to store, an empty text for those to remove."""
        typed = {name: self.cleaned_data[name] for name in self.secrets if self.cleaned_data[name]}
        return typed | {name: "" for name in self.secrets if self.cleaned_data[f"clear_{name}"]}


class ReviewForm(forms.Form):
    """What is sent along from the page that shows a change."""

    draft = forms.JSONField()
    seen = forms.CharField(max_length=40)
    reason = forms.CharField(required=False, max_length=500)
    subject = forms.CharField(required=False, max_length=255)

    def clean_draft(self) -> dict[str, Any]:
        """Only names and values; whether they are settings, `drafted` says."""
        draft = self.cleaned_data["draft"]
        if not isinstance(draft, dict) or any(account_settings.is_secret(name) for name in draft):
            raise ValidationError("This is no change of settings.")
        return draft


def flat_choices(found: Found, chosen: str) -> list[tuple[str, str]]:
    """Nothing, what is chosen though NetSuite did not name it, and all others; none if none were found."""
    if not found.choices:
        return []
    known = {one.value for one in found.choices}
    kept = [(chosen, f"{chosen}, as it stands")] if chosen and chosen not in known else []
    return [("", NOTHING), *kept, *((one.value, f"{one.label} ({one.value})") for one in found.choices)]


def choices_of(found: Found, chosen: str) -> list[Any]:
    """The same, with ledger accounts under their types."""
    of = {one.value: one.group for one in found.choices}
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, words in flat_choices(found, chosen):
        groups.setdefault(of.get(value, ""), []).append((value, words))
    return [*groups.pop("", []), *((_words(group), choices) for group, choices in groups.items())]


def _words(group: str) -> str:
    """`otherCurrentAsset` is Other current asset."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in group).capitalize()


def _checked_while_typed(account: StripeAccount) -> dict[str, str]:
    """Have what is typed told in words beside it."""
    return {
        "hx-post": reverse("dashboard:settings_check_fields", args=[account.name]),
        "hx-trigger": "input changed delay:500ms",
        "hx-target": "#fields-understood",
        "hx-swap": "outerHTML",
        "hx-params": f"csrfmiddlewaretoken,{','.join(FILLED)}",
    }


def _form_field(field: models.Field[Any, Any]) -> forms.Field:
    if field.name in MAPS:
        return MapField()
    if isinstance(field, models.JSONField):
        return TypedJson(widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}))
    if isinstance(field, models.DateField):
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if isinstance(field, models.URLField):
        return forms.CharField(max_length=200)
    return cast(forms.Field, field.formfield())
