"""What an installation's settings promise, seen from a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KEYS = {
    "SECRET_KEY": "$begins-with-a-dollar-" + "x" * 50,
    "CREDENTIAL_KEYS": "dGVzdHMgb25seSwgbmV2ZXIgYSByZWFsIHNlY3JldCE=",
}


def settings_with(names: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings under these variables alone and print the named ones as JSON."""
    program = (
        "import json, sys\nfrom suitesync import settings\n"
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1].split()}, default=str))"
    )
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": ""} | variables
    return subprocess.run(
        [sys.executable, "-c", program, names], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("missing", KEYS)
def test_without_a_key_nothing_starts_and_the_sentence_says_how_to_make_one(missing: str) -> None:
    refused = settings_with("DEBUG", **{name: value for name, value in KEYS.items() if name != missing})
    assert refused.returncode != 0
    assert f"{missing} is not set" in refused.stderr
    assert "python3 -c" in refused.stderr


def test_a_broken_credential_key_is_refused_without_being_shown() -> None:
    refused = settings_with("DEBUG", **KEYS | {"CREDENTIAL_KEYS": "not-a-key"})
    assert "Key 1 of CREDENTIAL_KEYS is not a key" in refused.stderr
    assert "not-a-key" not in refused.stderr


@pytest.mark.parametrize("text", ["soon", "-5", "0"])
def test_a_number_that_is_none_is_refused_by_name(text: str) -> None:
    assert (
        "JOB_TIME_LIMIT must be a whole number" in settings_with("DEBUG", **KEYS, JOB_TIME_LIMIT=text).stderr
    )


def test_the_posture_is_production_unless_told_otherwise() -> None:
    told = settings_with(
        "DEBUG LOCAL SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE ALLOWED_HOSTS SECRET_KEY",
        **KEYS,
    )
    assert json.loads(told.stdout) == {
        "DEBUG": False,
        "LOCAL": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "ALLOWED_HOSTS": [],
        "SECRET_KEY": KEYS["SECRET_KEY"],
    }


def test_a_worker_keeps_no_connection_and_a_web_process_does() -> None:
    url = "postgres://books:p%40ss@db.example:5433/books"
    web = json.loads(settings_with("DATABASES", **KEYS, DATABASE_URL=url).stdout)["DATABASES"]["default"]
    worker = json.loads(settings_with("DATABASES", **KEYS, DATABASE_URL=url, PROCESS_ROLE="worker").stdout)[
        "DATABASES"
    ]["default"]
    assert (web["CONN_MAX_AGE"], worker["CONN_MAX_AGE"]) == (60, 0)
    assert (web["HOST"], web["PORT"], web["PASSWORD"]) == ("db.example", 5433, "p@ss")


@pytest.mark.parametrize("workers", ["1", "2", "4", "16"])
def test_the_queue_offers_a_task_again_only_after_it_must_have_ended(workers: str) -> None:
    queue = json.loads(settings_with("Q_CLUSTER", **KEYS, Q_WORKERS=workers).stdout)["Q_CLUSTER"]
    for cluster in (queue, queue["ALT_CLUSTERS"]["backfill"]):
        rounds = 1 + -(-(queue["queue_limit"] + queue["bulk"]) // cluster["workers"])
        assert cluster["retry"] > cluster["timeout"] * rounds


def test_every_variable_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    source = (ROOT / "suitesync/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:env\.\w+|_verbatim|_whole_number|os\.environ\.get)\(\s*"(\w+)"', source))
    assert explained == read


def test_a_secret_never_reaches_the_log() -> None:
    program = (
        "import logging, structlog\nfrom suitesync import logs\nlogs.configure(level='INFO', pretty=False)\n"
        "log = structlog.get_logger('books')\n"
        "log.info('saved', api_key='one', account={'token_secret': 'two', 'name': 'acme'}, count=3)\n"
        "logging.getLogger('library').warning('sent sk_test_three33 and %s', 'whsec_four444')\n"
        "try:\n    raise ValueError('rk_live_five555')\nexcept ValueError:\n    log.exception('broken')\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    saved, sent, broken = [json.loads(line) for line in process.stderr.splitlines()]
    assert saved["event"] == "saved"
    assert saved["account"]["name"] == "acme"
    assert saved["count"] == 3
    assert sent["event"] == "sent [hidden] and [hidden]"
    assert "ValueError" in broken["exception"]
    assert not [word for word in ("one", "two", "three33", "four444", "five555") if word in process.stderr]


@pytest.mark.sqlite
def test_sqlite_is_set_so_that_many_processes_can_write(db: None) -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
