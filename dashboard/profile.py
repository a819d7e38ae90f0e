"""Profile: what people may say of themselves."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import User


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
