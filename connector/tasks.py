"""What django-q2 calls: by name, with primary keys only. Nothing here raises for business reasons."""

from __future__ import annotations

from connector.engine import jobs, sync


def run_job(pk: int) -> str:
    """Run one job, if it is due and nobody else has it. Returns its status, for the queue's own record."""
    return sync.run(pk)


def sweep() -> int:
    """Ring for all that is due and unheard. Returns how many."""
    return jobs.sweep()
