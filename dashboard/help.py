"""Help: every reason of the catalogue as a page, with what settles it and what stands so now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse

from connector.engine import roles
from connector.failures import (
    FAILURES,
    NOBODY,
    Failure,
    netsuite,
    ours,
    payouts,
    reconciling,
    refusals,
    skips,
    stripe,
)
from connector.models import Job, StripeAccount
from connector.money import Amount
from dashboard import awaited, figures
from dashboard.access import who_can
from dashboard.links import netsuite_home, stripe_home
from dashboard.selection import current_jobs, listed_jobs, money_of

SHOWN = 10
"""So many records are on the page; the link beside them leads to all."""
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Section:
    """Reasons of one kind, and what happened whenever one of them is given."""

    key: str
    title: str
    happened: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Where something can be settled. One that this reader cannot press says why in `lacking`."""

    words: str
    address: str
    lacking: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether it leads away from the console."""
        return self.address.startswith("http")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands so now: how many records, what those come to that need somebody, and the newest."""

    count: int
    open: int
    money: tuple[Amount, ...]
    newest: tuple[Job, ...]

    @property
    def words(self) -> str:
        """`3 records`, `more than 1,000 records`."""
        if self.count > MOST_COUNTED:
            return f"more than {figures.counted(MOST_COUNTED, 'record', 'records')}"
        return figures.counted(self.count, "record", "records")


GOES_ON = "It waits, and goes on by itself. Nothing of it is lost."
SECTIONS = (
    Section(
        "stripe",
        "Reading from Stripe",
        "Reading from Stripe stopped. Nothing was booked on half of what Stripe says.",
        stripe.FAILURES,
    ),
    Section(
        "netsuite",
        "Reaching NetSuite",
        "The talk with NetSuite broke off. What NetSuite has already stays, and is not written twice.",
        netsuite.FAILURES,
    ),
    Section(
        "refusals",
        "Refused by NetSuite",
        "NetSuite refused to book it, and said why. What it refused is not in NetSuite.",
        refusals.FAILURES,
    ),
    Section(
        "ours",
        "What SuiteSync asks",
        "SuiteSync came to something that it does not settle by guessing, so it stopped and tells you.",
        ours.FAILURES,
    ),
    Section(
        "payouts",
        "Deposits of payouts",
        "A payout is deposited when each of its parts is right, and something about this one is not.",
        payouts.FAILURES,
    ),
    Section(
        "reconciling",
        "What does not tie out",
        "Stripe, our records and NetSuite are laid side by side every night, and here they differ.",
        reconciling.FAILURES,
    ),
    Section(
        "skips",
        "Left out on purpose",
        "Nothing is to be booked for it, or not yet, so it was left out. Nobody has to do anything.",
        skips.FAILURES,
    ),
)


def section_of(failure: Failure) -> Section | None:
    """The section that a reason stands in; None for one that the catalogue does not have."""
    return next((one for one in SECTIONS if failure in one.failures), None)


def happened(failure: Failure) -> str:
    """What happened whenever this reason is given, in a sentence or two."""
    section = section_of(failure)
    if section is None:
        return "A record names a reason that this version of SuiteSync has no page for."
    if failure.who == NOBODY and section.key not in ("reconciling", "skips"):
        return GOES_ON
    return section.happened


def found(text: str) -> list[Section]:
    """The sections with those of their reasons that say `text`; a section without any is left out."""
    sought = text.strip().casefold()
    narrowed = [
        Section(one.key, one.title, one.happened, tuple(each for each in one.failures if _says(each, sought)))
        for one in SECTIONS
    ]
    return [one for one in narrowed if one.failures]


def _says(failure: Failure, sought: str) -> bool:
    words = (failure.code, failure.title, failure.cause, failure.next_step)
    return any(sought in one.casefold() for one in words)


def open_by_code() -> Mapping[str, int]:
    """How many records need somebody, by reason."""
    asking = current_jobs().filter(status__in=Job.OPEN).order_by()
    return Counter(dict(asking.values_list("code").annotate(Count("pk"))))


def standing_so(code: str) -> Standing:
    """The records that stand as they do for this reason, the newest first."""
    those = listed_jobs().filter(code=code)
    asking = those.filter(status__in=Job.OPEN)
    return Standing(
        count=_counted(those),
        open=asking.count(),
        money=money_of(asking),
        newest=tuple(those.order_by("-updated_at", "-pk")[:SHOWN]),
    )


def _counted(jobs: QuerySet[Job]) -> int:
    """How many there are, up to one more than is counted: a skip can stand on every second record."""
    return len(jobs.order_by().values_list("pk")[: MOST_COUNTED + 1])


def buttons(
    failure: Failure, accounts: Sequence[StripeAccount], *, open_now: int, may_set: bool
) -> list[Button]:
    """What can settle it, in the order of the catalogue."""
    several = len(accounts) > 1
    made: list[Button] = []
    for action in failure.actions:
        if action == "retry":
            made.append(_retry(failure, open_now))
        elif action == "settings":
            made += [_settings(one, failure, several=several, may_set=may_set) for one in accounts]
        elif action == "open_netsuite":
            made += _homes(
                "Open NetSuite", ((one, netsuite_home(one.netsuite_account)) for one in accounts), several
            )
        else:
            made += _homes("Open Stripe", ((one, stripe_home(one)) for one in accounts), several)
    return made


def _retry(failure: Failure, open_now: int) -> Button:
    words = f"Try again: {figures.counted(open_now, 'record', 'records')}" if open_now else "Try again"
    lacking = "" if open_now else "No record waits for it now."
    return Button(words, f"{reverse('dashboard:needs')}?q={failure.code}", lacking)


def _settings(account: StripeAccount, failure: Failure, *, several: bool, may_set: bool) -> Button:
    _, address = awaited.button(account, failure.code)
    words = f"Settings of {account.name}" if several else "Settings"
    return Button(words, address, "" if may_set else who_can(roles.CHANGE_SETTINGS))


def _homes(words: str, homes: Iterable[tuple[StripeAccount, str]], several: bool) -> list[Button]:
    """One button for each place: accounts may share their books."""
    names: dict[str, list[str]] = {}
    for account, address in homes:
        if address:
            names.setdefault(address, []).append(account.name)
    return [
        Button(f"{words} ({figures.joined(of)})" if several else words, address)
        for address, of in names.items()
    ]


def is_known(code: str) -> bool:
    """Whether the catalogue has this reason."""
    return code in FAILURES
