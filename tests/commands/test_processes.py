"""`sandbox` and `demo` as the processes that a person starts and stops."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest
import requests
from django.conf import settings

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


def free_port() -> int:
    """A port that nobody has at this moment."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_environment(folder: Path) -> dict[str, str]:
    """The environment of a terminal in which nothing of SuiteSync was set."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return {**kept, "TMPDIR": str(folder)}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_serves_both_sides_and_stops_cleanly(stop: signal.Signals, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, MANAGE, "sandbox", "--port", str(port), "--concurrency", "3"],
        env=own_environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    keys = _answer(f"http://127.0.0.1:{port}/credentials.json")
    assert keys["stripe_api_base"] == f"http://127.0.0.1:{port}"
    assert keys["netsuite_base_url"] == f"http://127.0.0.1:{port}/netsuite"
    assert _answer(f"http://127.0.0.1:{port}/books.json")["balanced"] is True
    wsdl = requests.get(f"http://127.0.0.1:{port}/netsuite/wsdl/v2025_2_0/netsuite.wsdl", timeout=5)
    assert wsdl.ok

    process.send_signal(stop)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_bad_faults_are_refused_with_the_lawful_names(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, MANAGE, "sandbox", "--port", str(free_port()), "--faults", "gremlins:3"],
        env=own_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert "gremlins" in ended.stderr
    assert "lost" in ended.stderr


def test_the_demo_proves_its_books_and_leaves_nothing_running(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, MANAGE, "demo", "--once"],
        env=own_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "TRIAL BALANCE" in ended.stdout
    assert "The books balance and agree with Stripe." in ended.stdout
    assert _ours(tmp_path) == []


def test_ctrl_c_ends_a_demo_and_all_that_it_started(tmp_path: Path) -> None:
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, MANAGE, "demo", "--port", str(port), "--sandbox-port", str(free_port())],
        env=own_environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert _answer(f"http://127.0.0.1:{port}/healthz") == {"alive": True}
    demo.send_signal(signal.SIGINT)
    said, _ = demo.communicate(timeout=60)
    assert "Nothing is left running." in said
    assert _ours(tmp_path) == []


def _answer(url: str) -> dict[str, object]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return dict(json.loads(requests.get(url, timeout=5).content))
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _ours(folder: Path) -> list[str]:
    """Processes that still carry this test's mark in their environment."""
    mark = f"TMPDIR={folder}".encode()
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                left.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended, or is not ours to look at
            continue
    return [command for command in left if command]
