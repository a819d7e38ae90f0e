"""A practice world for each test, and a lawful SOAP client held against the real schemas at each call."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.sandbox.netsuite import NetSuiteHalf
from connector.sandbox.server import Server
from connector.sandbox.world import World
from tests.sandbox import real_xsd
from tests.sandbox.soap_client import SoapClient

TODAY = datetime(2026, 1, 15, 20, tzinfo=UTC)
CURRENCIES = {"USD": 1, "EUR": 2, "GBP": 3, "JPY": 4, "KWD": 5}


class Inspector:
    """Holds every SOAP message against the real schemas and keeps what was wrong."""

    def __init__(self) -> None:
        self.found: list[tuple[str, list[str]]] = []

    def __call__(self, asked: bytes, answer: bytes, operation: str) -> None:
        self.found.extend((operation, wrong) for wrong in map(real_xsd.errors, (asked, answer)) if wrong)


def _client(server: Server) -> SoapClient:
    client = SoapClient(f"{server.url}/netsuite", server.world.netsuite.credentials)
    client.world = server.world
    return client


@pytest.fixture
def open_netsuite() -> Generator[Callable[..., SoapClient]]:
    """Makes worlds with the given options; in the end every message must be valid by the real schemas."""
    servers: list[Server] = []
    inspector = Inspector()

    def start(*, lawful: bool = True, **options: Any) -> SoapClient:
        world = World(**options)
        world.clock.set(TODAY)
        if lawful:
            world.netsuite.on_request(inspector)
        servers.append(Server(world).start())
        return _client(servers[-1])

    yield start
    for server in servers:
        server.stop()
    assert inspector.found == []


@pytest.fixture(scope="session")
def standing() -> Generator[tuple[SoapClient, Inspector]]:
    """One world for all tests that need no options; `soap` empties it before each."""
    world, inspector = World(), Inspector()
    world.netsuite.on_request(inspector)
    with Server(world) as server:
        yield _client(server), inspector


@pytest.fixture
def soap(standing: tuple[SoapClient, Inspector]) -> Generator[SoapClient]:
    """A client of an empty world in January 2026."""
    client, inspector = standing
    client.world.reset()
    client.world.clock.set(TODAY)
    inspector.found.clear()
    yield client
    assert inspector.found == []


@pytest.fixture
def netsuite(soap: SoapClient) -> NetSuiteHalf:
    """The practice NetSuite behind the client, from inside."""
    half: NetSuiteHalf = soap.world.netsuite
    return half


@pytest.fixture
def netsuite_base(soap: SoapClient) -> str:
    return soap.base


@pytest.fixture
def netsuite_keys(soap: SoapClient) -> dict[str, str]:
    return dict(soap.keys)


class Shop:
    """A customer and an item in a practice company, and short words to bill and pay."""

    def __init__(self, soap: SoapClient, netsuite: NetSuiteHalf) -> None:
        self.soap = soap
        self.netsuite = netsuite
        self.settings = netsuite.settings()
        self.customer = self.new_customer("Acme Ltd")
        self.item = self.new_item("Pro plan")

    def account(self, setting: str) -> Any:
        return self.soap.ref(self.settings[setting])

    def new_customer(self, name: str, *currencies: str, **fields: Any) -> int:
        """A company; `currencies` are those besides US dollars that it may be billed in."""
        soap = self.soap
        given = [
            soap.make("relationships:CustomerCurrency", currency=soap.ref(CURRENCIES[each]))
            for each in currencies
        ]
        if given:
            fields["currencyList"] = soap.make("relationships:CustomerCurrencyList", currency=given)
        return soap.add("customer", companyName=name, subsidiary=self.account("subsidiary"), **fields)

    def new_item(self, name: str, **fields: Any) -> int:
        income = {"incomeAccount": self.account("income_account"), **fields}
        return self.soap.add("serviceSaleItem", itemId=name, **income)

    def invoice_record(self, amount: str, **fields: Any) -> Any:
        lines = self.soap.lines("Invoice", {"item": self.item, "amount": Decimal(amount)})
        return self.soap.record(
            "invoice", **{"entity": self.soap.ref(self.customer), "itemList": lines, **fields}
        )

    def invoice(self, amount: str, **fields: Any) -> int:
        lines = self.soap.lines("Invoice", {"item": self.item, "amount": Decimal(amount)})
        return self.soap.add(
            "invoice", **{"entity": self.soap.ref(self.customer), "itemList": lines, **fields}
        )

    def memo(self, amount: str, **fields: Any) -> int:
        lines = self.soap.lines("CreditMemo", {"item": self.item, "amount": Decimal(amount)})
        return self.soap.add(
            "creditMemo", **{"entity": self.soap.ref(self.customer), "itemList": lines, **fields}
        )

    def payment(self, amount: str, *applied: tuple[int, str], **fields: Any) -> int:
        """A payment applied to (invoice, amount) pairs."""
        lines = [{"doc": doc, "amount": Decimal(part)} for doc, part in applied]
        if lines:
            fields["applyList"] = self.soap.applies("CustomerPayment", *lines)
        received = {"customer": self.soap.ref(self.customer), "payment": Decimal(amount)}
        return self.soap.add("customerPayment", **{**received, **fields})

    def balances(self) -> dict[str, str]:
        """Ledger account -> balance, debits positive, for accounts that have one."""
        accounts = self.netsuite.books()["accounts"]
        return {each["name"]: each["balance"] for each in accounts if Decimal(each["balance"])}


@pytest.fixture
def shop(soap: SoapClient, netsuite: NetSuiteHalf) -> Shop:
    """A shop in US dollars."""
    return Shop(soap, netsuite)
