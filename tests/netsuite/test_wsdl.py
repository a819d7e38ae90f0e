"""The WSDL is fetched once, kept on disk, and gets well again when it is damaged, old or wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.errors import NeedsAttention, RetryLater
from connector.netsuite.gateway import Created
from connector.netsuite.soap import SoapGateway, wsdl
from tests.netsuite import samples
from tests.netsuite.wire import OpenSlots, Raw, Stub, practice_documents, saved, soap


@pytest.fixture
def other_netsuite() -> Iterator[Stub]:
    """A NetSuite of its own, at the version that we use by default."""
    with Stub(practice_documents("2025_2"), "2025_2") as stub:
        yield stub


def write(stub: Stub, directory: Path) -> Created:
    """Create one invoice as a new process would: nothing of the WSDL in memory."""
    wsdl._loaded.pop((f"{stub.url}/wsdl/v{stub.version}_0/netsuite.wsdl", directory), None)
    stub.answers.append(soap("add", saved("42")))
    door = SoapGateway(stub.credentials(), cache_directory=directory, slots=OpenSlots())
    return door.create(samples.INVOICE)


def test_it_is_fetched_once_and_then_read_from_disk(other_netsuite: Stub, tmp_path: Path) -> None:
    write(other_netsuite, tmp_path)
    first = len(other_netsuite.downloads)
    write(other_netsuite, tmp_path)
    assert first > 5
    assert len(other_netsuite.downloads) == first


def test_a_process_loads_it_once(other_netsuite: Stub, tmp_path: Path) -> None:
    write(other_netsuite, tmp_path)
    loaded = dict(wsdl._loaded)
    other_netsuite.answers.extend([soap("add", saved("1"))] * 3)
    for _ in range(3):
        SoapGateway(other_netsuite.credentials(), cache_directory=tmp_path, slots=OpenSlots()).create(
            samples.INVOICE
        )
    assert wsdl._loaded == loaded


@pytest.mark.parametrize("damage", [b"", b"half", b"0" * 64 + b"\n<definitions/>"])
def test_a_damaged_copy_is_fetched_again(other_netsuite: Stub, tmp_path: Path, damage: bytes) -> None:
    write(other_netsuite, tmp_path)
    fetched = len(other_netsuite.downloads)
    for file in tmp_path.iterdir():
        file.write_bytes(damage)
    assert write(other_netsuite, tmp_path) == Created("42")
    assert len(other_netsuite.downloads) == 2 * fetched
    write(other_netsuite, tmp_path)
    assert len(other_netsuite.downloads) == 2 * fetched


def test_an_old_copy_is_fetched_again(other_netsuite: Stub, tmp_path: Path) -> None:
    write(other_netsuite, tmp_path)
    fetched = len(other_netsuite.downloads)
    _age(tmp_path)
    write(other_netsuite, tmp_path)
    assert len(other_netsuite.downloads) == 2 * fetched


def _age(directory: Path) -> None:
    eight_days_ago = time.time() - 8 * 86400
    for file in directory.iterdir():
        os.utime(file, (eight_days_ago, eight_days_ago))


def test_an_old_copy_is_better_than_none(other_netsuite: Stub, tmp_path: Path) -> None:
    write(other_netsuite, tmp_path)
    _age(tmp_path)
    other_netsuite.document = lambda path: Raw("down", 503)  # type: ignore[method-assign]
    assert write(other_netsuite, tmp_path) == Created("42")


def test_a_copy_that_no_longer_fits_is_fetched_again(other_netsuite: Stub, tmp_path: Path) -> None:
    """Whole and young, but from before NetSuite's service had what we send now."""
    path = "/wsdl/v2025_2_0/xsd/transactions.sales.xsd"
    now = other_netsuite.document(path)
    other_netsuite.replaced[path] = Raw(now.body.replace('"dueDate"', '"dueDay"'))
    with pytest.raises(Exception, match="dueDate"):
        write(other_netsuite, tmp_path)
    other_netsuite.replaced.clear()
    assert write(other_netsuite, tmp_path) == Created("42")


def test_a_copy_that_makes_no_sense_is_fetched_again(other_netsuite: Stub, tmp_path: Path) -> None:
    path = "/wsdl/v2025_2_0/netsuite.wsdl"
    other_netsuite.replaced[path] = Raw('<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>')
    with pytest.raises(RetryLater) as refusal:
        write(other_netsuite, tmp_path)
    assert refusal.value.code == "wsdl_unavailable"
    other_netsuite.replaced.clear()
    assert write(other_netsuite, tmp_path) == Created("42")


@pytest.mark.parametrize("answer", [Raw("<html>Log in</html>"), Raw("down", 503), Raw("not xml")])
def test_a_page_in_place_of_the_wsdl_is_never_kept(other_netsuite: Stub, tmp_path: Path, answer: Raw) -> None:
    other_netsuite.replaced["/wsdl/v2025_2_0/netsuite.wsdl"] = answer
    with pytest.raises(RetryLater) as refusal:
        write(other_netsuite, tmp_path)
    assert refusal.value.code == "wsdl_unavailable"
    assert list(tmp_path.iterdir()) == []
    other_netsuite.replaced.clear()
    assert write(other_netsuite, tmp_path) == Created("42")


def test_an_endpoint_that_does_not_exist_is_a_persons_to_mend(other_netsuite: Stub, tmp_path: Path) -> None:
    door = SoapGateway(
        other_netsuite.credentials(version="2031_1"), cache_directory=tmp_path, slots=OpenSlots()
    )
    with pytest.raises(NeedsAttention) as refusal:
        door.create(samples.INVOICE)
    assert refusal.value.code == "netsuite_address_wrong"


def test_a_netsuite_that_is_away_before_the_wsdl_is_known_is_tried_again(
    other_netsuite: Stub, tmp_path: Path
) -> None:
    keys = other_netsuite.credentials(base_url="http://127.0.0.1:9")
    door = SoapGateway(keys, cache_directory=tmp_path, slots=OpenSlots())
    with pytest.raises(RetryLater):
        door.create(samples.INVOICE)


def test_a_directory_that_cannot_be_written_costs_only_speed(other_netsuite: Stub, tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("in the way")
    assert write(other_netsuite, file / "cache") == Created("42")
