"""What every test may ask for: the practice world, an account wired to it, a count of the rules proven."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import call_command
from django.db import connection

from tests.sandbox import real_xsd

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer
    from pytest_django.plugin import DjangoDbBlocker

    from connector.models import StripeAccount
    from connector.sandbox.server import Server
    from tests.stories.stage import Stage

NO_TRUNCATE = "connector_auditentry_no_truncate"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, whose audit may be emptied between tests; that it is not changed still holds.

    Between tests Django truncates every table, which PostgreSQL refuses of the audit (migration 0009).
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE connector_auditentry DISABLE TRIGGER {NO_TRUNCATE}")


@pytest.fixture(scope="session")
def sandbox_server() -> Generator[Server]:
    """The practice world on the wire, one server for the whole run. Tests ask for `sandbox` instead."""
    from connector.sandbox.server import Server
    from connector.sandbox.world import World

    real_xsd.make_ready()  # else the first message waits for it longer than we wait for NetSuite
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
    """The account `acme`, wired to the fresh practice world as a person would wire it.

    It writes no ids into Stripe: each is a call, an event and a look at it. Tests of that ask for
    `ids_in_stripe`.
    """
    from connector.models import StripeAccount

    call_command("account", "acme", sandbox=sandbox.url, verbosity=0)
    StripeAccount.objects.update(write_ids_to_stripe=False)
    return StripeAccount.objects.get(name="acme")


@pytest.fixture
def ids_in_stripe(account: StripeAccount) -> None:
    """The account writes NetSuite's ids into Stripe, as a new account does."""
    account.write_ids_to_stripe = True
    account.save(update_fields=["write_ids_to_stripe"])


@pytest.fixture
def web_address(live_server: LiveServer) -> str:
    """Our own web server, to which the practice Stripe delivers."""
    # Else each answer waits 40 ms for an acknowledgement; what is accepted inherits the option.
    live_server.thread.httpd.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return str(live_server)


@pytest.fixture
def stage(sandbox: Server, account: StripeAccount, web_address: str, transactional_db: None) -> Stage:
    """The stage for stories: the practice world delivers its events to our webhook address over HTTP."""
    from tests.stories.stage import Stage

    return Stage(sandbox.world, account, web_address)


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
