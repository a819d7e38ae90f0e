"""Misbehaviour of the practice Stripe on request."""

import threading
import time

from .errors import Refusal

NAMES = ("stripe-429", "stripe-500", "stripe-slow", "stripe-read-only")
"""`stripe-429:n` and `stripe-500:n` refuse the next n calls; `stripe-slow:s` delays each by s seconds.

`stripe-read-only` takes the API key the permission to write."""
FORBIDDEN = "The provided key does not have the required permissions for this endpoint."


class StripeFaults:
    """The faults in force, settable at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Behave."""
        self._limited = self._broken = 0
        self._slow = 0.0
        self._read_only = False

    def set(self, name: str, argument: str) -> None:
        """Put one fault in force; ValueError when its argument is not a fitting number."""
        if name not in NAMES:
            raise ValueError(f"unknown fault {name!r}; the lawful ones are {', '.join(NAMES)}")
        try:
            amount = float(argument or 1)
            count = int(amount)
        except (ValueError, OverflowError):
            raise ValueError(f"fault {name} needs a number, not {argument!r}") from None
        if not 0 <= amount <= 3600:
            raise ValueError(f"fault {name} needs a number from 0 to 3600, not {argument!r}")
        if name == "stripe-read-only":
            self._read_only = bool(count)
        elif name == "stripe-slow":
            self._slow = amount
        elif name == "stripe-429":
            self._limited = count
        else:
            self._broken = count

    def strike(self, method: str = "GET") -> None:
        """Do to one call what is in force: wait, or raise the Refusal it gets."""
        if self._read_only and method != "GET":
            raise Refusal(403, "invalid_request_error", FORBIDDEN)
        if self._slow:
            time.sleep(self._slow)
        with self._lock:
            if self._limited > 0:
                self._limited -= 1
                message = "Request rate limit exceeded."
                raise Refusal(429, "invalid_request_error", message, code="rate_limit")
            if self._broken > 0:
                self._broken -= 1
                raise Refusal(500, "api_error", "An unknown error occurred.")
