"""The worker with a watchdog of little patience: `impatient.py SECONDS [COMMAND ...]`."""

from __future__ import annotations

import sys


def main() -> None:
    """Watch the queue's cluster, or another command in its place."""
    import django

    django.setup()
    from connector.watchdog import Watchdog, cluster_command

    Watchdog(sys.argv[2:] or cluster_command(), limit=float(sys.argv[1])).run()


if __name__ == "__main__":
    main()
