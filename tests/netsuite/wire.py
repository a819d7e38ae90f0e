"""A NetSuite of a few lines: it serves a WSDL and gives the answers that a test lays ready."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from lxml import etree

from connector.netsuite.gateway import Credentials
from connector.sandbox.netsuite import wsdl


@dataclass(frozen=True)
class Raw:
    """An answer as it goes over the wire; `cut` drops the connection after that many bytes of the body."""

    body: str
    status: int = 200
    content_type: str = "text/xml; charset=utf-8"
    delay: float = 0.0
    cut: int | None = None


RESET = Raw("", cut=0)

Script = Callable[[etree._Element], Raw]


Documents = Callable[[str], str | None]
"""The text of a WSDL document by its path below `/wsdl/v<version>_0/`."""


def real_documents(folder: Path, version: str) -> Documents:
    """NetSuite's real WSDL, rewritten to `version`."""

    def document(path: str) -> str | None:
        file = folder / path
        return file.read_text().replace("_2023_2.", f"_{version}.") if file.is_file() else None

    return document


def practice_documents(version: str) -> Documents:
    """The practice NetSuite's WSDL: a part of the real one, and quick to load."""

    def document(path: str) -> str | None:
        if path == "netsuite.wsdl":
            return wsdl.wsdl(version, "http://127.0.0.1/unused").decode()
        name = path.removeprefix("xsd/")
        return wsdl.xsd(name, version).decode() if name in wsdl.schema_files() else None

    return document


class Stub:
    """Serves a WSDL, records every request, answers from `answers`."""

    def __init__(self, documents: Documents, version: str) -> None:
        self.documents = documents
        self.version = version
        self.answers: deque[Raw | Script] = deque()
        self.requests: list[bytes] = []
        self.actions: list[str] = []
        self.cookies: list[str] = []
        self.peers: set[tuple[str, int]] = set()
        self.downloads: list[str] = []
        self.replaced: dict[str, Raw] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL of this NetSuite."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def credentials(self, **changes: str) -> Credentials:
        """Keys for it."""
        values = {
            "account_id": "1234567-sb1",
            "consumer_key": "consumer-key",
            "consumer_secret": "consumer-secret",
            "token_id": "token-id",
            "token_secret": "token-secret",
            "base_url": self.url,
            "version": self.version,
        }
        return Credentials(**{**values, **changes})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def document(self, path: str) -> Raw:
        """The WSDL document at that path of the URL, rewritten to this version."""
        if path in self.replaced:
            return self.replaced[path]
        text = self.documents(path.removeprefix(f"/wsdl/v{self.version}_0/"))
        return Raw("no such document", 404, "text/plain") if text is None else Raw(text)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for a delayed ACK

            def do_GET(self) -> None:
                path = self.path.replace("//", "/")
                stub.downloads.append(path)
                self.answer(stub.document(path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stub.requests.append(body)
                stub.actions.append(self.headers["SOAPAction"])
                stub.cookies.append(self.headers.get("Cookie", ""))
                stub.peers.add(self.client_address)
                ready = stub.answers.popleft()
                self.answer(ready if isinstance(ready, Raw) else ready(etree.fromstring(body)))

            def answer(self, raw: Raw) -> None:
                time.sleep(raw.delay)
                content = raw.body.encode()
                if raw.cut == 0:
                    self.reset()
                    return
                self.send_response(raw.status)
                self.send_header("Content-Type", raw.content_type)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Set-Cookie", "JSESSIONID=somebody-else; Path=/")
                self.end_headers()
                self.wfile.write(content[: raw.cut])
                if raw.cut is not None:
                    self.wfile.flush()
                    self.reset()

            def reset(self) -> None:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.rfile.close()  # the socket closes with its last file
                self.connection.close()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@dataclass
class OpenSlots:
    """Slots without a limit that remember what they were told."""

    reports: list[bool] = field(default_factory=list)
    taken: int = 0

    def take(self) -> AbstractContextManager[None]:
        self.taken += 1
        return nullcontext()

    def report(self, *, busy: bool) -> None:
        self.reports.append(busy)


# Answers in NetSuite's shape (netsuite.md 7)

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    "<soapenv:Header><platformMsgs:documentInfo"
    ' xmlns:platformMsgs="urn:messages_2023_2.platform.webservices.netsuite.com">'
    "<platformMsgs:nsId>WEBSERVICES_1_2_3</platformMsgs:nsId></platformMsgs:documentInfo></soapenv:Header>"
    "<soapenv:Body>"
)
_TAIL = "</soapenv:Body></soapenv:Envelope>"
_MESSAGES = 'xmlns="urn:messages_2023_2.platform.webservices.netsuite.com"'
_CORE = (
    'xmlns:platformCore="urn:core_2023_2.platform.webservices.netsuite.com"'
    ' xmlns:tranSales="urn:sales_2023_2.transactions.webservices.netsuite.com"'
    ' xmlns:tranCust="urn:customers_2023_2.transactions.webservices.netsuite.com"'
    ' xmlns:listRel="urn:relationships_2023_2.lists.webservices.netsuite.com"'
    ' xmlns:listAcct="urn:accounting_2023_2.lists.webservices.netsuite.com"'
)


def soap(operation: str, inside: str) -> Raw:
    """An answer to an operation."""
    return Raw(f"{_HEAD}<{operation}Response {_MESSAGES} {_CORE}>{inside}</{operation}Response>{_TAIL}")


def fault(name: str, code: str, message: str, status: int = 500) -> Raw:
    """A SOAP fault; `name` empty gives one without a typed detail."""
    detail = (
        f"<detail><platformFaults:{name}"
        ' xmlns:platformFaults="urn:faults_2023_2.platform.webservices.netsuite.com">'
        f"<platformFaults:code>{code}</platformFaults:code>"
        f"<platformFaults:message>{message}</platformFaults:message>"
        f'</platformFaults:{name}><ns1:hostname xmlns:ns1="http://xml.apache.org/axis/">host</ns1:hostname></detail>'
        if name
        else ""
    )
    return Raw(
        f"{_HEAD}<soapenv:Fault><faultcode>soapenv:Server.userException</faultcode>"
        f"<faultstring>{message}</faultstring>{detail}</soapenv:Fault>{_TAIL}",
        status,
    )


def refused(code: str, message: str) -> str:
    """The status of a record that NetSuite would not take."""
    return (
        '<platformCore:status isSuccess="false"><platformCore:statusDetail type="ERROR">'
        f"<platformCore:code>{code}</platformCore:code><platformCore:message>{message}</platformCore:message>"
        "</platformCore:statusDetail></platformCore:status>"
    )


OK = (
    '<platformCore:status isSuccess="true"><platformCore:statusDetail>'
    "<platformCore:afterSubmitFailed>false</platformCore:afterSubmitFailed>"
    "</platformCore:statusDetail></platformCore:status>"
)


def saved(internal_id: str, status: str = OK) -> str:
    """A write response of a saved record."""
    return (
        f"<writeResponse>{status}"
        f'<baseRef internalId="{internal_id}" type="invoice" xsi:type="platformCore:RecordRef"/>'
        "</writeResponse>"
    )


def not_saved(code: str, message: str) -> str:
    """A write response of a refused record: without a `baseRef`."""
    return f"<writeResponse>{refused(code, message)}</writeResponse>"


def added(*responses: str) -> Raw:
    """The answer to `addList`; the outer status is true even when records were refused."""
    return soap("addList", f"<writeResponseList>{OK}{''.join(responses)}</writeResponseList>")
