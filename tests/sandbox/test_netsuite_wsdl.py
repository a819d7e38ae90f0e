"""The practice NetSuite's WSDL stays inside the real one: same names, order, types, headers and faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lxml import etree

from connector.sandbox.netsuite import wsdl
from connector.sandbox.netsuite.schema.model import dialect
from tests.sandbox import real_xsd
from tests.sandbox.soap_client import SoapClient

X = "{http://www.w3.org/2001/XMLSchema}"
W = "{http://schemas.xmlsoap.org/wsdl/}"
S = "{http://schemas.xmlsoap.org/wsdl/soap/}"
Name = tuple[str | None, str]


@dataclass
class Element:
    """One element declaration."""

    name: str
    type: Name | None
    reference: Name | None
    least: str
    most: str
    default: str | None


@dataclass
class Tables:
    """All that a set of schema files declares, by qualified name."""

    types: dict[Name, tuple[Name | None, bool, tuple[object, ...], list[Element]]] = field(
        default_factory=dict
    )
    enums: dict[Name, list[str]] = field(default_factory=dict)
    elements: dict[Name, Name | None] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def _qualified(node: etree._Element, text: str | None) -> Name | None:
    if text is None:
        return None
    prefix, _, local = text.rpartition(":")
    return (node.nsmap.get(prefix or None), local)


def _element(node: etree._Element) -> Element:
    reference = _qualified(node, node.get("ref"))
    name = reference[1] if reference else node.get("name", "")
    kind = _qualified(node, node.get("type"))
    return Element(
        name, kind, reference, node.get("minOccurs", "1"), node.get("maxOccurs", "1"), node.get("default")
    )


def _read(tables: Tables, file: str, root: etree._Element) -> None:
    namespace = root.get("targetNamespace", "")
    tables.files[namespace] = file
    for node in root.iterchildren(f"{X}complexType"):
        extension = next(node.iter(f"{X}extension"), None)
        base = _qualified(extension, extension.get("base")) if extension is not None else None
        attributes = tuple(
            (each.get("name"), _qualified(each, each.get("type")), each.get("default"), each.get("use"))
            for each in node.iter(f"{X}attribute")
        )
        fields = [_element(each) for each in node.iter(f"{X}element")]
        tables.types[(namespace, node.get("name", ""))] = (
            base,
            node.get("abstract") == "true",
            attributes,
            fields,
        )
    for node in root.iterchildren(f"{X}simpleType"):
        values = [each.get("value", "") for each in node.iter(f"{X}enumeration")]
        tables.enums[(namespace, node.get("name", ""))] = values
    for node in root.iterchildren(f"{X}element"):
        tables.elements[(namespace, node.get("name", ""))] = _qualified(node, node.get("type"))


@pytest.fixture(scope="module")
def real() -> Path:
    """The real WSDL's folder; loudly absent when it isn't there."""
    where = real_xsd.folder()
    if where is None:
        pytest.skip(real_xsd.ABSENT)
    return where


@pytest.fixture(scope="module")
def theirs(real: Path) -> Tables:
    tables = Tables()
    for file in sorted((real / "xsd").glob("*.xsd")):
        _read(tables, file.name, etree.parse(str(file)).getroot())
    return tables


@pytest.fixture(scope="module")
def ours() -> Tables:
    tables = Tables()
    for file in wsdl.schema_files():
        _read(tables, file, etree.fromstring(wsdl.xsd(file, real_xsd.REAL_VERSION)))
    return tables


def test_every_namespace_lies_in_the_file_of_the_same_name(ours: Tables, theirs: Tables) -> None:
    assert ours.files.items() <= theirs.files.items()


def test_every_type_has_the_real_base_and_attributes(ours: Tables, theirs: Tables) -> None:
    wrong = [name for name, (*own, _) in ours.types.items() if own != list(theirs.types[name][:3])]
    assert not wrong


def test_every_field_is_declared_as_in_the_real_type(ours: Tables, theirs: Tables) -> None:
    for name, (*_, fields) in ours.types.items():
        known = {each.name: each for each in theirs.types[name][3]}
        assert [each for each in fields if known.get(each.name) != each] == [], name


def test_fields_come_in_the_real_order(ours: Tables, theirs: Tables) -> None:
    for name, (*_, fields) in ours.types.items():
        order = [each.name for each in theirs.types[name][3]]
        own = [each.name for each in fields]
        assert own == [each for each in order if each in set(own)], name


def test_no_field_that_the_real_type_requires_is_missing(ours: Tables, theirs: Tables) -> None:
    for name, (*_, fields) in ours.types.items():
        required = {each.name for each in theirs.types[name][3] if each.least != "0"}
        assert required <= {each.name for each in fields}, name


def test_every_enumeration_value_is_real(ours: Tables, theirs: Tables) -> None:
    for name, values in ours.enums.items():
        assert set(values) <= set(theirs.enums[name]), name


def test_every_global_element_has_the_real_type(ours: Tables, theirs: Tables) -> None:
    wrong = [name for name, kind in ours.elements.items() if theirs.elements[name] != kind]
    assert not wrong


@pytest.mark.parametrize(
    "record",
    [
        "Customer",
        "Invoice",
        "InvoiceItem",
        "CustomerPayment",
        "CustomerPaymentApply",
        "CreditMemo",
        "Address",
    ],
)
def test_the_main_records_have_all_their_real_fields(record: str, ours: Tables, theirs: Tables) -> None:
    name = next(each for each in ours.types if each[1] == record)
    assert [each.name for each in ours.types[name][3]] == [each.name for each in theirs.types[name][3]]


def _described(root: etree._Element) -> dict[str, object]:
    binding = root.find(f"{W}binding")
    assert binding is not None
    described: dict[str, object] = {}
    for operation in binding.iterchildren(f"{W}operation"):
        action = operation.find(f"{S}operation")
        assert action is not None
        headers = {
            direction: [each.get("part") for each in operation.iterfind(f"{W}{direction}/{S}header")]
            for direction in ("input", "output")
        }
        faults = {each.get("name") for each in operation.iterfind(f"{W}fault")}
        described[operation.get("name", "")] = (action.get("soapAction"), headers, faults)
    return described


def _messages(root: etree._Element) -> dict[str | None, list[tuple[str | None, str | None]]]:
    return {
        message.get("name"): sorted((part.get("name"), part.get("element")) for part in message)
        for message in root.iterchildren(f"{W}message")
    }


def _names(root: etree._Element) -> list[tuple[str, str | None]]:
    places = ("portType", "binding", "service", "service/{http://schemas.xmlsoap.org/wsdl/}port")
    found = [(place, root.find(f"{W}{place}")) for place in places]
    return [(place, node.get("name")) for place, node in found if node is not None]


def test_the_service_is_described_as_the_real_one(real: Path) -> None:
    own = etree.fromstring(wsdl.wsdl(real_xsd.REAL_VERSION, "http://localhost/"))
    true = etree.parse(str(real / "netsuite.wsdl")).getroot()
    assert own.get("targetNamespace") == true.get("targetNamespace")
    assert _names(own) == _names(true)
    described, known = _described(own), _described(true)
    assert described == {name: known[name] for name in described}
    messages, real_messages = _messages(own), _messages(true)
    assert messages == {name: real_messages[name] for name in messages}


@pytest.mark.parametrize("version", ["2023_2", "2025_2"])
def test_zeep_loads_the_wsdl_of_any_endpoint_version(
    version: str, netsuite_base: str, netsuite_keys: dict[str, str]
) -> None:
    client = SoapClient(netsuite_base, netsuite_keys, version)
    assert f"urn:core_{version}.platform.webservices.netsuite.com" in client.client.namespaces.values()
    assert client.call("getServerTime").getServerTimeResult.status.isSuccess


def test_every_namespace_carries_the_version() -> None:
    assert all("_2024_1." in uri for uri in dialect("2024_1").namespaces.values())


def test_a_version_that_is_none_is_not_found(netsuite_base: str) -> None:
    import requests

    assert requests.get(f"{netsuite_base}/wsdl/vlatest_0/netsuite.wsdl", timeout=5).status_code == 404
    assert requests.get(f"{netsuite_base}/wsdl/v2025_2_0/xsd/other.xsd", timeout=5).status_code == 404
