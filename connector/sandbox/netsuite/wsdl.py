"""Writes the sandbox's own WSDL and schema files from the type tables, for any endpoint version."""

import re
from types import ModuleType

from lxml import etree

from .schema.model import BUILT_IN, MODULES, PREFIXES, ComplexType, Dialect, Field, dialect

XSD = "http://www.w3.org/2001/XMLSchema"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
VERSION = re.compile(r"\d{4}_\d")

IDENTITY = ("tokenPassport", "applicationInfo", "partnerInfo")
HEADER_PARTS = (
    "applicationInfo",
    "partnerInfo",
    "documentInfo",
    "preferences",
    "searchPreferences",
    "tokenPassport",
)
ACCESS = ("InsufficientPermission", "InvalidSession", "InvalidCredentials")
LIMITS = ("ExceededConcurrentRequestLimit", "ExceededRequestLimit", "ExceededUsageLimit")
RECORD_FAULTS = (*ACCESS, *LIMITS, "ExceededRecordCount", "ExceededRequestSize", "UnexpectedError")
PLAIN_FAULTS = (*ACCESS, *LIMITS, "UnexpectedError")

RECORD_OPERATIONS = [
    "add",
    "delete",
    "update",
    "upsert",
    "addList",
    "deleteList",
    "updateList",
    "upsertList",
    "get",
    "getList",
    "getAll",
    "getCurrencyRate",
    "getDeleted",
]
SEARCH_OPERATIONS = ("search", "searchMoreWithId")
PLAIN_OPERATIONS = ("getServerTime", "getAccountGovernanceInfo", "getIntegrationGovernanceInfo")


def _operations() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    table: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = dict.fromkeys(
        RECORD_OPERATIONS, ((*IDENTITY, "preferences"), RECORD_FAULTS)
    )
    table |= dict.fromkeys(SEARCH_OPERATIONS, ((*IDENTITY, "searchPreferences"), RECORD_FAULTS))
    table |= dict.fromkeys(PLAIN_OPERATIONS, (IDENTITY, PLAIN_FAULTS))
    table["getDataCenterUrls"] = (
        (*IDENTITY, "preferences"),
        (*ACCESS, "ExceededRequestSize", "UnexpectedError"),
    )
    return table


OPERATIONS = _operations()
"""Operation name -> (request header parts, faults), as the real binding declares them."""


def schema_files() -> dict[str, ModuleType]:
    """File name -> module of tables, under the names that NetSuite uses in its xsd folder."""
    return {module.FILE: module for module in MODULES}


def _prefixes(speech: Dialect) -> dict[str, str]:
    prefixes: dict[str, str] = {PREFIXES[home]: uri for home, uri in speech.namespaces.items()}
    prefixes["xsd"] = XSD
    return prefixes


def _type_name(speech: Dialect, name: str) -> str:
    if name in BUILT_IN:
        return f"xsd:{name}"
    return f"{PREFIXES[speech.schema.homes[name]]}:{name}"


def _x(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XSD}}}{name}", {k.rstrip("_"): v for k, v in attributes.items()})


def _add_field(speech: Dialect, sequence: etree._Element, field: Field) -> None:
    element = _x(sequence, "element")
    if field.reference:
        element.set("ref", f"{PREFIXES[speech.schema.element_homes[field.name]]}:{field.name}")
    else:
        element.set("name", field.name)
        element.set("type", _type_name(speech, field.type))
    if not field.required:
        element.set("minOccurs", "0")
    if field.many:
        element.set("maxOccurs", "unbounded")
    if field.default is not None:
        element.set("default", field.default)


def _add_attributes(speech: Dialect, parent: etree._Element, kind: ComplexType) -> None:
    for attribute in kind.attributes:
        node = _x(parent, "attribute", name=attribute.name, type=_type_name(speech, attribute.type))
        if attribute.required:
            node.set("use", "required")
        if attribute.default is not None:
            node.set("default", attribute.default)


def _add_type(speech: Dialect, root: etree._Element, kind: ComplexType) -> None:
    parent = _x(root, "complexType", name=kind.name)
    if kind.abstract:
        parent.set("abstract", "true")
    if kind.text:
        parent = _x(_x(parent, "simpleContent"), "extension", base="xsd:string")
    elif kind.base is not None:
        parent = _x(_x(parent, "complexContent"), "extension", base=_type_name(speech, kind.base))
    if kind.fields:
        sequence = _x(parent, "sequence")
        for field in kind.fields:
            _add_field(speech, sequence, field)
    _add_attributes(speech, parent, kind)


def _add_enum(root: etree._Element, name: str, values: tuple[str, ...]) -> None:
    restriction = _x(_x(root, "simpleType", name=name), "restriction", base="xsd:string")
    for value in values:
        _x(restriction, "enumeration", value=value)


def xsd(file: str, version: str) -> bytes:
    """One schema file of an endpoint version; KeyError when there is no such file."""
    module = schema_files()[file]
    speech = dialect(version)
    home = module.__name__.rpartition(".")[2]
    root = etree.Element(f"{{{XSD}}}schema", nsmap=_prefixes(speech))
    root.set("targetNamespace", speech.namespaces[home])
    root.set("elementFormDefault", "qualified")
    for other in MODULES:
        if other is not module:
            namespace = other.NAMESPACE.replace("{version}", version)
            _x(root, "import", namespace=namespace, schemaLocation=f"./{other.FILE}")
    for kind in speech.schema.types.values():
        if kind.module == home:
            _add_type(speech, root, kind)
    for name, values in speech.schema.enums.items():
        if speech.schema.homes[name] == home:
            _add_enum(root, name, values)
    for name, kind_name in speech.schema.elements.items():
        if speech.schema.element_homes[name] == home:
            _x(root, "element", name=name, type=_type_name(speech, kind_name))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _w(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{WSDL}}}{name}", attributes)


def _s(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{SOAP}}}{name}", attributes)


def _add_message(root: etree._Element, name: str, part: str, element: str) -> None:
    _w(_w(root, "message", name=name), "part", name=part, element=element)


def _add_messages(root: etree._Element) -> None:
    headers = _w(root, "message", name="headers")
    for part in HEADER_PARTS:
        _w(headers, "part", name=part, element=f"platformMsgs:{part}")
    for name in OPERATIONS:
        _add_message(root, f"{name}Request", "parameters", f"platformMsgs:{name}")
        _add_message(root, f"{name}Response", "parameters", f"platformMsgs:{name}Response")
    for fault in sorted({fault for _, faults in OPERATIONS.values() for fault in faults}):
        element = f"platformFaults:{fault[0].lower()}{fault[1:]}Fault"
        _add_message(root, f"{fault}Fault", "fault", element)


def _add_port_type(root: etree._Element) -> None:
    port = _w(root, "portType", name="NetSuitePortType")
    for name, (_, faults) in OPERATIONS.items():
        operation = _w(port, "operation", name=name)
        _w(operation, "input", name=f"{name}Request", message=f"tns:{name}Request")
        _w(operation, "output", name=f"{name}Response", message=f"tns:{name}Response")
        for fault in faults:
            _w(operation, "fault", name=f"{fault}Fault", message=f"tns:{fault}Fault")


def _add_binding(root: etree._Element) -> None:
    binding = _w(root, "binding", name="NetSuiteBinding", type="tns:NetSuitePortType")
    _s(binding, "binding", style="document", transport="http://schemas.xmlsoap.org/soap/http")
    for name, (headers, faults) in OPERATIONS.items():
        operation = _w(binding, "operation", name=name)
        _s(operation, "operation", soapAction=name)
        asked = _w(operation, "input", name=f"{name}Request")
        for part in headers:
            _s(asked, "header", message="tns:headers", part=part, use="literal")
        _s(asked, "body", use="literal")
        answer = _w(operation, "output", name=f"{name}Response")
        _s(answer, "header", message="tns:headers", part="documentInfo", use="literal")
        _s(answer, "body", use="literal")
        for fault in faults:
            _s(_w(operation, "fault", name=f"{fault}Fault"), "fault", name=f"{fault}Fault", use="literal")


def wsdl(version: str, address: str) -> bytes:
    """The service description of an endpoint version whose port answers at `address`."""
    speech = dialect(version)
    target = f"urn:platform_{version}.webservices.netsuite.com"
    prefixes = {
        "wsdl": WSDL,
        "soap": SOAP,
        "tns": target,
        "platformMsgs": speech.namespaces["platform_messages"],
        "platformFaults": speech.namespaces["platform_faults"],
    }
    root = etree.Element(f"{{{WSDL}}}definitions", nsmap=prefixes)
    root.set("targetNamespace", target)
    schema_root = etree.SubElement(_w(root, "types"), f"{{{XSD}}}schema", nsmap={"xsd": XSD})
    schema_root.set("elementFormDefault", "qualified")
    for module in MODULES:
        namespace = module.NAMESPACE.replace("{version}", version)
        _x(schema_root, "import", namespace=namespace, schemaLocation=f"./xsd/{module.FILE}")
    _add_messages(root)
    _add_port_type(root)
    _add_binding(root)
    port = _w(
        _w(root, "service", name="NetSuiteService"),
        "port",
        name="NetSuitePort",
        binding="tns:NetSuiteBinding",
    )
    _s(port, "address", location=address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
