"""`make bench`: run every benchmark on a durable PostgreSQL of its own, print a table, write bench.json.

Names of benchmarks after the command run only those. Exit status 1 when a goal does not hold.
Everything that is started here ends here, also on Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from rich.console import Console

from bench.results import Measure, print_table, write_json
from manage import throwaway_keys
from tests.postgres import PostgreSQL, start_for_this_process

BENCHMARKS = (
    "soap_calls",
    "client_cpu",
    "translation",
    "webhook_to_booked",
    "webhook_intake",
    "payout",
    "console",
)
RESULTS = Path("bench.json")
INTERRUPTED = 130


def main() -> int:
    """Run what was asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure SuiteSync on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(BENCHMARKS)}")
    names = parser.parse_args().names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    progress = Console(stderr=True)
    try:
        with progress.status("Starting PostgreSQL…") as status, TemporaryDirectory(prefix="bench-") as folder:
            server = start_for_this_process(durable=True)
            measures = _measure_all(names, server, Path(folder), status.update)
    except KeyboardInterrupt:
        progress.print("Stopped. Nothing is left running.")
        return INTERRUPTED
    print_table(measures, Console(width=None if sys.stdout.isatty() else 160))
    write_json(measures, RESULTS)
    return 0 if all(one.holds for one in measures) else 1


def _measure_all(
    names: Sequence[str], server: PostgreSQL, folder: Path, say: Callable[[str], None]
) -> list[Measure]:
    """The benchmarks in turn, on one stage. What needs Django's settings is imported after them."""
    _use_settings(server, folder)
    import django

    django.setup()
    with (folder / "here.log").open("w") as log:
        logging.getLogger().handlers[0].setStream(log)  # type: ignore[attr-defined]
        return _on_stage(names, folder, say)


def _on_stage(names: Sequence[str], folder: Path, say: Callable[[str], None]) -> list[Measure]:
    from django.core.management import call_command

    from bench.stage import open_stage

    say("Making the tables…")
    call_command("migrate", verbosity=0)
    measures: list[Measure] = []
    with open_stage(folder) as stage:
        for name in names:
            benchmark = importlib.import_module(f"bench.{name}")
            say(f"Measuring: {(benchmark.__doc__ or '').partition(chr(10))[0]}")
            measures += benchmark.measure(stage)
    return measures


def _use_settings(server: PostgreSQL, folder: Path) -> None:
    """The project's own settings with throwaway keys; what a developer's .env says does not count."""
    with psycopg.connect(host=str(server.folder), user="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE suitesync")
    os.environ.update(
        throwaway_keys(),
        ENV_FILE="",
        LOCAL="true",
        DEBUG="false",
        DATABASE_URL=server.url,
        DATA_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="suitesync.settings",
    )


if __name__ == "__main__":
    sys.exit(main())
