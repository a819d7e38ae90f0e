"""The load generator: `python -m bench.load` sends signed events and says how fast they were taken.

A process of its own, so that its work is not mistaken for the server's. Reads one JSON order on
standard input and writes one JSON report on standard output.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import re
import socket
import sys
import threading
import time
from dataclasses import asdict, dataclass
from itertools import count
from statistics import mean, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """What to send: `copies` of all `events` to `path`, over so many connections that stay open.

    Each copy speaks of other documents: the `ids` in it get an ending of their own, from `run` and a number.
    """

    port: int
    path: str
    secret: str
    events: list[dict[str, Any]]
    ids: list[str]
    run: str
    copies: int
    connections: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: answers other than 200 are `refused`. Times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    refused: int
    body_bytes: int


def signed_requests(order: Order) -> list[bytes]:
    """The whole HTTP requests, ready to be sent."""
    templates = [json.dumps(event, indent=2) for event in order.events]
    own = re.compile("|".join(order.ids))
    bodies = [
        own.sub(lambda found: f"{found[0]}{order.run}{number}", template).encode()  # noqa: B023
        for number in range(order.copies)
        for template in templates
    ]
    random.Random(1).shuffle(bodies)  # Stripe keeps no order, and many invoices are paid at once
    return [_request(order, body) for body in bodies]


def _request(order: Order, body: bytes) -> bytes:
    now = str(int(time.time()))
    digest = hmac.new(order.secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: 127.0.0.1:{order.port}\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"Stripe-Signature: t={now},v1={digest}\r\nUser-Agent: Stripe/1.0\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """One connection that stays open; opened anew when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, request: bytes) -> bool:
        """Send one request and read its answer; whether that was 200."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        lowered = head.lower()
        length = int(lowered.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        if b"connection: close" in lowered:
            self._socket.close()
            self._socket = None
        return head.startswith(b"HTTP/1.1 200")

    def _until(self, end: bytes) -> bytes:
        received = b""
        while end not in received:
            received += self._more()
        return received

    def _more(self) -> bytes:
        assert self._socket is not None
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("The server closed the connection in the middle of an answer.")
        return received


def send_all(order: Order) -> Report:
    """Send everything as fast as it is taken; each connection waits for an answer before its next request."""
    requests = signed_requests(order)
    turn = count()
    took: list[float] = []
    refused: list[int] = []

    def work() -> None:
        connection = Connection(order.port)
        while (number := next(turn)) < len(requests):
            started = time.perf_counter()
            if not connection.send(requests[number]):
                refused.append(number)
            took.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work) for _ in range(order.connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    cuts = quantiles(took, n=100)
    size = round(mean(len(one.partition(b"\r\n\r\n")[2]) for one in requests))
    return Report(len(took) / seconds, cuts[49], cuts[98], len(refused) + len(requests) - len(took), size)


if __name__ == "__main__":
    json.dump(asdict(send_all(Order(**json.load(sys.stdin)))), sys.stdout)
