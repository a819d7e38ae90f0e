"""The connector as a Django app: its start-up checks, its queue's clock, its shared cache."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_migrate


class ConnectorConfig(AppConfig):
    """Registers checks, and makes after every `migrate` what no migration can."""

    name = "connector"

    def ready(self) -> None:
        from connector import checks  # noqa: F401 - registers itself

        post_migrate.connect(prepare, sender=self)
        if settings.PROCESS_ROLE == "worker":
            from django_q.signals import post_execute

            from connector import watchdog

            post_execute.connect(watchdog.beat)


def prepare(**kwargs: Any) -> None:
    """Make the shared cache's table, the roles, and the schedules: sweep, look at the books, mails."""
    from django_q.models import Schedule

    from connector.engine import roles

    database = kwargs.get("using", "default")
    call_command("createcachetable", database=database, verbosity=0)
    roles.make(database)
    Schedule.objects.using(database).update_or_create(
        name="sweep",
        defaults={"func": "connector.tasks.sweep", "schedule_type": Schedule.MINUTES, "minutes": 1},
    )
    Schedule.objects.using(database).update_or_create(
        name="check_books",
        defaults={"func": "connector.tasks.check_books", "schedule_type": Schedule.HOURLY},
    )
    Schedule.objects.using(database).update_or_create(
        name="mails",
        defaults={"func": "dashboard.mails.send_due", "schedule_type": Schedule.MINUTES, "minutes": 5},
    )
