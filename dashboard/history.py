"""History: who did what, as the page lists and the files hold it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse

from connector.engine import lookups
from connector.failures import FAILURES, describe
from connector.models import AuditEntry, Job, MappedRecord, NetSuiteAccount, StripeAccount
from dashboard import figures, month_close
from dashboard.exports import Cell, Sheet
from dashboard.finding import by_key
from dashboard.setting_tabs import BY_NAME
from dashboard.setting_words import value_in_words
from dashboard.zones import end_of, start_of

PER_PAGE = 50
AT_ONCE = 500
MOST_ROWS = 100_000
"""Entries in one file: a program for tables opens no more than a million rows, and slowly."""
COMMAND_LINE = " (command line)"
"""How the name of somebody ends who was at the keyboard of the machine."""
STRIPE_ID = re.compile(r"[a-z]+_\w+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
SETTINGS = {
    field.name: field for model in (NetSuiteAccount, StripeAccount) for field in model._meta.concrete_fields
}
EMPTY: tuple[Any, ...] = (None, "", [], {})
HEADS = ("At (UTC)", "Who", "What", "Account", "Record", "Reason", "Before", "After")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for; an empty value leaves everything in. Days are days of the page's zone."""

    account: StripeAccount | None = None
    who: str = ""
    verb: str = ""
    record: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One value, old and new, in words; None is a side that the entry does not tell."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, what changed, and where its record is; no link if it is about none.

    `about` is the record in words where its name is a code of ours: a reason's title, a month.
    """

    entry: AuditEntry
    changes: tuple[Change, ...]
    link: str
    about: str


def listed(wanted: Wanted, zone: ZoneInfo) -> QuerySet[AuditEntry]:
    """The entries that the reader wants, the newest first."""
    found = AuditEntry.objects.select_related("account").order_by("-at", "-pk")
    if wanted.account:
        found = found.filter(account=wanted.account)
    if wanted.who:
        found = found.filter(who__in=(wanted.who, f"{wanted.who}{COMMAND_LINE}"))
    if wanted.verb:
        found = found.filter(verb=wanted.verb)
    if wanted.record:
        found = found.filter(_about(wanted.record))
    if wanted.first_day:
        found = found.filter(at__gte=start_of(wanted.first_day, zone))
    if wanted.last_day:
        found = found.filter(at__lt=end_of(wanted.last_day, zone))
    return found


def _about(key: str) -> Q:
    """Entries about exactly this, or about the document that this id or number belongs to, with all of it."""
    documents = {job.subject for job in by_key(key)}
    rows = MappedRecord.objects.filter(job__account__in=_accounts(), job__subject__in=documents)
    return Q(subject__in={key, *documents, *rows.values_list("stripe_id", flat=True)[:AT_ONCE]})


def _accounts() -> list[int]:
    return list(StripeAccount.objects.values_list("pk", flat=True))


def page_of(found: QuerySet[AuditEntry], older_than: int | None) -> tuple[list[AuditEntry], bool]:
    """One page of entries and whether older ones follow; `older_than` is the last entry of the page before.

    Nothing is counted and nothing passed over, so the last page is as quick as the first.
    """
    last = AuditEntry.objects.filter(pk=older_than).first() if older_than else None
    if last:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    entries = list(found[: PER_PAGE + 1])
    return entries[:PER_PAGE], len(entries) > PER_PAGE


def page(entries: Sequence[AuditEntry], zone: ZoneInfo) -> list[Shown]:
    """Entries as the page has them, their moments in `zone`, with what NetSuite calls what was chosen."""
    books = {entry.account.netsuite_account_id for entry in entries if entry.account}
    names = lookups.remembered_of(books) if books else {}
    return [_shown(entry, zone, names) for entry in entries]


def _shown(entry: AuditEntry, zone: ZoneInfo, names: Mapping[int, lookups.Names]) -> Shown:
    """What was and is empty is left out."""
    called = names[entry.account.netsuite_account_id] if entry.account else None
    every = [
        Change(_called(name), *(_side(name, side, zone, called) for side in (entry.before, entry.after)))
        for name in dict.fromkeys([*entry.before, *entry.after])
    ]
    changes = tuple(one for one in every if one.old or one.new)
    return Shown(entry, changes, _link(entry), _about_in_words(entry))


def _link(entry: AuditEntry) -> str:
    """Where its subject is: a reason under Help, a month by itself, a Stripe object as a record."""
    subject = entry.subject
    if subject in FAILURES:
        return reverse("dashboard:help_of", args=[subject])
    if entry.account and month_close.read(subject):
        return reverse("dashboard:month", args=[entry.account.name, subject])
    return reverse("dashboard:find", args=[subject]) if STRIPE_ID.fullmatch(subject) else ""


def _about_in_words(entry: AuditEntry) -> str:
    if entry.subject in FAILURES:
        return describe(entry.subject).title
    first = month_close.read(entry.subject)
    return month_close.name_of(first) if first and entry.account else ""


def _called(name: str) -> str:
    """What a value is called: a setting as its page calls it."""
    field = SETTINGS.get(name)
    name = {"code": "cause"}.get(name, name)
    return str(field.verbose_name) if field else name.replace("_", " ")


def _side(name: str, values: Mapping[str, Any], zone: ZoneInfo, called: lookups.Names | None) -> str | None:
    if name not in values:
        return None
    if name in SETTINGS and values[name] not in EMPTY:
        kind = BY_NAME[name].lookup if name in BY_NAME else None
        return value_in_words(SETTINGS[name], values[name], called[kind] if called and kind else None)
    words = worded(name, values[name])
    return figures.moment(datetime.fromisoformat(words), zone) if MOMENT.fullmatch(words) else words


def worded(name: str, value: Any) -> str:
    """A kept value as people read it; empty for nothing."""
    if value in EMPTY:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if name == "status" and value in Job.Status:
        return str(Job.Status(value).label)
    if name == "code" or (name == "as" and value in FAILURES):
        return describe(value).title
    return str(value)


def sheet(found: QuerySet[AuditEntry]) -> Sheet:
    """The entries as a table; a last row says so when there are more than a file takes."""
    return Sheet("History", HEADS, _rows(found))


def _rows(found: QuerySet[AuditEntry]) -> Iterator[Sequence[Cell]]:
    entries = found.iterator(AT_ONCE)
    for entry in islice(entries, MOST_ROWS):
        yield (
            entry.at.astimezone(UTC),
            entry.who,
            entry.deed,
            entry.account.name if entry.account else "",
            entry.subject,
            entry.reason,
            _written(entry.before),
            _written(entry.after),
        )
    if next(entries, None):
        yield (None, f"There are older entries. Choose fewer days: a file takes {MOST_ROWS:,}.")


def _written(values: Mapping[str, Any]) -> str:
    """Values in one cell, as they were kept: a line for each."""
    return "\n".join(f"{name}: {worded('', value)}" for name, value in values.items())
