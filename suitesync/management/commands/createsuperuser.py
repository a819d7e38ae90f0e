"""`manage.py createsuperuser`: Django's, and written down."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from suitesync.management.people import written_down


class Command(createsuperuser.Command):
    """Asks and answers as Django's does."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Make an admin."""
        with written_down():
            return super().handle(*args, **options)
