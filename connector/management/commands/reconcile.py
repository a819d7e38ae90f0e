"""`manage.py reconcile NAME`: do Stripe, our map and NetSuite agree, to the cent?

`--json` prints one document. Amounts are text with the currency's decimals, empty where a side has none.

    {"account", "from", "to", "ties_out": true | false,
     "payouts": [{"id", "date", "status", "kind", "currency", "stripe", "mapped", "netsuite", "settled",
                  "standing": "ties" | "differs" | "not_booked" | "on_its_way" | "by_hand" | "nothing",
                  "records": [{"type", "internal_id", "amount"}],
                  "differences": [{"code", "key", "internal_id", "stripe", "mapped", "netsuite",
                                   "message", "cause", "action"}]}],
     "balances": [{"currency", "undeposited_funds", "difference", "unexplained", "settled",
                   "stripe": {"available", "pending", "in_transit", "total"},
                   "explained": [{"code", "amount", "count", "examples": [], "settled",
                                  "message", "cause", "action"}]}],
     "drift": {"checked", "calls", "seconds", "finished_at", "stopped",
               "records": [{"kind", "type", "external_id", "internal_id", "amount", "currency",
                            "first_seen", "last_seen", "differences": [{"what", "ours", "theirs"}],
                            "message", "cause", "action"}]}}
"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connector.engine import drift, reconcile
from connector.errors import Verdict
from connector.failures import describe
from connector.management.commands.account import existing
from connector.models import TieOut

_PARTS = ("available", "pending", "in_transit")


class Command(BaseCommand):
    """Exit status 0 only when every payout, every balance and every record ties out."""

    help = (
        "Lay Stripe, our map and NetSuite side by side: each payout that arrived in the period, Undeposited "
        "Funds against Stripe's balance, and every record that somebody changed in NetSuite."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account")
        parser.add_argument("--from", dest="first", metavar="D", help="first day of arrival (2026-11-01)")
        parser.add_argument("--to", dest="last", metavar="D", help="last day of arrival; today if not given")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        account = existing(options["name"])
        first, last = reconcile.period(account, _day(options["first"]), _day(options["last"]))
        if first > last:
            raise CommandError(f"The period ends on {last.isoformat()}, before it begins.")
        try:
            drift.check(account)
            found = reconcile.reconcile(account, first, last)
        except Verdict as verdict:
            raise CommandError(f"{verdict.message} {describe(verdict.code).next_step}") from verdict
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self._tell(found)
        if not found["ties_out"]:
            sys.exit(1)

    def _tell(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"Payouts from {found['from']} to {found['to']}: {len(found['payouts'])}")
        for payout in found["payouts"]:
            self._tell_payout(payout)
        for balance in found["balances"]:
            self._tell_balance(balance)
        self._tell_drift(found["drift"])
        self.stdout.write("All ties out." if found["ties_out"] else "Not all ties out.")

    def _tell_payout(self, payout: dict[str, Any]) -> None:
        standing = TieOut.Standing(payout["standing"]).label
        sides = "  ".join(f"{payout[side] or '-':>12}" for side in ("stripe", "mapped", "netsuite"))
        self.stdout.write(f"  {payout['date']}  {payout['id']}  {payout['currency']}{sides}  {standing}")
        for one in payout["differences"]:
            self.stdout.write(f"      {one['message']} {one['action']}")

    def _tell_balance(self, balance: dict[str, Any]) -> None:
        code, stripe = balance["currency"], balance["stripe"]
        parts = ", ".join(f"{name.replace('_', ' ')} {stripe[name]}" for name in _PARTS)
        funds = balance["undeposited_funds"]
        self.stdout.write(f"{code}: Undeposited Funds {funds}, Stripe {stripe['total']} ({parts})")
        for cause in balance["explained"]:
            action = "" if cause["settled"] else f" {cause['action']}"
            self.stdout.write(f"  {cause['amount']:>14}  {cause['message']} ({cause['count']}).{action}")
        if balance["unexplained"].strip("-0."):
            self.stdout.write(f"  {balance['unexplained']:>14}  not explained")

    def _tell_drift(self, drift: dict[str, Any]) -> None:
        cost = f"{drift['checked']} records, {drift['calls']} requests, {drift['seconds']} seconds"
        self.stdout.write(
            f"Changed in NetSuite: {len(drift['records'])} ({cost}). {drift['stopped']}".rstrip()
        )
        for record in drift["records"]:
            self.stdout.write(
                f"  {record['type']} {record['internal_id']}  {record['external_id']}  {record['message']}"
            )
            for one in record["differences"]:
                self.stdout.write(f"      {one['what']}: {one['theirs']} instead of {one['ours']}")
            self.stdout.write(f"      {record['action']}")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Write the day like 2026-11-21, not “{text}”.") from None
