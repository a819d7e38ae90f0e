"""`manage.py backfill NAME --from D`: bring all of a period to NetSuite, and prove that it is all there."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from connector.engine import backfill_hold
from connector.engine.backfill import Desk, Interrupted, Run
from connector.engine.backfill_hold import NotBegun
from connector.engine.backfill_period import KINDS, Period, period_of
from connector.engine.backfill_preview import Preview
from connector.errors import Verdict
from connector.failures import describe
from connector.management.commands.account import existing
from connector.management.person import person
from connector.models import Backfill, StripeAccount

Json = dict[str, Any]
STOPPED = 130
"""The exit status of a run that was stopped from the keyboard, as shells have it."""
LABELS = {
    "netsuite": "in NetSuite",
    "skipped": "skipped",
    "needs_attention": "waiting for a person",
    "failed": "waiting for an engineer",
    "waiting": "not at its end",
    "different": "with another amount in NetSuite",
    "missing": "unaccounted for",
}
DRY_LABELS = {
    **LABELS,
    "netsuite": "in NetSuite, or would be",
    "waiting": "can be told only when others are there",
}
DOING = {
    "counting": "Counting",
    "planning": "Planning",
    "booking": "Booking",
    "waiting": "Waiting for what was put off",
    "proving": "Proving",
}


class Command(BaseCommand):
    """Exit status 0 when every object of the period is in NetSuite or skipped for a reason."""

    help = "Bring all of a period from Stripe to NetSuite. Stop it as you like: the same command goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account")
        parser.add_argument(
            "--from", dest="first", required=True, metavar="D", help="the first day, like 2026-11-01"
        )
        parser.add_argument("--to", dest="last", metavar="D", help="the last day; without it, up to now")
        parser.add_argument(
            "--kind",
            dest="kinds",
            action="extend",
            nargs="+",
            metavar="K",
            help=f"only these: {', '.join(KINDS)}; without it, all",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing; show what would be booked")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        account = existing(options["name"])
        first, last = _day(options["first"]), _day(options["last"]) if options["last"] else None
        kinds = _kinds(options["kinds"])
        _check(account, first, last)
        try:
            with _watched(options["verbosity"] > 0) as desk:
                if options["dry_run"]:
                    period = period_of(account, first, last, timezone.now())
                    told = {
                        "state": "dry_run",
                        **_until(period),
                        **Preview(account, period, kinds, desk).told(),
                    }
                else:
                    told = self._run(account, first, last, kinds, desk)
        except NotBegun as reason:
            raise CommandError(str(reason)) from None
        except (Interrupted, KeyboardInterrupt):
            again = "" if options["dry_run"] else " Give the same command again and it goes on from here."
            self.stderr.write(f"Stopped.{again}")
            sys.exit(STOPPED)
        except Verdict as verdict:
            raise CommandError(
                f"{verdict.message} {describe(verdict.code).next_step} Then give the same command again: it "
                "goes on where it stopped."
            ) from None
        self._tell(account, first, last, told, as_json=options["json"])
        if not _is_fine(told):
            sys.exit(1)

    def _run(
        self, account: StripeAccount, first: date, last: date | None, kinds: list[str], desk: Desk
    ) -> Json:
        row, resumed = backfill_hold.begin(account, first, last, kinds, who=person())
        if resumed:
            begun = row.started_at.astimezone(account.zone)
            self.stderr.write(
                f"Going on with the run of {begun:%Y-%m-%d %H:%M}, which was stopped: {row.done} of "
                f"{row.total} objects were looked at."
            )
        run = Run(row, desk)
        run.bring()
        return {"state": row.state, "resumed": resumed, **_until(run.period), **row.proof}

    # Telling

    def _tell(
        self, account: StripeAccount, first: date, last: date | None, told: Json, *, as_json: bool
    ) -> None:
        if as_json:
            head = {
                "account": account.name,
                "from": first.isoformat(),
                "to": last.isoformat() if last else None,
                "time_zone": account.time_zone,
            }
            self.stdout.write(json.dumps(head | told, indent=2))
            return
        for row in told["kinds"]:
            self._tell_row(row, dry=told["state"] == "dry_run")
        for row in told.get("to_book", ()):
            self.stdout.write(f"Would write {row['count']} {row['type']}{_money(row, row['currency'])}")
        if taking := told.get("estimate"):
            self.stdout.write(
                f"It would take about {taking['minutes']} minutes and {taking['calls']} calls to NetSuite, "
                f"with {taking['at_once']} at work at once."
            )
        for problem in told["problems"]:
            self.stdout.write(f"{problem['subject']}: {problem['message']} {problem['next_step']}")
        self.stdout.write(_verdict(told, first, account.time_zone))

    def _tell_row(self, row: Json, *, dry: bool) -> None:
        kind, currency = row["kind"].replace("_", " "), row["currency"]
        self.stdout.write(f"{kind}: {row['stripe']['count']} in Stripe{_money(row['stripe'], currency)}")
        if currency and row["adjusted"].strip("-0."):
            self.stdout.write(f"    {row['adjusted']} {currency} is the difference that the rules make")
        for name, label in (DRY_LABELS if dry else LABELS).items():
            if row[name]["count"]:
                self.stdout.write(f"    {row[name]['count']} {label}{_money(row[name], currency)}")
        for code, sums in row["reasons"].items():
            self.stdout.write(f"        {sums['count']} {describe(code).title}{_money(sums, currency)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a day. Write it like 2026-11-01.") from None


def _kinds(given: list[str] | None) -> list[str]:
    """The kinds in the order of the work."""
    unknown = sorted(set(given or ()) - set(KINDS))
    if unknown:
        raise CommandError(f"There is no kind {', '.join(unknown)}. The kinds are: {', '.join(KINDS)}.")
    return [word for word in KINDS if not given or word in given]


def _check(account: StripeAccount, first: date, last: date | None) -> None:
    today = timezone.now().astimezone(account.zone).date()
    if first > today:
        raise CommandError(
            f"{first.isoformat()} is in the future: in {account.time_zone} it is {today.isoformat()}."
        )
    if last and last > today:
        raise CommandError(
            f"{last.isoformat()} is in the future: in {account.time_zone} it is {today.isoformat()}. Leave "
            "--to out, and the period goes on up to now."
        )
    if last and last < first:
        raise CommandError(f"The period ends on {last.isoformat()}, before it begins on {first.isoformat()}.")


def _is_fine(told: Json) -> bool:
    """Whether nothing is left to do; of a dry run, whether nothing stands in the way."""
    if told["state"] != "dry_run":
        return bool(told["state"] == Backfill.State.COMPLETE)
    bad = ("needs_attention", "failed", "different", "missing")
    return not told["open"] and not any(row[name]["count"] for row in told["kinds"] for name in bad)


def _until(period: Period) -> Json:
    """The moment up to which Stripe's objects were looked at."""
    return {"until": period.until.isoformat(timespec="seconds")}


def _verdict(told: Json, first: date, zone: str) -> str:
    if told["state"] == "dry_run":
        return "Nothing was written." if _is_fine(told) else "Nothing was written. Mend the above first."
    until = f"{datetime.fromisoformat(told['until']):%Y-%m-%d %H:%M}"
    period = f"from {first.isoformat()} up to {until} ({zone})"
    if told["complete"]:
        return f"Every object {period} is accounted for."
    return f"Not every object {period} is accounted for. Settle what is named, and give the command again."


def _money(sums: Json, currency: str) -> str:
    return f", {sums['sum']} {currency}" if currency else ""


@contextmanager
def _watched(visible: bool) -> Iterator[Desk]:
    """Progress on a terminal; the first Ctrl-C lets the document in hand end, the second does not."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if stopping:
            raise KeyboardInterrupt
        stopping.append(number)
        screen.console.print("Stopping after the document in hand. Ctrl-C once more stops at once.")

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    screen = Progress(
        *columns, console=console, transient=True, disable=not (visible and console.is_terminal)
    )
    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    tasks: dict[str, TaskID] = {}

    def tell(doing: str, kind: str, done: int, total: int) -> None:
        words = f"{DOING[doing]} {kind.replace('_', ' ')}".strip()
        if doing not in tasks:
            tasks[doing] = screen.add_task(words, total=None)
        of = max(total, done) if total else None
        screen.update(tasks[doing], description=words, completed=done, total=of)

    try:
        with screen:
            yield Desk(tell, lambda: bool(stopping))
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
