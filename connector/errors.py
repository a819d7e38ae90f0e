"""The verdicts: every way in which a piece of work can end without being done.

Each carries a `code` of the catalogue (`connector/failures.py`) and a `message`
with the particulars of this case. The doors raise them, the engine acts on them:

    RetryLater      the other side is busy or away: the same work, a little later
    WaitFor         something else must be booked first: no alarm, no attempt used up
    NeedsAttention  a person must choose or mend something
    AnswerLost      a write was sent and its answer never came: it may have been saved
    AlreadyThere    NetSuite holds a record with this external id: find it and map it
    NotThere        no such object or record

An exception that is none of these is our own mistake, and the job ends as `failed`.
"""

from __future__ import annotations

from datetime import timedelta


class Verdict(Exception):
    """Base of all verdicts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class RetryLater(Verdict):
    """Try the same again after `delay` (None: the engine's backoff decides)."""

    def __init__(self, code: str, message: str, *, delay: timedelta | None = None) -> None:
        super().__init__(code, message)
        self.delay = delay


class WaitFor(Verdict):
    """Wait for `parent`, the Stripe id of what must be booked first."""

    def __init__(self, code: str, message: str, *, parent: str) -> None:
        super().__init__(code, message)
        self.parent = parent


class NeedsAttention(Verdict):
    """A person must choose or mend something before this can be booked."""


class AnswerLost(Verdict):
    """A write left and no answer came back; whether it was saved is unknown."""


class AlreadyThere(Verdict):
    """NetSuite refused a write because the external id is taken (`DUP_RCRD`)."""


class NotThere(Verdict):
    """The object or record does not exist on the other side."""


class UnknownAnswer(Verdict):
    """A vendor's error that the closed table does not know: a loud failure, never a guess."""
