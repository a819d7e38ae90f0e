"""NetSuite's real WSDL and XSDs, when they are there: what a request must be valid against."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

REAL_VERSION = "2023_2"
_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def wsdl_folder() -> Path:
    """Where the real WSDL is looked for: NETSUITE_WSDL, else beside the repository."""
    beside = Path(__file__).parents[3] / "shared" / "reference" / "netsuite-wsdl-2023_2"
    return Path(os.environ.get("NETSUITE_WSDL", beside))


def is_real_wsdl_there() -> bool:
    """Whether it was found."""
    return (wsdl_folder() / "netsuite.wsdl").is_file()


def real_wsdl() -> Path:
    """The folder of the real WSDL; skips the test, and says why, where it is absent."""
    if not is_real_wsdl_there():
        pytest.skip(f"NetSuite's real WSDL is not there (NETSUITE_WSDL, looked in {wsdl_folder()})")
    return wsdl_folder()


@cache
def _schema(folder: Path) -> etree.XMLSchema:
    wsdl = etree.parse(str(folder / "netsuite.wsdl"))
    inline = wsdl.find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert inline is not None
    return etree.XMLSchema(etree.fromstring(etree.tostring(inline), base_url=str(folder / "netsuite.wsdl")))


def assert_valid(envelope: bytes | str, version: str = REAL_VERSION) -> None:
    """Every header and the body are valid against the real XSDs, once the version is theirs."""
    text = envelope.decode() if isinstance(envelope, bytes) else envelope
    text = text.replace(f"_{version}.", f"_{REAL_VERSION}.")
    root = etree.fromstring(text.encode())
    schema = _schema(real_wsdl())
    for part in (*root.iterfind(f"{_SOAP}Header/*"), *root.iterfind(f"{_SOAP}Body/*")):
        typed_fault = part.find("detail/*") if part.tag == f"{_SOAP}Fault" else None
        alone = etree.fromstring(etree.tostring(part if typed_fault is None else typed_fault))
        assert schema.validate(alone), f"{alone.tag}: {schema.error_log}"
