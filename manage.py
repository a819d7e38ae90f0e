#!/usr/bin/env python3
"""The command line of this installation: `manage.py help` lists the commands."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
DEMO_FILE = BASE_DIR / "var" / "demo.env"

# Commands that keep nothing and encrypt nothing, so that they run on a fresh clone.
KEYLESS = frozenset({"check", "collectstatic", "help", "makemigrations", "sandbox", "--help", "--version"})


def throwaway_keys() -> dict[str, str]:
    """New random keys for a process, or a demo, that guards nothing of worth."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "CREDENTIAL_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
    }


def use_demo_settings() -> None:
    """Make this process, and those that it starts, read the demo's variables and no others.

    They are kept in var/demo.env, made on the first run, so that another terminal can look at
    the same demo: `ENV_FILE=var/demo.env .venv/bin/python manage.py ...`. An installation's own
    database named in the surrounding environment must never become the demo's.
    """
    if not DEMO_FILE.exists():
        DEMO_FILE.parent.mkdir(exist_ok=True)
        values = throwaway_keys() | {
            "LOCAL": "true",
            "DEBUG": "false",
            "DATABASE_URL": "sqlite:///var/demo.sqlite3",
            "DATA_DIR": "var",
            "Q_WORKERS": "2",
        }
        DEMO_FILE.touch(mode=0o600)
        DEMO_FILE.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    for line in DEMO_FILE.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ[name] = value
    os.environ["ENV_FILE"] = str(DEMO_FILE)


def main() -> None:
    """Run the command that was typed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suitesync.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        use_demo_settings()
    elif command in KEYLESS and not (BASE_DIR / (os.environ.get("ENV_FILE") or ".env")).exists():
        for name, value in throwaway_keys().items():
            os.environ.setdefault(name, value)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
