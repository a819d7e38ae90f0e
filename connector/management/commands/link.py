"""`manage.py link NAME STRIPE_ID INTERNAL_ID`: have another NetSuite record stand for a Stripe object."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connector.engine import doors, leases, links
from connector.errors import Verdict
from connector.failures import describe
from connector.management.commands.account import existing
from connector.management.person import person


class Command(BaseCommand):
    """Changes our map, never the books; a linked customer gets the Stripe id in its comments."""

    help = "Point a Stripe object at another NetSuite record, as after a merge. Then try its documents again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account")
        parser.add_argument("stripe_id", metavar="STRIPE_ID", help="the Stripe object, like cus_… or price_…")
        parser.add_argument("internal_id", metavar="INTERNAL_ID", help="the NetSuite record's internal id")
        parser.add_argument(
            "--type", default="", choices=links.KINDS, help="what it is in NetSuite, if not plain"
        )
        parser.add_argument("--why", default="", help="a sentence that is kept with the link")
        parser.add_argument("--dry-run", action="store_true", help="look at both sides and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        account, key, who = existing(options["name"]), options["stripe_id"], person()
        try:
            gateway = doors.netsuite_gateway(account.netsuite_account, f"link:{leases.owner()}")
            linking = links.prepare(account, key, options["internal_id"], gateway, options["type"])
            if not options["dry_run"]:
                links.link(account, linking, gateway, who=who, why=options["why"])
        except links.NotLinked as reason:
            raise CommandError(str(reason)) from None
        except Verdict as verdict:
            raise CommandError(f"{verdict.message} {describe(verdict.code).next_step}") from None
        self._tell(linking, done=not options["dry_run"])

    def _tell(self, linking: links.Linking, *, done: bool) -> None:
        row, target = linking.row, linking.target
        name = " ".join(dict.fromkeys(part for part in (target.number, target.name) if part))
        before = f" instead of {linking.before}" if linking.before else ""
        verb = "is now" if done else "would be"
        self.stdout.write(f"{row.external_id} {verb} {target.type} {target.internal_id} {name}{before}.")
        for sentence in linking.told:
            self.stdout.write(sentence)
