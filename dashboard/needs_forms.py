"""The forms of Needs you: its filters, reasons, and what is done with a cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from connector.engine.causes import MORE
from connector.models import StripeAccount
from dashboard.forms import AccountFilterForm, ReasonForm, account_field, find_field
from dashboard.needs import NOBODY, Wanted
from dashboard.selection import KINDS
from dashboard.zones import start_of

AGES = [("", "Any age"), ("1", "A day"), ("7", "A week"), ("30", "A month")]
NO_CHOICE = "There is no such choice; showing all."


class NeedsFilterForm(AccountFilterForm):
    """Everything is optional. A value that makes no sense is named beside its field and left out."""

    account = account_field()
    kind = forms.ChoiceField(
        label="Type",
        required=False,
        choices=[("", "Everything"), *((key, words) for key, (words, _) in KINDS.items())],
        error_messages={"invalid_choice": NO_CHOICE},
    )
    older = forms.ChoiceField(
        label="Older than", required=False, choices=AGES, error_messages={"invalid_choice": NO_CHOICE}
    )
    amount = forms.DecimalField(
        label="Amount from",
        required=False,
        min_value=0,
        max_digits=15,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Write the amount like 120.00."},
    )
    assignee = forms.ChoiceField(
        label="Looked after by", required=False, error_messages={"invalid_choice": NO_CHOICE}
    )
    q = find_field("in_…, INV-1042, Acme, 120.00")

    def __init__(self, data: QueryDict, accounts: Iterable[StripeAccount], people: Sequence[str]) -> None:
        super().__init__(data, accounts)
        choices = [("", "Anybody"), (NOBODY, "Nobody yet"), *((one, one) for one in people)]
        cast(forms.ChoiceField, self.fields["assignee"]).choices = choices

    def wanted(self) -> Wanted:
        """What was asked for and made sense."""
        self.is_valid()
        clean: dict[str, Any] = self.cleaned_data
        return Wanted(
            account=clean.get("account"),
            kind=clean.get("kind", ""),
            days=int(clean.get("older") or 0),
            amount=clean.get("amount"),
            assignee=clean.get("assignee", ""),
            find=clean.get("q", "").strip(),
        )

    def query(self) -> str:
        """The filters that were filled and made sense, as part of an address."""
        return urlencode(
            {
                bound.name: bound.value()
                for bound in self
                if self.cleaned_data.get(bound.name) and bound.value()
            }
        )


class ByHandForm(ReasonForm):
    """Also what was entered in NetSuite, if somebody knows its id."""

    internal_id = forms.CharField(
        label="NetSuite internal id, if there is one",
        required=False,
        max_length=20,
        validators=[RegexValidator(r"^[1-9][0-9]*\Z", "An internal id is a number, like 4471.")],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("internal_id", "why")


class AssignForm(forms.Form):
    """Who looks after a cause: somebody who may, or nobody."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Looked after by",
        required=False,
        empty_label="Nobody",
        to_field_name="username",
        error_messages={"invalid_choice": "There is no such person any more."},
    )

    def __init__(self, data: QueryDict | None, chosen: User | None = None) -> None:
        super().__init__(data, label_suffix="", initial={"person": chosen.username if chosen else ""})
        field = cast("forms.ModelChoiceField[User]", self.fields["person"])
        staff = User.objects.filter(is_active=True, is_staff=True).order_by("username")
        field.queryset = staff.filter(
            Q(is_superuser=True)
            | Q(groups__permissions__codename="resolve_job")
            | Q(user_permissions__codename="resolve_job")
        ).distinct()


class NoteForm(forms.Form):
    """What the next one should know; empty takes the note away."""

    note = forms.CharField(
        label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None, note: str = "") -> None:
        super().__init__(data, label_suffix="", initial={"note": note})


class AsideForm(forms.Form):
    """Until when a cause is put aside: a day, or some more records."""

    until = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day like 2026-11-21."},
    )
    more = forms.BooleanField(label=f"Until {MORE} more come", required=False)

    def __init__(self, data: QueryDict | None, zone: ZoneInfo) -> None:
        super().__init__(data, label_suffix="")
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """One of both. Raises ValidationError."""
        clean = self.cleaned_data
        if "until" in clean and bool(clean.get("until")) == bool(clean.get("more")):
            raise forms.ValidationError(f"Choose a day, or “Until {MORE} more come”.")
        return clean

    def clean_until(self) -> date | None:
        """A day after today, where the books are, and within a year. Raises ValidationError."""
        until: date | None = self.cleaned_data["until"]
        today = timezone.now().astimezone(self.zone).date()
        if until and not 0 < (until - today).days <= 366:
            raise forms.ValidationError("Choose a day from tomorrow on, within a year.")
        return until

    def moment(self) -> datetime | None:
        """The first moment of the chosen day, there."""
        until = self.cleaned_data["until"]
        return start_of(until, self.zone) if until else None
