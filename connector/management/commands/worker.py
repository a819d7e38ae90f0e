"""`manage.py worker`: the background workers of this machine, under a watchdog."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from connector.watchdog import Watchdog, cluster_command


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C; then lets the jobs in hand end, and leaves nothing running."""

    help = "Run the background workers of this machine. Start it on as many machines as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        Watchdog(cluster_command()).run()
