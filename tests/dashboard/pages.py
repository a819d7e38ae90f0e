"""Every page of the console: for pictures, for axe and the keyboard, and for counting queries.

A page is found as a person finds it: at an address, or by the first link of another page that looks
so. What only a press shows is a page too. Where there are no rows of that kind, there is no such page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

Fetch = Callable[[str], str]
"""The HTML at an address, as somebody who signed in gets it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page. `url` is its name in dashboard/urls.py, `name` its own: a file name for pictures.

    `start` is its address, or the page on which a link that fits `link` leads to it. There `fill` are the
    fields to fill by label, `press` the buttons to press one after the other, `after` those that take the
    presses back. `who` is the least role that sees it; `state` tells what is to be seen, where a page has
    several faces; what an auditor files `prints` well.
    """

    name: str
    url: str
    start: str | Place
    link: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    press: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    who: str = "viewer"
    state: str = ""
    prints: bool = False


FIRST_INVOICE = "in_1SBX000001"
"""The first invoice of every practice world."""
A_RESTORE = r"/settings/acme/restore/\d+/"
A_RECORD, A_PAYOUT = r"/jobs/\d+/", r"/payouts/\d+/"

TODAY = Place("today", "overview", "/")
NEEDS = Place("needs-you", "needs", "/needs-you/", state="several causes, one put aside")
NEEDY = Place(
    "record-needs-you", "job", "/jobs/?state=open&first=on", A_RECORD, state="it needs somebody", prints=True
)
BOOKED = Place("record", "job", "/jobs/?state=successful", A_RECORD, state="it is in NetSuite", prints=True)
SKIPPED = Place(
    "record-skipped", "job", "/jobs/?q=skipped_by_person", A_RECORD, state="a person left it out of the books"
)
DUPLICATES = Place("duplicates", "duplicates", "/duplicates/", prints=True)
PAYOUTS = Place("payouts", "payouts", "/payouts/")
MONTHS = Place("month-close", "months", "/month-close/")
PAST = Place("past-records", "past_records", "/past-records/", prints=True)
ACCOUNTS = Place("settings", "settings_accounts", "/settings/")

PLACES = (
    TODAY,
    NEEDS,
    Place("needs-you-nothing-fits", "needs", "/needs-you/?kind=price", state="a filter that nothing fits"),
    Place("try-again", "needs_act", NEEDS, r"/needs-you/try-again/\?.*", who="resolver"),
    Place("skip", "needs_act", NEEDS, r"/needs-you/skip/\?.*", who="resolver"),
    Place("by-hand", "needs_act", NEEDS, r"/needs-you/by-hand/\?.*", who="resolver"),
    Place("open-period", "needs_act", NEEDS, r"/needs-you/open-period/\?.*", who="approver"),
    Place(
        "tried-again",
        "needs_done",
        NEEDS,
        r"/needs-you/try-again/\?.*",
        press=("Try again",),
        after=("Undo",),
        who="resolver",
    ),
    Place("cause", "needs_cause", NEEDS, r"/needs-you/cause/.*", who="resolver"),
    Place("records", "jobs", "/jobs/?first=on"),
    Place("records-nothing-fits", "jobs", "/jobs/?from=soon", state="a filter that is no date"),
    BOOKED,
    NEEDY,
    SKIPPED,
    Place("take-back", "take_back", SKIPPED, r"/jobs/\d+/take-back/", who="resolver"),
    Place("record-compared", "compare", BOOKED, r"/jobs/\d+/compare/"),
    Place("link", "link", BOOKED, r"/jobs/\d+/link/.*", who="resolver"),
    Place("preview", "preview", "/preview/"),
    Place(
        "preview-of",
        "preview",
        "/preview/",
        fill=(("Stripe id", FIRST_INVOICE),),
        press=("Preview",),
        state="an invoice and its entries",
    ),
    Place("find", "search", "/find/?q=120.00"),
    Place("find-both", "ask", "/find/both/?q=ap%40ashgrove.example", state="asked Stripe and NetSuite"),
    DUPLICATES,
    Place("decide", "decide", DUPLICATES, r"/jobs/\d+/allow/[^/]+/", who="approver"),
    Place("decide-several", "decide_several", DUPLICATES, r"/duplicates/[^/]+/[^/]+/", who="approver"),
    PAYOUTS,
    Place("payout", "payout", "/payouts/?state=ties", A_PAYOUT, state="it ties out", prints=True),
    Place("payout-waits", "payout", "/payouts/?state=not_booked", A_PAYOUT, state="its deposit waits"),
    Place("payout-differs", "payout", "/payouts/?state=differs", A_PAYOUT, state="a payment is missing"),
    Place("payout-new", "payout", "/payouts/?state=new", A_PAYOUT, state="it was not compared yet"),
    MONTHS,
    Place("month", "month", MONTHS, r"/month-close/[^/]+/\d{4}-\d\d/", prints=True),
    PAST,
    Place("past-look", "past_look", PAST, r"/past-records/looks/\d+/", prints=True),
    Place("past-run", "past_run", PAST, r"/past-records/\d+/", prints=True),
    Place("history", "history", "/history/"),
    Place("history-nothing-fits", "history", "/history/?who=nobody&from=soon"),
    Place("rulebook", "rulebook", "/rulebook/?account=acme&q=balance", state="the rules about balances"),
    Place("rulebook-nothing-fits", "rulebook", "/rulebook/?q=zeppelin"),
    ACCOUNTS,
    Place("settings-account", "settings", ACCOUNTS, r"/settings/[^/]+/"),
    Place("settings-connections", "settings_tab", "/settings/acme/connections/"),
    Place("settings-accounts", "settings_tab", "/settings/acme/accounts/"),
    Place(
        "settings-looked-up",
        "settings_tab",
        "/settings/acme/accounts/",
        press=("Look up everything in NetSuite",),
        who="settings",
    ),
    Place(
        "settings-review",
        "settings_tab",
        "/settings/acme/accounts/",
        fill=(("Payout clearing", "101"),),
        press=("See what this changes",),
        who="settings",
    ),
    Place(
        "settings-tried",
        "settings_tab",
        "/settings/acme/accounts/",
        fill=(("Income", "101"),),
        press=("See what this changes", "Try it"),
        who="settings",
    ),
    Place("settings-messages", "settings_messages", "/settings/acme/messages/"),
    Place("settings-restore", "settings_restore", "/settings/acme/changes/", A_RESTORE, who="settings"),
    Place("settings-changes", "settings_changes", "/settings/acme/changes/"),
    Place("pause", "pause", "/pause/acme/", who="settings"),
    Place("set-up", "set_up", "/set-up/", who="settings"),
    Place("set-up-new", "set_up_new", "/set-up/new/", who="admin"),
    *(
        Place(f"set-up-{step}", f"set_up_{step}", f"/set-up/acme/{step}/", who="settings")
        for step in ("stripe", "messages", "netsuite", "accounts", "invoice", "done")
    ),
    Place(
        "set-up-booked",
        "set_up_booked",
        "/set-up/acme/invoice/",
        r"/set-up/acme/invoice/\d+/",
        who="settings",
    ),
    Place("health", "health", "/health/", who="engineer"),
    Place("help", "help", "/help/?q=account"),
    Place("help-reason", "help_of", "/help/invoice_already_paid/"),
    Place("profile", "profile", "/profile/"),
    Place("password", "password", "/profile/password/"),
)

SIGN_IN = Place("sign-in", "login", "/accounts/login/")
OUTSIDE = (
    Place("two-step", "mfa_index", "/profile/two-step/"),
    Place("two-step-on", "mfa_activate_totp", "/profile/two-step/on/"),
)
NOT_FOUND = Place("not-found", "", "/nowhere/")
"""Pages that are no address of dashboard/urls.py; signing in is seen before one has."""

NO_PAGE = {
    "live": "a piece of the page of a record",
    "jobs_export": "a file",
    "jobs_view": "leads on to Records",
    "needs_export": "a file",
    "needs_view": "leads on to Needs you",
    "payout_export": "a file",
    "payouts_export": "a file",
    "month_evidence": "a file",
    "past_export": "a file",
    "history_export": "a file",
    "health_file": "a file",
    "set_up_account": "leads on to the step that is next",
    "find": "leads on to the record",
}
"""Addresses that answer GET, but with no page of their own, and why."""


def address_of(place: Place, fetch: Fetch) -> str | None:
    """Where a page lies, before any press; None where no link leads to it."""
    if not place.link:
        return place.start if isinstance(place.start, str) else address_of(place.start, fetch)
    start = place.start if isinstance(place.start, str) else address_of(place.start, fetch)
    if start is None:
        return None
    links = (unescape(found) for found in re.findall(r'href="([^"]+)"', fetch(start)))
    return next((link for link in links if re.fullmatch(place.link, link)), None)
