"""The doorbell, seen from outside: which jobs the queue will call for."""

from __future__ import annotations

from django_q.models import OrmQ


def rings() -> list[int]:
    """The primary keys of the jobs that were rung for and not yet called, oldest ring first."""
    tasks = [row.task for row in OrmQ.objects.order_by("pk")]
    assert {task["func"] for task in tasks} <= {"connector.tasks.run_job"}
    return [task["args"][0] for task in tasks]


def silence() -> None:
    """Lose every ring, as a queue that is emptied does."""
    OrmQ.objects.all().delete()
