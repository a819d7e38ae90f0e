"""SOAP envelopes: requests read by local name, answers written strictly in the schema's order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from .refusal import Fault, unreadable
from .schema.model import BUILT_IN, PREFIXES, Dialect
from .schema.model import Field as SchemaField
from .values import Data, plain_text, read_boolean, read_double, read_long, read_moment

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_TYPE = f"{{{XSI}}}type"
XSI_NIL = f"{{{XSI}}}nil"
READERS: dict[str, Callable[[str], object]] = {
    "string": str,
    "boolean": read_boolean,
    "double": read_double,
    "long": read_long,
    "int": read_long,
    "dateTime": read_moment,
}
OPEN_TYPES = frozenset({"Record", "SearchRecord"})
"""Types that a caller may fill with a record unknown here; the operation then refuses it."""
HEADERS = {
    "tokenpassport": "TokenPassport",
    "applicationinfo": "ApplicationInfo",
    "partnerinfo": "PartnerInfo",
    "preferences": "Preferences",
    "searchpreferences": "SearchPreferences",
}
FORGIVING = frozenset({"Preferences", "SearchPreferences", "ApplicationInfo", "PartnerInfo"})
"""Types whose misspelt fields NetSuite ignores in silence (netsuite.md 3.2)."""
BAD_CHARACTER = re.compile(r"(?:PCDATA invalid Char value|xmlParseCharRef: invalid xmlChar value) (\d+)")


@dataclass(frozen=True, slots=True)
class Request:
    """One SOAP request: the operation's name, its parameters, and its headers by lower-case name."""

    operation: str
    body: Data
    headers: dict[str, list[Data]] = field(default_factory=dict)
    passports: int = 0


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _children(element: etree._Element) -> list[etree._Element]:
    return list(element.iterchildren(tag=etree.Element))


def _concrete(element: etree._Element, declared: str, speech: Dialect) -> str:
    """The type that the element says it has, or else the declared one."""
    named = element.get(XSI_TYPE)
    if named is None or declared in BUILT_IN:
        return declared
    name = named.rpartition(":")[2]
    if speech.schema.is_a(name, declared) or declared in OPEN_TYPES:
        return name
    if name in speech.schema.types:
        raise unreadable(
            f"java.lang.IllegalArgumentException: argument type mismatch: {name} is not a {declared}"
        )
    raise unreadable(
        f"org.xml.sax.SAXException: Deserializing parameter '{_local(element)}': unknown type {named}"
    )


def _read_attributes(element: etree._Element, kind: str, speech: Dialect, into: Data) -> None:
    known = {attribute.name: attribute for attribute in speech.attributes(kind)}
    for raw, value in element.attrib.items():
        attribute = known.get(etree.QName(raw).localname)
        if attribute is None or raw in (XSI_TYPE, XSI_NIL):
            continue
        text = str(value)
        into[f"@{attribute.name}"] = read_boolean(text) if attribute.type == "boolean" else text


def _read_unknown(child: etree._Element, kind: str, speech: Dialect, into: Data) -> None:
    """A `replaceAll` element counts as the attribute; other unknown elements are refused (netsuite.md 7)."""
    name = _local(child)
    if name == "replaceAll" and any(a.name == "replaceAll" for a in speech.attributes(kind)):
        into["@replaceAll"] = read_boolean(child.text or "")
    elif kind not in FORGIVING:
        raise unreadable(f"org.xml.sax.SAXException: Invalid element in {kind} - {name}")


def _read_complex(element: etree._Element, declared: str, speech: Dialect) -> Data:
    kind = _concrete(element, declared, speech)
    data: Data = {"$": kind}
    if kind not in speech.schema.types:
        return data
    _read_attributes(element, kind, speech, data)
    if speech.schema.types[kind].text:
        data["_"] = element.text or ""
        return data
    fields = {known.name: known for _, known in speech.fields(kind)}
    for child in _children(element):
        known = fields.get(_local(child))
        if known is None:
            _read_unknown(child, kind, speech, data)
        elif child.get(XSI_NIL) not in ("true", "1"):
            _store(data, known, _read(child, known.type, speech))
    return data


def _store(data: Data, known: SchemaField, value: object) -> None:
    if known.many:
        data.setdefault(known.name, []).append(value)
    else:
        data[known.name] = value


def _read(element: etree._Element, declared: str, speech: Dialect) -> object:
    if declared in BUILT_IN:
        return READERS[declared](element.text or "")
    if declared in speech.schema.enums:
        text = (element.text or "").strip()
        if text not in speech.schema.enums[declared]:
            raise unreadable(f"org.xml.sax.SAXException: {text} is not a legal value for {declared}")
        return text
    return _read_complex(element, declared, speech)


def _root(raw: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        bad = BAD_CHARACTER.search(str(error))
        if bad is not None:
            reason = f"An invalid XML character (Unicode: 0x{int(bad[1]):x}) was found in the element content"
            raise unreadable(f"org.xml.sax.SAXParseException: {reason} of the document.") from None
        raise unreadable(f"org.xml.sax.SAXParseException: {str(error).partition(', line')[0]}") from None


def read_request(raw: bytes, speech: Dialect) -> Request:
    """The request in an envelope; Fault when NetSuite's XML reader would refuse it."""
    root = _root(raw)
    body = root.find(f"{{{SOAP}}}Body")
    if _local(root) != "Envelope" or body is None or not _children(body):
        raise unreadable("org.xml.sax.SAXException: Bad envelope tag")
    headers: dict[str, list[Data]] = {}
    passports = 0
    header = root.find(f"{{{SOAP}}}Header")
    for part in _children(header) if header is not None else []:
        name = _local(part).lower()
        passports += name in ("tokenpassport", "passport")
        if name in HEADERS:
            headers.setdefault(name, []).append(_read_complex(part, HEADERS[name], speech))
    call = _children(body)[0]
    operation = _local(call)
    kind = speech.schema.elements.get(operation, "")
    if not kind.endswith("Request"):
        raise unreadable(f"The endpoint reference (EPR) for the Operation not found is {operation}")
    return Request(operation, _read_complex(call, kind, speech), headers, passports)


def _write_type(node: etree._Element, kind: str, speech: Dialect) -> None:
    node.set(XSI_TYPE, f"{PREFIXES[speech.schema.homes[kind]]}:{kind}")


def _write_complex(node: etree._Element, declared: str, value: Data, speech: Dialect) -> None:
    kind = value.get("$", declared)
    if kind != declared or speech.schema.types[declared].abstract:
        _write_type(node, kind, speech)
    left = {key for key in value if key != "$"}
    for attribute in speech.attributes(kind):
        key = f"@{attribute.name}"
        if value.get(key) is not None:
            node.set(attribute.name, plain_text(value[key]))
        left.discard(key)
    for tag, known in speech.fields(kind):
        content = value.get(known.name)
        left.discard(known.name)
        if content is None:
            continue
        for each in content if known.many else (content,):
            _write(etree.SubElement(node, tag), known.type, each, speech)
    if left:
        raise ValueError(f"{kind} has no {sorted(left)}")


def _write(node: etree._Element, declared: str, value: object, speech: Dialect) -> None:
    if isinstance(value, dict):
        _write_complex(node, declared, value, speech)
    else:
        node.text = plain_text(value)


def _envelope(speech: Dialect) -> etree._Element:
    prefixes: dict[str, str] = {"soapenv": SOAP, "xsi": XSI}
    prefixes |= {PREFIXES[home]: uri for home, uri in speech.namespaces.items()}
    return etree.Element(f"{{{SOAP}}}Envelope", nsmap=prefixes)


def write_response(operation: str, answer: Data, request_id: str, speech: Dialect) -> bytes:
    """The envelope of an answer; ValueError when the answer has a field that the schema has not."""
    root = _envelope(speech)
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    _write_complex(
        etree.SubElement(header, speech.element("documentInfo")), "DocumentInfo", {"nsId": request_id}, speech
    )
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    name = f"{operation}Response"
    _write_complex(etree.SubElement(body, speech.element(name)), speech.schema.elements[name], answer, speech)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def write_fault(fault: Fault, speech: Dialect) -> bytes:
    """The envelope of a fault, as NetSuite's Axis server words it."""
    root = _envelope(speech)
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    node = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(node, "faultcode").text = "soapenv:Server.userException"
    etree.SubElement(node, "faultstring").text = fault.message
    detail = etree.SubElement(node, "detail")
    if fault.kind is not None:
        typed = etree.SubElement(detail, speech.element(f"{fault.kind}Fault"))
        content = {"code": fault.code, "message": fault.message}
        _write_complex(typed, speech.schema.elements[f"{fault.kind}Fault"], content, speech)
    host = etree.SubElement(
        detail, "{http://xml.apache.org/axis/}hostname", nsmap={"ns1": "http://xml.apache.org/axis/"}
    )
    host.text = "sandbox"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
