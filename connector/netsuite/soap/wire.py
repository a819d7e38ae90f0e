"""One HTTP request to NetSuite: connections reused, nothing repeated by itself, every loss named."""

from __future__ import annotations

import os
import ssl
import threading
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError
from urllib3.util import Retry

from connector.errors import NeedsAttention, Verdict
from connector.netsuite.errors import lost, not_sent

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0

_ADDRESS_ERRORS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it is."""

    status: int
    body: bytes


_session: requests.Session | None = None
_lock = threading.Lock()


def _start_afresh_after_fork() -> None:
    """A child must not speak on its parent's connections."""
    global _session, _lock
    _session = None
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_start_afresh_after_fork)


def _shared_session() -> requests.Session:
    global _session
    with _lock:
        if _session is None:
            _session = requests.Session()
            # A repeated request would carry a used nonce, and the refusal of the second would hide
            # that the first was saved (netsuite.md 1.1).
            adapter = HTTPAdapter(pool_maxsize=20, max_retries=Retry(0, read=False))
            _session.mount("https://", adapter)
            _session.mount("http://", adapter)
            # Every request signs for itself; a cookie of one account must not reach another.
            _session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return _session


def post(
    url: str, action: str, body: bytes, *, write: bool, read_seconds: float = READ_SECONDS
) -> Answer | Verdict:
    """Send once. What came back, or the verdict: `RetryLater` when nothing left, on a write `AnswerLost`.

    A verdict is returned, not raised: the library's own error holds the request, and with it the passport.
    """
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    try:
        response = _shared_session().post(
            url, data=body, headers=headers, timeout=(CONNECT_SECONDS, read_seconds), allow_redirects=False
        )
    except requests.RequestException as error:
        return _verdict(error, write=write, read_seconds=read_seconds)
    return Answer(response.status_code, response.content)


def _verdict(error: requests.RequestException, *, write: bool, read_seconds: float) -> Verdict:
    if isinstance(error, _ADDRESS_ERRORS):
        return NeedsAttention(
            "netsuite_address_wrong", "The base URL of the NetSuite account is no web address."
        )
    reason = _before_sending(error)
    if reason:
        return not_sent(reason)
    if isinstance(error, requests.ReadTimeout):
        return lost(f"NetSuite did not answer within {read_seconds:g} seconds.", write=write)
    return lost("The connection to NetSuite broke before the whole answer came.", write=write)


def _before_sending(error: requests.RequestException) -> str:
    """Why no byte of the request can have left; empty when some may have."""
    cause = error.args[0] if error.args else None
    cause = getattr(cause, "reason", None) or cause
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS:g} seconds"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy gave no connection"
    if isinstance(cause, NewConnectionError):
        return "the connection was refused or its host name is unknown"
    if isinstance(error, requests.exceptions.SSLError) and _is_certificate_error(cause):
        return "its certificate was not accepted"
    return ""


def _is_certificate_error(cause: object) -> bool:
    inner = cause.args[0] if isinstance(cause, Exception) and cause.args else None
    return isinstance(cause, ssl.SSLCertVerificationError) or isinstance(inner, ssl.SSLCertVerificationError)
