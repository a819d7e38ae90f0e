"""Set-up as values: its steps, and how far an account is. What is stored says so; nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django_stubs_ext import WithAnnotations

from connector.engine import suggestions
from connector.engine.lookups import Found
from connector.engine.probes import Look, Side, newest
from connector.engine.set_up import Refused
from connector.failures import describe
from connector.models import MappedRecord, StripeAccount
from dashboard.setting import Group, Setting, Tab
from dashboard.setting_accounts import ACCOUNTS
from dashboard.setting_page import to_choose
from dashboard.setting_tabs import BY_NAME, COPY
from dashboard.standing import Standing

DONE = Standing("Done", "ok", "✓")
TO_DO = Standing("To do", "rest", "○")
TO_MEND = Standing("To mend", "bad", "●")
NOT_TRIED = Standing("Not tested yet", "wait", "◐")

TOKEN = (
    "netsuite_consumer_key",
    "netsuite_consumer_secret",
    "netsuite_token_id",
    "netsuite_token_secret",
)
RECOMMENDED = ("subsidiary", "tax_account")
"""Settings of the tab Accounts that are asked for although one can begin without them."""
DATES = ("time_zone", "sync_start_date")


@dataclass(frozen=True, slots=True)
class Step:
    """One page of Set-up: its place, its words, its address, and how it stands."""

    number: int
    key: str
    title: str
    url: str
    standing: Standing

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.standing is DONE


TITLES = {
    "stripe": "Stripe",
    "messages": "Messages from Stripe",
    "netsuite": "NetSuite",
    "accounts": "Accounts",
    "invoice": "First invoice",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in four parts; `told` are the particulars of this case."""

    title: str
    told: str
    why: str
    to_do: str
    who: str
    code: str = ""
    """The page of Help that says more; empty for none."""


def sample_away(told: str) -> Trouble:
    """What to do when the sample company does not answer."""
    return Trouble(
        "The sample company does not answer",
        told,
        "Its Stripe and NetSuite are a program of their own, which is not running where this console looks.",
        "Have it started: “manage.py sandbox --port 8001”, or everything together with “make demo”.",
        "Whoever started this console",
    )


def trouble_of(refused: Refused) -> Trouble:
    """A refusal in the words of the catalogue."""
    failure = describe(refused.code)
    return Trouble(
        failure.title, refused.message, failure.cause, failure.next_step, failure.who, failure.code
    )


class Progress(TypedDict):
    """What `with_progress` adds to an account."""

    has_invoice: int | None
    """An invoice of it that is in NetSuite, by its key."""


if TYPE_CHECKING:
    Progressing = WithAnnotations[StripeAccount, Progress]
else:
    Progressing = StripeAccount


def with_progress(accounts: QuerySet[StripeAccount]) -> QuerySet[Progressing]:
    """Accounts with what tells how far each is."""
    invoices = MappedRecord.objects.filter(
        account=OuterRef("pk"), record_type="invoice", state=MappedRecord.State.MAPPED
    )
    found = accounts.select_related("netsuite_account").prefetch_related("probes")
    # The first by day, for which there is an index, so that an account without any is told as fast.
    return found.annotate(has_invoice=Subquery(invoices.order_by("tran_date").values("pk")[:1]))


def steps_of(account: Progressing) -> list[Step]:
    """The steps of an account that came from `with_progress`."""
    looks = newest(account)
    standings = {
        "stripe": _tested(bool(account.stripe_api_key), looks.get(Side.STRIPE)),
        "messages": DONE if account.stripe_webhook_secret else TO_DO,
        "netsuite": _tested(_has_token(account), looks.get(Side.NETSUITE)),
        "accounts": _tested(not to_choose(account, ACCOUNTS), looks.get(Side.BOOKS)),
        "invoice": DONE if account.has_invoice else TO_DO,
    }
    return [
        Step(number, key, TITLES[key], reverse(f"dashboard:set_up_{key}", args=[account.name]), standing)
        for number, (key, standing) in enumerate(standings.items(), start=1)
    ]


def blank_steps() -> list[Step]:
    """The steps before there is an account."""
    return [Step(number, key, title, "", TO_DO) for number, (key, title) in enumerate(TITLES.items(), 1)]


def next_of(steps: Sequence[Step]) -> Step | None:
    """The first step that is not done; None when all are."""
    return next((step for step in steps if not step.is_done), None)


def _tested(is_stored: bool, look: Look | None) -> Standing:
    if not is_stored:
        return TO_DO
    if look is None or not look.is_current:
        return NOT_TRIED
    return TO_MEND if look.ill else DONE


def _has_token(account: StripeAccount) -> bool:
    books = account.netsuite_account
    return bool(books.netsuite_account_id) and all(getattr(books, name) for name in TOKEN)


# Accounts and items


def choices_tab(account: StripeAccount, *, has_subsidiaries: bool, all_of_them: bool) -> Tab:
    """The settings that are to be chosen, as a tab of Settings: all, or those that are not chosen yet."""
    missing = {one.name for one in to_choose(account, ACCOUNTS)}
    recommended = [name for name in RECOMMENDED if name != "subsidiary" or has_subsidiaries]

    def is_asked(one: Setting) -> bool:
        wanted = one.required or one.name in recommended
        return wanted if all_of_them else one.name in missing

    groups = [
        Group(group.title, tuple(one for one in group.settings if is_asked(one)), group.sub)
        for group in ACCOUNTS.groups
    ]
    if all_of_them:
        dates = tuple(one for one in COPY.settings if one.name in DATES)
        groups.insert(0, Group("Dates", dates))
    return Tab("accounts", "Accounts", "", tuple(group for group in groups if group.settings))


def looked_up() -> dict[str, Setting]:
    """The settings of this step that are chosen from what NetSuite has."""
    wanted = [one for one in ACCOUNTS.settings if one.required or one.name in RECOMMENDED]
    return {one.name: one for one in wanted}


def suggested(account: StripeAccount, found: dict[str, Found], names: Iterable[str]) -> dict[str, object]:
    """What is suggested for the settings among `names` that are empty."""
    asked = set(names)
    return {
        name: value
        for name, value in suggestions.suggest(account, found).items()
        if name in asked and not getattr(account, name)
    }


def chosen_already(account: StripeAccount, names: Iterable[str]) -> list[Setting]:
    """The settings of this step that are chosen and not among `names`."""
    shown = set(names)
    return [BY_NAME[name] for name in looked_up() if name not in shown and getattr(account, name)]
