"""The table of requests that the practice Stripe understands."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .errors import Refusal, invalid
from .store import Row, Store

Handler = Callable[..., Row]


class Operation(NamedTuple):
    """One request: its method, address pattern, lawful parameters and what it does."""

    method: str
    path: str
    pattern: re.Pattern[str]
    takes: frozenset[str]
    handler: Handler

    def run(self, store: Store, params: Row, identities: Iterable[str]) -> Row:
        """Refuse parameters that this operation would not honour, then do it."""
        for name in params:
            if name not in self.takes:
                raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        return self.handler(store, params, *identities)


OPERATIONS: list[Operation] = []


def register(method: str, path: str, takes: str, handler: Handler) -> None:
    """Add a request to the table; `{id}` in the path stands for one identity."""
    pattern = re.compile(re.escape(path).replace(r"\{id\}", "([^/]+)"))
    OPERATIONS.append(Operation(method, path, pattern, frozenset(takes.split()), handler))


def operation(method: str, path: str, takes: str = "") -> Callable[[Handler], Handler]:
    """Decorator that registers a handler `(store, params, *identities) -> object`."""

    def keep(handler: Handler) -> Handler:
        register(method, path, takes, handler)
        return handler

    return keep


def find(method: str, path: str) -> tuple[Operation, tuple[str, ...]]:
    """The operation for an address and the identities in it; Refusal 404 when there is none."""
    for candidate in OPERATIONS:
        match = candidate.pattern.fullmatch(path)
        if match and candidate.method == method:
            return candidate, match.groups()
    raise Refusal(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")
