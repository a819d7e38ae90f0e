"""Token-based authentication as NetSuite checks it: account, keys, signature, clock and single use."""

import base64
import hashlib
import hmac
import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from .envelope import Request
from .refusal import Fault
from .values import Data

MAX_SKEW = 300
NONCE_MEMORY = 900
"""Seconds for which a nonce is remembered; longer than twice the lawful skew."""
ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Credentials:
    """The keys of one integration and token, under the names of SuiteSync's account fields."""

    netsuite_account_id: str
    netsuite_consumer_key: str
    netsuite_consumer_secret: str
    netsuite_token_id: str
    netsuite_token_secret: str

    @classmethod
    def random(cls) -> "Credentials":
        return cls("SANDBOX_SB1", *(secrets.token_hex(32) for _ in range(4)))

    def mapping(self) -> Mapping[str, str]:
        return asdict(self)


def signature(keys: Credentials, nonce: str, timestamp: str) -> str:
    """The HMAC-SHA256 signature of a token passport (netsuite.md 1.1)."""
    base = "&".join(
        (keys.netsuite_account_id, keys.netsuite_consumer_key, keys.netsuite_token_id, nonce, timestamp)
    )
    key = f"{keys.netsuite_consumer_secret}&{keys.netsuite_token_secret}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()).decode()


def invalid_login() -> Fault:
    """S2; the code is one that the schema of faults allows (netsuite.md 1.1)."""
    return Fault("invalidCredentials", "INVALID_LOGIN_CREDENTIALS", "Invalid login attempt.")


def ambiguous_login() -> Fault:
    """S3."""
    return Fault("invalidCredentials", "USER_ERROR", "Ambiguous authentication")


class LoginDesk:
    """Checks passports and remembers used nonces; `audit` says why logins were refused."""

    def __init__(self, keys: Credentials) -> None:
        self.keys = keys
        self.audit: list[str] = []
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, request: Request, now: float) -> None:
        """Fault unless the request carries exactly one good passport; `now` is Unix time in seconds."""
        if request.passports > 1 or (request.passports == 1 and "applicationinfo" in request.headers):
            raise ambiguous_login()
        passports = request.headers.get("tokenpassport", [])
        reason = self._reason(passports[0], now) if passports else "NoPassport"
        if reason:
            self.audit.append(reason)
            raise invalid_login()

    def _reason(self, passport: Data, now: float) -> str:
        keys = self.keys
        signed = passport.get("signature") or {}
        nonce = str(passport.get("nonce", ""))
        timestamp = passport.get("timestamp", 0)
        given = (passport.get("account"), passport.get("consumerKey"), passport.get("token"))
        if given != (keys.netsuite_account_id, keys.netsuite_consumer_key, keys.netsuite_token_id):
            return "InvalidIdentity"
        if signed.get("@algorithm") not in ("HMAC_SHA256", "HMAC-SHA256"):
            return "InvalidAlgorithm"
        if not 6 <= len(nonce) <= 64 or any(letter not in ALPHABET for letter in nonce):
            return "InvalidNonce"
        if abs(now - timestamp) > MAX_SKEW:
            return "InvalidTimestamp"
        expected = signature(keys, nonce, str(timestamp))
        if not hmac.compare_digest(expected.encode(), str(signed.get("_", "")).strip().encode()):
            return "InvalidSignature"
        return "" if self._take(nonce, now) else "NonceUsed"

    def _take(self, nonce: str, now: float) -> bool:
        with self._lock:
            if self._used.get(nonce, 0) > now:
                return False
            if len(self._used) > 50_000:
                self._used = {seen: until for seen, until in self._used.items() if until > now}
            self._used[nonce] = now + NONCE_MEMORY
            return True
