"""`manage.py account NAME`: create, change or show an account."""

from __future__ import annotations

import getpass
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connector.engine import accounts, practice
from connector.management.person import person
from connector.models import StripeAccount


class Command(BaseCommand):
    """Reads settings from the command line and, with --sandbox, from a running practice world."""

    help = "Create, change or show an account. Secrets go in, and never come out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's short name; it is part of the webhook address")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            dest="pairs",
            help="set one field; a value of - is asked for, or read from standard input",
        )
        parser.add_argument("--sandbox", metavar="URL", help="take over all that a running sandbox knows")
        parser.add_argument(
            "--netsuite", metavar="NAME", default="", help="share the NetSuite account of this name"
        )
        parser.add_argument("--json", action="store_true", help="print the account as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        values = _sandbox_values(options["sandbox"]) if options["sandbox"] else {}
        values |= dict(_pair(text) for text in options["pairs"])
        if values or options["netsuite"]:
            try:
                account = accounts.configure(
                    options["name"], values, netsuite=options["netsuite"], who=person()
                )
            except accounts.BadSetting as error:
                raise CommandError(str(error)) from None
        else:
            account = existing(options["name"])
        self._show(account, as_json=options["json"], quiet=options["verbosity"] == 0)

    def _show(self, account: StripeAccount, *, as_json: bool, quiet: bool) -> None:
        shown = accounts.shown(account)
        if as_json:
            self.stdout.write(json.dumps(shown, indent=2))
        elif not quiet:
            width = max(map(len, shown))
            for key, value in shown.items():
                text = (
                    json.dumps(value)
                    if isinstance(value, dict | bool)
                    else ""
                    if value is None
                    else str(value)
                )
                self.stdout.write(f"{key:<{width}}  {text}".rstrip())


def existing(name: str) -> StripeAccount:
    """The account of this name. Raises CommandError with the names that there are."""
    account = StripeAccount.objects.select_related("netsuite_account").filter(name=name).first()
    if account is None:
        known = ", ".join(StripeAccount.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise CommandError(
            f"There is no account “{name}” (there are: {known}). Create it with --set KEY=VALUE."
        )
    return account


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        raise CommandError(f"“{text}” is not of the form KEY=VALUE.")
    if value == "-":
        value = getpass.getpass(f"{key}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return key.strip(), value


def _sandbox_values(url: str) -> dict[str, Any]:
    try:
        return practice.settings_at(url)
    except practice.Away as away:
        raise CommandError(f"{away} Start one first.") from None
