"""NetSuite's real schemas, when they are at hand: every SOAP message of a test is held against them."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from lxml import etree

REAL_VERSION = "2023_2"
ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared" / "reference" / "netsuite-wsdl-2023_2"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
XSD = "http://www.w3.org/2001/XMLSchema"
NAMESPACE = re.compile(rb"(urn:[a-z.]+?_)\d{4}_\d(\.[a-z.]*netsuite\.com)")
ABSENT = (
    "NetSuite's real WSDL is not here: set NETSUITE_WSDL to its folder (netsuite.wsdl and xsd/) "
    "to hold the practice NetSuite against it"
)


def folder() -> Path | None:
    """The folder of the real WSDL: NETSUITE_WSDL, or the one beside the repository, if there is one."""
    named = os.environ.get("NETSUITE_WSDL")
    candidate = Path(named) if named else BESIDE
    return candidate if (candidate / "netsuite.wsdl").is_file() else None


@cache
def schema(where: Path) -> etree.XMLSchema:
    """All the real schema files as one schema; takes a few seconds, once."""
    root = etree.Element(f"{{{XSD}}}schema", nsmap={"xsd": XSD})
    for file in sorted((where / "xsd").glob("*.xsd")):
        namespace = etree.parse(str(file)).getroot().get("targetNamespace", "")
        etree.SubElement(root, f"{{{XSD}}}import", namespace=namespace, schemaLocation=str(file))
    return etree.XMLSchema(root)


def make_ready() -> None:
    """Read the schemas now, if they are here."""
    if where := folder():
        schema(where)


def rewritten(message: bytes) -> bytes:
    """The message with its namespaces in the version of the real schemas."""
    return NAMESPACE.sub(rb"\g<1>" + REAL_VERSION.encode() + rb"\g<2>", message)


def parts(message: bytes) -> list[etree._Element]:
    """What the real schemas describe of an envelope: headers, the body's content, or a fault's detail."""
    root = etree.fromstring(rewritten(message))
    header = root.find(f"{SOAP}Header")
    found = list(header) if header is not None else []
    body = root.find(f"{SOAP}Body")
    for content in body if body is not None else ():
        detail = content.find("detail") if content.tag == f"{SOAP}Fault" else None
        found += [content] if content.tag != f"{SOAP}Fault" else list(detail if detail is not None else ())
    return [part for part in found if "netsuite.com" in part.tag]


def errors(message: bytes) -> list[str]:
    """What is wrong with a message by the real schemas; nothing when they are not here."""
    where = folder()
    if where is None or not message:
        return []
    real = schema(where)
    return [
        f"{etree.QName(part).localname}: {real.error_log}"
        for part in parts(message)
        if not real.validate(part)
    ]
