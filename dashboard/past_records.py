"""Past records in words: what a run or a look has come to, and the proof as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from connector.engine.backfill_period import KINDS
from connector.failures import describe
from connector.models import Backfill, BackfillLook, Job, StripeAccount
from connector.money import Amount
from dashboard import figures
from dashboard.exports import Cell, Sheet
from dashboard.forms import day_field
from dashboard.postings import record_words
from dashboard.standing import Standing

Json = Mapping[str, Any]
COLUMNS = {
    "netsuite": "In NetSuite",
    "skipped": "Skipped",
    "needs_attention": "Needs you",
    "failed": "Needs an engineer",
    "waiting": "On its way",
    "different": "Another amount in NetSuite",
    "missing": "Unaccounted for",
}
LOOK_COLUMNS = {**COLUMNS, "netsuite": "In NetSuite, or would be", "waiting": "Rests on others"}
DOING = {
    "counting": "Counting",
    "planning": "Planning",
    "booking": "Booking",
    "waiting": "Waiting for what was put off",
    "proving": "Comparing",
}
RUNS = {
    Backfill.State.RUNNING: Standing("Under way", "info", "↻"),
    Backfill.State.INTERRUPTED: Standing("Stopped", "wait", "○"),
    Backfill.State.COMPLETE: Standing("Complete", "ok", "✓"),
    Backfill.State.INCOMPLETE: Standing("Not complete", "bad", "●"),
}
STOPPING = Standing("Stopping", "wait", "○")
LOOKS = {
    BackfillLook.State.ASKED: Standing("Waiting", "wait", "○"),
    BackfillLook.State.LOOKING: Standing("Looking", "info", "↻"),
    BackfillLook.State.DONE: Standing("Looked at", "ok", "✓"),
    BackfillLook.State.TOO_LONG: Standing("Too long for one look", "wait", "○"),
    BackfillLook.State.BROKEN_OFF: Standing("Broken off", "bad", "●"),
}
SILENT = Standing("Broken off", "bad", "●")


class PastForm(forms.Form):
    """Whose past, of which days, and which kinds of it."""

    account = forms.ModelChoiceField(
        StripeAccount.objects.none(),
        label="Account",
        to_field_name="name",
        empty_label=None,
        error_messages={"required": "Choose an account.", "invalid_choice": "There is no such account."},
    )
    first_day = day_field("From", required="Say from which day on.")
    last_day = day_field("To (empty: up to now)")
    kinds = forms.MultipleChoiceField(
        label="Kinds",
        required=False,
        choices=[(word, word.replace("_", " ").capitalize()) for word in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "There is no such kind."},
    )

    ADDRESS_NAMES = {"first_day": "from", "last_day": "to", "kinds": "kind"}

    def __init__(self, data: QueryDict | None, accounts: QuerySet[StripeAccount]) -> None:
        super().__init__(data, label_suffix="", initial={"kinds": list(KINDS)})
        cast(forms.ModelChoiceField[StripeAccount], self.fields["account"]).queryset = accounts

    def add_prefix(self, field_name: str) -> str:
        """The name of a field in the address."""
        return self.ADDRESS_NAMES.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        """Refuse days to come, in the account's zone, and a period that ends before it begins."""
        clean = super().clean() or {}
        account, first, last = (clean.get(name) for name in ("account", "first_day", "last_day"))
        if account and first:
            today = account.local_date(timezone.now())
            for name, day in (("first_day", first), ("last_day", last)):
                if day and day > today:
                    self.add_error(name, f"That day is not there yet: it is {figures.day(today)}.")
            if last and last < first:
                self.add_error("last_day", "The period ends before it begins.")
        return clean


def days(one: Backfill | BackfillLook) -> str:
    """The period in words."""
    return f"{figures.day(one.date_from)} to {figures.day(one.date_to) if one.date_to else 'now'}"


def kinds_words(kinds: Sequence[str]) -> str:
    """Which kinds, in words."""
    if len(kinds) == len(KINDS):
        return "everything"
    return kinds_in_words(kinds)


def run_standing(row: Backfill) -> Standing:
    """How a run stands."""
    if row.state == Backfill.State.RUNNING and row.stop_asked_by:
        return STOPPING
    return RUNS[Backfill.State(row.state)]


def look_standing(row: BackfillLook) -> Standing:
    """How a look stands."""
    return SILENT if row.is_silent else LOOKS[BackfillLook.State(row.state)]


def doing(now: Json) -> str:
    """What is being done this moment: `Booking invoices, 120 of 400`."""
    if not now:
        return ""
    kind = str(now["kind"]).replace("_", " ")
    words = f"{DOING[now['doing']]} {kind}".strip()
    if now["doing"] == "waiting":
        return words
    return f"{words}, {now['done']} of {now['total']}" if now["total"] else f"{words}, {now['done']} so far"


def pace(now: Json) -> str:
    """How fast it goes and how long it still takes: `40 a minute, about 7 minutes left`; empty if unknown."""
    rate = now.get("rate") if now else None
    if not rate:
        return ""
    each = (
        f"{figures.counted(round(rate), 'object', 'objects')} a minute"
        if rate >= 1
        else "less than 1 a minute"
    )
    left = (now["total"] - now["done"]) / rate if now["total"] else None
    return each if left is None else f"{each}, {in_minutes(left)} left"


def in_minutes(minutes: float) -> str:
    """`less than a minute`, `about 7 minutes`, `about 3 hours`."""
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {figures.counted(round(minutes), 'minute', 'minutes')}"
    return f"about {figures.counted(round(minutes / 60), 'hour', 'hours')}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What bringing will take, in words, and what that rests on."""

    takes: str
    calls: str
    rests_on: str


def estimate(told: Json) -> Estimate | None:
    """Of a look; None of one that was taken before there were estimates."""
    found = told.get("estimate")
    if not found:
        return None
    known, assumed = (kinds_in_words(found[name]) for name in ("measured", "assumed"))
    parts = []
    if known:
        parts.append(f"{known[:1].upper()}{known[1:]}: as this account’s last ones took.")
    if assumed:
        parts.append(
            f"{assumed[:1].upper()}{assumed[1:]}: by published measurements (2 seconds for each record "
            "written, 1 second for each read), since this account has booked too few."
        )
    at_once = found["at_once"]
    parts.append(f"{figures.counted(at_once, 'document is', 'documents are')} worked on at once.")
    calls = figures.counted(found["calls"], "call", "calls")
    return Estimate(in_minutes(found["minutes"]), f"about {calls} to NetSuite", " ".join(parts))


def kinds_in_words(kinds: Sequence[str]) -> str:
    """`credit notes and invoices`."""
    return figures.joined([word.replace("_", " ") for word in kinds])


def causes(row: Backfill) -> list[tuple[str, str, int, str]]:
    """What has needed somebody since the run began: code, title, how many, and where they are settled."""
    found = (
        Job.objects.filter(account=row.account_id, status__in=Job.OPEN, created_at__gte=row.started_at)
        .order_by()
        .values_list("code")
        .annotate(count=Count("pk"))
        .order_by("-count", "code")
    )
    needs = f"{reverse('dashboard:needs')}?account={row.account.name}"
    return [
        (code, describe(code).title, count, f"{needs}#{row.account.name}-{code}") for code, count in found
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """How far one kind has come."""

    words: str
    done: int
    total: int | None
    ended: bool


def steps(row: Backfill) -> list[Step]:
    """Each kind that was asked for, in the order of the work."""
    found = []
    for word in row.kinds:
        cursor = row.cursors.get(word, {})
        words = word.replace("_", " ").capitalize()
        found.append(Step(words, cursor.get("done", 0), cursor.get("total"), bool(cursor.get("ended"))))
    return found


# The proof


@dataclass(frozen=True, slots=True)
class Sums:
    """How many, and what they come to; no amount where there is no currency."""

    words: str
    count: int
    amount: Amount | None
    fine: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind in one currency: what Stripe lists, and where it is."""

    words: str
    stripe: Sums
    adjusted: Amount | None
    netsuite: Sums
    others: tuple[Sums, ...]
    reasons: tuple[Sums, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing of it is left."""
        return all(one.fine for one in self.others)


def proofs(told: Json, *, dry: bool) -> list[Proof]:
    """The rows of the comparison."""
    return [_proof(row, LOOK_COLUMNS if dry else COLUMNS, dry=dry) for row in told.get("kinds", ())]


def _proof(row: Json, labels: Mapping[str, str], *, dry: bool) -> Proof:
    currency = row["currency"]
    fine = {"netsuite", "skipped", "waiting"} if dry else {"netsuite", "skipped"}
    columns = {name: _sums(words, row[name], currency, fine=name in fine) for name, words in labels.items()}
    netsuite = columns.pop("netsuite")
    adjusted = _amount(row["adjusted"], currency)
    return Proof(
        row["kind"].replace("_", " ").capitalize(),
        _sums("Stripe", row["stripe"], currency, fine=True),
        adjusted if adjusted and adjusted.value else None,
        netsuite,
        tuple(one for one in columns.values() if one.count),
        tuple(
            _sums(describe(code).title, sums, currency, fine=True, code=code)
            for code, sums in row["reasons"].items()
        ),
    )


def _sums(words: str, told: Json, currency: str, *, fine: bool, code: str = "") -> Sums:
    return Sums(words, told["count"], _amount(told["sum"], currency), fine, code)


def _amount(text: str, currency: str) -> Amount | None:
    return Amount(Decimal(text), currency) if text and currency else None


def to_book(told: Json) -> list[Sums]:
    """What a look says would be written, by NetSuite's type and currency."""
    return [
        _sums(record_words(one["type"]).capitalize(), one, one["currency"], fine=True)
        for one in told.get("to_book", ())
    ]


@dataclass(frozen=True, slots=True)
class Left:
    """A document that is not accounted for, and what to do."""

    subject: str
    code: str
    title: str
    message: str
    next_step: str


def left(told: Json) -> list[Left]:
    """What is named: a hundred at most; the table counts them all."""
    return [
        Left(one["subject"], one["code"], describe(one["code"]).title, one["message"], one["next_step"])
        for one in told.get("problems", ())
    ]


def open_words(told: Json) -> list[tuple[str, str, int]]:
    """How many documents are open for each reason: code, title, count."""
    return [(code, describe(code).title, count) for code, count in told.get("open", {}).items()]


# The file

PROOF_HEADS = ("Kind", "Currency", "Where", "Count", "Sum")
LEFT_HEADS = ("Stripe id", "Reason", "In this case", "What to do")


def sheets(row: Backfill) -> dict[str, Sheet]:
    """The proof of a run, by the name that each table's CSV file has."""
    return {
        "comparison": Sheet("Comparison", PROOF_HEADS, _proof_rows(row.proof)),
        "left": Sheet(
            "Left",
            LEFT_HEADS,
            [(one.subject, one.title, one.message, one.next_step) for one in left(row.proof)],
        ),
    }


def _proof_rows(told: Json) -> Iterator[Sequence[Cell]]:
    """Stripe's figure and what the rules make of it, then where all of it is: the two are equal."""
    for row, one in zip(told.get("kinds", ()), proofs(told, dry=False), strict=True):
        currency = row["currency"]
        yield one.words, currency, "Stripe", one.stripe.count, one.stripe.amount
        yield one.words, currency, "Difference that the rules make", None, one.adjusted
        for each in (one.netsuite, *one.others):
            yield one.words, currency, each.words, each.count, each.amount
        for each in one.reasons:
            yield one.words, currency, f"Skipped: {each.words}", each.count, each.amount


def address_of(account: StripeAccount, first: date, last: date | None, kinds: Sequence[str]) -> str:
    """The query that fills the form with the same again."""
    query = QueryDict(mutable=True)
    query["account"], query["from"] = account.name, first.isoformat()
    if last:
        query["to"] = last.isoformat()
    query.setlist("kind", list(kinds))
    return query.urlencode()
