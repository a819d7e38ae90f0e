"""`manage.py doctor NAME`: is everything in place to book for this account?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from connector.engine import doctor
from connector.management.commands.account import existing


class Command(BaseCommand):
    """Prints a line for each thing as it is looked at. Exit status 1 when something is to be mended."""

    help = (
        "Sign in to Stripe and NetSuite, look at accounts, items, period and permissions, say what to mend."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account")

    def handle(self, *args: Any, **options: Any) -> None:
        ill = 0
        for finding in doctor.examine(existing(options["name"])):
            if finding.well:
                self.stdout.write(self.style.SUCCESS("  ok    ") + finding.what)
            else:
                ill += 1
                how = f" --set {finding.setting}={finding.to}" if finding.setting else ""
                self.stdout.write(
                    self.style.ERROR("  mend  ") + f"{finding.what}\n        {finding.mend}{how}"
                )
            self.stdout.flush()
        if ill:
            self.stdout.write(f"{ill} to mend.")
            sys.exit(1)
        self.stdout.write("All is well.")
