"""`manage.py sandbox`: the practice world, a Stripe and a NetSuite on this machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connector.sandbox import server


class Command(BaseCommand):
    """Serves until Ctrl-C; everything in it is forgotten then."""

    help = "Run the practice world: Stripe, NetSuite and its books, on the loopback address."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, required=True, help="the port to listen on")
        parser.add_argument("--concurrency", type=int, default=5, help="requests that NetSuite takes at once")
        parser.add_argument(
            "--overhead", type=float, default=0.0, metavar="S", help="seconds for each NetSuite call"
        )
        parser.add_argument(
            "--per-record", type=float, default=0.0, metavar="S", help="seconds for each record"
        )
        parser.add_argument(
            "--faults", default="", metavar="SPEC", help="misbehave, for example busy:0.1,lost:3"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            server.run(
                options["port"],
                concurrency=options["concurrency"],
                overhead=options["overhead"],
                per_record=options["per_record"],
                faults=options["faults"],
            )
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from None
