"""The practice world on a loopback port: both APIs, the books, and pages for people."""

from __future__ import annotations

import contextlib
import io
import signal
import socket
import threading
from types import FrameType
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from .pages import blueprint as pages
from .stripe.wire import Wire
from .world import World

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024


def create_app(world: World) -> Flask:
    """The web application of a world: `/v1` is Stripe, `/netsuite` is NetSuite, the rest is for people."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    wire = Wire(world.stripe, world.stripe_faults)
    app.register_blueprint(wire.blueprint())
    app.register_blueprint(world.netsuite.blueprint(), url_prefix="/netsuite")
    app.register_blueprint(pages(world, wire))
    return app


class KeepAliveHandler(WSGIRequestHandler):
    """Answers many requests on one connection; werkzeug's own handler closes it after each."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120.0

    def run_wsgi(self) -> None:
        """Read the whole request, so that the next one starts cleanly, then send the whole answer."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self.send_error(413 if length.isdigit() else 400)
            return
        environ = self.make_environ()
        chunked = environ.get("wsgi.input_terminated", False)
        body = environ["wsgi.input"].read() if chunked else self.rfile.read(int(length))
        environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
        self._send(environ)

    def _send(self, environ: dict[str, Any]) -> None:
        parts, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(parts)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged: the pages show what happened."""

    def log_error(self, format: str, *args: Any) -> None:
        """Nor is a kept connection that nobody used for a while."""


class _LoopbackServer(ThreadedWSGIServer):
    """Remembers its open connections, so that stopping leaves none behind."""

    daemon_threads = True

    def __init__(self, port: int, app: Flask) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(HOST, port, app, KeepAliveHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Server:
    """A world served in a background thread: `with Server(World()) as server: ... server.url`."""

    def __init__(self, world: World, port: int = 0) -> None:
        """Port 0 takes any free port. SystemExit when the port is taken."""
        self.world = world
        self.app = create_app(world)
        self._server = _LoopbackServer(port, self.app)
        self.port = self._server.server_port
        self.url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox")

    def start(self) -> Server:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering, close every connection and stop the world's deliveries."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.world.close()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.stop()


def run(
    port: int,
    *,
    concurrency: int = 5,
    overhead: float = 0.0,
    per_record: float = 0.0,
    faults: str = "",
) -> None:
    """Serve a new world until Ctrl-C or SIGTERM; prints its addresses. ValueError for a bad fault."""
    world = World(concurrency=concurrency, overhead=overhead, per_record=per_record, faults=faults)
    stopped = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in before:
        signal.signal(number, stop)
    try:
        with Server(world, port) as server:
            print(addresses(server.url), flush=True)
            stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def addresses(url: str) -> str:
    """Where everything is, for a person at a terminal."""
    return "\n".join(
        (
            f"Practice world   {url}/",
            f"Stripe API       {url}  (under /v1/)",
            f"NetSuite         {url}/netsuite",
            f"Books            {url}/books",
            f"Credentials      {url}/credentials.json",
            "Ctrl-C stops it.",
        )
    )
