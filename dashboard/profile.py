"""Profile: what people may say of themselves, and how the console is to look for them."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import User

from connector.models import Preferences
from connector.models.preferences import zones


def _zone_choices() -> list[tuple[str, str]]:
    return [("", "The account’s own"), *((name, name.replace("_", " ")) for name in zones())]


class ProfileForm(forms.ModelForm[User]):
    """Name and e-mail; the user name is an admin's to give."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email")
        labels = {"first_name": "First name", "last_name": "Last name", "email": "E-mail"}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }


class PreferencesForm(forms.ModelForm[Preferences]):
    """Light or dark, zone, marks of numbers, and whether single keys do something."""

    time_zone = forms.ChoiceField(label="Times are shown in", choices=_zone_choices, required=False)

    class Meta:
        model = Preferences
        fields = ("theme", "time_zone", "numbers", "shortcuts")
        labels = {"theme": "Light or dark", "numbers": "Numbers", "shortcuts": "Keyboard shortcuts are on"}
