"""`manage.py sync NAME ID...`: bring Stripe objects to NetSuite now, or show what that would write."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import track

from connector.engine import now
from connector.management.commands.account import existing
from connector.management.person import person
from connector.models import Job

FINE = (Job.Status.SUCCESSFUL, Job.Status.SKIPPED)


class Command(BaseCommand):
    """Exit status 0 when every document is in NetSuite or rightly skipped."""

    help = "Bring Stripe objects (in_, ch_, py_, pi_, cus_, price_) to NetSuite now, with what they need."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account")
        parser.add_argument("ids", nargs="+", metavar="ID", help="Stripe ids")
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing; show the records and their entries"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        account = existing(options["name"])
        work = now.preview if options["dry_run"] else partial(now.bring, who=person())
        ids = dict.fromkeys(options["ids"])
        progress = Console(stderr=True)
        turns = track(ids, "Reading" if options["dry_run"] else "Booking", console=progress, transient=True)
        results = [result for subject in turns for result in work(account, subject)]
        if options["json"]:
            self.stdout.write(json.dumps({"jobs": results}, indent=2))
        else:
            for result in results:
                self._tell(result)
        if not all(result["status"] in FINE for result in results):
            sys.exit(1)

    def _tell(self, result: dict[str, Any]) -> None:
        label = Job.Status(result["status"]).label
        self.stdout.write(
            f"{result['subject']}: {label}{': ' + result['message'] if result['message'] else ''}"
        )
        for record in result["records"]:
            self._tell_record(record)
        for problem in result["problems"]:
            self.stdout.write(f"  {problem['message']} {problem['next_step']}")

    def _tell_record(self, record: dict[str, Any]) -> None:
        money = f"  {record['amount']} {record['currency']}  {record['date']}" if record["amount"] else ""
        number = f" {record['internal_id']}" if record["internal_id"] else ""
        self.stdout.write(f"  {record['type']}{number}  {record['external_id']}{money}")
        for applied in record["applied_to"]:
            self.stdout.write(f"      applied to {applied['external_id']}  {applied['amount']}")
        for entry in record.get("entries", []):
            side = f"Dr  {entry['debit']:>14}" if entry["debit"] else f"Cr  {'':>14}{entry['credit']:>14}"
            self.stdout.write(f"      {entry['account']:<24}{side}")
