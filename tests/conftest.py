"""What every test may ask for: the practice world, an account wired to it, a count of the rules proven."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import call_command
from django.db import connection

from tests.sandbox import real_xsd

if TYPE_CHECKING:
    from connector.models import StripeAccount
    from connector.sandbox.server import Server


@pytest.fixture(scope="session")
def sandbox_server() -> Generator[Server]:
    """The practice world on the wire, one server for the whole run. Tests ask for `sandbox` instead."""
    from connector.sandbox.server import Server
    from connector.sandbox.world import World

    with Server(World()) as server:
        yield server


@pytest.fixture(autouse=True)
def _accounts_are_read_anew() -> None:
    """What a rolled back test held of its accounts must not reach the next one."""
    from connector.engine import doorkeeper

    doorkeeper.forget()


@pytest.fixture
def sandbox(sandbox_server: Server) -> Generator[Server]:
    """A fresh, empty practice world: `.url` on the wire, `.world` from inside.

    Every SOAP request and answer of the test is held against NetSuite's real schemas, when they are here.
    """
    requests.post(f"{sandbox_server.url}/reset", timeout=10).raise_for_status()
    unlawful: list[tuple[str, list[str]]] = []

    def hold_against_the_real_schemas(asked: bytes, answered: bytes, operation: str) -> None:
        found = [error for message in (asked, answered) for error in real_xsd.errors(message)]
        unlawful.extend([(operation, found)] if found else [])

    stop = sandbox_server.world.netsuite.on_request(hold_against_the_real_schemas)
    yield sandbox_server
    stop()
    assert unlawful == []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Expected books are texts; this writes them anew."""
    parser.addoption("--accept-books", action="store_true", help="write the stories' expected books anew")


@pytest.fixture
def account(sandbox: Server, db: None) -> StripeAccount:
    """The account `acme`, wired to the fresh practice world as a person would wire it."""
    from connector.models import StripeAccount

    call_command("account", "acme", sandbox=sandbox.url, verbosity=0)
    return StripeAccount.objects.get(name="acme")


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """What DATABASE_URL must say for another process to see and change this test's rows."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


# Rules proven


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write each test's rule ids where its report carries them."""
    for item in items:
        for marker in item.iter_markers("rule"):
            item.user_properties.extend(("rule", rule) for rule in marker.args)


def pytest_report_header() -> str:
    """Whether SOAP messages can be held against NetSuite's real schemas in this run."""
    return "NetSuite's real WSDL: " + ("is here" if real_xsd.folder() else f"SKIPPED, {real_xsd.ABSENT}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which rules of the rulebook this run has proven, and which are not built, and why.

    A rule is proven by a passing test when no test of it has failed.
    """
    from connector.rulebook import not_built

    def rules(outcome: str) -> set[str]:
        reports = terminalreporter.getreports(outcome)
        properties = (pair for report in reports for pair in getattr(report, "user_properties", ()))
        return {str(value) for key, value in properties if key == "rule"}

    broken = rules("failed") | rules("error")
    proven = sorted(rules("passed") - broken)
    if not (proven or broken):
        return
    terminalreporter.section("rules of the rulebook")
    terminalreporter.write_line(f"{len(proven)} proven: {', '.join(proven)}")
    if broken:
        terminalreporter.write_line(f"{len(broken)} broken: {', '.join(sorted(broken))}", red=True)
    unbuilt = not_built()
    terminalreporter.write_line(f"{sum(map(len, unbuilt.values()))} not built:")
    for reason, ids in unbuilt.items():
        terminalreporter.write_line(f"  {reason} {', '.join(ids)}")
