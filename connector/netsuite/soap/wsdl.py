"""NetSuite's own description of its SOAP service: fetched, kept on disk, and turned into requests by zeep.

The one seam with zeep, which has no types. zeep only builds requests; answers are read by
`reading`, because zeep refuses an answer with an element that it does not expect, and an answer
to a write that was saved must never be lost to that.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
import zeep
from lxml import etree

from connector.errors import NeedsAttention, RetryLater

LIFETIME = timedelta(days=7)
_TIMEOUT = (10, 60)
_ROOTS = {
    "{http://schemas.xmlsoap.org/wsdl/}definitions",
    "{http://www.w3.org/2001/XMLSchema}schema",
}

_NAMESPACES = {
    "core": "core_{}.platform",
    "messages": "messages_{}.platform",
    "common": "common_{}.platform",
    "relationships": "relationships_{}.lists",
    "accounting": "accounting_{}.lists",
    "sales": "sales_{}.transactions",
    "customers": "customers_{}.transactions",
    "bank": "bank_{}.transactions",
    "general": "general_{}.transactions",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of a named WSDL type, where the XSD itself leaves the type open (`xsi:type`)."""

    namespace: str
    name: str
    fields: Mapping[str, object]


class WsdlCache:
    """Documents of the WSDL on disk, each with its checksum; what is damaged or old counts as absent.

    Several processes may share the directory: files are replaced whole. An old copy is still
    used when NetSuite cannot give a new one.
    """

    def __init__(self, directory: Path, lifetime: timedelta = LIFETIME) -> None:
        self.directory = directory
        self.lifetime = lifetime

    def read(self, url: str) -> tuple[bytes, bool] | None:
        """The document and whether it is still young; None when absent or damaged."""
        path = self._path(url)
        try:
            digest, _, body = path.read_bytes().partition(b"\n")
            age = time.time() - path.stat().st_mtime
        except OSError:
            return None
        if digest.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            return None
        return body, 0 <= age < self.lifetime.total_seconds()

    def write(self, url: str, body: bytes) -> None:
        """Keep the document. A full or read-only disk costs speed, not the call."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.directory)
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(name).replace(self._path(url))
        except OSError:
            return

    def _path(self, url: str) -> Path:
        return self.directory / f"{hashlib.sha256(url.encode()).hexdigest()}.wsdl"


class _Loader(zeep.Transport):
    """Gives zeep the documents that it asks for, from disk or from NetSuite."""

    def __init__(self, cache: WsdlCache, *, anew: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.store = cache
        self.anew = anew
        self.from_disk = False

    def load(self, url: str) -> bytes:
        kept = self.store.read(url)
        if kept is not None and kept[1] and not self.anew:
            self.from_disk = True
            return kept[0]
        try:
            body = _fetch(self.session, url)
        except RetryLater:
            if kept is None or self.anew:
                raise
            self.from_disk = True
            return kept[0]
        self.store.write(url, body)
        return body


def _fetch(session: requests.Session, url: str) -> bytes:
    try:
        response = session.get(url, timeout=_TIMEOUT)
    except requests.RequestException as error:
        raise _unavailable(f"{url} could not be fetched: {type(error).__name__}") from None
    if response.status_code in (404, 410):
        raise NeedsAttention("netsuite_address_wrong", f"NetSuite has no WSDL at {url}.")
    if response.status_code != requests.codes.ok or not _is_wsdl(response.content):
        raise _unavailable(f"{url} answered HTTP {response.status_code} with something else than a WSDL")
    return response.content


def _is_wsdl(body: bytes) -> bool:
    try:
        root = etree.fromstring(
            body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.XMLSyntaxError:
        return False
    return root.tag in _ROOTS


def _unavailable(reason: str) -> RetryLater:
    return RetryLater("wsdl_unavailable", f"NetSuite's WSDL cannot be used now: {reason}.")


class Definitions:
    """The types and operations of one endpoint, ready to build requests. Safe to share between threads."""

    def __init__(self, url: str, version: str, loader: _Loader) -> None:
        self.version = version
        library: Any = zeep
        self._client: Any = library.Client(url, transport=loader)
        binding = f"{{urn:platform_{version}.webservices.netsuite.com}}NetSuiteBinding"
        # The WSDL's own address is not the account's (netsuite.md 1.2); the wire knows where to post.
        self._service: Any = self._client.create_service(binding, url)
        self.from_disk = loader.from_disk

    def offers(self, operation: str) -> bool:
        """Whether the service has the operation."""
        return operation in self._service._operations

    def headers(self, operation: str) -> frozenset[str]:
        """The SOAP headers that the operation declares; zeep refuses any other (netsuite.md 1.3)."""
        declared = self._service._binding.get(operation).input.header.type.elements
        return frozenset(name for name, _ in declared)

    def field_type(self, namespace: str, name: str, field: str) -> str:
        """The type name of one field of a type, empty when there is no such field."""
        elements = dict(self._type(namespace, name).elements)
        return str(elements[field].type.name) if field in elements else ""

    def envelope(
        self, operation: str, headers: Mapping[str, object], body: Mapping[str, object]
    ) -> etree._Element:
        """The whole SOAP envelope of a request."""
        built: etree._Element = self._client.create_message(
            self._service,
            operation,
            _soapheaders=dict(headers),
            **{key: self._built(part) for key, part in body.items()},
        )
        return built

    def _built(self, value: object) -> object:
        if isinstance(value, Typed):
            fields = {key: self._built(part) for key, part in value.fields.items()}
            return self._type(value.namespace, value.name)(**fields)
        if isinstance(value, Mapping):
            return {key: self._built(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._built(part) for part in value]
        return value

    def _type(self, namespace: str, name: str) -> Any:
        qualified = _NAMESPACES[namespace].format(self.version)
        return self._client.get_type(f"{{urn:{qualified}.webservices.netsuite.com}}{name}")


_loaded: dict[tuple[str, Path], Definitions] = {}
_lock = threading.Lock()


def _start_afresh_after_fork() -> None:
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_start_afresh_after_fork)


def definitions(
    base: str, version: str, cache: WsdlCache, *, instead_of: Definitions | None = None
) -> Definitions:
    """The endpoint's definitions, loaded once for each process.

    `instead_of` are definitions that proved wrong: they are fetched anew, once for all threads.
    Raises `RetryLater` (`wsdl_unavailable`) or `NeedsAttention` (`netsuite_address_wrong`).
    """
    url = f"{base}/wsdl/v{version}_0/netsuite.wsdl"
    key = (url, cache.directory)
    with _lock:
        kept = _loaded.get(key)
        if kept is None or kept is instead_of:
            kept = _loaded[key] = _load(url, version, cache, anew=instead_of is not None)
        return kept


def _load(url: str, version: str, cache: WsdlCache, *, anew: bool) -> Definitions:
    loader = _Loader(cache, anew=anew)
    try:
        return Definitions(url, version, loader)
    except (RetryLater, NeedsAttention):
        raise
    except Exception as error:  # zeep raises what it likes on a WSDL that makes no sense
        if not loader.from_disk:
            raise _unavailable(f"{url} is not understood: {type(error).__name__}: {error}") from error
    finally:
        loader.session.close()
    return _load(url, version, cache, anew=True)
