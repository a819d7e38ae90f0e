"""`manage.py sweep`: ring for all that is due; a second trigger beside the workers' own clock."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from connector import tasks


class Command(BaseCommand):
    """For a timer of the machine, so that due work is rung even when no worker's clock runs."""

    help = "Ring for every job that is due and for every lease that ran out."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tasks.sweep()} rung.")
