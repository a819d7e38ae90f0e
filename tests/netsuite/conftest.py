"""A stub NetSuite that serves the real WSDL, and a door to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.netsuite.gateway import Exchange
from connector.netsuite.soap import SoapGateway
from tests.netsuite.schemas import REAL_VERSION, is_real_wsdl_there, wsdl_folder
from tests.netsuite.wire import OpenSlots, Stub, practice_documents, real_documents


@pytest.fixture(scope="session")
def real_netsuite() -> Iterator[Stub]:
    """One stub for the run, with the real WSDL where it is there, else with the practice NetSuite's."""
    real = real_documents(wsdl_folder(), REAL_VERSION)
    with Stub(real if is_real_wsdl_there() else practice_documents(REAL_VERSION), REAL_VERSION) as stub:
        yield stub


@pytest.fixture
def netsuite(real_netsuite: Stub) -> Stub:
    """The stub with nothing said yet."""
    for memory in (
        real_netsuite.answers,
        real_netsuite.requests,
        real_netsuite.actions,
        real_netsuite.cookies,
    ):
        memory.clear()
    return real_netsuite


@pytest.fixture(scope="session")
def wsdl_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run keeps the WSDL."""
    return tmp_path_factory.mktemp("wsdl")


@pytest.fixture
def slots() -> OpenSlots:
    """Slots that remember what they were told."""
    return OpenSlots()


@pytest.fixture
def exchanges() -> list[Exchange]:
    """What the door says that it sent and got."""
    return []


@pytest.fixture
def door(netsuite: Stub, wsdl_directory: Path, slots: OpenSlots, exchanges: list[Exchange]) -> SoapGateway:
    """The door to the stub, with a short patience."""
    return SoapGateway(
        netsuite.credentials(),
        cache_directory=wsdl_directory,
        slots=slots,
        on_exchange=exchanges.append,
        read_seconds=1.0,
    )
