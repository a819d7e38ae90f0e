"""NetSuite's addresses: the WSDL with its schema files, and the SOAP port."""

import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from . import wsdl
from .company import Company
from .envelope import Request, read_request, write_fault, write_response
from .faults import Faults, LostAnswer
from .operations import Operations
from .refusal import Fault
from .schema.model import Dialect, dialect
from .tokens import LoginDesk
from .traffic import WRITES, Traffic, request_blocked
from .values import grouped, summed

Observer = Callable[[bytes, bytes, str], None]
XML = "text/xml; charset=utf-8"
MAINTENANCE = (
    "<html><head><title>Scheduled maintenance</title></head>"
    "<body><h1>NetSuite is temporarily unavailable</h1>"
    "<p>We are performing regularly scheduled maintenance. Please try again later.</p></body></html>"
)
FREE_OF_LOGIN = frozenset({"getDataCenterUrls"})
log = logging.getLogger(__name__)


class Service:
    """Takes HTTP requests to the company's operations and its answers back."""

    def __init__(
        self,
        company: Callable[[], Company],
        lock: threading.RLock,
        desk: LoginDesk,
        traffic: Traffic,
        faults: Faults,
    ) -> None:
        self._company = company
        self._lock = lock
        self._desk = desk
        self._traffic = traffic
        self._faults = faults
        self._operations: tuple[Company, Operations] | None = None
        self.observers: list[Observer] = []

    def operations(self) -> Operations:
        """The operations of the company as it is now; a reset makes new ones."""
        company = self._company()
        if self._operations is None or self._operations[0] is not company:
            self._operations = (company, Operations(company, self._traffic, _host))
        return self._operations[1]

    def blueprint(self) -> Blueprint:
        """The routes, to be mounted under the NetSuite base address."""
        routes = Blueprint("netsuite", __name__)
        routes.add_url_rule("/wsdl/v<version>_0/netsuite.wsdl", "wsdl", self.wsdl)
        routes.add_url_rule("/wsdl/v<version>_0/xsd/<file>", "xsd", self.xsd)
        routes.add_url_rule("/services/NetSuitePort_<version>", "port", self.port, methods=["POST"])
        routes.add_app_template_filter(grouped, "grouped")
        routes.add_app_template_filter(summed, "summed")
        return routes

    def wsdl(self, version: str) -> Response:
        if not wsdl.VERSION.fullmatch(version):
            return Response("No such endpoint version", 404, mimetype="text/plain")
        address = request.base_url.replace(
            f"/wsdl/v{version}_0/netsuite.wsdl", f"/services/NetSuitePort_{version}"
        )
        return Response(wsdl.wsdl(version, address), content_type=XML)

    def xsd(self, version: str, file: str) -> Response:
        if not wsdl.VERSION.fullmatch(version) or file not in wsdl.schema_files():
            return Response("No such schema file", 404, mimetype="text/plain")
        return Response(wsdl.xsd(file, version), content_type=XML)

    def port(self, version: str) -> Response:
        """One SOAP call."""
        if not wsdl.VERSION.fullmatch(version):
            return Response("No such endpoint version", 404, mimetype="text/plain")
        if self._faults.is_closed():
            return Response(MAINTENANCE, 503, content_type="text/html; charset=utf-8")
        speech, raw = dialect(version), request.get_data()
        operation = ""
        try:
            with self._traffic.under_way():
                asked = read_request(raw, speech)
                operation = asked.operation
                answer, status = self._answer(asked, speech), 200
        except Fault as fault:
            answer, status = write_fault(fault, speech), 500
        except LostAnswer:
            self._tell(raw, b"", operation)
            _drop_connection()
            return Response(b"", 500)
        except Exception:
            log.exception("the practice NetSuite failed in %s", operation or "reading a request")
            answer, status = write_fault(unexpected(), speech), 500
        self._tell(raw, answer, operation)
        return Response(answer, status, content_type=XML)

    def _tell(self, raw: bytes, answer: bytes, operation: str) -> None:
        for observer in list(self.observers):
            observer(raw, answer, operation)

    def _answer(self, asked: Request, speech: Dialect) -> bytes:
        if self._faults.is_busy():
            raise request_blocked()
        if asked.operation not in FREE_OF_LOGIN:
            self._desk.check(asked, time.time())
        self._traffic.count(asked.operation)
        if self._faults.strikes("error"):
            raise unexpected()
        is_write = asked.operation in WRITES
        request_id = (
            f"WEBSERVICES_{self._desk.keys.netsuite_account_id}_{secrets.randbits(60)}_{secrets.token_hex(6)}"
        )
        with self._lock:
            operations = self.operations()
            size = operations.size(asked)
            seen = operations.versions(asked) if is_write and self._traffic.takes_time() else {}
        self._traffic.spend(size)
        if is_write and self._faults.strikes("lost-before"):
            raise LostAnswer
        with self._lock:
            content = operations.answer(asked, request_id, seen)
        if is_write and self._faults.strikes("lost"):
            raise LostAnswer
        return write_response(asked.operation, content, request_id, speech)


def unexpected() -> Fault:
    """S7."""
    message = f"An unexpected error occurred. Error ID: {secrets.token_hex(8)}"
    return Fault("unexpectedError", "UNEXPECTED_ERROR", message)


def _host() -> str:
    parts = urlsplit(request.host_url)
    return f"{parts.scheme}://{parts.netloc}"


def _drop_connection() -> None:
    """Cut the wire, so that the caller never learns what became of its call."""
    wire = request.environ.get("werkzeug.socket")
    if wire is not None:
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.info("the caller had already hung up")
