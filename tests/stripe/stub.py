"""A Stripe of a few lines: it gives the answers that a test lays ready, over real HTTP."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """A status and a body, as JSON or as it stands; `hang_up` drops the connection instead."""

    status: int = 200
    body: Any = ""
    hang_up: bool = False

    @property
    def raw(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


def refusal(status: int, kind: str, message: str = "No.", **details: str) -> Answer:
    """An error in Stripe's shape."""
    return Answer(status, {"error": {"type": kind, "message": message, **details}})


@dataclass
class Stub:
    """Answers in the order laid ready, the last one again and again; `paths` and `headers` were asked."""

    answers: deque[Answer] = field(default_factory=deque)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def will_answer(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    def next(self) -> Answer:
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]

    def __enter__(self) -> Self:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stub.paths.append(self.path)
                stub.headers.append(dict(self.headers.items()))
                answer = stub.next()
                if answer.hang_up:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.raw)))
                self.send_header("Request-Id", "req_stub")
                self.end_headers()
                self.wfile.write(answer.raw)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the test looks at `paths`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
