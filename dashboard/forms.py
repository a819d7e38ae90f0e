"""The filters of the lists, and why a person does something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import QueryDict

from connector.models import Job, StripeAccount, TieOut
from connector.models.audit import Verb
from dashboard import history
from dashboard.payouts import NEW, Wanted
from dashboard.payouts import OPEN as UNSETTLED
from dashboard.rulebook import BUILT, NOT_BUILT
from dashboard.selection import KINDS, MOVING, OPEN, TOLD, Selection
from dashboard.tables import COLUMNS, USUAL

STATES = [
    ("", "Any state"),
    (OPEN, "Needs somebody"),
    (MOVING, "On its way"),
    (TOLD, "Booked, with a notice"),
    *Job.Status.choices,
]
RULE_STATES = [("", "All rules"), (BUILT, "Built"), (NOT_BUILT, "Not built")]
PAYOUT_STATES = [
    ("", "All payouts"),
    (UNSETTLED, "Needs somebody"),
    *TieOut.Standing.choices,
    (NEW, "Not compared yet"),
]
DAY_LIMITS = [
    MinValueValidator(date(2000, 1, 1), "Choose a day after 1999."),
    MaxValueValidator(date(2100, 1, 1), "Choose a day before 2100."),
]


def account_field() -> forms.ChoiceField:
    """A choice among the accounts that the form is given."""
    return forms.ChoiceField(
        label="Account",
        required=False,
        error_messages={"invalid_choice": "There is no such account; showing all of them."},
    )


def find_field(like: str) -> forms.CharField:
    """A box for what is sought; `like` are examples of it."""
    return forms.CharField(
        label="Find",
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": like}),
    )


def day_field(label: str, required: str = "") -> forms.DateField:
    """A day within DAY_LIMITS; `required` is what is said where there is none, empty if none is needed."""
    return forms.DateField(
        label=label,
        required=bool(required),
        validators=DAY_LIMITS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": "Write the day like 2026-11-21."},
    )


class AccountFilterForm(forms.Form):
    """Filters of a list. Each form puts `account` in its own place, and names what stands in the address.

    All of the accounts are read once, into `accounts`.
    """

    ADDRESS_NAMES: ClassVar[dict[str, str]] = {}
    NO_FILTERS: ClassVar[tuple[str, ...]] = ()
    """Fields that leave nothing out."""
    ALL_ACCOUNTS = "All accounts"

    def __init__(self, data: QueryDict, accounts: Iterable[StripeAccount]) -> None:
        super().__init__(data, label_suffix="")
        self.accounts = list(accounts)
        choices = [("", self.ALL_ACCOUNTS), *((one.name, one.name) for one in self.accounts)]
        cast(forms.ChoiceField, self.fields["account"]).choices = choices

    def clean_account(self) -> StripeAccount | None:
        """The account of that name; None for all of them."""
        return next((one for one in self.accounts if one.name == self.cleaned_data["account"]), None)

    def add_prefix(self, field_name: str) -> str:
        """The name of a field in the address."""
        return self.ADDRESS_NAMES.get(field_name, field_name)

    def used(self) -> list[str]:
        """The labels of the filters that leave something out."""
        used = [bound for bound in self if self.cleaned_data.get(bound.name)]
        return [str(bound.label) for bound in used if bound.name not in self.NO_FILTERS]


class JobFilterForm(AccountFilterForm):
    """Everything is optional. A value that makes no sense is named beside its field and left out."""

    q = find_field("in_…, INV-1042, Acme, 120.00")
    account = account_field()
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=STATES,
        error_messages={"invalid_choice": "There is no such state; showing all of them."},
    )
    kind = forms.ChoiceField(
        label="Type",
        required=False,
        choices=[("", "Everything"), *((key, words) for key, (words, _) in KINDS.items())],
        error_messages={"invalid_choice": "There is no such type; showing everything."},
    )
    first_day = day_field("From")
    last_day = day_field("To")
    open_first = forms.BooleanField(label="What needs somebody first", required=False)
    columns = forms.MultipleChoiceField(
        label="Columns",
        required=False,
        choices=list(COLUMNS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    # The addresses that other pages and people's bookmarks use.
    ADDRESS_NAMES = {"first_day": "from", "last_day": "to", "open_first": "first", "columns": "column"}
    NO_FILTERS = ("open_first", "columns")

    def __init__(self, data: QueryDict, accounts: QuerySet[StripeAccount]) -> None:
        data = data.copy()
        known = [name for name in data.getlist("column") if name in COLUMNS]
        data.setlist("column", known or list(USUAL))
        super().__init__(data, accounts)

    def selection(self) -> Selection:
        """What was asked for and made sense."""
        self.is_valid()
        clean: dict[str, Any] = self.cleaned_data
        return Selection(
            account=clean.get("account"),
            state=clean.get("state", ""),
            kind=clean.get("kind", ""),
            first_day=clean.get("first_day"),
            last_day=clean.get("last_day"),
            find=clean.get("q", "").strip(),
        )

    def shown_columns(self) -> list[str]:
        """The columns that were chosen, or the usual ones."""
        return self.cleaned_data.get("columns") or list(USUAL)

    def query(self) -> str:
        """What was filled and made sense, as part of an address; the usual columns need no naming."""
        filled = {
            bound.html_name: bound.value()
            for bound in self
            if self.cleaned_data.get(bound.name) and bound.name != "columns"
        }
        if tuple(self.shown_columns()) != USUAL:
            filled["column"] = self.shown_columns()
        return urlencode(filled, doseq=True)


class ReasonForm(forms.Form):
    """Why a person decides what the rules leave to people; an auditor reads it."""

    why = forms.CharField(
        label="Why is it right?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a few words. It is kept with your name."},
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, label_suffix="")


class PauseForm(ReasonForm):
    """Why an account is to stand still; everybody reads it on top of every page."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        why = self.fields["why"]
        why.label = "Why is it paused?"
        why.error_messages["required"] = "Say why, in a few words. Everybody reads it while it is paused."


class RuleFilterForm(AccountFilterForm):
    """What to show of the rulebook; an account adds how it has set what steers the rules."""

    q = find_field("IN-3, credit memo, time zone")
    account = account_field()
    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=RULE_STATES,
        error_messages={"invalid_choice": "There is no such choice; showing all rules."},
    )

    ALL_ACCOUNTS = "No account"

    def __init__(self, data: QueryDict, accounts: QuerySet[StripeAccount]) -> None:
        super().__init__(data, accounts)
        self.fields["account"].error_messages["invalid_choice"] = (
            "There is no such account; showing no values."
        )


class PayoutFilterForm(AccountFilterForm):
    """Which payouts to show, and to export. Everything is optional."""

    account = account_field()
    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=PAYOUT_STATES,
        error_messages={"invalid_choice": "There is no such choice; showing all of them."},
    )
    first_day = day_field("Arrived from")
    last_day = day_field("To")

    ADDRESS_NAMES = {"first_day": "from", "last_day": "to"}

    def wanted(self) -> Wanted:
        """What was asked for and made sense."""
        self.is_valid()
        clean: dict[str, Any] = self.cleaned_data
        return Wanted(
            clean.get("account"), clean.get("state", ""), clean.get("first_day"), clean.get("last_day")
        )


class HistoryFilterForm(AccountFilterForm):
    """Which entries of the audit to show, and to export. Everything is optional."""

    who = forms.CharField(
        label="Person",
        required=False,
        max_length=170,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    verb = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *Verb.choices],
        error_messages={"invalid_choice": "There is no such choice; showing everything."},
    )
    record = forms.CharField(
        label="Record",
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "in_…, ch_…, acme"}),
    )
    account = account_field()
    first_day = day_field("From")
    last_day = day_field("To")

    ADDRESS_NAMES = {"first_day": "from", "last_day": "to"}

    def wanted(self) -> history.Wanted:
        """What was asked for and made sense."""
        self.is_valid()
        clean: dict[str, Any] = self.cleaned_data
        return history.Wanted(
            clean.get("account"),
            clean.get("who", ""),
            clean.get("verb", ""),
            clean.get("record", ""),
            clean.get("first_day"),
            clean.get("last_day"),
        )
