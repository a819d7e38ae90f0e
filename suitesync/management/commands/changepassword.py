"""`manage.py changepassword`: Django's, and written down."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword

from suitesync.management.people import written_down


class Command(changepassword.Command):
    """Asks and answers as Django's does."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Replace somebody's password."""
        with written_down():
            return super().handle(*args, **options)
