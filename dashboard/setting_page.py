"""The pages of Settings as values: what stands beside each box, and what a change does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count
from django.forms import BoundField

from connector.engine import account_settings, lookups
from connector.engine.account_settings import Change
from connector.engine.doctor import Finding
from connector.engine.lookups import Found, Names
from connector.engine.trial import Trial
from connector.models import AuditEntry, Job, NetSuiteAccount, StripeAccount
from connector.rulebook import RULES
from dashboard import figures
from dashboard.awaited import WAITING_CODES
from dashboard.postings import Posting, postings, record_words
from dashboard.selection import current_jobs
from dashboard.setting import Group, Setting, Tab
from dashboard.setting_forms import MAPS, SecretsForm, SettingsForm, flat_choices
from dashboard.setting_tabs import BY_NAME, TAB_OF, TABS
from dashboard.setting_words import label, value_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One account of a map: what it is for, and the name of its box."""

    key: str
    box: str
    value: str
    named: str
    choices: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting as its tab shows it."""

    setting: Setting
    bound: BoundField
    help: str
    rules: tuple[str, ...]
    named: str
    """What NetSuite calls what is chosen, if that was looked up once."""
    note: str = ""
    is_switch: bool = False
    rows: tuple[Row, ...] = ()
    further: Row | None = None
    key_label: str = ""

    @property
    def needs_choosing(self) -> bool:
        """Whether it is empty and must not be."""
        return self.setting.required and not self.bound.form.initial.get(self.setting.name)


@dataclass(frozen=True, slots=True)
class ShownSecret:
    """A credential: its box, its tick, and since when one is stored."""

    setting: Setting
    bound: BoundField
    clear: BoundField
    help: str
    stored_at: datetime | None
    is_stored: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with what it shows; `secrets` stand in a form of their own."""

    group: Group
    settings: tuple[ShownSetting, ...]
    secrets: tuple[ShownSecret, ...]


@cache
def rules_of(name: str) -> tuple[str, ...]:
    """The ids of the rules that a setting steers."""
    return tuple(rule.id for rule in RULES.values() if name in rule.settings)


def to_choose(account: StripeAccount, tab: Tab | None = None) -> list[Setting]:
    """The required settings that are empty, of one tab or of all."""
    held = account_settings.values(account)
    wanted = tab.settings if tab else tuple(BY_NAME.values())
    return [one for one in wanted if one.required and not held[one.name]]


def tabs_of(account: StripeAccount) -> list[tuple[Tab, int]]:
    """Each tab, with how much of it is to be chosen."""
    return [(tab, len(to_choose(account, tab))) for tab in TABS]


def shown_groups(
    tab: Tab, form: SettingsForm, secrets: SecretsForm | None, found: Mapping[str, Found], names: Names
) -> list[ShownGroup]:
    """The groups of a tab; `found` is what was looked up in NetSuite for which setting."""
    return [
        ShownGroup(
            group,
            tuple(_shown(one, form, names, found) for one in group.settings if one.name in form.fields),
            tuple(_secrets(group, form.account, secrets)) if secrets else (),
        )
        for group in tab.groups
    ]


def _shown(one: Setting, form: SettingsForm, names: Names, found: Mapping[str, Found]) -> ShownSetting:
    field, bound = account_settings.fields()[one.name], form[one.name]
    named = names[one.lookup] if one.lookup else {}
    looked_up = found.get(one.name, Found())
    rows: tuple[Row, ...] = ()
    if one.name in MAPS:
        rows = tuple(_rows(one.name, form, named, looked_up))
    elif looked_up.choices:
        form.offer(one.name, looked_up)
    return ShownSetting(
        setting=one,
        bound=bound,
        help=one.help or str(field.help_text),
        rules=rules_of(one.name),
        named="" if looked_up.choices or rows else named.get(str(bound.value() or ""), ""),
        note=looked_up.note,
        is_switch=isinstance(bound.value(), bool),
        rows=rows,
        further=Row("", f"{one.name}+value", "", "", flat_choices(looked_up, ""))
        if rows or one.name in MAPS
        else None,
        key_label=MAPS.get(one.name, ""),
    )


def _rows(name: str, form: SettingsForm, named: Mapping[str, str], found: Found) -> Iterable[Row]:
    held: dict[str, str] = form[name].value() or {}
    known = form.account.netsuite_account.currencies if name == "bank_accounts" else {}
    for key in sorted({*held, *known}):
        value = held.get(key, "")
        choices = flat_choices(_kept_in(form.account, found, name, key), value)
        yield Row(key, f"{name}:{key}", value, named.get(value, ""), choices)


def _kept_in(account: StripeAccount, found: Found, name: str, key: str) -> Found:
    """Of the bank accounts those that are kept in a currency, or in any."""
    known = account.netsuite_account.currencies
    if name != "bank_accounts" or key not in known:
        return found
    wanted = ("", known[key])
    return Found(tuple(one for one in found.choices if one.currency in wanted), found.note)


def _secrets(group: Group, account: StripeAccount, form: SecretsForm) -> Iterable[ShownSecret]:
    held, fields = account_settings.values(account), account_settings.fields()
    for one in group.settings:
        if one.name in form.fields:
            stored = held[one.name]
            yield ShownSecret(
                setting=one,
                bound=form[one.name],
                clear=form[f"clear_{one.name}"],
                help=str(fields[one.name].help_text),
                stored_at=stored.stored_at,
                is_stored=bool(stored),
            )


# What a change does


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A setting, old and new in words, and what it affects."""

    name: str
    label: str
    old: str
    new: str
    affects: str
    rules: tuple[str, ...]


def shown_changes(account: StripeAccount, changes: Iterable[Change]) -> list[ShownChange]:
    """Changes as a person reads them."""
    names = lookups.remembered(account.netsuite_account)
    return [_change(change.name, change.old, change.new, names) for change in changes]


def _change(name: str, old: Any, new: Any, names: Names) -> ShownChange:
    field, setting = account_settings.fields().get(name), BY_NAME.get(name)
    if field is None or setting is None:  # a setting of an older version
        return ShownChange(name, name.replace("_", " ").capitalize(), str(old), str(new), "", ())
    named = names[setting.lookup] if setting.lookup else {}
    old_words, new_words = (value_in_words(field, value, named) for value in (old, new))
    return ShownChange(name, label(field), old_words, new_words, setting.affects, rules_of(name))


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A change of the past; `restores` when its old values can be looked at again."""

    entry: AuditEntry
    changes: list[ShownChange]
    restores: bool


def shown_entries(account: StripeAccount, entries: Iterable[AuditEntry]) -> list[ShownEntry]:
    """What was changed, by whom and why."""
    names = lookups.remembered(account.netsuite_account)
    return [
        ShownEntry(
            entry,
            [_change(name, entry.before.get(name, ""), new, names) for name, new in entry.after.items()],
            bool(account_settings.restorable(entry)),
        )
        for entry in entries
    ]


def sharing(account: StripeAccount, changes: Iterable[Change]) -> list[str]:
    """The other accounts that a change of the NetSuite account touches as well."""
    if not any(change.field.model is NetSuiteAccount for change in changes):
        return []
    others = account.netsuite_account.stripe_accounts.exclude(pk=account.pk)
    return list(others.order_by("name").values_list("name", flat=True))


def waiting_for(account: StripeAccount, changes: Iterable[Change]) -> dict[str, int]:
    """How many records stand still for want of what was just changed, by their cause."""
    codes = {code for change in changes for code in WAITING_CODES.get(change.name, ())}
    rows = current_jobs().filter(account=account, status__in=Job.OPEN, code__in=codes).order_by()
    return dict(rows.values_list("code").annotate(Count("pk"))) if codes else {}


# Try it on a recent invoice


@dataclass(frozen=True, slots=True)
class Pair:
    """One NetSuite record under the old and the new settings; None where there is none."""

    key: str
    name: str
    before: Posting | None
    after: Posting | None
    same: bool
    differs: str
    """The parts that differ, in words."""

    @property
    def titles(self) -> tuple[str, str]:
        """What the two sides are called on the page."""
        return (f"before-{self.key}", f"after-{self.key}")


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A document under both; `told` is what we say of it, where the two differ."""

    subject: str
    title: str
    pairs: tuple[Pair, ...]
    told_before: tuple[str, ...]
    told_after: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it would be booked just the same."""
        return all(pair.same for pair in self.pairs) and self.told_before == self.told_after


PARTS = {
    "date": "the date",
    "amount": "the amount",
    "memo": "the memo",
    "lines": "the lines",
    "entries": "the entries",
    "applied_to": "what it settles",
    "fields": "the fields",
}


def shown_trial(account: StripeAccount, trial: Trial, number: int) -> ShownTrial:
    """Both plans side by side, record by record."""
    sides = [
        {_key(one): one for plan in plans for one in plan["records"]} for plans in (trial.before, trial.after)
    ]
    books = account.netsuite_account
    drawn = [
        dict(zip(side, _unsent(books, side, f"{word}-{number}"), strict=True))
        for word, side in zip(("old", "new"), sides, strict=True)
    ]
    pairs: list[Pair] = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        old, new = sides[0].get(key, {}), sides[1].get(key, {})
        differs = tuple(words for part, words in PARTS.items() if old.get(part) != new.get(part))
        before, after = drawn[0].get(key), drawn[1].get(key)
        shown = after or before
        name = f"{shown.words.capitalize()} {shown.external_id}" if shown else ""
        parted = figures.joined(differs) if old and new else ""
        pairs.append(
            Pair(f"{number}-{len(pairs)}", name, before, after, bool(old and new) and not differs, parted)
        )
    told = [tuple(one["message"] for one in plans if one["message"]) for plans in (trial.before, trial.after)]
    return ShownTrial(trial.subject, trial.title, tuple(pairs), *told)


def _unsent(books: NetSuiteAccount, side: Mapping[Any, Any], prefix: str) -> list[Posting]:
    """The records as postings that point to nothing in NetSuite: they are only thought of."""
    drawn = postings(books, {"records": list(side.values())}, prefix)
    return [replace(one, standing=None, link="") for one in drawn]


def _key(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["type"], record["external_id"]


# The connection test


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """Something looked at; `anchor` leads to the setting that mends it."""

    finding: Finding
    what: str
    tab: Tab | None
    anchor: str


def shown_finding(finding: Finding) -> ShownFinding:
    """A finding with settings and records by the names that people see."""
    field, what = account_settings.fields().get(finding.setting), finding.what
    if field is not None:
        for name in (f"Account {finding.setting}", f"Item {finding.setting}"):
            what = what.replace(name, label(field))
    start, marker, record = what.partition("permission to read ")
    what = f"{start}{marker}{record_words(record)}"
    return ShownFinding(finding, what, TAB_OF.get(finding.setting), finding.setting)
